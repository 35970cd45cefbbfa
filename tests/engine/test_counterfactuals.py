"""The smallest rise of a score that makes a pair: by so much a best set has it, by one point less none has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import (
    Explainer,
    Objective,
    Problem,
    counterfactual,
    smallest_rise,
    solve,
    why_not,
)
from tests.engine.problems import OBJECTIVES, Case, Pairs, cases, every_answer, examples, solved
from tests.engine.weighing import Weighing


def best_with(case: Case, objective: Objective, pair: tuple[int, int]) -> bool:
    """Whether one of all the best answers has the pair, by listing them."""

    def value(pairs: Pairs) -> tuple[int, ...]:
        number = () if objective == "total" else (len(pairs),)
        worst = (min(case.free(pairs), default=0),) if objective == "worst_off_first" else ()
        return (*number, *worst, case.worth(pairs))

    answers = list(every_answer(case.problem, case.scores))
    best = max(value(pairs) for pairs in answers)
    return any(pair in pairs and value(pairs) == best for pairs in answers)


@examples(36)
@given(cases(4), st.sampled_from(OBJECTIVES), st.data())
def test_a_rise_makes_the_pair_and_one_point_less_does_not(
    case: Case, objective: Objective, data: st.DataObject
) -> None:
    result = solved(case, objective)
    pair = data.draw(st.sampled_from(list(np.ndindex(*case.problem.shape))))
    found = counterfactual(result, case.problem, *pair)
    assert found.criteria == {}

    def with_score(score: int) -> bool:
        scores = case.scores.copy()
        scores[pair] = score
        return best_with(case.changed(scores), objective, pair)

    if case.scores[pair] < 0:
        assert (found.reason, found.score, found.rise) == ("forbidden", None, None)
        return
    score = int(case.scores[pair])
    assert found.score == score
    if found.rise is None:
        assert not with_score(2**20 - 1)
        return
    assert with_score(score + found.rise)
    assert found.rise == 0 or not with_score(score + found.rise - 1)


@examples(28)
@given(cases(4), st.sampled_from(OBJECTIVES[:2]), st.data())
def test_it_costs_nothing_exactly_if_no_rise_is_needed(case: Case, objective: Objective, data: st.DataObject) -> None:
    result = solved(case, objective)
    pair = data.draw(st.sampled_from(list(np.ndindex(*case.problem.shape))))
    answer, found = why_not(result, case.problem, *pair), counterfactual(result, case.problem, *pair)
    assert (found.rise == 0) == (answer.reason in ("paired", "tie"))
    if answer.loss is not None and found.rise is not None:
        assert found.rise == answer.loss.value


POOL = Weighing(
    weights={"topics": 6, "closeness": 3, "stage": 1},
    points={
        "topics": [[90, 40], [80, 20]],
        "closeness": [[50, 10], [60, 20]],
        "stage": [[10, 0], [0, 100]],
    },
)


def test_who_could_give_the_rise() -> None:
    """700 and 270 of mentee 0, 660 and 280 of mentee 1: 0-0 and 1-1 make 980, 0-1 and 1-0 make 930."""
    problem = Problem(POOL, np.ones(2, np.int64))
    result = solve(problem)
    assert result.pairs.tolist() == [[0, 0], [1, 1]]
    found = counterfactual(result, problem, 0, 1, most={"topics": 48, "closeness": 100, "stage": 40})
    assert (found.reason, found.score, found.rise) == ("full", 270, 50)
    rooms = {name: (room.points, room.most, room.could_add, room.needed) for name, room in found.criteria.items()}
    assert rooms == {"topics": (40, 48, 48, None), "closeness": (10, 100, 270, 27), "stage": (0, 40, 40, None)}
    assert found.in_reach


def test_a_rise_that_no_criterion_has_room_for_is_out_of_reach() -> None:
    problem = Problem(POOL, np.ones(2, np.int64))
    found = counterfactual(solve(problem), problem, 0, 1, most={"topics": 40, "closeness": 20, "stage": 0})
    assert found.rise == 50
    assert [room.needed for room in found.criteria.values()] == [None, None, None]
    assert not found.in_reach


def test_points_raised_by_one_criterion_alone_make_the_pair() -> None:
    problem = Problem(POOL, np.ones(2, np.int64))
    room = counterfactual(solve(problem), problem, 0, 1).criteria["closeness"]
    assert room.needed is not None
    for points, reason in ((room.needed, ("tie", "paired")), (room.needed - 1, ("full",))):
        raised = Problem(POOL.having("closeness", 0, 1, points), np.ones(2, np.int64))
        assert why_not(solve(raised), raised, 0, 1).reason in reason


@pytest.mark.parametrize(
    ("case", "objective", "reason"),
    [
        (Case.of([[-1, 5]], [1, 1]), "total", "forbidden"),
        (Case.of([[5, 5], [5, 5]], [1, 1], pins=[(0, 0)]), "total", "no_place"),
        (Case.of([[9, 1], [-1, 5]], [1, 1], min_load=[1, 1]), "total", "minimum"),
        (Case.of([[9, 1], [-1, 5]], [1, 1]), "most_pairs", "full"),
    ],
    ids=["a rule", "a pin", "a place that must be filled", "a pair that would be lost"],
)
def test_where_no_rise_can(case: Case, objective: Objective, reason: str) -> None:
    pair = (0, 0) if reason == "forbidden" else (0, 1) if reason != "no_place" else (1, 0)
    found = counterfactual(solve(case.problem, objective=objective), case.problem, *pair)
    assert (found.reason, found.rise, found.criteria, found.in_reach) == (reason, None, {}, False)


def test_one_explainer_answers_many() -> None:
    problem = Problem(POOL, np.ones(2, np.int64))
    explainer = Explainer(solve(problem), problem)
    rises = [smallest_rise(explainer, *pair).rise for pair in np.ndindex(2, 2)]
    assert rises == [0, 50, 50, 0]
