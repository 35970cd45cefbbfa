"""The portal as a mentor, a mentee or a visitor sees it. Looking changes nothing, and every button says so."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.design import errors
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.policy.access import cycle_for, program_for
from programs.viewing.inventing import Scene, seen_as
from programs.viewing.looking import LeadsOut, look
from tenants.people.access import EVERY_KIND, SocietyRequest, staff


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*EVERY_KIND)
def of_program(request: SocietyRequest, slug: str, part: int, who: str, page: str) -> HttpResponseBase:
    """Under a program's newest settings."""
    program = program_for(request.person, slug, *EVERY_KIND)
    version = program.versions.first()
    if version is None or part >= len(version.policy.parts):
        raise Http404
    scene = Scene(program, version, version.policy.parts[part], who, request.person)
    prefix = reverse("viewing:program", args=[slug, part, who, ""])
    return _look(request, scene, prefix, page, reverse("programs:program", args=[slug]))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*EVERY_KIND)
def of_session(request: SocietyRequest, pk: UUID, who: str, page: str) -> HttpResponseBase:
    """Under the settings of a session."""
    cycle = cycle_for(request.person, pk, *EVERY_KIND)
    scene = Scene(cycle.program, cycle.version, cycle.settings, who, request.person)
    prefix = reverse("viewing:session", args=[pk, who, ""])
    return _look(request, scene, prefix, page, reverse("sessions:board", args=[pk]))


def _look(request: SocietyRequest, scene: Scene, prefix: str, page: str, back: str) -> HttpResponseBase:
    if scene.who not in dict(seen_as(scene.part)):
        raise Http404
    if request.method == "POST":
        return errors.refused(
            request, DomainError(_("You are only looking, as somebody invented: nothing is sent and nothing is kept."))
        )
    today = clock.today(request.society.zone)
    try:
        return look(request, scene=scene, prefix=prefix, page=page, back=back, today=today)
    except LeadsOut:
        return render(request, "viewing/way_out.html", {"back": back})
