"""Two pairs of a draft exchange their mentors: with whom it can be, what it costs, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.criteria.aspects import aspect_of
from matching.locking import locked_cycle
from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.services import decide_pair, forget_decision, suggest_pairs
from matching.showing.changes import Change, changes_between
from matching.snapshots import solved_of
from matching.solving.part import FORBIDDEN, Solved
from tenants import audit
from tenants.people.models import Person

Positions = tuple[int, int]


@dataclass(frozen=True)
class Swap:
    """Another pair of the draft, and what both mentees would have after an exchange, in points of the engine.

    cost: what all pairs together would lose, which may be nothing: among equals a lot was drawn.
    """

    other: SuggestedPair
    mine: int
    theirs: int
    cost: int


def swaps_of(pair: SuggestedPair) -> list[Swap]:
    """Every exchange that the program's rules and staff's words allow, the cheapest first; at fixed query counts."""
    pairs = list(pair.run.pairs.select_related("mentee__person", "mentor__person"))
    solved = solved_of(pair.run)
    at = _At(pair.run, solved)
    there = {at(each): each for each in pairs}
    have = {(solved.person(row), mentor) for row, mentor in there}
    mentee, mentor = at(pair)
    mentees, mentors = (np.array([place[side] for place in there], np.int64) for side in (0, 1))
    mine = solved.scores.block(np.array([mentee]), mentors)[0].tolist()
    theirs = solved.scores.block(mentees, np.array([mentor]))[:, 0].tolist()
    found = []
    for (other_mentee, other_mentor), my_score, their_score in zip(list(there), mine, theirs, strict=True):
        other = there[other_mentee, other_mentor]
        me, them = solved.person(mentee), solved.person(other_mentee)
        apart = me != them and other_mentor != mentor
        new = (me, other_mentor) not in have and (them, mentor) not in have
        if apart and new and FORBIDDEN not in (my_score, their_score):
            found.append(Swap(other, my_score, their_score, pair.score + other.score - my_score - their_score))
    return sorted(found, key=lambda swap: (swap.cost, swap.other.mentee.person.name, str(swap.other.pk)))


class OthersMove(DomainError):
    """An exchange would move others too, who were not read yet. Nothing has happened."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(_("Others would move with this exchange."))
        self.changes = changes


@transaction.atomic
def swap_and_suggest(*, pair: SuggestedPair, other: SuggestedPair, reason: str, by: Person, seen: str = "") -> MatchRun:
    """Exchange the mentors of two pairs in a new draft.

    A new draft follows everything that was said and done since the last one. If anybody but the two moves by that,
    OthersMove tells who, until `seen` says that exactly these changes were read; DomainError as for `swap_pairs`.
    """
    before = pair.run
    swap_pairs(pair=pair, other=other, reason=reason, by=by)
    draft = suggest_pairs(cycle=before.cycle, by=by)
    changes = changes_between(before, draft)
    expected = {(pair.mentee_id, other.mentor_id, pair.aspect), (other.mentee_id, pair.mentor_id, other.aspect)}
    gone = {each.pk for change in changes for each in change.before}
    come = {(each.mentee_id, each.mentor_id, each.aspect) for change in changes for each in change.now}
    if (gone, come) != ({pair.pk, other.pk}, expected) and seen != read(changes):
        raise OthersMove(changes)
    return draft


def read(changes: Sequence[Change]) -> str:
    """What stands for exactly these changes, on the page where they are read."""
    now = sorted(f"{each.mentee_id} {each.mentor_id} {each.aspect}" for change in changes for each in change.now)
    was = sorted(str(each.pk) for change in changes for each in change.before)
    return blake2b("\n".join([*was, "", *now]).encode(), digest_size=16).hexdigest()


@transaction.atomic
def swap_pairs(*, pair: SuggestedPair, other: SuggestedPair, reason: str, by: Person) -> None:
    """Keep each mentee with the other's mentor in every draft from now on; what was said of the old pairs goes.

    DomainError if one of the pairs is in no draft any more, or if the new ones may not be.
    """
    cycle = locked_cycle(pair.run.cycle)
    drafts = MatchRun.objects.filter(cycle=cycle, state=MatchRun.State.DRAFT)
    if pair.run_id != other.run_id or not drafts.filter(pk=pair.run_id).exists():
        raise DomainError(_("A newer draft has taken this one's place. Look at that one."))
    if pair.mentee_id == other.mentee_id or pair.mentor_id == other.mentor_id:
        raise DomainError(_("Two pairs exchange their mentors; choose a pair of two other people."))
    for old in (pair, other):
        said = cycle.pair_decisions.filter(mentee=old.mentee, mentor=old.mentor, kind=PairDecision.Kind.KEEP)
        for decision in said:
            forget_decision(decision=decision, by=by)
    for mine, theirs in ((pair, other), (other, pair)):
        decide_pair(
            cycle=cycle,
            mentee=mine.mentee,
            mentor=theirs.mentor,
            kind=PairDecision.Kind.KEEP,
            reason=reason.strip(),
            by=by,
            aspect=mine.aspect,
        )
    audit.record("pair.swapped", subject=pair, actor=by, other=str(other.pk))


class _At:
    """Where a pair's two people stand in the pool."""

    def __init__(self, run: MatchRun, solved: Solved) -> None:
        self._rows = {(row.key, aspect_of(row)): place for place, row in enumerate(solved.rows)}
        self._mentors = {person.key: place for place, person in enumerate(solved.pool.mentors)}
        self._keys = {person["enrollment"]: person["key"] for person in run.snapshot["people"]}

    def __call__(self, pair: SuggestedPair) -> Positions:
        mentee = self._rows[self._keys[str(pair.mentee_id)], pair.aspect]
        return mentee, self._mentors[self._keys[str(pair.mentor_id)]]
