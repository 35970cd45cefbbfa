"""Questions about publishing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.models import MatchRun, SuggestedGroup, SuggestedPair
from matching.publishing.models import Change, NextBest, Publication
from programs.policy.models import Cycle
from tenants import allowance

State = Publication.State


def waiting_in(cycle: Cycle) -> Publication | None:
    """What leaves in a session unless somebody stops it."""
    waiting = Publication.objects.filter(run__cycle=cycle, state=State.WAITING)
    return waiting.select_related("run", "by").first()


@allowance.counts("pairs that wait to be published")
def leaving_pairs() -> QuerySet[SuggestedPair]:
    """Pairs that begin unless somebody stops them: their room is kept."""
    return SuggestedPair.objects.filter(run__publications__state=State.WAITING)


@allowance.counts("groups that wait to be published")
def leaving_groups() -> QuerySet[SuggestedGroup]:
    """Groups that begin unless somebody stops them."""
    return SuggestedGroup.objects.filter(run__publications__state=State.WAITING)


def to_begin(run: MatchRun) -> int:
    """How many mentorships would begin with a draft."""
    return (run.groups if run.cycle.settings.in_groups else run.pairs).count()


def must_not_be_leaving(cycle: Cycle) -> None:
    """DomainError while the session's draft waits to leave: what people will read must not change under it."""
    if Publication.objects.filter(run__cycle=cycle, state=State.WAITING).exists():
        raise DomainError(_("These pairs are about to be published. Press Stop first, then change what you like."))


def plan_of(run: MatchRun) -> Publication:
    """What staff have planned for a draft, or had before they stopped it; unsaved, what the program's settings say."""
    before = run.publications.order_by("-id").first()
    if before and before.state in (State.PLANNED, State.WAITING):
        return before
    plan = Publication(run=run)
    if before:
        plan.left_out, plan.words = before.left_out, before.words
    if not run.cycle.settings.in_groups:
        plan.asked_first = (before.asked_first if before else "") or run.cycle.settings.matching.asked_first
    return plan


def refused(run: MatchRun) -> Publication | None:
    """Why the draft was not published when its time had come; None if it was, or is tried again."""
    last = run.publications.order_by("-id").first()
    return last if last and last.state == State.REFUSED else None


def published_last(cycle: Cycle) -> MatchRun | None:
    """The run beside which changes stand now."""
    return cycle.match_runs.filter(state=MatchRun.State.PUBLISHED).order_by("-published_at").first()


def next_best_in(cycle: Cycle) -> Sequence[NextBest]:
    """Who comes next in a session, as it was found after the last no, with what came to nothing before."""
    there = cycle.next_best.select_related("mentee__person", "mentor__person", "after")
    return list(there.prefetch_related("after__participations__person"))


def changes_in(cycle: Cycle) -> Sequence[Change]:
    """What began or ended since the pairs were published, the latest first."""
    there = cycle.pair_changes.select_related("mentorship", "before", "by")
    return list(there.prefetch_related("mentorship__participations__person", "before__participations__person"))
