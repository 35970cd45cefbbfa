"""What solve() returns is a best answer, by every way of finding one, and keeps to every limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import MatrixSource, Problem, ProblemError, Quota, Result, solve, verify
from tests.engine.problems import Case, Pairs, best_answer, by_highs, cases, every_answer, examples


def pairs_of(result: Result) -> Pairs:
    return tuple((mentee, mentor) for mentee, mentor in result.pairs.tolist())


@examples(30)
@given(cases())
def test_the_total_is_the_best_there_is(case: Case) -> None:
    best = best_answer(case, case.worth)
    if best is None:
        with pytest.raises(ProblemError, match=r"Mentor \d must have \d mentees, and together with the other limits"):
            solve(case.problem)
        return
    result = solve(case.problem)
    assert case.worth(pairs_of(result)) == case.worth(best)
    assert result.total == case.total(pairs_of(result))
    assert pairs_of(result) in set(every_answer(case.problem, case.scores))


@examples(30)
@given(cases())
def test_most_pairs_is_the_number_first_and_then_the_total(case: Case) -> None:
    best = best_answer(case, lambda pairs: (len(pairs), case.worth(pairs)))
    if best is None:
        return
    pairs = pairs_of(solve(case.problem, objective="most_pairs"))
    assert (len(pairs), case.worth(pairs)) == (len(best), case.worth(best))


@examples(30)
@given(cases())
def test_worst_off_first_lifts_the_lowest_score_at_no_pair_s_cost(case: Case) -> None:
    def fairness(pairs: Pairs) -> tuple[int, int, int]:
        return len(pairs), min(case.free(pairs), default=0), case.worth(pairs)

    best = best_answer(case, fairness)
    if best is None:
        return
    result = solve(case.problem, objective="worst_off_first")
    assert fairness(pairs_of(result)) == fairness(best)
    assert result.worst_off == min(case.free(best), default=None)


@examples(30)
@given(cases(12), st.sampled_from([0, 10**6]))
def test_larger_problems_agree_with_highs(case: Case, bonus: int) -> None:
    best = by_highs(case, bonus)
    if best is None:
        return
    result = solve(case.problem, objective="most_pairs" if bonus else "total")
    assert case.worth(pairs_of(result)) + bonus * len(result.pairs) == best


@examples(28)
@given(cases(6), st.data())
def test_another_place_or_another_possible_pair_never_lowers_the_best(case: Case, data: st.DataObject) -> None:
    if by_highs(case) is None:
        return
    before = solve(case.problem).certificate.value
    mentors = case.problem.shape[1]
    mentor = data.draw(st.integers(0, mentors - 1))
    roomier = case.changed(capacity=case.problem.capacity + (np.arange(mentors) == mentor))
    assert solve(roomier.problem).certificate.value >= before
    allowed = case.changed(np.maximum(case.scores, 0))
    assert solve(allowed.problem).certificate.value >= before


@pytest.mark.parametrize("objective", ["total", "most_pairs", "worst_off_first"])
@pytest.mark.parametrize(
    ("scores", "capacity", "pairs"),
    [
        (np.zeros((0, 0)), [], []),
        (np.zeros((0, 3)), [1, 1, 1], []),
        (np.zeros((3, 0)), [], []),
        ([[-1, -1], [-1, -1]], [2, 2], []),
        ([[5, 5], [5, 5]], [0, 0], []),
        ([[7]], [1], [[0, 0]]),
        ([[0, 0], [0, 0]], [0, 2], [[0, 1], [1, 1]]),
    ],
    ids=["nobody", "no mentees", "no mentors", "all forbidden", "no places", "two people", "all scores zero"],
)
def test_the_edges_are_answered_too(objective: str, scores: object, capacity: list[int], pairs: list[object]) -> None:
    problem = Problem(MatrixSource(scores), np.array(capacity, np.int64))  # type: ignore[arg-type]
    result = solve(problem, objective=objective)  # type: ignore[arg-type]
    assert result.pairs.tolist() == pairs
    assert verify(result, problem) == result.certificate


def test_a_cap_keeps_the_best_pairs_among_all_and_has_a_price() -> None:
    problem = Problem(MatrixSource([[10, 9], [9, 1]]), np.array([1, 1]), max_pairs=1)
    result = solve(problem)
    assert (result.pairs.tolist(), result.cap_price) == ([[0, 0]], 8)


def test_a_place_left_empty_is_worth_the_floor() -> None:
    scores = MatrixSource([[100, 60], [60, -1]])
    assert solve(Problem(scores, np.array([1, 1]), floor=50)).pairs.tolist() == [[0, 0]]
    assert solve(Problem(scores, np.array([1, 1]), floor=50), objective="most_pairs").total == 120


def test_a_quota_within_a_quota_binds_with_it() -> None:
    quotas = [Quota("mentor", [0, 1, 2], 2), Quota("mentor", [0, 1], 1)]
    problem = Problem(MatrixSource([[9, 8, 1, 0]] * 4), np.ones(4, np.int64), quotas=quotas)
    result = solve(problem)
    assert sorted(result.pairs[:, 1].tolist()) == [0, 2, 3]
    assert result.quota_prices.tolist() == [0, 7] or result.quota_prices.tolist() == [0, 8]


@pytest.mark.parametrize("seed", [1.7, "7", None, True])
def test_a_seed_must_be_whole(seed: Any) -> None:
    with pytest.raises(ProblemError, match="seed must be a whole number"):
        solve(Problem(MatrixSource([[1]]), np.ones(1, np.int64)), seed=seed)
