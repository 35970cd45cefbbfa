"""Scores of a whole pool: criteria by their weights, hard rules as -1, read block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

import numpy as np

from matching.criteria.aspects import DOES_NOT_HELP, HelpsWith, aspect_of
from matching.criteria.closeness import Closeness
from matching.criteria.points import Flag, Points
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
from matching.criteria.wishes import Ranks, Wished, WishedFor
from matching.engine import Table, WeightedSource
from programs.policy.document import Matching
from programs.policy.participant import Participant
from programs.policy.words import CriterionId, HardRuleId

People = Sequence[Participant]


@dataclass(frozen=True, slots=True)
class Known:
    """What a society knows of people beside their sign-ups; pairs are of keys, in either order.

    `withheld` are people whose gender and heritage may not be used for somebody else's preference. `never` are pairs
    that staff ruled out by hand, whatever the policy's rules say; `asked` are those who were asked in this session:
    they are a pair, or one of them said no. `wished` is whom people named.
    """

    reporting_lines: KeyPairs = ()
    blocked: KeyPairs = ()
    ended_early: KeyPairs = ()
    withheld: frozenset[str] = field(default_factory=frozenset)
    never: KeyPairs = ()
    asked: KeyPairs = ()
    wished: Wished = field(default_factory=Wished)


class Described(Table, Protocol):
    """A criterion that is looked up block by block, and can say what its points stand for."""

    id: CriterionId

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Whether the points of one pair are known, and the facts behind them."""
        ...


class Scores(WeightedSource):
    """The scores of mentees × mentors under a policy's weights and hard rules; a `ScoreSource` of the engine.

    0 … 1,000,000: each criterion's 0 … 1000 points times its weight, weights summing to 1000. Positions are those of
    the two sequences. The same integers come out whatever is asked for at once. Nobody is ever their own mentor.
    Raises ProblemError if the weights do not sum to 1000.
    """

    def __init__(self, mentees: People, mentors: People, matching: Matching, known: Known | None = None) -> None:
        known = known or Known()
        self.mentees, self.mentors = mentees, mentors
        self.ranks = Ranks.of(mentees, mentors, known.wished)
        weights: dict[str, int] = {criterion: weight.points for criterion, weight in matching.weights.items()}
        linear, tables = _linear(mentees, mentors, known), _tables(mentees, mentors, matching, self.ranks)
        described: list[Linear | Described] = [*linear, *tables]
        self._criteria = {str(each.id): each for each in described}
        rules = _rules(mentees, mentors, {*matching.never, *matching.flag}, known)
        self._never = [rule for rule in rules if rule.id not in matching.flag]
        self._flagged = [rule for rule in rules if rule.id in matching.flag]
        super().__init__(
            (len(mentees), len(mentors)),
            weights,
            factors={each.id: each.factors() for each in linear if weights.get(each.id)},
            tables={each.id: each for each in tables},
            rules=self._never,
        )

    def points(self, mentee: int, mentor: int) -> dict[CriterionId, Points]:
        """Points and facts of one pair by criterion, the heaviest criterion first; weighted they add up to its score.

        What a rule forbids has points too: they say what the pair would be worth.
        """
        found = self.parts(np.array([mentee]), np.array([mentor]))
        return {
            cast("CriterionId", name): self._criteria[name].describe(mentee, mentor, int(points[0, 0]))
            for name, points in found.items()
        }

    def flags(self, mentee: int, mentor: int) -> list[Flag]:
        """What staff should look at: hard rules that lack facts, and rules that hold but only flag."""
        here, there = np.array([mentee]), np.array([mentor])
        holds = [Flag(rule.id, "holds") for rule in self._flagged if rule.mask(here, there)[0, 0]]
        unsure = [rule for rule in (*self._never, *self._flagged) if rule.cannot_tell(mentee, mentor)]
        return holds + [Flag(rule.id, "cannot tell") for rule in unsure]


def _linear(mentees: People, mentors: People, known: Known) -> list[Linear]:
    return [
        Coverage("lived_my_challenge", "challenges", mentees, mentors),
        Coverage("aspects_covered", "aspects", mentees, mentors),
        Coverage("shared_interests", "interests", mentees, mentors),
        SameField(mentees, mentors),
        SharedTraits(mentees, mentors, known.withheld),
    ]


def _tables(mentees: People, mentors: People, matching: Matching, ranks: Ranks) -> list[Described]:
    tables: list[Described] = [CommonTimes(mentees, mentors)]
    near = matching.weights.get("near_each_other")
    if near and near.points:
        assert near.half_at is not None
        only = near.counts_when != "always"
        tables.append(Closeness(mentees, mentors, half_at=near.half_at.miles, in_person_only=only))
    wished = matching.weights.get("wished_for")
    if wished and wished.points and matching.wishes:
        tables.append(WishedFor((len(mentees), len(mentors)), ranks, matching.wishes))
    return tables


def _rules(mentees: People, mentors: People, wanted: set[HardRuleId], known: Known) -> list[HardRule]:
    """The wanted rules, in the order in which reasons are told."""
    rules: list[HardRule] = [
        ListedPairs(SAME_PERSON, mentees, mentors, [(person.key, person.key) for person in mentees]),
        ListedPairs(RULED_OUT, mentees, mentors, known.never),
        ListedPairs(ASKED, mentees, mentors, known.asked),
        *([HelpsWith(mentees, mentors)] if any(map(aspect_of, mentees)) else []),
        FurtherAlong(mentees, mentors),
        SameEmployer(mentees, mentors),
        ListedPairs("reporting_line", mentees, mentors, known.reporting_lines),
        NoCommonLanguage(mentees, mentors),
        ModesClash(mentees, mentors),
        ListedPairs("blocked_by_either", mentees, mentors, known.blocked),
        ListedPairs("ended_early_before", mentees, mentors, known.ended_early),
    ]
    return [rule for rule in rules if rule.id in wanted or rule.id in (SAME_PERSON, RULED_OUT, ASKED, DOES_NOT_HELP)]
