"""Programs as visitors and members see them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from chiron.kernel import clock
from programs.enrollment.models import Enrollment
from programs.policy.access import program_in_public
from programs.policy.models import PartnerLogo
from programs.policy.offered import offered, offered_programs
from programs.policy.page import page_of
from tenants import context
from tenants.people.access import person_of


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All programs."""
    society = context.current()
    assert society is not None
    return render(request, "enrollment/programs.html", {"programs": offered_programs(clock.today(society.zone))})


@require_safe
def program(request: HttpRequest, slug: str) -> HttpResponse:
    """One program, generated from its settings: time first, then who, how, and what is expected."""
    society = context.current()
    assert society is not None
    person = person_of(request)
    found = program_in_public(slug, person)
    offer = offered(found, clock.today(society.zone))
    if offer is None:
        raise Http404
    parts = [(page_of(each.policy, each.part, above=offer.time_commitment), each) for each in offer.parts]
    mine = (
        Enrollment.objects.filter(person=person, cycle__program=found).select_related("cycle__version")
        if person
        else ()
    )
    coming = [each.cycle for each in offer.parts if each.cycle is not None and not each.is_open]
    opens = min(coming, key=lambda cycle: cycle.sign_up_opens_on, default=None)
    page = {"offer": offer, "parts": parts, "mine": mine, "opens": opens}
    return render(request, "enrollment/program.html", page)


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """A partner's logo; under this address it never changes."""
    found = get_object_or_404(PartnerLogo, digest=digest)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(bytes(found.content), content_type="image/png", headers=headers)
