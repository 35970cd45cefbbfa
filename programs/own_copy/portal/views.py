"""What a society keeps of somebody: to read, to print, and as files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chiron.design.frame import brand_of
from chiron.kernel import clock
from programs.own_copy.certificate import certificate_pdf
from programs.own_copy.gathering import own_copy, places_that_ran
from tenants.people.access import SocietyRequest, signed_in


@require_safe
@never_cache
@signed_in
def copy(request: SocietyRequest) -> HttpResponse:
    """Everything on one page."""
    return render(request, "own_copy/copy.html", _copy(request))


@require_safe
@never_cache
@signed_in
def file(request: SocietyRequest) -> HttpResponse:
    """The same as plain text, which any device opens for many years."""
    text = render_to_string("own_copy/copy.txt", _copy(request) | {"society": request.society})
    return _download(text.encode(), "text/plain; charset=utf-8", f"{request.society.slug}-my-copy.txt")


@require_safe
@never_cache
@signed_in
def certificate(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """That somebody took part in a mentorship; 404 for any but one's own."""
    place = next((each for each in places_that_ran(request.person) if each.mentorship_id == pk), None)
    if place is None:
        raise Http404
    content = certificate_pdf(place, brand_of(request), clock.today(request.society.zone))
    return _download(content, "application/pdf", f"{slugify(place.mentorship.cycle.program.name)}-certificate.pdf")


def _copy(request: SocietyRequest) -> dict[str, Any]:
    return {"sections": own_copy(request.person), "person": request.person, "day": clock.today(request.society.zone)}


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
