"""Made-up pools for the engine and for everybody who solves assignments: factors, of which scores are a product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.bench.cases import Case
from matching.engine import Problem

Ints = NDArray[np.int64]
FORBIDDEN = -1
TOPICS, EMPLOYERS = 48, 40


class Synthetic:
    """What mentees wish for, what mentors offer, and an employer each that must not be the same.

    Scores are one product of two factor matrices, in float32, which holds these whole numbers exactly. Mentors have
    one to three places. The same case and seed make the same pool.
    """

    def __init__(self, case: Case, seed: int) -> None:
        random = np.random.default_rng(seed)
        weights = random.integers(1_000, 20_000, (TOPICS, 1))
        self.shape = case.mentees, case.mentors
        self.wishes = (random.random((case.mentees, TOPICS)) < 0.2).astype(np.float32)
        self.offers = ((random.random((TOPICS, case.mentors)) < 0.25) * weights).astype(np.float32)
        self.mentee_employer = random.integers(0, EMPLOYERS, case.mentees)
        self.mentor_employer = random.integers(0, EMPLOYERS, case.mentors)
        self.places = random.integers(1, 4, case.mentors)

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores of rows × cols, all mentors if cols is None; -1 where both have one employer."""
        everybody = cols is None
        offers = self.offers if everybody else self.offers[:, cols]
        employers = self.mentor_employer if everybody else self.mentor_employer[cols]
        scores = (self.wishes[rows] @ offers).astype(np.int32)
        scores[self.mentee_employer[rows, None] == employers] = FORBIDDEN
        return scores

    def everything(self) -> NDArray[np.int32]:
        """All scores at once, as peers need them."""
        return self.block(np.arange(self.shape[0]))

    def problem(self) -> Problem:
        """The best total over this pool, one mentor each."""
        return Problem(self, self.places)
