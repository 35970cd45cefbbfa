"""Pairs that exchange their mentors, and what changed since the last draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chiron.kernel.errors import DomainError
from matching import selectors
from matching.access import cycle_for
from matching.explaining import words
from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.portal.forms import SwapForm
from matching.showing.changes import Change, changes_between
from matching.swapping import OthersMove, Swap, read, swap_and_suggest, swap_pairs, swaps_of
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

SHOWN = 20
KEEP, NEVER = PairDecision.Kind.KEEP, PairDecision.Kind.NEVER


@dataclass(frozen=True)
class Row:
    """An exchange on the page."""

    swap: Swap
    is_kept: bool

    @property
    def mine(self) -> str:
        return words.points(self.swap.mine)

    @property
    def theirs(self) -> str:
        return words.points(self.swap.theirs)

    @property
    def cost(self) -> str:
        return words.loss_in_words(0, self.swap.cost) if self.swap.cost > 0 else _("nothing")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def swap(request: SocietyRequest, cycle_pk: UUID, pk: UUID) -> HttpResponse:
    """With whom a pair of the draft can exchange mentors, and what it costs; sent, they do."""
    cycle = cycle_for(request.person, cycle_pk)
    shown = get_object_or_404(selectors.pairs_of(cycle), pk=pk)
    if shown.run.state != MatchRun.State.DRAFT:
        messages.error(request, _("A newer draft has taken this one's place. Look at that one."))
        return redirect("desk:pairs", cycle.pk)
    form = SwapForm(request.POST or None)
    if form.is_valid():
        other = get_object_or_404(shown.run.pairs.select_related("mentee", "mentor"), pk=form.cleaned_data["other"])
        said = {"reason": form.cleaned_data["reason"], "by": request.person}
        try:
            if selectors.is_long(cycle):
                swap_pairs(pair=shown, other=other, **said)
            else:
                swap_and_suggest(pair=shown, other=other, seen=form.cleaned_data["seen"], **said)
        except OthersMove as moved:
            context = {"cycle": cycle, "pair": shown, "other": other, "form": form, "changes": moved.changes}
            context |= {
                "seen": read(moved.changes),
                "since": since(shown.run),
                "more": others_in(moved.changes, shown, other),
            }
            return render(request, "matching/swap_others.html", context)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            done = _("They have exchanged their mentors, and stay so in every suggestion.")
            messages.success(request, done)
            if selectors.is_long(cycle):
                messages.info(request, _("Suggest again to see the new draft."))
        return redirect("desk:pairs", cycle.pk)
    query = request.GET.get("q", "").strip()
    kept = selectors.kept_in(cycle)
    swaps = [each for each in swaps_of(shown) if _has(each, query)]
    context = {
        "cycle": cycle,
        "pair": shown,
        "form": form,
        "query": query,
        "is_kept": (shown.mentee_id, shown.mentor_id) in kept,
        "is_long": selectors.is_long(cycle),
        "rows": [Row(each, (each.other.mentee_id, each.other.mentor_id) in kept) for each in swaps[:SHOWN]],
        "more": max(0, len(swaps) - SHOWN),
    }
    return render(request, "matching/swap.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def changes(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Who had whom in the last draft, and who has whom now."""
    cycle = cycle_for(request.person, cycle_pk)
    run = selectors.draft_of(cycle)
    if cycle.settings.in_groups:
        raise Http404
    before = selectors.draft_before(run) if run else None
    if run is None or before is None:
        return redirect("desk:pairs", cycle.pk)
    context = {"cycle": cycle, "run": run, "before": before, "changes": changes_between(before, run)}
    return render(request, "matching/changes.html", context)


def since(run: MatchRun) -> list[str]:
    """What a new draft follows that this one does not know yet."""
    words_of = {KEEP: _("Keep %(mentee)s and %(mentor)s."), NEVER: _("Never %(mentee)s and %(mentor)s.")}
    said = selectors.contradicted(run).select_related("mentee__person", "mentor__person")
    lines = [
        words_of[PairDecision.Kind(each.kind)] % {"mentee": each.mentee.person.name, "mentor": each.mentor.person.name}
        for each in said
    ]
    if came := selectors.joined_since(run):
        came_words = ngettext(
            "%(count)d person has come since this draft.", "%(count)d people have come since this draft.", came
        )
        lines.append(came_words % {"count": came})
    changed = [each.person.name for each in selectors.people_changed(run, run.cycle)]
    if changed:
        lines.append(_("Something has changed since with: %(names)s.") % {"names": ", ".join(changed)})
    if run.version_id != run.cycle.version_id:
        lines.append(_("The program’s settings have changed since this draft."))
    return lines


def others_in(changes: Sequence[Change], *pairs: SuggestedPair) -> int:
    """How many mentees move who are not in the two pairs."""
    return len({change.mentee.pk for change in changes} - {pair.mentee_id for pair in pairs})


def _has(swap: Swap, query: str) -> bool:
    names = f"{swap.other.mentee.person.name} {swap.other.mentor.person.name}".casefold()
    return all(word in names for word in query.casefold().split())
