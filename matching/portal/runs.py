"""What may be asked of a run as a whole: how it treats people, and the file with which anybody can check it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import get_current_timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chiron.design.frame import Link
from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from matching import taking_out
from matching.access import cycle_for
from matching.fairness.matched import IDENTITY, fair_of, kinds_of
from matching.fairness.words import blind_words, rates_chart
from matching.models import MatchRun
from matching.showing import rows as showing
from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

PER_PAGE = 20
LOWEST = 5


def run_for(cycle: Cycle, pk: UUID) -> MatchRun:
    """A run of the session."""
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
        what = "groups" if cycle.settings.in_groups else "pairs"
        name = f"{cycle.program.slug}-{what}-{shown.created_at.astimezone(get_current_timezone()):%Y-%m-%d}.json"
        reply = HttpResponse(content, content_type="application/json")
        reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return reply
    return _offer(request, cycle, shown)


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def fair(request: SocietyRequest, cycle_pk: UUID, run: UUID) -> HttpResponse:
    """Whether identity answers changed anything, who was matched by group, and the lowest five pairs."""
    cycle = cycle_for(request.person, cycle_pk)
    if cycle.settings.in_groups:
        raise Http404
    shown = run_for(cycle, run)
    kinds = kinds_of(shown)
    by = request.GET.get("by", next(iter(kinds)))
    if by not in kinds:
        raise Http404
    found = fair_of(shown, by)
    pairs = shown.pairs.select_related("mentee__person", "mentor__person").order_by("score", "id")[:LOWEST]
    context = {
        "cycle": cycle,
        "run": shown,
        "by_called": kinds[by],
        "tabs": [Link(str(label), f"?by={name}", current=name == by) for name, label in kinds.items()],
        "fair": found,
        "is_exact": by not in IDENTITY,
        "chart": rates_chart(found),
        "blind": blind_words(shown),
        "rows": showing.rows_of(pairs, cycle),
    }
    return render(request, "matching/fair.html", context)


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
    page = "take_out_groups" if cycle.settings.in_groups else "take_out"
    return render(request, f"matching/{page}.html", context)
