"""A weight's range is where the pairs stay best and no further, by trying every weight and listing all answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.engine import (
    MatrixSource,
    Objective,
    Problem,
    ProblemError,
    Progress,
    WeightRange,
    solve,
    weight_ranges,
)
from tests.engine.problems import OBJECTIVES, Case, Pairs, every_answer, examples
from tests.engine.weighing import Weighing, weighings

WHOLE = 12


def tilted(pool: Weighing, name: str, weight: int) -> tuple[NDArray[np.int64], int]:
    """Scores with one weight moved and the others in proportion, times what makes them whole."""
    rest = WHOLE - pool.weights[name]
    scores = np.zeros(pool.shape, np.int64)
    for each, was in pool.weights.items():
        scores += pool.points[each] * (weight * rest if each == name else (WHOLE - weight) * was)
    for pair in pool.forbidden:
        scores[pair] = -1
    return scores, rest


def stays_best(pool: Weighing, problem: Problem, pairs: Pairs, objective: Objective, name: str, weight: int) -> bool:
    scores, scale = tilted(pool, name, weight)
    case = Case(replace(problem, source=MatrixSource(scores), floor=problem.floor * scale), scores)

    def value(pairs: Pairs) -> tuple[int, ...]:
        number = () if objective == "total" else (len(pairs),)
        worst = (min(case.free(pairs), default=0),) if objective == "worst_off_first" else ()
        return (*number, *worst, case.worth(pairs))

    answers = list(every_answer(case.problem, scores))
    return pairs in answers and value(pairs) == max(map(value, answers))


@examples(26)
@given(weighings(3, WHOLE), st.sampled_from(OBJECTIVES), st.sampled_from([0, 0, 5, 40]), st.booleans(), st.data())
def test_every_weight_within_keeps_the_pairs_and_the_next_one_beyond_does_not(
    pool: Weighing, objective: Objective, floor: int, must: bool, data: st.DataObject
) -> None:
    mentors = pool.shape[1]
    capacity = np.array(data.draw(st.lists(st.integers(0, 2), min_size=mentors, max_size=mentors)))
    allowed = [(mentee, mentor) for mentee, mentor in np.argwhere(pool.scores >= 0).tolist() if capacity[mentor]]
    pins = data.draw(st.lists(st.sampled_from(allowed), max_size=1)) if allowed else []
    need = np.minimum(capacity, 1) * (np.arange(mentors) == 0) if must else None
    problem = Problem(pool, capacity, floor=floor, pins=pins, min_load=need)
    try:
        result = solve(problem, objective=objective)
    except ProblemError:
        return
    pairs = tuple((mentee, mentor) for mentee, mentor in result.pairs.tolist())
    for found in weight_ranges(result, problem):
        now = pool.weights[found.criterion]
        assert found.weight == now
        assert found.low <= now <= found.high
        if now == WHOLE:
            assert (found.low, found.high) == (WHOLE, WHOLE)
            continue
        best = [stays_best(pool, problem, pairs, objective, found.criterion, weight) for weight in range(WHOLE + 1)]
        assert all(best[found.low : found.high + 1])
        assert found.low == 0 or not best[found.low - 1]
        assert found.high == WHOLE or not best[found.high + 1]


POOL = Weighing(
    weights={"topics": 600, "closeness": 400},
    points={"topics": [[1000, 0], [0, 0]], "closeness": [[0, 1000], [0, 0]]},
)
PROBLEM = Problem(POOL, np.ones(2, np.int64), demand=np.array([1, 0]))


def test_a_range_ends_where_two_lines_cross() -> None:
    """Mentor 0 gives 1000 × topics, mentor 1 gives 1000 × closeness: equal at 500 each."""
    assert weight_ranges(solve(PROBLEM), PROBLEM) == [
        WeightRange("topics", 600, 500, 1000),
        WeightRange("closeness", 400, 0, 500),
    ]


def test_some_criteria_can_be_asked_for_and_others_are_refused() -> None:
    result = solve(PROBLEM)
    assert [found.criterion for found in weight_ranges(result, PROBLEM, criteria=["closeness"])] == ["closeness"]
    with pytest.raises(ProblemError, match="There is no criterion 'age'; there are topics, closeness"):
        weight_ranges(result, PROBLEM, criteria=["age"])
    plain = Problem(MatrixSource([[5]]), np.ones(1, np.int64))
    with pytest.raises(ProblemError, match="does not say what its scores are made of"):
        weight_ranges(solve(plain), plain)


def test_it_can_be_stopped_between_solves() -> None:
    class EnoughError(Exception):
        """Stop."""

    def stop(progress: Progress) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        weight_ranges(solve(PROBLEM), PROBLEM, progress=stop)


def test_too_many_pairs_are_refused() -> None:
    class Alike:
        """Everybody suits everybody."""

        shape = (3000, 1000)
        weights = {"topics": 1}

        def block(self, rows: NDArray[np.int64], cols: NDArray[np.int64] | None = None) -> NDArray[np.int32]:
            return np.full((len(rows), 1000 if cols is None else len(cols)), 7, np.int32)

        def parts(self, rows: NDArray[np.int64], cols: NDArray[np.int64] | None = None) -> dict[str, NDArray[np.int32]]:
            return {"topics": self.block(rows, cols)}

    problem = Problem(Alike(), np.zeros(1000, np.int64))
    result = solve(problem)
    with pytest.raises(ProblemError, match="More than 2,097,152 pairs are possible"):
        weight_ranges(result, replace(problem, capacity=np.ones(1000, np.int64)))
