"""near_each_other: how far apart two people meet, from the centroids of their ZIP codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import zipcodes
from numpy.typing import NDArray

from matching.criteria.columns import Ints, numbered
from matching.criteria.points import NEUTRAL, WHOLE, Points
from programs.policy.participant import Participant
from programs.policy.words import CriterionId

EARTH_RADIUS: Final = 3958.7613  # miles; the mean radius of the IUGG
PER_MILE: Final = 20  # the table knows twentieths of a mile
HALVINGS: Final = 11  # after which less than half a point is left
STEPS: Final = (5, 10, 25, 50)  # distances are told in these steps only

Miles = NDArray[np.float64]


@cache
def centroid(code: str) -> tuple[float, float] | None:
    """Latitude and longitude of a ZIP code in degrees, offline; None if there is no such code or no such place."""
    if not (len(code) == len("95666") and code.isascii() and code.isdigit()):
        return None
    for entry in zipcodes.matching(code):  # type: ignore[no-untyped-call]
        latitude, longitude = float(entry["lat"]), float(entry["long"])
        return (latitude, longitude) if latitude or longitude else None
    return None


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
        codes = [*map(self._place, mentees), *map(self._place, mentors)]
        self._number = numbered(code for code in codes if code)
        self._vectors = np.array([_unit_vector(code) for code in self._number], np.float64).reshape(-1, 3)
        positions = np.array([self._number[code] if code else -1 for code in codes], np.int64)
        self._mentees, self._mentors = positions[: len(mentees)], positions[len(mentees) :]
        steps = np.arange(np.ceil(half_at * HALVINGS * PER_MILE) + 1) / PER_MILE
        self._table = np.rint(WHOLE * np.exp2(-steps / half_at)).astype(np.int32)

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Points of rows × cols: computed once per two ZIP codes, then looked up."""
        theirs = self._mentors if cols is None else self._mentors[cols]
        one, row_of = np.unique(self._mentees[rows], return_inverse=True)
        other, col_of = np.unique(theirs, return_inverse=True)
        steps = (self._miles(one, other) * PER_MILE).astype(np.int64)
        points = self._table[np.minimum(steps, len(self._table) - 1)]
        points[one < 0] = NEUTRAL
        points[:, other < 0] = NEUTRAL
        return np.asarray(points[:, col_of][row_of])

    def describe(self, mentee: int, mentor: int, points: int) -> Points:
        """Facts: under how many miles (None: more than the largest step)."""
        one, other = self._mentees[[mentee]], self._mentors[[mentor]]
        if one[0] < 0 or other[0] < 0:
            return Points(points, known=False)
        miles = float(self._miles(one, other)[0, 0])
        return Points(points, known=True, facts={"under_miles": next((step for step in STEPS if miles < step), None)})

    def _place(self, person: Participant) -> str | None:
        if self._in_person_only and person.meeting_mode == "virtual":
            return None
        return person.zip if person.zip and centroid(person.zip) else None

    def _miles(self, one: Ints, other: Ints) -> Miles:
        """Great-circle distances, from chords.

        Sums of squares element by element: unlike a matrix product they give the same bits in a block of any shape.
        """
        if not len(self._vectors):
            return np.zeros((len(one), len(other)))
        first, second = self._vectors[one], self._vectors[other]
        squares = [(first[:, None, axis] - second[None, :, axis]) ** 2 for axis in range(3)]
        half_chord = np.sqrt(squares[0] + squares[1] + squares[2]) / 2
        return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.minimum(half_chord, 1)))


def _unit_vector(code: str) -> tuple[float, float, float]:
    place = centroid(code)
    assert place is not None
    latitude, longitude = np.radians(place)
    return (np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude))
