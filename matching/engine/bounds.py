"""Whether a criterion keeps to its 0 … 1000 points: products once and before anything is scored, tables as they are
read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.scores import Ints

WHOLE = 1000
EXACT_BELOW = 2**24  # every integer up to here is a float32


@dataclass(frozen=True)
class Bounds:
    """The people of both sides, in the words in which faults name them; positions, if there are no others."""

    mentees: Sequence[Any]
    mentors: Sequence[Any]

    def check_factors(self, criterion: str, wishes: NDArray[Any], offers: NDArray[Any]) -> None:
        """Raise ProblemError unless all numbers are whole and not below zero, and every pair has up to 1000 points."""
        for side, numbers, people in (("mentee", wishes, self.mentees), ("mentor", offers, self.mentors)):
            if numbers.ndim != 2 or len(numbers) != len(people) or numbers.dtype.kind not in "iuf":
                raise ProblemError(
                    f"The criterion {criterion!r} has factors of type {numbers.dtype} and shape {numbers.shape} for "
                    f"{len(people)} {side}s; numbers, a row for each, are needed."
                )
            with np.errstate(invalid="ignore"):
                wrong = ~((numbers >= 0) & (numbers < EXACT_BELOW) & (np.floor(numbers) == numbers))
            for row, column in np.argwhere(wrong)[:1].tolist():
                at: dict[str, Any] = {side: row}
                raise ProblemError(
                    f"The criterion {criterion!r} has the factor {numbers[row, column]} for {side} {people[row]!r}; "
                    f"factors are whole, from 0 to {EXACT_BELOW - 1:,}.",
                    **at,
                )
        if wishes.shape[1] != offers.shape[1]:
            raise ProblemError(
                f"The criterion {criterion!r} has {wishes.shape[1]} factors of mentees and {offers.shape[1]} of "
                "mentors."
            )
        self._check_products(criterion, wishes.astype(np.float32, copy=False), offers)

    def check_points(
        self, criterion: str, points: NDArray[Any], rows: Ints, cols: Ints | None = None
    ) -> NDArray[np.int32]:
        """The block as int32. Raises ProblemError unless it is one of whole points from 0 to 1000."""
        asked = (len(rows), len(self.mentors) if cols is None else len(cols))
        if points.shape != asked or points.dtype.kind not in "iu":
            raise ProblemError(
                f"The criterion {criterion!r} returned numbers of type {points.dtype} and shape {points.shape}, where "
                f"whole points of shape {asked} are needed."
            )
        if points.size and not (points.min() >= 0 and points.max() <= WHOLE):
            row, col = np.argwhere((points < 0) | (points > WHOLE))[0].tolist()
            self._refuse(criterion, int(points[row, col]), int(rows[row]), col if cols is None else int(cols[col]))
        return points.astype(np.int32, copy=False)

    def _check_products(self, criterion: str, wishes: NDArray[np.float32], offers: NDArray[Any]) -> None:
        """Branch and bound: no mentor of a group gives more than one who would have the best of each column there.
        Groups in which that is too much are split, until it is not, or all in one are the same."""
        groups = [(np.arange(len(wishes)), np.arange(len(offers)))] if len(wishes) and len(offers) else []
        while groups:
            rows, cols = groups.pop()
            theirs = offers[cols]
            best = theirs.max(axis=0)
            reached = wishes[rows] @ best.astype(np.float32)
            rows = rows[reached > WHOLE]
            if not len(rows):
                continue
            differ = best > theirs.min(axis=0)
            if not differ.any():
                self._refuse(criterion, int(wishes[rows[0]] @ best.astype(np.float32)), int(rows[0]), int(cols[0]))
            column = int(np.where(differ, wishes[rows].sum(axis=0, dtype=np.float64), -1).argmax())
            full = theirs[:, column] == best[column]
            groups += [(rows, cols[full]), (rows, cols[~full])]

    def _refuse(self, criterion: str, points: int, mentee: int, mentor: int) -> NoReturn:
        raise ProblemError(
            f"The criterion {criterion!r} gives {points} points to mentee {self.mentees[mentee]!r} with mentor "
            f"{self.mentors[mentor]!r}; points are whole, from 0 to {WHOLE}.",
            mentee=mentee,
            mentor=mentor,
        )
