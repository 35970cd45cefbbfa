"""Criteria that are looked up block by block: equal words, near numbers, near places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.engine.bounds import WHOLE
from matching.engine.factors import numbered
from matching.engine.scores import Ints
from matching.engine.weighted import NEUTRAL

STEPS = 20  # a table of halving points knows twentieths of a unit
HALVINGS = 11  # after which less than half a point is left
EARTH_IN_MILES = 3958.7613  # the mean radius of the IUGG
EARTH_IN_KILOMETERS = 6371.0088

Degrees = Sequence[tuple[float, float] | None]


class Equal:
    """1000 points for the same word, `otherwise` for another one; neutral if either has none."""

    def __init__(self, mine: Sequence[str], theirs: Sequence[str], otherwise: int = 0) -> None:
        place = numbered(word for word in (*mine, *theirs) if word)
        self._mine, self._theirs = (
            np.array([place.get(word, -1) for word in words], np.int64) for words in (mine, theirs)
        )
        self._otherwise = otherwise

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Points of rows × cols, all mentors if cols is None."""
        mine, theirs = self._mine[rows], self._theirs if cols is None else self._theirs[cols]
        points = np.where(mine[:, None] == theirs, np.int32(WHOLE), np.int32(self._otherwise))
        points[mine < 0] = NEUTRAL
        points[:, theirs < 0] = NEUTRAL
        return points


class NearNumbers:
    """1000 points for the same number, 500 at `half_at` from it, 250 at twice that, rounded; neutral if either is
    not a number."""

    def __init__(self, mine: NDArray[np.float64], theirs: NDArray[np.float64], half_at: float) -> None:
        self._mine, self._theirs, self._half_at = mine, theirs, half_at

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Points of rows × cols, all mentors if cols is None."""
        apart = np.abs(self._mine[rows, None] - (self._theirs if cols is None else self._theirs[cols]))
        points = np.rint(WHOLE * np.exp2(-np.where(np.isnan(apart), np.inf, apart) / self._half_at))
        return np.where(np.isnan(apart), NEUTRAL, points).astype(np.int32)


class NearPlaces:
    """1000 points at the same place, 500 at `half_at` from it, 250 at twice that, rounded to twentieths of a unit;
    neutral if either place is unknown.

    mine, theirs: latitude and longitude in degrees, or None; half_at: in the unit of `radius`, which is Earth's in
    miles or kilometers.
    """

    def __init__(self, mine: Degrees, theirs: Degrees, half_at: float, radius: float = EARTH_IN_MILES) -> None:
        places = sorted({place for place in (*mine, *theirs) if place is not None})
        number = {place: position for position, place in enumerate(places)}
        self._vectors = np.array([_unit_vector(*place) for place in places], np.float64).reshape(-1, 3)
        self._mine, self._theirs = (
            np.array([-1 if place is None else number[place] for place in side], np.int64) for side in (mine, theirs)
        )
        self._radius = radius
        # Nobody is farther from anybody than half around, whatever the points halve at.
        farthest = min(half_at * HALVINGS, 4 * radius)
        steps = np.arange(np.ceil(farthest * STEPS) + 1) / STEPS
        self._table = np.rint(WHOLE * np.exp2(-steps / half_at)).astype(np.int32)

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Points of rows × cols, all mentors if cols is None: computed once per two places, then looked up."""
        theirs = self._theirs if cols is None else self._theirs[cols]
        one, row_of = np.unique(self._mine[rows], return_inverse=True)
        other, col_of = np.unique(theirs, return_inverse=True)
        steps = (self._apart(one, other) * STEPS).astype(np.int64)
        points = self._table[np.minimum(steps, len(self._table) - 1)]
        points[one < 0] = NEUTRAL
        points[:, other < 0] = NEUTRAL
        return np.asarray(points[:, col_of][row_of])

    def apart(self, mentee: int, mentor: int) -> float | None:
        """How far two people are from each other; None if either place is unknown."""
        one, other = self._mine[[mentee]], self._theirs[[mentor]]
        return None if min(one[0], other[0]) < 0 else float(self._apart(one, other)[0, 0])

    def _apart(self, one: Ints, other: Ints) -> NDArray[np.float64]:
        """Great-circle distances, from chords.

        Sums of squares element by element: unlike a matrix product they give the same bits in a block of any shape.
        """
        if not len(self._vectors):
            return np.zeros((len(one), len(other)))
        first, second = self._vectors[one], self._vectors[other]
        squares = [(first[:, None, axis] - second[None, :, axis]) ** 2 for axis in range(3)]
        half_chord = np.sqrt(squares[0] + squares[1] + squares[2]) / 2
        return np.asarray(2 * self._radius * np.arcsin(np.minimum(half_chord, 1)))


def _unit_vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = np.radians((latitude, longitude))
    return (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north))
