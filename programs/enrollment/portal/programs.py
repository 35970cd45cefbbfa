"""Programs as visitors and members see them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from chiron.kernel import clock
from programs.enrollment.models import Enrollment
from programs.policy.describing import promises, what_it_takes, who_may
from programs.policy.models import Program
from programs.policy.offered import offered, offered_programs
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
    found = get_object_or_404(Program.objects.filter(archived_at=None), slug=slug)
    offer = offered(found, clock.today(society.zone))
    if offer is None:
        raise Http404
    parts = [
        {
            "offered": each,
            "takes": what_it_takes(offer.policy, each.part),
            "who": who_may(each.part),
            "promises": promises(offer.policy, each.part),
        }
        for each in offer.parts
    ]
    person = person_of(request)
    mine = Enrollment.objects.filter(person=person, cycle__program=found).select_related("cycle") if person else ()
    return render(request, "enrollment/program.html", {"offer": offer, "parts": parts, "mine": mine})
