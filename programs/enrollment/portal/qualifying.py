"""A look at the membership list through the rules of a part, kept or still being typed."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from chiron.kernel import clock
from programs.enrollment.qualifying import members, who_qualifies
from programs.policy.document import Part, Policy, store_policy
from programs.policy.editing.forms import SectionForm
from programs.policy.editing.sections import section
from programs.policy.models import Program
from programs.policy.portal.settings import edited
from programs.policy.services import FROZEN
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def preview(request: SocietyRequest, slug: str, part: int) -> HttpResponse:
    """Who of the list qualifies; sent a form of rules, under those."""
    shown, base = edited(request, slug)
    if part >= len(base.policy.parts):
        raise Http404
    policy = _typed(request, base.policy, part) or base.policy
    on = _counted_on(shown, policy.parts[part], policy, clock.today(request.society.zone))
    people = members()
    context = {
        "program": shown,
        "part": policy.parts[part],
        "position": part,
        "on": on,
        "listed": len(people),
        "roles": list(who_qualifies(policy.parts[part], people, on)),
    }
    alone = "HX-Request" in request.headers
    return render(request, "enrollment/_qualifying.html" if alone else "enrollment/qualifying.html", context)


def _typed(request: SocietyRequest, policy: Policy, part: int) -> Policy | None:
    """The program with the rules as they are typed; None where nothing was sent, or something is wrong with it."""
    who = section("who", part=store_policy(policy)["parts"][part])
    if request.method != "POST" or who is None:
        return None
    return SectionForm(request.POST, section=who, base=policy, part=part).policy()


def _counted_on(program: Program, part: Part, policy: Policy, today: date) -> date:
    """The first day of the session that comes next; without one, the day that the calendar proposes."""
    coming = program.cycles.filter(part=part.name, starts_on__gte=today).exclude(state__in=FROZEN)
    first = coming.order_by("starts_on").first()
    return first.starts_on if first else policy.calendar.next_start(today) or today
