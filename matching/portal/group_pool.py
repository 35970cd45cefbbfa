"""Everybody who waits for a group, at a glance. The addresses are those of pairs."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chiron.design.frame import Link
from chiron.design.paging import Paginator
from matching.grouping import size_of
from matching.pool.of_groups import GroupSupply
from matching.pool.supply import BY
from programs.policy.models import Cycle
from programs.policy.words import ROLES_OF
from tenants.people.access import SocietyRequest

PER_PAGE = 25
APART = "apart"


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
