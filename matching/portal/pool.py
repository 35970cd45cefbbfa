"""Everybody who waits, at a glance: who looks for what, who can have nobody, and whom to recruit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chiron.design import charts
from chiron.design.frame import Link
from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from matching.access import cycle_for
from matching.pool import background
from matching.pool.alone import alone, by_rule, spoken
from matching.pool.recruiting import Step, Worth
from matching.pool.supply import BY, Line, Supply, There
from matching.pool.wording import kind_called, would_bring
from matching.portal import group_pool
from matching.portal.inviting import to_invite
from programs.enrollment.models import Role
from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, programs_of, staff

PER_PAGE = 25
IN_CHART = 8


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def glance(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Supply and demand, those whom the rules leave nobody, and what one more mentor would bring."""
    cycle = cycle_for(request.person, cycle_pk)
    if cycle.settings.in_groups:
        return group_pool.glance(request, cycle)
    _must_be_pairs(cycle)
    if "HX-Request" in request.headers:  # asked by the page that waits, which has all the rest
        return _how_far(request, cycle)
    supply = Supply.of(cycle)
    by = request.GET.get("by", "specialty")
    if by not in BY:
        raise Http404
    found, lines = alone(supply), supply.lines(by)
    context = {
        "cycle": cycle,
        "supply": supply,
        "by": by,
        "by_called": BY[by],
        "tabs": [Link(str(label), f"?by={name}", current=name == by) for name, label in BY.items()],
        "lines": lines,
        "chart": _chart(by, lines),
        "alone": found,
        "rules": by_rule(found),
        **_one_more(request, supply),
    }
    return render(request, "matching/pool.html", context)


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def people(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """The people behind a number."""
    cycle = cycle_for(request.person, cycle_pk)
    if cycle.settings.in_groups:
        return group_pool.people(request, cycle)
    _must_be_pairs(cycle)
    supply = Supply.of(cycle)
    role, rule = request.GET.get("role", Role.MENTEE), request.GET.get("rule", "")
    by, value = request.GET.get("by", ""), request.GET.get("value", "")
    if role not in (Role.MENTEE, Role.MENTOR) or (by and by not in BY):
        raise Http404
    if rule:
        found = [each for each in alone(supply) if each.rule == rule and each.there.participant.role == role]
        if not found:
            return redirect("desk:glance", cycle.pk)
        rows: Sequence[tuple[There, str]] = [(each.there, each.why) for each in found]
        about = spoken(rule)
    else:
        rows = [(one, "") for one in supply.who(by, value, role)]
        about = f"{BY[by]}: {supply.label(by, value)}" if by else ""
    context = {
        "cycle": cycle,
        "role": cycle.settings.roles[role].called,
        "about": about,
        "rule": rule,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "matching/pool_people.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def one_more(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Ask a worker what one more mentor would bring, or stop it."""
    cycle = cycle_for(request.person, cycle_pk)
    _must_be_pairs(cycle)
    if "stop" in request.POST:
        background.stop(cycle)
    elif (working := background.look(cycle)) is None or working.refused:
        background.begin(cycle)
        background.work_out_in_background.after_commit(cycle_id=cycle.pk)
    return redirect(f"{reverse('desk:glance', args=[cycle.pk])}#one-more")


def _must_be_pairs(cycle: Cycle) -> None:
    if cycle.settings.format != "one_to_one":
        raise Http404


@dataclass(frozen=True)
class Hint:
    """A step as the page shows it: of which kind, what it would bring, and whom on the list one could invite."""

    step: Step
    called: str
    brings: str
    invite: str
    count: int | None


def _how_far(request: SocietyRequest, cycle: Cycle) -> HttpResponse:
    """The card with the worker in it, or word that what the page waits for is here."""
    working = background.look(cycle)
    if working is None or working.refused:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "matching/_one_more.html", {"cycle": cycle, "working": working})


def _one_more(request: SocietyRequest, supply: Supply) -> dict[str, Any]:
    """What one more mentor would bring, or how far the worker is with it."""
    cycle = supply.cycle
    if not cycle.settings.matching.weights or not supply.whole.mentees:
        return {}
    if working := background.look(cycle):
        if not working.refused:
            return {"working": working}
        background.forget(cycle)
        messages.error(request, working.refused)
    worth = background.remembered(supply)
    if worth is None and background.is_long(supply):
        return {"is_long": True}
    if worth is None:
        try:
            worth = background.work_out(supply)
        except DomainError as error:
            return {"refused": error.message}
    places = [(each, would_bring(each)) for each in worth.places]
    return {"worth": worth, "kinds": _hints(request, supply, worth), "places": places}


def _hints(request: SocietyRequest, supply: Supply, worth: Worth) -> list[Hint]:
    """Only who may look at the whole list is told how many of a kind stand on it."""
    whole_society = programs_of(request.person, *RUNS_PROGRAMS) is None
    return [_hint(supply, step, whole_society=whole_society) for step in worth.kinds]


def _hint(supply: Supply, step: Step, *, whole_society: bool) -> Hint:
    invite, count = to_invite(supply.cycle, Role.MENTOR, step.kind, whole_society=whole_society)
    return Hint(step, kind_called(step.kind, supply.regions), would_bring(step), invite, count)


def _chart(by: str, lines: Sequence[Line]) -> SafeString:
    """Those whom most look for, as two bars each."""
    shown = lines if by == "stage" else lines[:IN_CHART]
    rows = [charts.Balance(line.label, line.wanted, line.places, _balance(line)) for line in shown]
    short = max(lines, key=lambda line: line.short, default=None)
    if short is None or not short.short:
        said = _("There are places enough everywhere.")
    else:
        said = _("Most places are missing here: %(label)s, %(words)s.") % {
            "label": short.label,
            "words": _balance(short),
        }
    legend = (_("Mentors wanted"), _("Places free"))
    return charts.balance_chart("supply", _("Mentors wanted and places free"), said, rows, legend=legend)


def _balance(line: Line) -> str:
    wanted = ngettext("%(count)d wanted", "%(count)d wanted", line.wanted) % {"count": line.wanted}
    places = ngettext("%(count)d place", "%(count)d places", line.places) % {"count": line.places}
    return f"{wanted} · {places}"
