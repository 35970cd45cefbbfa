"""Whatever a question about an answer is given by mistake is refused in a sentence that names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching.engine import (
    CertificateError,
    Changes,
    Circles,
    Effort,
    Evening,
    Explainer,
    Market,
    MatrixSource,
    Problem,
    ProblemError,
    Wishes,
    blocking_pairs,
    compare,
    counterfactual,
    explain,
    fairness,
    groups,
    rotate,
    smallest_rise,
    solve,
    stable,
    verify,
    verify_groups,
    verify_rotation,
    verify_stable,
    weight_ranges,
    what_if,
    why_not,
    worth_of_places,
)
from tests.engine.weighing import Weighing

POOL = Weighing({"topics": 6, "stage": 4}, {"topics": [[9, 4], [8, 2]], "stage": [[5, 1], [6, 2]]})
PROBLEM = Problem(POOL, np.ones(2, np.int64))
RESULT = solve(PROBLEM)
SMALLER = Problem(MatrixSource([[5]]), np.ones(1, np.int64))
NOT_A_NUMBER = float("nan")

QUESTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "Explainer": Explainer,
    "explain": explain,
    "why_not": lambda result, problem: why_not(result, problem, 0, 0),
    "counterfactual": lambda result, problem: counterfactual(result, problem, 0, 0),
    "fairness": fairness,
    "what_if": lambda result, problem: what_if(result, problem, Changes()),
    "worth_of_places": worth_of_places,
    "weight_ranges": weight_ranges,
    "compare": lambda result, problem: compare(RESULT, PROBLEM, result, problem),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_result_of_another_problem_is_named(ask: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(ProblemError, match="The result is another problem's: it is of 2 mentees, 2 mentors and 0"):
        ask(RESULT, SMALLER)
    with pytest.raises(ProblemError, match="The result must be a Result, not NoneType"):
        ask(None, PROBLEM)
    with pytest.raises(ProblemError, match="The problem must be a Problem, not list"):
        ask(RESULT, [])


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (0.5, "A mentee is named by position, a whole number, not by 0.5"),
        (True, "A mentee is named by position, a whole number, not by True"),
        (None, "A mentee is named by position, a whole number, not by None"),
        ("0", "A mentee is named by position, a whole number, not by '0'"),
        (-1, "There is no mentee -1; there are 2"),
        (2, "There is no mentee 2; there are 2"),
        (10**400, "There is no mentee 1000"),
    ],
)
def test_people_are_asked_about_by_position(given: Any, why: str) -> None:
    explainer = Explainer(RESULT, PROBLEM)
    asked: list[Callable[[], Any]] = [
        lambda: why_not(RESULT, PROBLEM, given, 0),
        lambda: counterfactual(RESULT, PROBLEM, given, 0),
        lambda: explainer.forced(given, 0),
        lambda: explainer.is_full(given, 0),
        lambda: explainer.score(given, 0),
        lambda: what_if(RESULT, PROBLEM, Changes(mentees_leave=[given])),
        lambda: what_if(RESULT, PROBLEM, Changes(wishes={given: 1})),
        lambda: compare(RESULT, PROBLEM, RESULT, PROBLEM, leaving=[given]),
    ]
    for ask in asked:
        with pytest.raises(ProblemError, match=why):
            ask()


def test_positions_of_any_whole_type_are_positions() -> None:
    answer = why_not(RESULT, PROBLEM, np.int32(0), np.uint8(1))  # type: ignore[arg-type]
    assert answer == why_not(RESULT, PROBLEM, 0, 1)
    assert type(answer.mentee) is int


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"published": [3]}, "Each of the published pairs must be a list, not 3"),
        ({"published": None}, "The published pairs must be a list, not None"),
        ({"published": [(0, 0.5)]}, "The published pairs must be pairs of a mentee and a mentor by position"),
        ({"published": [(0, 10**30)]}, "The published pairs must be pairs of a mentee and a mentor by position"),
        ({"published": [(0, 2)]}, "The published pair of mentee 0 and mentor 2 names somebody who is not there"),
        ({"progress": True}, "Whoever is told of progress must be a function, not True"),
        ({"effort": 3}, "The effort must be an Effort, not int"),
        ({"effort": Effort(workers=0)}, "The effort's workers must be at least 1, not 0"),
        ({"effort": Effort(workers=10**6)}, "At most 256 workers can look at blocks, not 1000000"),
        ({"effort": Effort(block=0)}, "The effort's block must be at least 1, not 0"),
        ({"effort": Effort(first=-1)}, "The effort's first must be a whole number from 0"),
        ({"effort": Effort(ties=1.5)}, "The effort's ties must be a whole number from 0 to .*, not 1.5"),  # type: ignore[arg-type]
        ({"objective": ["total"]}, "There is no objective"),
    ],
)
def test_options_of_a_solve_are_checked(options: dict[str, Any], why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        solve(PROBLEM, **options)


def test_a_seed_may_be_of_any_whole_type() -> None:
    assert solve(PROBLEM, seed=np.int64(-5)).to_dict() == solve(PROBLEM, seed=-5).to_dict()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("most", "why"),
    [
        ({"typo": 5}, "There is no criterion 'typo'; there are topics, stage"),
        ({"topics": 5.5}, "must be whole numbers; that of 'topics' is 5.5"),
        ({"topics": -1}, "'topics' can have at most 0 to"),
        (["topics"], "must be numbers by name, not"),
    ],
)
def test_the_most_that_criteria_can_have_is_checked(most: Any, why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        smallest_rise(Explainer(RESULT, PROBLEM), 0, 1, most=most)
    with pytest.raises(ProblemError, match=why):
        counterfactual(RESULT, PROBLEM, 0, 0, most=most)


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ([3, "a"], "The label of mentee 0 must be a word or None, not 3"),
        (["a", NOT_A_NUMBER], "The label of mentee 1 must be a word or None, not nan"),
        ("ab", "The labels must be a list, not 'ab'"),
    ],
)
def test_labels_are_words(labels: Any, why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        fairness(RESULT, PROBLEM, labels)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (None, "What to change must be Changes, not NoneType"),
        (Changes(places=[1]), "What changes at mentors must be numbers by position, not"),  # type: ignore[arg-type]
        (Changes(places={0: 10**30}), "The change at mentor 0 must be a whole number"),
        (Changes(pin=[3]), "A pin must be a list, not 3"),  # type: ignore[list-item]
        (Changes(unpin="x"), "The pairs to unpin must be a list, not 'x'"),  # type: ignore[arg-type]
        (Changes(block=[("a", "b")]), "The pairs to block must be pairs of a mentee and a mentor by position"),  # type: ignore[list-item]
        (Changes(weights=3), "Weights must be numbers by criterion, not 3"),  # type: ignore[arg-type]
        (Changes(blind_to=3), "The criteria not to be seen must be a list, not 3"),  # type: ignore[arg-type]
    ],
)
def test_changes_are_checked(changes: Any, why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        what_if(RESULT, PROBLEM, changes)


def test_other_lists_are_checked() -> None:
    asked: list[tuple[Callable[[], Any], str]] = [
        (lambda: explain(RESULT, PROBLEM, pairs=[3]), "Each of the pairs to explain must be a list, not 3"),  # type: ignore[list-item]
        (lambda: explain(RESULT, PROBLEM, pairs=[(0, 0, 0)]), "must be pairs of a mentee and a mentor"),  # type: ignore[list-item]
        (lambda: worth_of_places(RESULT, PROBLEM, ["x"]), "A mentor is named by position"),  # type: ignore[list-item]
        (lambda: weight_ranges(RESULT, PROBLEM, criteria=[["x"]]), "A criterion is named by a word"),  # type: ignore[list-item]
        (lambda: smallest_rise(None, 0, 0), "A smallest rise is asked of an Explainer, not of NoneType"),  # type: ignore[arg-type]
    ]
    for ask, why in asked:
        with pytest.raises(ProblemError, match=why):
            ask()


EVENING = Evening(MatrixSource([[5, 3], [2, 4]]), 2)
MARKET = Market(Wishes.of([[0], [1]]), Wishes.of([[0], [1]]), np.ones(2, np.int64))
CIRCLES = Circles(MatrixSource(np.arange(16).reshape(4, 4)), 2, 2)


def test_the_other_ways_to_meet_are_asked_of_what_they_are_of() -> None:
    pairs, made = stable(MARKET).pairs, groups(CIRCLES, steps=5)
    asked: list[tuple[Callable[[], Any], type[Exception], str]] = [
        (lambda: rotate(3), ProblemError, "Rounds are of an Evening, not of int"),  # type: ignore[arg-type]
        (lambda: rotate(EVENING, seed=1.5), ProblemError, "The seed must be a whole number, not 1.5"),  # type: ignore[arg-type]
        (lambda: verify_rotation(None, EVENING), CertificateError, "must be a Rotation, not NoneType"),  # type: ignore[arg-type]
        (lambda: verify_stable(None, MARKET), CertificateError, "must be Stable, not NoneType"),  # type: ignore[arg-type]
        (lambda: blocking_pairs(pairs, None), ProblemError, "of a Market, not of NoneType"),  # type: ignore[arg-type]
        (lambda: blocking_pairs([3], MARKET), CertificateError, "Each of the pairs must be a list"),  # type: ignore[arg-type]
        (lambda: stable(MARKET, progress=3), ProblemError, "must be a function, not 3"),  # type: ignore[arg-type]
        (lambda: verify_groups(None, CIRCLES), CertificateError, "must be Groups, not NoneType"),  # type: ignore[arg-type]
        (lambda: verify_groups(made, None), ProblemError, "made of Circles or of Led, not of None"),  # type: ignore[arg-type]
        (lambda: verify_groups(replace(made, members=3), CIRCLES), CertificateError, "must be tuples"),  # type: ignore[arg-type]
        (lambda: verify(None, PROBLEM), CertificateError, "it must be a Result, not NoneType"),  # type: ignore[arg-type]
        (lambda: verify(RESULT, 3), ProblemError, "The problem must be a Problem, not int"),  # type: ignore[arg-type]
        (
            lambda: Evening(EVENING.source, 2, seats=np.array([1, -1])),
            ProblemError,
            "The seats -1 of mentor 1",
        ),
    ]
    for ask, kind, why in asked:
        with pytest.raises(kind, match=why):
            ask()


@pytest.mark.parametrize(
    "changes",
    [
        {"pairs": None},
        {"pairs": np.zeros((1, 2))},
        {"mentee_duals": [0, 0]},
        {"bonus": 1.0},
        {"bonus": 10**30},
        {"worst_off": "0"},
        {"certificate": None},
        {"certificate": replace(RESULT.certificate, bound=np.array([1, 2]))},  # type: ignore[arg-type]
        {"count_proofs": (3,)},
        {"overrides": ((0, 1),)},
        {"cap_price": float("nan")},
        {"seed": None},
        {"objective": ["total"]},
    ],
)
def test_a_result_of_other_things_than_numbers_is_no_proof(changes: dict[str, Any]) -> None:
    with pytest.raises(CertificateError, match="The result is not proven"):
        verify(replace(RESULT, **changes), PROBLEM)
