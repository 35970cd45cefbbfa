"""Made-up ranked lists of both sides, for deferred acceptance."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matching.bench.cases import Case

Ints = NDArray[np.int64]
LONGEST = 12  # about what applicants rank in the US residency match


class RankedLists:
    """Each mentee ranks up to twelve mentors, popular ones more often; each mentor ranks all who named them.

    Person p of a side ranks choice[start[p] : start[p + 1]] of the other side, best first. There are a few places fewer
    than mentees. The same case and seed make the same lists.
    """

    def __init__(self, case: Case, seed: int) -> None:
        random = np.random.default_rng(seed)
        popular = np.cumsum(random.lognormal(0, 1, case.mentors))
        drawn = np.searchsorted(popular, random.random((case.mentees, 2 * LONGEST)) * popular[-1], side="right")
        row, self.mentee_choice = _first_of_each(np.minimum(drawn, case.mentors - 1))
        self.mentee_start = _starts(row, case.mentees)
        order = np.lexsort((random.random(len(row)), self.mentee_choice))
        self.mentor_start, self.mentor_choice = _starts(self.mentee_choice, case.mentors), row[order]
        most = max(1, round(1.85 * case.mentees / case.mentors) - 1)
        self.places = random.integers(1, most + 1, case.mentors)

    def save(self, path: Path) -> Self:
        """All columns in one .npz file."""
        np.savez(path, **vars(self))
        return self


def _first_of_each(drawn: Ints) -> tuple[Ints, Ints]:
    """Row and value of the first times that values occur in their rows, in order, up to LONGEST a row."""
    order = np.argsort(drawn, axis=1, kind="stable")
    ranked = np.take_along_axis(drawn, order, axis=1)
    fresh = np.ones(drawn.shape, np.bool_)
    np.put_along_axis(fresh, order[:, 1:], ranked[:, 1:] != ranked[:, :-1], axis=1)
    fresh &= np.cumsum(fresh, axis=1) <= LONGEST
    return np.nonzero(fresh)[0], drawn[fresh]


def _starts(owner: Ints, people: int) -> Ints:
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=people))])
