"""What a society shares of a session: texts to copy, a code, a flyer to print."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chiron.kernel import clock
from programs.opening.flyer import flyer_pdf
from programs.opening.kit import Kit
from programs.policy.access import cycle_for
from programs.policy.models import Cycle
from programs.policy.offered import takes_sign_ups
from tenants import context
from tenants.models import Society
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def kit(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Everything on one page, each to be copied by one button."""
    found = _kit(request, pk)
    context = {
        "kit": found,
        "cycle": found.cycle,
        "is_open": takes_sign_ups(found.cycle, found.today),
        "opens_later": found.cycle.state == Cycle.State.RECRUITING and found.cycle.sign_up_opens_on > found.today,
        "is_over": found.cycle.state not in (Cycle.State.DRAFT, Cycle.State.RECRUITING),
    }
    return render(request, "opening/share.html", context)


@require_safe
@staff(*RUNS_PROGRAMS)
def qr_svg(request: SocietyRequest, pk: UUID) -> HttpResponse:
    found = _kit(request, pk)
    return HttpResponse(found.qr_svg(), content_type="image/svg+xml", headers=_named(found, "svg"))


@require_safe
@staff(*RUNS_PROGRAMS)
def qr_png(request: SocietyRequest, pk: UUID) -> HttpResponse:
    found = _kit(request, pk)
    return HttpResponse(found.qr_png(), content_type="image/png", headers=_named(found, "png"))


@require_safe
@staff(*RUNS_PROGRAMS)
def flyer(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """One Letter page to print."""
    found = _kit(request, pk)
    content = flyer_pdf(found, logo=_logo(request.society))
    return HttpResponse(content, content_type="application/pdf", headers=_named(found, "pdf"))


def _kit(request: SocietyRequest, pk: UUID) -> Kit:
    today = clock.today(request.society.zone)
    return Kit(cycle_for(request.person, pk, *RUNS_PROGRAMS), request.society, today)


def _logo(society: Society) -> bytes | None:
    """The picture itself, which pages carry by its hash alone."""
    with context.platform():
        picture = Society.objects.filter(pk=society.pk).values_list("logo", flat=True).first()
    return bytes(picture) if picture else None


def _named(kit: Kit, ending: str) -> dict[str, str]:
    """The name of the file for whoever keeps it; a browser may show it all the same."""
    return {"Content-Disposition": f'inline; filename="{slugify(kit.name) or "sign-up"}.{ending}"'}
