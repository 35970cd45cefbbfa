"""Scores of a whole pool: criteria by their weights, hard rules as -1, read block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matching.criteria.closeness import Closeness
from matching.criteria.columns import Ints
from matching.criteria.points import WHOLE, Flag, Points
from matching.criteria.rules import (
    ASKED,
    RULED_OUT,
    SAME_PERSON,
    FurtherAlong,
    HardRule,
    KeyPairs,
    ListedPairs,
    ModesClash,
    NoCommonLanguage,
    SameEmployer,
)
from matching.criteria.tags import Coverage, Linear, SameField, SharedTraits
from matching.criteria.times import CommonTimes
from programs.policy.document import Matching
from programs.policy.participant import Participant
from programs.policy.words import CriterionId, HardRuleId

FORBIDDEN = -1
EXACT_BELOW = 2**24  # every integer up to here is a float32
People = Sequence[Participant]


@dataclass(frozen=True, slots=True)
class Known:
    """What a society knows of people beside their sign-ups; pairs are of keys, in either order.

    `withheld` are people whose gender and heritage may not be used for somebody else's preference. `never` are pairs
    that staff ruled out by hand, whatever the policy's rules say; `asked` are those who were asked in this session:
    they are a pair, or one of them said no.
    """

    reporting_lines: KeyPairs = ()
    blocked: KeyPairs = ()
    ended_early: KeyPairs = ()
    withheld: frozenset[str] = field(default_factory=frozenset)
    never: KeyPairs = ()
    asked: KeyPairs = ()


class Table(Protocol):
    """A criterion that is looked up block by block."""

    id: CriterionId

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """0 … 1000 points of rows × cols, all mentors if cols is None."""
        ...

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Whether the points of one pair are known, and the facts behind them."""
        ...


