"""A pool as columns: the points of every possible pair by criterion, so that other weights need one sum and a solve.

Pure, and small enough for a cache: points are kept as 16 bits each. Only for pools up to `MOST_PAIRS`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self, get_args

import numpy as np
from numpy.typing import NDArray

from matching.criteria import Known, Scores
from matching.engine import (
    Delta,
    Objective,
    Problem,
    ProblemError,
    Result,
    Rounds,
    WeightRange,
    compare,
    weight_ranges,
)
from matching.engine.parts import largest_remainder
from matching.solving.part import FORBIDDEN
from matching.solving.problems import Kept, Pool, problem_of, rows_of, served_in
from programs.policy.document import Matching, Part
from programs.policy.document.matching import OPTIONS, WHOLE, Weight
from programs.policy.words import CriterionId

# What somebody prefers for themselves keeps its weight here: trying it out would tell which pairs it decides.
FIXED: Final = "my_own_preference"
# Possible pairs up to which a pool is kept as columns, and tried while one moves a slider.
MOST_PAIRS: Final = 600 * 400

Weights = Mapping[str, int]
Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Columns:
    """A pool to be solved under any weights. points: by criterion, (mentees, mentors) 0 … 1000 each; forbidden:
    (mentees, mentors) where a hard rule stands; asked: the problem but for its scores; served: mentees who have a
    mentor already, None where everything is settled in one round. Mentees are rows of what they seek a mentor for."""

    points: Mapping[str, NDArray[np.int16]]
    forbidden: NDArray[np.bool_]
    asked: Mapping[str, Any]
    served: Sequence[int] | None
    aim: Objective
    seed: int

    @classmethod
    def of(
        cls,
        part: Part,
        pool: Pool,
        *,
        known: Known,
        keep: Sequence[Kept],
        standing: int,
        seed: int,
        served: Collection[str] = (),
    ) -> Self:
        """The columns of those who may be paired. Raises ProblemError if a kept pair may not be."""
        rows = rows_of(part, pool.mentees)
        scores = Scores(rows, pool.mentors, evenly(part.matching), known)
        problem = problem_of(part, pool, rows, scores, keep, standing)
        everybody = np.arange(len(rows))
        return cls(
            points={name: found.astype(np.int16) for name, found in scores.parts(everybody).items()},
            forbidden=scores.block(everybody) == FORBIDDEN,
            asked={
                "capacity": problem.capacity,
                "demand": problem.demand,
                "person_of": problem.person_of,
                "quotas": problem.quotas,
                "mentee_keys": problem.mentee_keys,
                "mentor_keys": problem.mentor_keys,
                "pins": [tuple(pin) for pin in problem.pins],
                "floor": problem.floor,
                "max_pairs": problem.max_pairs,
            },
            served=served_in(part, pool, served),
            aim=part.matching.aim,
            seed=seed,
        )

    def problem(self, weights: Weights) -> Problem:
        """The pool under these weights, which sum to 1000."""
        return Problem(source=Weighted(self, weights), **self.asked)

    def solve(self, weights: Weights, published: Pairs = ()) -> Rounds:
        """The best pairs under these weights, and of several best answers the one nearest to the published pairs."""
        there = np.array(published, np.int64).reshape(-1, 2)
        problem = self.problem(weights)
        return Rounds.of(problem, objective=self.aim, served=self.served, seed=self.seed, published=there)

    def restored(self, weights: Weights, result: Result, first: Result | None) -> Rounds:
        """What `solve` found, of its results."""
        return Rounds.restored(self.problem(weights), result, first, self.served)

    def tried(self, before: Rounds, other: Weights) -> Delta:
        """What other weights would change."""
        after = self.solve(other, before.result.pairs.tolist())
        return compare(before.result, before.asked, after.result, after.asked)

    def ranges(self, before: Rounds, weights: Weights) -> list[WeightRange]:
        """How far each weight can move, all others giving way in proportion, before other pairs are better: in two
        rounds, before they are in either."""
        names = [name for name in weights if name != FIXED and weights[name]]
        found = [weight_ranges(each.result, each.problem, criteria=names) for each in before.rounds]
        return [
            replace(same[0], low=max(each.low for each in same), high=min(each.high for each in same))
            for same in zip(*found, strict=True)
        ]


class Weighted:
    """Scores of columns under weights; a source of the engine that says what its scores are made of."""

    def __init__(self, columns: Columns, weights: Weights) -> None:
        self.weights: Weights = {name: weight for name, weight in weights.items() if weight}
        if sum(self.weights.values()) != WHOLE or not self.weights.keys() <= columns.points.keys():
            raise ProblemError(f"Weights must be of what is known and sum to {WHOLE}; these are {dict(weights)}.")
        self._points, self.shape = columns.points, columns.forbidden.shape
        scores = np.zeros(self.shape, np.int32)
        for name, weight in self.weights.items():
            scores += columns.points[name] * np.int32(weight)
        scores[columns.forbidden] = FORBIDDEN
        self._scores = scores

    def block(self, rows: NDArray[np.int64], cols: NDArray[np.int64] | None = None) -> NDArray[np.int32]:
        """Scores of rows × cols, all mentors if cols is None."""
        return _of(self._scores, rows, cols)

    def parts(self, rows: NDArray[np.int64], cols: NDArray[np.int64] | None = None) -> dict[str, NDArray[np.int32]]:
        """The points that the weights multiply."""
        return {name: _of(self._points[name], rows, cols).astype(np.int32) for name in self.weights}


def _of(table: NDArray[Any], rows: NDArray[np.int64], cols: NDArray[np.int64] | None) -> NDArray[Any]:
    return table[rows] if cols is None else table[np.ix_(rows, cols)]


def criteria_of(matching: Matching) -> list[CriterionId]:
    """What can be weighed: what counts now, the heaviest first, then what could; the private one if it counts."""
    points = {name: weight.points for name, weight in matching.weights.items()}
    names = [name for name in get_args(CriterionId) if name not in _not_here(matching) or points.get(name)]
    return sorted(names, key=lambda name: (name == FIXED, -points.get(name, 0)))


def _not_here(matching: Matching) -> set[str]:
    """What is not tried because it is private, or because the program has no such thing."""
    in_points = matching.wishes is not None and not matching.by_lists
    return {FIXED} if in_points else {FIXED, "wished_for"}


def weights_of(matching: Matching) -> dict[str, int]:
    """The weights that the settings have, zeros too, in the order in which they are shown."""
    return {name: matching.weights[name].points if name in matching.weights else 0 for name in criteria_of(matching)}


def reweighed(matching: Matching, weights: Weights) -> Matching:
    """The same settings with other weights; how closeness is measured stays as it is."""
    there = matching.weights.keys()
    found = {name: _weight(matching, name, points) for name, points in weights.items() if points or name in there}
    return matching.model_copy(update={"weights": found})


def evenly(matching: Matching) -> Matching:
    """The same settings with every criterion counting, so that the points of each are worked out."""
    names = criteria_of(matching)
    return reweighed(matching, largest_remainder(dict.fromkeys(names, 1), WHOLE))


def in_proportion(wanted: Weights, before: Weights) -> dict[str, int]:
    """Weights that sum to 1000, in the proportions of what somebody set; what is fixed keeps what it has.

    Raises ProblemError if nothing is left to count.
    """
    fixed = {name: weight for name, weight in before.items() if name == FIXED}
    free = {name: max(0, int(wanted.get(name, 0))) for name in before if name != FIXED}
    return largest_remainder(free, WHOLE - sum(fixed.values())) | fixed


def _weight(matching: Matching, name: str, points: int) -> Weight:
    before = matching.weights.get(name)  # type: ignore[call-overload]
    if before is not None:
        found: Weight = before.model_copy(update={"points": points})
        return found
    return Weight.model_validate({"points": points, **OPTIONS.get(name, {})})
