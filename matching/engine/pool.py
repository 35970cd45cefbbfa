"""The problem as the solver sees it: in the order of stable keys, pins subtracted, scores turned into gains."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.nests import Nest
from matching.engine.problem import Keys, Problem, pairs_each
from matching.engine.result import Objective
from matching.engine.scores import SCORE_LIMIT, Ints, ScoreSource, read_block

Gains = NDArray[np.signedinteger[Any]]
FITS_32 = 2**28


@dataclass(frozen=True)
class Pool:
    """What is left to decide. Mentees and mentors are numbered by the rank of their keys.

    source: the problem's scores, or those of them that are asked for; mentees, mentors: their positions in the input;
    demand, capacity, need, cap: what the pins leave of them, zero for people in a full quota, none larger than can
    matter.
    A pair is possible if no pin settles it and it scores at least `floor`, and is worth slope × (score - base) + bonus.
    A place that must be filled is worth `required` besides: more than all that filling it can cost elsewhere, and then
    some, so that no change looks worthwhile that empties it.
    """

    problem: Problem
    source: ScoreSource
    mentees: Ints
    mentors: Ints
    mentee_keys: Keys
    mentor_keys: Keys
    demand: Ints
    capacity: Ints
    need: Ints
    cap: int
    mentee_nest: Nest
    mentor_nest: Nest
    floor: int
    slope: int
    bonus: int
    required: int

    @classmethod
    def of(cls, problem: Problem) -> Pool:
        """Sort by key, take away what the pins use, and value pairs by their scores."""
        mentee_keys, mentor_keys = problem.keys()
        mentees, mentors = np.argsort(mentee_keys), np.argsort(mentor_keys)
        given, load = pairs_each(problem.pins, problem.shape)
        mentee_nest = Nest.of(problem, "mentee", mentees, given)
        mentor_nest = Nest.of(problem, "mentor", mentors, load)
        demand = (problem.wanted - given)[mentees] * mentee_nest.open()
        capacity = np.minimum((problem.capacity - load)[mentors], len(mentees)) * mentor_nest.open()
        cap = min(int(demand.sum()), int(capacity.sum()))
        if problem.max_pairs is not None:
            cap = min(cap, problem.max_pairs - len(problem.pins))
        return cls(
            problem=problem,
            source=problem.source,
            mentees=mentees,
            mentors=mentors,
            mentee_keys=mentee_keys[mentees],
            mentor_keys=mentor_keys[mentors],
            demand=demand,
            capacity=capacity,
            need=np.maximum(0, problem.needed - load)[mentors],
            cap=cap,
            mentee_nest=mentee_nest,
            mentor_nest=mentor_nest,
            floor=problem.floor,
            slope=1,
            bonus=0,
            required=4 * more_than_all_scores(cap),
        )

    def aimed(self, objective: Objective, worst_off: int | None) -> Pool:
        """The same with what the objective adds: unless it is "total", a bonus per pair that no scores outweigh; and no
        pair below the worst-off one."""
        bonus = 0 if objective == "total" else more_than_all_scores(self.cap)
        floor = self.floor if worst_off is None else worst_off
        return replace(self, bonus=bonus, required=max(4 * bonus, self.required), floor=floor)

    def counted(self, floor: int) -> Pool:
        """The same with each pair worth 1, whatever it scores, as long as it is not below this floor."""
        return replace(self, slope=0, bonus=1, floor=floor)

    def worth(self, scores: Ints) -> Ints:
        """What pairs with these scores are worth."""
        return self.slope * (scores - self.problem.floor) + self.bonus

    def gains(self, rows: Ints, mentee: Ints, mentor: Ints, cols: Ints | None = None) -> Gains:
        """(rows, cols) worth of pairs less the prices mentee (mentees,) and mentor (mentors,); far below 0 if
        impossible.

        In 32 bits where every number fits, which halves time and memory, else in 64.
        """
        mentees = self.mentees[rows]
        mentors = self.mentors if cols is None else self.mentors[cols]
        in_order = cols is None and bool((mentors == np.arange(len(mentors))).all())
        scores = read_block(self.source, mentees, None if in_order else mentors)
        per_row = mentee[rows, None]
        per_col = (mentor if cols is None else mentor[cols]) - self.worth(np.zeros(1, np.int64))
        largest = max(np.abs(part).max(initial=0) for part in (per_row, per_col))
        kind = np.int32 if largest < FITS_32 else np.int64
        gains: Gains = np.multiply(scores, self.slope, dtype=kind)
        gains -= per_col.astype(kind)
        gains -= per_row.astype(kind)
        gains[scores < self.floor] = impossible(gains)
        if self.problem.pins:
            gains[settled(self.problem, mentees, mentors)] = impossible(gains)
        return gains


def impossible(gains: Gains) -> int:
    """A gain so far below 0, for numbers of this size, that no price makes up for it."""
    return int(np.iinfo(gains.dtype).min) // 2


def more_than_all_scores(pairs: int) -> int:
    """A number of points that so many pairs cannot outweigh."""
    return (pairs + 1) * SCORE_LIMIT


def settled(problem: Problem, mentees: Ints, mentors: Ints) -> tuple[Ints, Ints]:
    """Row and column, in the block mentees × mentors, of the pairs that are pinned, or ruled out by a pin of the same
    person."""
    pins = problem.settled
    row, col = np.full(problem.shape[0], -1), np.full(problem.shape[1], -1)
    row[mentees], col[mentors] = np.arange(len(mentees)), np.arange(len(mentors))
    rows, cols = row[pins[:, 0]], col[pins[:, 1]]
    here = (rows >= 0) & (cols >= 0)
    return rows[here], cols[here]
