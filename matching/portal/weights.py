"""What matters: sliders that show at once which pairs would change, and nothing changes until they are saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.kernel.errors import DomainError
from matching import selectors, working
from matching.access import cycle_for
from matching.council.marks import marks_for
from matching.engine import ProblemError
from matching.tasks import try_in_background
from matching.trying.columns import FIXED, MOST_PAIRS, in_proportion, weights_of
from matching.trying.saving import keep_weights, what_keeping_means
from matching.trying.trial import Outcome, People, Trial, kept_outcome
from programs.policy.models import Cycle
from programs.policy.overview import MATTERS
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

MOST, SHOWN = 1000, 50
BY_LISTS = gettext_lazy(
    "Here pairs follow the lists of both sides, so there is nothing to try: what matters decides only among those whom "
    "nobody named. It is changed in the program’s settings."
)


@dataclass(frozen=True)
class Slider:
    """Something that can matter: what it has in the settings, where the slider stands, and what it would have."""

    name: str
    label: str
    now: int
    set_to: int
    then: int
    is_fixed: bool


@dataclass(frozen=True)
class Asked:
    """What somebody set the sliders to."""

    before: Mapping[str, int]
    wanted: Mapping[str, int]

    @classmethod
    def of(cls, cycle: Cycle, given: QueryDict) -> Asked:
        """What is not said stays as it is in the settings."""
        before = weights_of(cycle.settings.matching)
        wanted = {name: _number(given.get(name, ""), now) for name, now in before.items() if name != FIXED}
        return cls(before, wanted)

    @property
    def then(self) -> Mapping[str, int]:
        """In points that sum to 1000; empty if nothing is left to count."""
        try:
            return in_proportion(self.wanted, self.before)
        except ProblemError:
            return {}

    @property
    def sliders(self) -> list[Slider]:
        then = self.then
        return [
            Slider(name, str(MATTERS[name]), now, self.wanted.get(name, now), then.get(name, 0), name == FIXED)
            for name, now in self.before.items()
        ]

    @property
    def differs(self) -> bool:
        return dict(self.then) != dict(self.before)

    @property
    def query(self) -> str:
        return urlencode(self.wanted)


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def weights(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """The sliders, and what would change; asked by a slider that moves, only what would change."""
    if cycle_for(request.person, cycle_pk).settings.matching.by_lists:
        messages.info(request, BY_LISTS)
        return redirect("desk:pairs", cycle_pk)
    cycle = _cycle(request, cycle_pk)
    asked = Asked.of(cycle, request.GET)
    context: dict[str, Any] = {"cycle": cycle, "asked": asked}
    if selectors.possible_pairs(cycle) > MOST_PAIRS:
        return _at_length(request, cycle, asked, context)
    try:
        trial = Trial.remembered(cycle, request.GET.get("people", "")) or Trial.begin(People.of(cycle))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("desk:pairs", cycle.pk)
    context["trial"] = trial
    asked_for = request.headers.get("HX-Target", "")
    if asked_for == "ranges" or "ranges" in request.GET:
        context["ranges"] = _ranges(trial, cycle)
    if asked_for == "ranges":
        return render(request, "matching/_ranges.html", context)
    context |= _shown(asked, trial.tried(asked.wanted) if asked.then else None)
    return render(request, "matching/_outcome.html", context) if asked_for == "outcome" else _page(request, context)


@require_POST
@staff(*RUNS_PROGRAMS)
def try_weights(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Have a worker try the weights with very many people, or stop it."""
    cycle = _cycle(request, cycle_pk)
    asked = Asked.of(cycle, request.POST)
    if "stop" in request.POST:
        working.stop(cycle, "trying")
    elif asked.then and working.look(cycle, "trying") is None:
        working.begin(cycle, "trying")
        try_in_background.after_commit(cycle_id=cycle.pk, wanted=dict(asked.wanted))
    return redirect(f"{reverse('desk:weights', args=[cycle.pk])}?{asked.query}")


@require_POST
@staff(*RUNS_PROGRAMS)
def stop_suggesting(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Stop a worker that looks for pairs; the draft before stays as it was."""
    cycle = cycle_for(request.person, cycle_pk)
    working.stop(cycle)
    return redirect("desk:pairs", cycle.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def keep(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """What keeping the weights means; sent, they are the program's settings."""
    cycle = _cycle(request, cycle_pk)
    asked = Asked.of(cycle, request.POST if request.method == "POST" else request.GET)
    back = f"{reverse('desk:weights', args=[cycle.pk])}?{asked.query}"
    try:
        if request.method == "POST":
            kept = keep_weights(
                cycle=cycle, wanted=asked.wanted, after=_number(request.POST.get("seen", ""), 0), by=request.person
            )
            messages.success(request, _("Kept as the program’s settings."))
            if kept.moves and selectors.draft_of(cycle):
                messages.info(request, _("Suggest again to see the pairs under these settings."))
            return redirect("desk:pairs", cycle.pk)
        meant = what_keeping_means(cycle, asked.wanted)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(back)
    return render(request, "matching/keep_weights.html", {"cycle": cycle, "asked": asked, "meant": meant, "back": back})


def _cycle(request: SocietyRequest, pk: UUID) -> Cycle:
    cycle = cycle_for(request.person, pk)
    part = cycle.settings
    if part.format != "one_to_one" or part.matching.by_lists or not any(weights_of(part.matching).values()):
        raise Http404
    return cycle


def _number(text: str, otherwise: int) -> int:
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _ranges(trial: Trial, cycle: Cycle) -> list[tuple[str, int, int, int]]:
    """What each thing has, and between which numbers the pairs stay as they are."""
    return [(str(MATTERS[name]), trial.weights[name], *ends) for name, ends in trial.ranges(cycle).items()]


def _shown(asked: Asked, outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"nothing_counts": True}
    return {
        "outcome": outcome,
        "said": _said(outcome, differs=asked.differs),
        "shown": outcome.moved[:SHOWN],
        "more": max(0, len(outcome.moved) - SHOWN),
    }


def _said(outcome: Outcome, *, differs: bool) -> str:
    if not differs:
        return _("These are the program’s settings. Move something to see what would change.")
    if not outcome.moved:
        return _("No pair would change.")
    moved = len(outcome.moved)
    return ngettext(
        "%(count)d mentee would have another mentor.", "%(count)d mentees would have another mentor.", moved
    ) % {"count": moved}


def _at_length(request: SocietyRequest, cycle: Cycle, asked: Asked, context: dict[str, Any]) -> HttpResponse:
    """So many people are a worker's work; the page shows how far it is."""
    doing = working.look(cycle, "trying")
    if doing and doing.refused:
        working.end(cycle, what="trying")
        messages.error(request, doing.refused)
        doing = None
    if doing is None and "HX-Request" in request.headers:  # asked by the page that waits: what it waited for is here
        return HttpResponse(headers={"HX-Refresh": "true"})
    context |= {"is_large": True, "working": doing}
    if outcome := kept_outcome(cycle, asked.wanted):
        context |= _shown(asked, outcome)
    return _page(request, context)


def _page(request: SocietyRequest, context: Mapping[str, Any]) -> HttpResponse:
    """The sliders, and beside each what the council said of it."""
    marks = marks_for(context["cycle"])
    sliders = [(each, marks.of.get(each.name) if marks else None) for each in context["asked"].sliders]
    return render(request, "matching/weights.html", {**context, "marks": marks, "sliders": sliders})
