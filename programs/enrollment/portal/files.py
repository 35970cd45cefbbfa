"""Files that people brought with their answers. They have no address but this one, and it knows who asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.surveys.models import Upload
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, may, signed_in


@require_safe
@never_cache
@signed_in
def upload(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """A file, to keep, never to open in the page: for whoever brought it, and for those who run its program."""
    found = get_object_or_404(Upload.objects.select_related("response__instrument"), pk=pk)
    response = found.response
    mine = response.person_id == request.person.pk
    if not mine and not may(request.person, *RUNS_PROGRAMS, program_id=response.instrument.program_id):
        raise Http404
    with found.file.open("rb") as file:
        content = file.read()
    disposition = content_disposition_header(as_attachment=True, filename=found.name)
    return HttpResponse(content, content_type=found.content_type, headers={"Content-Disposition": disposition})
