"""near_each_other: how far apart two people meet, from the centroids of their ZIP codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.criteria.columns import Ints
from matching.criteria.points import Points
from matching.engine.tables import NearPlaces
from programs.policy.participant import Participant
from programs.policy.places import middle_of
from programs.policy.words import CriterionId

STEPS: Final = (5, 10, 25, 50)  # distances are told in these steps only


class Closeness:
    """1000 points at the same place, 500 at `half_at` miles, 250 at twice that, rounded.

    Unknown if a ZIP code is missing or has no place; not counted either, if `in_person_only`, for a pair that will not
    meet in person because one of them meets online only.
    """

    id: CriterionId = "near_each_other"

    def __init__(
        self, mentees: Sequence[Participant], mentors: Sequence[Participant], *, half_at: float, in_person_only: bool
    ) -> None:
        self._in_person_only = in_person_only
        self._near = NearPlaces([*map(self._place, mentees)], [*map(self._place, mentors)], half_at)

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Points of rows × cols, all mentors if cols is None."""
        return self._near.block(rows, cols)

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Facts: under how many miles (None: more than the largest step)."""
        miles = self._near.apart(mentee, mentor)
        if miles is None:
            return Points(points, known=False)
        return Points(points, known=True, facts={"under_miles": next((step for step in STEPS if miles < step), None)})

    def _place(self, person: Participant) -> tuple[float, float] | None:
        if self._in_person_only and person.meeting_mode == "virtual":
            return None
        return middle_of(person.zip) if person.zip else None
