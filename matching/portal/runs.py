"""Taking a run out: what the file holds, who is who in it, and the button."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import get_current_timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.kernel.errors import DomainError
from matching import taking_out
from matching.access import cycle_for
from matching.models import MatchRun
from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

PER_PAGE = 20


def run_for(cycle: Cycle, pk: UUID) -> MatchRun:
    """A run of pairs of the session; Http404 for one of groups, which has another proof."""
    if cycle.settings.in_groups:
        raise Http404
    runs = cycle.match_runs.select_related("version__program", "cycle__program", "cycle__version")
    return get_object_or_404(runs, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def take_out(request: SocietyRequest, cycle_pk: UUID, run: UUID) -> HttpResponse:
    """What the file tells and what it leaves out; sent, the file."""
    cycle = cycle_for(request.person, cycle_pk)
    shown = run_for(cycle, run)
    if request.method == "POST":
        try:
            content = taking_out.take_out_run(run=shown, by=request.person)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("desk:take_out", cycle.pk, shown.pk)
        name = f"{cycle.program.slug}-pairs-{shown.created_at.astimezone(get_current_timezone()):%Y-%m-%d}.json"
        reply = HttpResponse(content, content_type="application/json")
        reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return reply
    return _offer(request, cycle, shown)


def _offer(request: SocietyRequest, cycle: Cycle, run: MatchRun) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    people = taking_out.who_is_who(run, query)
    context = {
        "cycle": cycle,
        "run": run,
        "query": query,
        "page": Paginator(people, PER_PAGE).get_page(request.GET.get("page")),
        "is_too_large": taking_out.is_too_large(run),
    }
    return render(request, "matching/take_out.html", context)
