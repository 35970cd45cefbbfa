"""Places are worth what solving again with one more or one fewer finds; prices lie between the two."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import Changes, MatrixSource, Objective, Problem, ProblemError, solve, what_if, worth_of_places
from tests.engine.problems import Case, best_answer, cases, examples

OBJECTIVES: list[Objective] = ["total", "most_pairs"]


def value(case: Case, bonus: int) -> int | None:
    """Of the best answer, found by listing all; None if there is none."""
    best = best_answer(case, lambda pairs: case.worth(pairs) + bonus * len(pairs))
    return None if best is None else case.worth(best) + bonus * len(best)


def moved(case: Case, mentor: int, by: int, bonus: int) -> int | None:
    column = np.arange(case.problem.shape[1]) == mentor
    try:
        return value(case.changed(capacity=case.problem.capacity + by * column), bonus)
    except ProblemError:
        return None


@examples(26)
@given(cases(4), st.sampled_from(OBJECTIVES))
def test_one_place_more_and_one_fewer(case: Case, objective: Objective) -> None:
    try:
        result = solve(case.problem, objective=objective)
    except ProblemError:
        assume(False)
        raise
    now = value(case, result.bonus)
    assert now is not None
    for found in worth_of_places(result, case.problem, range(case.problem.shape[1])):
        more, fewer = (moved(case, found.mentor, by, result.bonus) for by in (1, -1))
        assert more is not None
        assert found.gain == more - now
        assert found.loss == (None if fewer is None else now - fewer)
        if not case.problem.quotas and not case.problem.needed.any() and case.problem.max_pairs is None:
            assert found.gain == found.price
        if not case.problem.quotas and case.problem.max_pairs is None and found.loss is not None:
            assert found.gain <= max(found.price, 0) <= found.loss


@examples(26)
@given(cases(5, plain=True), st.data())
def test_a_mentee_s_price_is_what_withdrawing_loses(case: Case, data: st.DataObject) -> None:
    """With one mentor each that is the price itself; who has several loses no less than the price of each."""
    result = solve(case.problem)
    mentee = data.draw(st.integers(0, case.problem.shape[0] - 1))
    lost = -what_if(result, case.problem, Changes(mentees_leave=[mentee])).points
    wanted, price = int(case.problem.wanted[mentee]), int(result.mentee_duals[mentee])
    if wanted == 1:
        assert lost == price
    else:
        assert lost >= wanted * price or wanted == 0


def test_the_dearest_places_come_first_and_idle_ones_not_at_all() -> None:
    problem = Problem(MatrixSource([[9, 3, 1], [9, 8, 1], [4, 8, 1]]), np.ones(3, np.int64))
    worth = worth_of_places(solve(problem), problem)
    assert [(found.mentor, found.price, found.gain, found.loss) for found in worth] == [(0, 8, 8, 9), (1, 7, 7, 8)]


def test_the_next_place_may_be_worth_less_than_the_last_one() -> None:
    problem = Problem(MatrixSource([[9], [4]]), np.ones(1, np.int64))
    (found,) = worth_of_places(solve(problem), problem)
    assert (found.price, found.gain, found.loss) == (4, 4, 9)
    assert found.more.come == ((1, 0),)
    assert found.fewer is not None
    assert found.fewer.gone == ((0, 0),)


@pytest.mark.parametrize("limits", [{"min_load": [1]}, {"pins": [(0, 0)]}, {"capacity": [0]}])
def test_a_place_that_cannot_be_taken_away_has_no_loss(limits: dict[str, object]) -> None:
    problem = Problem(MatrixSource([[9], [4]]), **({"capacity": [1]} | limits))  # type: ignore[arg-type]
    (found,) = worth_of_places(solve(problem), problem, [0])
    assert (found.fewer, found.loss) == (None, None)
    assert found.gain in (4, 9)
