"""A look at the membership list through the rules of a part: how many, kept or still being typed, and who."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from chiron.design.paging import Paginator
from chiron.kernel import clock
from programs.enrollment.qualifying import as_participant, members, who_answer, who_qualifies
from programs.policy.document import Part, Policy, store_policy
from programs.policy.editing.forms import SectionForm
from programs.policy.editing.sections import section
from programs.policy.models import Program
from programs.policy.portal.settings import edited
from programs.policy.rules import Answer, decide
from programs.policy.services import FROZEN
from programs.policy.words import ROLES_OF
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, may, sees_roster, staff
from tenants.people.models import Person

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def preview(request: SocietyRequest, slug: str, part: int) -> HttpResponse:
    """Who of the list qualifies; sent a form of rules, under those."""
    shown, base = edited(request, slug)
    if part >= len(base.policy.parts):
        raise Http404
    policy = _typed(request, base.policy, part) or base.policy
    on = _counted_on(shown, policy.parts[part], policy, clock.today(request.society.zone))
    names = sees_roster(request.person, program_id=shown.pk)
    if chosen := _chosen(request, policy.parts[part]):
        if not names:
            raise Http404
        return _people(request, shown, policy, part, chosen, on)
    people = members()
    context = {
        # Behind a number stand those of whom the rules say so that are kept.
        "opens": names and policy == base.policy,
        "program": shown,
        "part": policy.parts[part],
        "position": part,
        "on": on,
        "listed": len(people),
        "roles": list(who_qualifies(policy.parts[part], people, on)),
    }
    alone = "HX-Request" in request.headers
    return render(request, "enrollment/_qualifying.html" if alone else "enrollment/qualifying.html", context)


def _chosen(request: SocietyRequest, part: Part) -> tuple[str, Answer] | None:
    """Which number is opened: of a role, and of those of whom its rule says so; None without one."""
    role, answer = request.GET.get("role", ""), request.GET.get("answer", "")
    return (role, Answer(answer)) if role in ROLES_OF[part.format] and answer in set(Answer) else None


def _people(
    request: SocietyRequest, program: Program, policy: Policy, position: int, chosen: tuple[str, Answer], on: date
) -> HttpResponse:
    """Who stands behind a number, each with why."""
    role, answer = chosen
    part = policy.parts[position]
    rule = part.eligible.get(role)
    page = Paginator(who_answer(rule, answer, on), PER_PAGE).get_page(request.GET.get("page"))
    people = Person.objects.in_bulk(list(page.object_list))
    context = {
        "program": program,
        "part": part,
        "position": position,
        "called": part.roles[role].called,
        "answer": answer.value,
        "on": on,
        "page": page,
        "rows": [(people[pk], decide(rule, as_participant(people[pk]), on).reasons) for pk in page.object_list],
        "all_people": may(request.person, *RUNS_PROGRAMS),
    }
    return render(request, "enrollment/qualifying_people.html", context)


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
