"""wished_for: whom people of a session named, best first, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matching.criteria.columns import Ints
from matching.criteria.points import WHOLE, Points
from programs.policy.document.matching import Wishes
from programs.policy.participant import Participant
from programs.policy.words import CriterionId

People = Sequence[Participant]
# The keys of those whom somebody named, best first, by the key of who named them.
Named = Mapping[str, Sequence[str]]
Places = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Wished:
    """Whom the mentees of a pool named, and whom its mentors did."""

    mentees: Named = field(default_factory=dict)
    mentors: Named = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.mentees.values()) or any(self.mentors.values())


@dataclass(frozen=True, slots=True)
class Ranks:
    """At which place of their list somebody named the other, from 1, by positions of mentee and mentor.

    Who is not in the pool any more is passed over: the next on the list takes the place.
    """

    by_mentee: Places
    by_mentor: Places

    @classmethod
    def of(cls, mentees: People, mentors: People, wished: Wished) -> Self:
        rows, cols = ({person.key: place for place, person in enumerate(side)} for side in (mentees, mentors))
        by_mentor = _places(wished.mentors, cols, rows)
        # Somebody stands in several rows where each mentor is for one thing.
        same: dict[int, list[int]] = {}
        for row, person in enumerate(mentees):
            same.setdefault(rows[person.key], []).append(row)
        return cls(
            {(row, col): rank for (one, col), rank in _places(wished.mentees, rows, cols).items() for row in same[one]},
            {(row, mentor): rank for (mentor, one), rank in by_mentor.items() for row in same[one]},
        )


def _places(named: Named, who: Mapping[str, int], whom: Mapping[str, int]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for key, others in named.items():
        if key in who:
            there = dict.fromkeys(other for other in others if other in whom)
            found |= {(who[key], whom[other]): rank for rank, other in enumerate(there, start=1)}
    return found


class WishedFor:
    """1000 points for the first whom somebody named, evenly less for each after, none for whom nobody named.

    Where both sides name each other, the wish of each counts half. Never unknown: to name nobody is no answer missed.
    """

    id: CriterionId = "wished_for"

    def __init__(self, shape: tuple[int, int], ranks: Ranks, wishes: Wishes) -> None:
        from scipy.sparse import csr_array  # loaded at first use: every process would wait for it

        self._ranks = ranks
        sides = (
            [self._ranks.by_mentee, self._ranks.by_mentor] if wishes.ranked_by == "both" else [self._ranks.by_mentee]
        )
        points: dict[tuple[int, int], int] = {}
        for side in sides:
            for pair, rank in side.items():
                worth = WHOLE * max(0, wishes.at_most + 1 - rank) // (wishes.at_most * len(sides))
                points[pair] = points.get(pair, 0) + worth
        at = ([mentee for mentee, _ in points], [mentor for _, mentor in points])
        self._points = csr_array((np.array(list(points.values()), np.int32), at), shape=shape)

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Points of rows × cols, all mentors if cols is None."""
        some = self._points[rows] if cols is None else self._points[rows][:, cols]
        return np.asarray(some.toarray(), np.int32)

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Facts: at which place each named the other. For staff; of the two, each is told of their own wish alone."""
        sides = {"by_mentee": self._ranks.by_mentee, "by_mentor": self._ranks.by_mentor}
        facts = {name: side[mentee, mentor] for name, side in sides.items() if (mentee, mentor) in side}
        return Points(points, known=True, facts=facts)
