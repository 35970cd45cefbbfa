"""Everybody who waits for a group, at a glance. The addresses are those of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chiron.design.frame import Link
from chiron.design.paging import Paginator
from matching.pool.of_groups import GroupSupply
from matching.pool.supply import BY
from matching.pool.wording import kind_called
from matching.portal.inviting import to_invite
from matching.solving.grouping import size_of
from programs.policy.models import Cycle
from programs.policy.words import ROLES_OF
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, programs_of

PER_PAGE = 25
APART = "apart"


@dataclass(frozen=True)
class Need:
    """People of a role, of the kind that suits those who wait best, and where they are invited."""

    called: str
    count: int
    kind: str
    invite: str
    listed: int | None


@dataclass(frozen=True)
class Hint:
    """One group more: whom it needs, and how many of those who wait it takes in."""

    needs: Sequence[Need]
    gain: int


def glance(request: SocietyRequest, cycle: Cycle) -> HttpResponse:
    """How many wait in each role, for how many groups they are enough, and what they are and want."""
    supply, by = GroupSupply.of(cycle), request.GET.get("by", "stage")
    if by not in BY:
        raise Http404
    context = {
        "cycle": cycle,
        "supply": supply,
        "size": size_of(cycle.settings),
        "by": by,
        "by_called": BY[by],
        "tabs": [Link(str(label), f"?by={name}", current=name == by) for name, label in BY.items()],
        "lines": supply.lines(by),
        "hints": _hints(request, supply),
    }
    return render(request, "matching/group_pool.html", context)


def people(request: SocietyRequest, cycle: Cycle) -> HttpResponse:
    """The people behind a number."""
    supply, roles = GroupSupply.of(cycle), ROLES_OF[cycle.settings.format]
    role, by, value = (request.GET.get(name, "") for name in ("role", "by", "value"))
    if request.GET.get("rule") == APART:
        called, about, rows = _("People"), _("kept apart from too many"), list(supply.apart or ())
    elif role in roles and by in {"", *BY}:
        called, about = cycle.settings.roles[role].called, f"{BY[by]}: {supply.label(by, value)}" if by else ""
        rows = supply.who(by, value, role)
    else:
        raise Http404
    context = {
        "cycle": cycle,
        "role": called,
        "about": about,
        "page": Paginator([(one, "") for one in rows], PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "matching/pool_people.html", context)


def _hints(request: SocietyRequest, supply: GroupSupply) -> list[Hint]:
    """Whom to look for, in this order."""
    cycle = supply.cycle
    found = supply.to_look_for if cycle.settings.matching.weights else []
    whole_society = programs_of(request.person, *RUNS_PROGRAMS) is None
    roles = {role for step in found for role, _count in step.needs}
    about = {role: _about(supply, role, whole_society=whole_society) for role in roles}
    return [Hint([replace(about[role], count=count) for role, count in step.needs], step.gain) for step in found]


def _about(supply: GroupSupply, role: str, *, whole_society: bool) -> Need:
    kind = supply.suits_them(role)
    invite, listed = to_invite(supply.cycle, role, kind, whole_society=whole_society)
    called = kind_called(kind, supply.regions) if kind.narrow else ""
    return Need(str(supply.cycle.settings.roles[role].called), 0, called, invite, listed)
