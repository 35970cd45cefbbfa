"""What a change would do is what solving the changed problem does, told in people; and it changes nothing by itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import (
    Changes,
    MatrixSource,
    Objective,
    Problem,
    ProblemError,
    explain,
    solve,
    verify,
    what_if,
    why_not,
)
from tests.engine.problems import OBJECTIVES, Case, Pairs, best_answer, cases, examples, solved
from tests.engine.weighing import Weighing, weighings


@st.composite
def changed(draw: st.DrawFn, case: Case) -> tuple[Changes, Callable[[], Case]]:
    """Some changes, and the case as they leave it, made by hand."""
    problem, (mentees, mentors) = case.problem, case.problem.shape
    mentee, mentor = draw(st.integers(0, mentees - 1)), draw(st.integers(0, mentors - 1))
    more = draw(st.sampled_from([-1, 1, 2]))
    column = np.arange(mentors) == mentor
    row = np.arange(mentees) == mentee
    scores = case.scores.copy()
    scores[mentee, mentor] = -1
    others = tuple(pin for pin in problem.pins if pin != (mentee, mentor))
    without_mentor: dict[str, Any] = {
        "capacity": np.where(column, 0, problem.capacity),
        "min_load": np.where(column, 0, problem.needed),
        "pins": [pin for pin in problem.pins if pin[1] != mentor],
    }
    without_mentee: dict[str, Any] = {
        "demand": np.where(row, 0, problem.wanted),
        "pins": [pin for pin in problem.pins if pin[0] != mentee],
    }
    choices: list[tuple[Changes, Any]] = [
        (Changes(places={mentor: more}), lambda: case.changed(capacity=problem.capacity + more * column)),
        (Changes(wishes={mentee: more}), lambda: case.changed(demand=problem.wanted + more * row)),
        (Changes(mentors_leave=[mentor]), lambda: case.changed(**without_mentor)),
        (Changes(mentees_leave=[mentee]), lambda: case.changed(**without_mentee)),
        (Changes(pin=[(mentee, mentor)]), lambda: case.changed(pins=[*others, (mentee, mentor)])),
        (Changes(block=[(mentee, mentor)]), lambda: case.changed(scores)),
        (Changes(floor=3), lambda: case.changed(floor=3)),
        (Changes(max_pairs=1), lambda: case.changed(max_pairs=1)),
        (Changes(uncapped=True), lambda: case.changed(max_pairs=None)),
    ]
    if (mentee, mentor) in problem.pins:
        choices.append((Changes(unpin=[(mentee, mentor)]), lambda: case.changed(pins=others)))
    changes, by_hand = draw(st.sampled_from(choices))
    return changes, by_hand


def made(by_hand: Callable[[], Case]) -> Case | str:
    """The changed case, or why there cannot be one."""
    try:
        return by_hand()
    except ProblemError as error:
        return error.message


@examples(36)
@given(cases(4), st.sampled_from(OBJECTIVES), st.data())
def test_it_is_the_best_answer_to_the_changed_problem_and_the_nearest(
    case: Case, objective: Objective, data: st.DataObject
) -> None:
    result = solved(case, objective)
    changes, by_hand = data.draw(changed(case))
    after = made(by_hand)
    if isinstance(after, str):
        with pytest.raises(ProblemError) as refused:
            what_if(result, case.problem, changes)
        assert refused.value.message == after or "fewer cannot be" in refused.value.message
        return
    moved = after
    before = {(mentee, mentor) for mentee, mentor in result.pairs.tolist()}

    def value(pairs: Pairs) -> tuple[int, ...]:
        number = () if objective == "total" else (len(pairs),)
        worst = (min(moved.free(pairs), default=0),) if objective == "worst_off_first" else ()
        return (*number, *worst, moved.worth(pairs), len(pairs), -len(before ^ set(pairs)))

    best = best_answer(moved, value)
    if best is None:
        with pytest.raises(ProblemError):
            what_if(result, case.problem, changes)
        return
    delta = what_if(result, case.problem, changes)
    pairs = tuple((mentee, mentor) for mentee, mentor in delta.result.pairs.tolist())
    assert value(pairs) == value(best)
    assert verify(delta.result, delta.problem) == delta.result.certificate
    assert (set(delta.gone), set(delta.come)) == (before - set(pairs), set(pairs) - before)
    assert delta.pairs == len(pairs) - len(before)
    if not changes.block:
        assert delta.points == delta.result.total - result.total
    staying = {pair[0] for pair in before | set(pairs)} - set(changes.mentees_leave)
    for mentee in staying:
        points = [case.total(tuple(pair for pair in some if pair[0] == mentee)) for some in (before, set(pairs))]
        assert delta.mentees.get(mentee, 0) == points[1] - points[0]
    assert set(delta.mentees) <= staying
    assert set(delta.gain) | set(delta.lose) == set(delta.mentees)


@examples(28)
@given(weighings(), st.sampled_from(OBJECTIVES), st.data())
def test_other_weights_are_another_pool(pool: Weighing, objective: Objective, data: st.DataObject) -> None:
    problem = Problem(pool, np.ones(pool.shape[1], np.int64))
    result = solve(problem, objective=objective)
    first = data.draw(st.integers(0, 12))
    weights = {"topics": first, "stage": 12 - first}
    other = Problem(pool.weighted(weights | {"closeness": 0}), np.ones(pool.shape[1], np.int64))
    expected = solve(other, objective=objective, published=result.pairs)
    delta = what_if(result, problem, Changes(weights=weights))
    assert delta.result.to_dict() == expected.to_dict()
    scores = pool.scores
    assert delta.points == sum(int(scores[pair]) for pair in delta.come) - sum(int(scores[pair]) for pair in delta.gone)
    for fact in explain(delta.result, delta.problem):
        assert fact.parts is not None
        assert sum(share.score for share in fact.parts.values()) == fact.score


POOL = Weighing(
    weights={"topics": 500, "gender": 250, "stage": 250},
    points={"topics": [[10, 8], [8, 8]], "gender": [[0, 9], [0, 0]], "stage": [[0, 0], [3, 0]]},
)
PROBLEM = Problem(POOL, np.ones(2, np.int64))


def test_a_blind_run_says_which_pairs_a_trait_has_decided() -> None:
    result = solve(PROBLEM)
    assert result.pairs.tolist() == [[0, 1], [1, 0]]
    delta = what_if(result, PROBLEM, Changes(blind_to=["gender", "stage"]))
    assert (delta.gone, delta.come) == (((0, 1), (1, 0)), ((0, 0), (1, 1)))
    assert delta.result.total == 18_000
    assert (delta.mentees, delta.gain, delta.lose) == ({0: 5000 - 6250, 1: 4000 - 4750}, [], [0, 1])
    assert what_if(result, PROBLEM, Changes(blind_to=["topics"])).gone == ()


@pytest.mark.parametrize(
    ("blind_to", "weights"),
    [(["topics"], {"topics": 0, "gender": 500, "stage": 500}), (["stage"], {"topics": 667, "gender": 333, "stage": 0})],
)
def test_the_weight_of_what_is_not_seen_falls_to_the_rest(blind_to: list[str], weights: dict[str, int]) -> None:
    source: Any = what_if(solve(PROBLEM), PROBLEM, Changes(blind_to=blind_to)).problem.source
    assert source.weights == weights


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (Changes(weights={"topics": 500, "gender": 400}), "Weights must sum to 1000; these sum to 900"),
        (Changes(weights={"topics": 1100, "gender": -100}), "The weight of gender must be a whole number from 0"),
        (Changes(weights={"topics": 500.5, "gender": 499.5}), "The weight of topics must be a whole number"),  # type: ignore[dict-item]
        (Changes(weights={"age": 1000}), "There is no criterion 'age'; there are topics, gender, stage"),
        (Changes(blind_to=["age"]), "There is no criterion 'age'"),
        (Changes(blind_to=["topics", "gender", "stage"]), "Nothing is left to score by"),
        (Changes(places={0: -2}), "Mentor 0 has 1 places; 2 fewer cannot be"),
        (Changes(places={2: 1}), "There is no mentor 2; there are 2"),
        (Changes(mentees_leave=[7]), "There is no mentee 7; there are 2"),
        (Changes(unpin=[(0, 0)]), "Mentee 0 is not pinned to mentor 0"),
        (Changes(pin=[(0, 0)], block=[(0, 0)]), "Mentee 0 is pinned to mentor 0, but a hard rule forbids that pair"),
        (Changes(block=[(0, 9)]), "The blocked pair of mentee 0 and mentor 9 names nobody there is"),
        (Changes(source=MatrixSource([[1, 2], [3, 4]]), blind_to=["topics"]), "does not say what its scores are made"),
    ],
)
def test_what_does_not_fit_is_named(changes: Changes, why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        what_if(solve(PROBLEM), PROBLEM, changes)


def test_nothing_changed_changes_nothing_whatever_the_lot() -> None:
    problem = Problem(MatrixSource(np.full((9, 9), 5)), np.ones(9, np.int64))
    result = solve(problem, seed=3)
    before = json.dumps(result.to_dict())
    delta = what_if(result, problem, Changes(places={4: 1}))
    assert (delta.gone, delta.come, delta.points, delta.mentees) == ((), (), 0, {})
    assert json.dumps(result.to_dict()) == before
    assert problem.capacity.tolist() == [1] * 9


def test_somebody_who_may_join_has_a_row_without_a_wish() -> None:
    problem = Problem(MatrixSource([[5], [9]]), np.ones(1, np.int64), demand=np.array([1, 0]))
    delta = what_if(solve(problem), problem, Changes(wishes={1: 1}))
    assert (delta.gone, delta.come, delta.mentees) == (((0, 0),), ((1, 0),), {0: -5, 1: 9})


def test_a_blocked_pair_says_so_beside_what_held_before() -> None:
    pool = Weighing({"topics": 1}, {"topics": [[5, 4]]}, forbidden=[(0, 0)])
    problem = Problem(pool, np.ones(2, np.int64))
    delta = what_if(solve(problem), problem, Changes(block=[(0, 0), (0, 1)]))
    assert why_not(delta.result, delta.problem, 0, 0).rules == ("blocked", "rule 0-0")
    assert why_not(delta.result, delta.problem, 0, 1).rules == ("blocked",)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_pool_of_500_and_300_is_answered_at_once(objective: Objective) -> None:
    random = np.random.default_rng(4)
    wishes, offers = (random.random((size, 40)) < 0.2 for size in (500, 300))
    scores = (wishes * random.integers(1_000, 20_000, 40)) @ offers.T
    problem = Problem(MatrixSource(scores), random.integers(1, 4, 300))
    result = solve(problem, objective=objective)
    fastest = 9.0  # of four, in time of the processor, so that nothing else on the machine counts
    for changes in (Changes(places={3: 1}), Changes(mentors_leave=[5]), Changes(block=[(0, 1)]), Changes(floor=9_000)):
        started = time.process_time()
        what_if(result, problem, changes)
        fastest = min(fastest, time.process_time() - started)
    assert fastest < 0.3


@pytest.mark.parametrize("more", [1.9, True, "1"])
def test_a_change_of_places_must_be_whole(more: Any) -> None:
    problem = Problem(MatrixSource([[1]]), np.ones(1, np.int64))
    with pytest.raises(ProblemError, match="change at mentor 0 must be a whole number"):
        what_if(solve(problem), problem, Changes(places={0: more}))
