"""Pairs that came from no suggestion, as staff see them; and a session that needs none begins."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from matching import selectors
from matching.access import cycle_for
from matching.publishing.beginning import begin, nobody_to_suggest
from matching.showing.apart import apart
from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

PER_PAGE = 50


def look(request: SocietyRequest, cycle: Cycle) -> HttpResponse:
    """The pairs there are, and how it goes on from here; where there are none, what to do about it."""
    page = Paginator(apart(cycle), PER_PAGE).get_page(request.GET.get("page"))
    if not page.paginator.count:
        return render(request, "matching/nothing_yet.html", {"cycle": cycle})
    context = {
        "cycle": cycle,
        "page": page,
        "published": selectors.latest_published(cycle),
        "waiting": selectors.waiting_in(cycle),
        "may_begin": nobody_to_suggest(cycle),
    }
    return render(request, "matching/apart.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def begin_session(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Let the session run with the pairs that are there."""
    cycle = cycle_for(request.person, cycle_pk)
    try:
        begin(cycle=cycle, by=request.person)
        messages.success(request, _("The session runs."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("desk:pairs", cycle_pk)