class Scores:
    """The scores of mentees × mentors under a policy's weights and hard rules; a `ScoreSource` of the engine.

    0 … 1,000,000: each criterion's 0 … 1000 points times its weight, weights summing to 1000. Positions are those of
    the two sequences. The same integers come out whatever is asked for at once. Nobody is ever their own mentor.
    Raises ValueError if the weights do not sum to 1000.
    """

    def __init__(self, mentees: People, mentors: People, matching: Matching, known: Known | None = None) -> None:
        known = known or Known()
        self.mentees, self.mentors = mentees, mentors
        self.weights = {criterion: weight.points for criterion, weight in matching.weights.items() if weight.points}
        if sum(self.weights.values()) != WHOLE:
            raise ValueError(f"Weights must sum to {WHOLE}; these sum to {sum(self.weights.values())}.")
        self._linear = [each for each in _linear(mentees, mentors, known) if each.id in self.weights]
        self._tables = [each for each in _tables(mentees, mentors, matching) if each.id in self.weights]
        self._join_factors()
        rules = _rules(mentees, mentors, {*matching.never, *matching.flag}, known)
        self._never = [rule for rule in rules if rule.id not in matching.flag]
        self._flagged = [rule for rule in rules if rule.id in matching.flag]

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        return len(self.mentees), len(self.mentors)

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores of rows × cols as int32, all mentors if cols is None; -1 where a hard rule forbids the pair."""
        theirs = np.arange(len(self.mentors)) if cols is None else np.asarray(cols, np.int64)
        offers = self._offers if cols is None else self._offers[theirs]
        scores = (self._wishes[rows] @ offers.T).astype(np.int32)
        for table in self._tables:
            scores += table.block(rows, cols) * np.int32(self.weights[table.id])
        forbidden = np.zeros(scores.shape, np.bool_)
        for rule in self._never:
            forbidden |= rule.mask(rows, theirs)
        scores[forbidden] = FORBIDDEN
        return scores

    def points(self, mentee: int, mentor: int) -> dict[CriterionId, Points]:
        """Points and facts of one pair by criterion, the heaviest criterion first; weighted they add up to its score.

        What a rule forbids has points too: they say what the pair would be worth.
        """
        here, there = np.array([mentee]), np.array([mentor])
        found: dict[CriterionId, Points] = {}
        for each, columns in zip(self._linear, self._columns, strict=True):
            weighted = self._wishes[mentee, columns] @ self._offers[mentor, columns]
            found[each.id] = each.describe(mentee, mentor, int(weighted) // self.weights[each.id])
        for table in self._tables:
            found[table.id] = table.describe(mentee, mentor, int(table.block(here, there)[0, 0]))
        return {name: found[name] for name in sorted(self.weights, key=lambda name: (-self.weights[name], name))}

    def forbidden_by(self, mentee: int, mentor: int) -> list[str]:
        """The ids of the hard rules that forbid a pair; none if it may be."""
        here, there = np.array([mentee]), np.array([mentor])
        return [rule.id for rule in self._never if rule.mask(here, there)[0, 0]]

    def forbidden_counts(self, mentee: int) -> dict[str, int]:
        """How many mentors each hard rule forbids to one mentee, rules that forbid none left out."""
        here, everybody = np.array([mentee]), np.arange(len(self.mentors))
        counts = {rule.id: int(rule.mask(here, everybody).sum()) for rule in self._never}
        return {rule: count for rule, count in counts.items() if count}

    def flags(self, mentee: int, mentor: int) -> list[Flag]:
        """What staff should look at: hard rules that lack facts, and rules that hold but only flag."""
        here, there = np.array([mentee]), np.array([mentor])
        holds = [Flag(rule.id, "holds") for rule in self._flagged if rule.mask(here, there)[0, 0]]
        unsure = [rule for rule in (*self._never, *self._flagged) if rule.cannot_tell(mentee, mentor)]
        return holds + [Flag(rule.id, "cannot tell") for rule in unsure]

    def _join_factors(self) -> None:
        """Lay all linear criteria side by side, weighted, and see that no sum can pass what float32 holds exactly."""
        factors = [each.factors() for each in self._linear]
        widths = np.cumsum([0, *(each.wishes.shape[1] for each in factors)]).tolist()
        self._columns = [slice(first, last) for first, last in pairwise(widths)]
        mentees, mentors = self.shape
        self._wishes = np.zeros((mentees, widths[-1]), np.float32)
        self._offers = np.zeros((mentors, widths[-1]), np.float32)
        for each, columns, factor in zip(self._linear, self._columns, factors, strict=True):
            self._wishes[:, columns] = factor.wishes * self.weights[each.id]
            self._offers[:, columns] = factor.offers
        most = self._wishes.sum(axis=1, dtype=np.float64).max(initial=0)
        if most >= EXACT_BELOW:
            raise ValueError(f"The points of one mentee sum to {most:,.0f}; up to {EXACT_BELOW:,} they are exact.")


def _linear(mentees: People, mentors: People, known: Known) -> list[Linear]:
    return [
        Coverage("lived_my_challenge", "challenges", mentees, mentors),
        Coverage("aspects_covered", "aspects", mentees, mentors),
        Coverage("shared_interests", "interests", mentees, mentors),
        SameField(mentees, mentors),
        SharedTraits(mentees, mentors, known.withheld),
    ]


def _tables(mentees: People, mentors: People, matching: Matching) -> list[Table]:
    tables: list[Table] = [CommonTimes(mentees, mentors)]
    near = matching.weights.get("near_each_other")
    if near and near.points:
        assert near.half_at is not None
        only = near.counts_when != "always"
        tables.append(Closeness(mentees, mentors, half_at=near.half_at.miles, in_person_only=only))
    return tables


def _rules(mentees: People, mentors: People, wanted: set[HardRuleId], known: Known) -> list[HardRule]:
    """The wanted rules, in the order in which reasons are told."""
    rules: list[HardRule] = [
        ListedPairs(SAME_PERSON, mentees, mentors, [(person.key, person.key) for person in mentees]),
        ListedPairs(RULED_OUT, mentees, mentors, known.never),
        ListedPairs(ASKED, mentees, mentors, known.asked),
        FurtherAlong(mentees, mentors),
        SameEmployer(mentees, mentors),
        ListedPairs("reporting_line", mentees, mentors, known.reporting_lines),
        NoCommonLanguage(mentees, mentors),
        ModesClash(mentees, mentors),
        ListedPairs("blocked_by_either", mentees, mentors, known.blocked),
        ListedPairs("ended_early_before", mentees, mentors, known.ended_early),
    ]
    return [rule for rule in rules if rule.id in wanted or rule.id in (SAME_PERSON, RULED_OUT, ASKED)]
