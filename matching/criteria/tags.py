"""Criteria that are sums of factors: what a mentee wishes, in points, times what a mentor has, as 0 or 1.

All of them together are one matrix product of float32. It is exact, for every sum in it is an integer below 2**24.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from matching.criteria.columns import folded, may_use, trait
from matching.criteria.points import NEUTRAL, WHOLE, Points
from matching.criteria.related import RELATED, are_related
from matching.engine import Factors
from matching.engine.factors import coverage, equal_shares, indicator, lookup, numbered
from programs.policy.participant import Participant
from programs.policy.words import CriterionId

People = Sequence[Participant]


class Linear(Protocol):
    """A criterion that is a product of factors."""

    id: CriterionId

    def factors(self) -> Factors:
        """The whole criterion for everybody."""
        ...

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Whether the points of one pair are known, and the facts behind them."""
        ...


class Coverage:
    """How much of what the mentee names the mentor has; each thing named counts the same.

    Unknown if either names nothing. Coverage of the wishes, not overlap: a mentor is not worse for having more.
    """

    def __init__(self, criterion: CriterionId, field: str, mentees: People, mentors: People) -> None:
        self.id = criterion
        self._named = [tuple(getattr(person, field)) for person in mentees]
        self._wanted = [folded(words) for words in self._named]
        self._had = [folded(getattr(person, field)) for person in mentors]

    def factors(self) -> Factors:
        """Shares of the words that the mentee names."""
        return coverage(self._wanted, self._had)

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Facts: the words they have in common, as the mentee wrote them, and how many the mentee named."""
        had = set(self._had[mentor])
        common = [word for word in self._named[mentee] if folded([word]) and folded([word])[0] in had]
        known = bool(self._wanted[mentee] and had)
        return Points(points, known, {"common": common, "named": len(self._wanted[mentee])} if known else {})


class SameField:
    """The same specialty, a related one, or neither; unknown if either has none (yet)."""

    id: CriterionId = "specialty"

    def __init__(self, mentees: People, mentors: People) -> None:
        self._sought = [person.specialty for person in mentees]
        self._practiced = [person.specialty for person in mentors]

    def factors(self) -> Factors:
        """By the two names."""
        mine, theirs = (["".join(folded([name or ""])) for name in side] for side in (self._sought, self._practiced))
        return lookup(mine, theirs, _closeness)

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Facts: both specialties and whether they are the same, related or other."""
        sought, practiced = self._sought[mentee], self._practiced[mentor]
        if not sought or not practiced:
            return Points(points, known=False)
        relation = {WHOLE: "same", RELATED: "related"}.get(points, "other")
        return Points(points, known=True, facts={"mentee": sought, "mentor": practiced, "relation": relation})


def _closeness(one: str, other: str) -> int:
    return WHOLE if one == other else RELATED * are_related(one, other)


class SharedTraits:
    """The mentee's own wish for a mentor who shares a trait of theirs. Who has no such wish is not affected at all.

    A trait that either did not tell, or that a mentor does not want used, counts half: it is unknown.
    """

    id: CriterionId = "my_own_preference"

    def __init__(self, mentees: People, mentors: People, withheld: frozenset[str] = frozenset()) -> None:
        self._asked = [folded(person.prefers_shared) for person in mentees]
        names = sorted({name for asked in self._asked for name in asked})
        self._mine = [{name: trait(person, name) for name in names} for person in mentees]
        self._theirs = [
            {
                name: trait(person, name) if person.key not in withheld and may_use(person, name) else None
                for name in names
            }
            for person in mentors
        ]

    def factors(self) -> Factors:
        """A column per trait and value, one per trait for mentors who did not tell, one for what is unknown anyway."""
        everybody = (*self._mine, *self._theirs)
        place = numbered(_cell(name, value) for traits in everybody for name, value in traits.items())
        wishes = np.zeros((len(self._mine), len(place) + 1), np.float32)
        for row, (asked, mine) in enumerate(zip(self._asked, self._mine, strict=True)):
            if not asked:
                wishes[row, -1] = NEUTRAL
            for name, half in zip(asked, equal_shares(NEUTRAL, len(asked) or 1), strict=bool(asked)):
                if mine[name] is None:
                    wishes[row, -1] += half
                else:
                    wishes[row, place[_cell(name, mine[name])]] = 2 * half
                    if _cell(name, None) in place:
                        wishes[row, place[_cell(name, None)]] = half
        offers = indicator([[_cell(*item) for item in traits.items()] for traits in self._theirs], place, extra=1)
        offers[:, -1] = 1
        return Factors(wishes, offers)

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Facts: which traits were asked for and which of them are shared. For nobody but the mentee and staff."""
        mine, theirs = self._mine[mentee], self._theirs[mentor]
        told = [name for name in self._asked[mentee] if mine[name] is not None and theirs[name] is not None]
        shared = [name for name in told if mine[name] == theirs[name]]
        facts = {"asked": list(self._asked[mentee]), "shared": shared} if self._asked[mentee] else {}
        return Points(points, bool(told), facts)


def _cell(name: str, value: str | None) -> str:
    return f"{name}\0{value or ''}"
