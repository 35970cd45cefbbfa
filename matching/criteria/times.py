"""free_at_the_same_time: how many times two people have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.criteria.columns import Ints, folded
from matching.criteria.points import NEUTRAL, Points
from matching.engine.factors import indicator, numbered
from programs.policy.participant import Participant
from programs.policy.words import CriterionId

# One common time is what a pair needs, a second one helps when that fails; from the third on it makes no difference.
POINTS_FOR: Final = np.array([0, 700, 900, 1000], np.int32)


class CommonTimes:
    """Points by the number of common times, not by share: who offers many times is not worse off for it.

    Unknown if either gives none.
    """

    id: CriterionId = "free_at_the_same_time"

    def __init__(self, mentees: Sequence[Participant], mentors: Sequence[Participant]) -> None:
        self._said = [person.availability for person in mentees]
        mine, theirs = ([folded(person.availability) for person in people] for people in (mentees, mentors))
        place = numbered(time for times in mine for time in times)
        self._mine, self._theirs = indicator(mine, place), indicator(theirs, place)
        self._silent_mentees = np.array([not times for times in mine], np.bool_)
        self._silent_mentors = np.array([not times for times in theirs], np.bool_)
        self._times = [set(times) for times in theirs]

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Points of rows × cols. The product counts ones, so it is exact in float32."""
        theirs = self._theirs if cols is None else self._theirs[cols]
        common = (self._mine[rows] @ theirs.T).astype(np.int64)
        points = POINTS_FOR[np.minimum(common, len(POINTS_FOR) - 1)]
        points[self._silent_mentees[rows]] = NEUTRAL
        points[:, self._silent_mentors if cols is None else self._silent_mentors[cols]] = NEUTRAL
        return points

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Facts: the common times, as the mentee wrote them."""
        if self._silent_mentees[mentee] or self._silent_mentors[mentor]:
            return Points(points, known=False)
        common = [time for time in self._said[mentee] if "".join(folded([time])) in self._times[mentor]]
        return Points(points, known=True, facts={"common": common})
