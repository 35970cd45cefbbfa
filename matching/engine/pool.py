"""The problem as the solver sees it: in the order of stable keys, pins subtracted, scores turned into what is
maximized."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.problem import Keys, Problem
from matching.engine.result import Objective
from matching.engine.scores import SCORE_LIMIT, Ints, read_block

IMPOSSIBLE = -(2**61)


@dataclass(frozen=True)
class Pool:
    """What is left to decide. Mentees and mentors are numbered by rank of their keys; `mentees` and `mentors` lead
    back to the input's positions. A pair's weight is its score less the floor plus the bonus, IMPOSSIBLE if it cannot
    be made."""

    problem: Problem
    mentees: Ints
    mentors: Ints
    mentee_keys: Keys
    mentor_keys: Keys
    demand: Ints
    capacity: Ints
    cap: int
    bonus: int

    @classmethod
    def of(cls, problem: Problem, objective: Objective) -> Pool:
        """Sort by key, take the pins' places away, and set the bonus per pair that "most_pairs" needs."""
        mentee_keys, mentor_keys = problem.keys()
        mentees, mentors = np.argsort(mentee_keys), np.argsort(mentor_keys)
        demand, capacity, cap = places_left(problem)
        return cls(
            problem=problem,
            mentees=mentees,
            mentors=mentors,
            mentee_keys=mentee_keys[mentees],
            mentor_keys=mentor_keys[mentors],
            demand=demand[mentees],
            capacity=capacity[mentors],
            cap=cap,
            bonus=(cap + 1) * SCORE_LIMIT if objective == "most_pairs" else 0,
        )

    def weights(self, rows: Ints, cols: Ints | None = None) -> Ints:
        """(rows, cols) int64 weights of some mentees with some mentors, all if None."""
        mentees = self.mentees[rows]
        mentors = self.mentors if cols is None else self.mentors[cols]
        everybody = cols is None and bool((mentors == np.arange(len(mentors))).all())
        scores = read_block(self.problem.source, mentees, None if everybody else mentors)
        weights = scores.astype(np.int64) + (self.bonus - self.problem.floor)
        weights[scores < self.problem.floor] = IMPOSSIBLE
        weights[pinned(self.problem, mentees, mentors)] = IMPOSSIBLE
        return weights


def pinned(problem: Problem, mentees: Ints, mentors: Ints) -> tuple[Ints, Ints]:
    """Row and column, in the block mentees × mentors, of the pairs that are pinned."""
    pins = np.array(problem.pins, np.int64).reshape(-1, 2)
    row, col = np.full(problem.shape[0], -1), np.full(problem.shape[1], -1)
    row[mentees], col[mentors] = np.arange(len(mentees)), np.arange(len(mentors))
    rows, cols = row[pins[:, 0]], col[pins[:, 1]]
    here = (rows >= 0) & (cols >= 0)
    return rows[here], cols[here]


def places_left(problem: Problem) -> tuple[Ints, Ints, int]:
    """Demand per mentee, places per mentor and pairs in all that remain beside the pins, none larger than it can
    matter."""
    mentees, mentors = problem.shape
    pins = np.array(problem.pins, np.int64).reshape(-1, 2)
    demand = problem.wanted - np.bincount(pins[:, 0], minlength=mentees)
    capacity = np.minimum(problem.capacity - np.bincount(pins[:, 1], minlength=mentors), mentees)
    cap = min(int(demand.sum()), int(capacity.sum()))
    if problem.max_pairs is not None:
        cap = min(cap, problem.max_pairs - len(pins))
    return demand, capacity, cap
