"""Explanations are true: every loss is what solving again finds, and its moves lead there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.engine import (
    CertificateError,
    Explainer,
    MatrixSource,
    Objective,
    Problem,
    ProblemError,
    Quota,
    Result,
    explain,
    solve,
    verify,
    why_not,
)
from matching.engine.explanation import Loss
from matching.engine.scores import Ints
from tests.engine.problems import Case, cases, examples, solved
from tests.engine.weighing import Weighing, weighings

OBJECTIVES: list[Objective] = ["total", "most_pairs"]


def value(case: Case, objective: Objective, bonus: int) -> int | None:
    """The best value of a problem, None if nothing keeps to its limits; pairs counted at the given bonus."""
    try:
        result = solve(case.problem, objective=objective)
    except ProblemError:
        return None
    return result.total + (bonus - case.problem.floor) * len(result.pairs)


def after(result: Result, loss: Loss) -> set[tuple[int, int]]:
    """The pairs that the moves lead to; none is made twice or undone without having been there."""
    pairs = {(mentee, mentor) for mentee, mentor in result.pairs.tolist()}
    for move in loss.moves:
        assert ((move.mentee, move.mentor) in pairs) != move.made
        pairs ^= {(move.mentee, move.mentor)}
    return pairs


@examples(36)
@given(cases(6), st.sampled_from(OBJECTIVES))
def test_a_margin_is_what_forbidding_the_pair_loses(case: Case, objective: Objective) -> None:
    result = solved(case, objective)
    best = result.total + (result.bonus - case.problem.floor) * len(result.pairs)
    for fact in explain(result, case.problem):
        scores = case.scores.copy()
        scores[fact.mentee, fact.mentor] = -1
        if fact.pinned:
            assert (fact.margin, fact.at_least) == (None, 0)
            continue
        without = value(case.changed(scores), objective, result.bonus)
        if fact.margin is None:
            assert without is None
            continue
        assert without == best - fact.margin.value
        assert 0 <= fact.at_least <= fact.margin.value
        pairs = after(result, fact.margin)
        assert len(result.pairs) - len(pairs) == fact.margin.pairs
        assert result.total - case.total(tuple(pairs)) == fact.margin.points


@examples(36)
@given(cases(6), st.sampled_from(OBJECTIVES), st.data())
def test_why_not_is_what_forcing_the_pair_loses(case: Case, objective: Objective, data: st.DataObject) -> None:
    result = solved(case, objective)
    best = result.total + (result.bonus - case.problem.floor) * len(result.pairs)
    mentee = data.draw(st.integers(0, case.problem.shape[0] - 1))
    mentor = data.draw(st.integers(0, case.problem.shape[1] - 1))
    answer = why_not(result, case.problem, mentee, mentor)
    score = int(case.scores[mentee, mentor])
    if [mentee, mentor] in result.pairs.tolist():
        assert answer.reason == "paired"
    elif score < 0:
        assert answer.reason == "forbidden"
    elif score < case.problem.floor:
        assert (answer.reason, answer.score) == ("below_floor", score)
    else:
        try:
            forced = value(case.changed(pins=(*case.problem.pins, (mentee, mentor))), objective, result.bonus)
        except ProblemError:
            forced = None
        if answer.loss is None:
            assert answer.reason in ("no_place", "minimum", "aspect")
            assert forced is None
            return
        assert forced == best - answer.loss.value
        assert answer.bound is not None
        assert 0 <= answer.bound <= answer.loss.value
        assert (answer.reason == "tie") == (answer.loss.value == 0)
        assert (mentee, mentor) in after(result, answer.loss)


@examples(20)
@given(cases(5), st.data())
def test_raising_the_score_by_the_loss_makes_the_pair_as_good_and_by_less_does_not(
    case: Case, data: st.DataObject
) -> None:
    result = solved(case, "total")
    explainer = Explainer(result, case.problem)
    answers = [explainer.why_not(mentee, mentor) for mentee, mentor in np.ndindex(*case.problem.shape)]
    costly = [answer for answer in answers if answer.loss is not None and answer.loss.value > 0]
    assume(costly)
    answer = data.draw(st.sampled_from(costly))
    assert answer.loss is not None

    def raised(by: int) -> Case:
        scores = case.scores.copy()
        scores[answer.mentee, answer.mentor] += by
        return case.changed(scores)

    def is_paired(raised: Case) -> bool:
        return [answer.mentee, answer.mentor] in solve(raised.problem).pairs.tolist()

    less, same, more = (raised(answer.loss.value + by) for by in (-1, 0, 1))
    assert not is_paired(less)
    assert why_not(solve(same.problem), same.problem, answer.mentee, answer.mentor).reason in ("tie", "paired")
    assert is_paired(more)


def test_a_way_through_a_distant_mentor_is_found_though_only_the_nearest_steps_are_held() -> None:
    scores = np.full((31, 31), 100)
    scores[:, 30] = 90
    scores[30] = -1
    scores[30, 0] = 5
    problem = Problem(MatrixSource(scores), np.ones(31, np.int64))
    result = solve(problem)
    assert result.total == 3000
    answer = why_not(result, problem, 30, 0)
    assert answer.loss is not None
    assert answer.loss.value == 5
    assert 30 in {move.mentor for move in answer.loss.moves if move.made}


PROBLEM = Problem(MatrixSource([[9, 4, 2], [8, -1, 7], [5, 5, 5]]), np.array([1, 1, 1]))


def test_the_facts_of_a_pair() -> None:
    result = solve(PROBLEM)
    assert result.pairs.tolist() == [[0, 0], [1, 2], [2, 1]]
    fact = explain(result, PROBLEM, pairs=[(1, 2)])[0]
    assert (fact.score, fact.rank, fact.eligible, fact.runner_up, fact.runner_up_score) == (7, 2, 2, 0, 8)
    assert fact.margin is not None
    assert (fact.margin.value, fact.margin.points, fact.margin.pairs) == (4, 4, 0)


@examples(28)
@given(weighings(), st.sampled_from(OBJECTIVES))
def test_the_parts_of_a_pair_add_up_to_its_score(pool: Weighing, objective: Objective) -> None:
    problem = Problem(pool, np.ones(pool.shape[1], np.int64))
    result = solve(problem, objective=objective)
    for fact in explain(result, problem):
        assert fact.parts is not None
        assert list(fact.parts) == list(pool.weights)
        assert sum(share.score for share in fact.parts.values()) == fact.score
        for name, share in fact.parts.items():
            assert (share.points, share.weight) == (pool.points[name][fact.mentee, fact.mentor], pool.weights[name])
    for pair in pool.forbidden:
        answer = why_not(result, problem, *pair)
        assert (answer.reason, answer.rules) == ("forbidden", (f"rule {pair[0]}-{pair[1]}",))


def test_a_source_that_cannot_say_is_explained_without_parts_and_rules() -> None:
    problem = Problem(MatrixSource([[5, -1]]), np.ones(2, np.int64))
    result = solve(problem)
    assert explain(result, problem)[0].parts is None
    assert why_not(result, problem, 0, 1).rules == ()


def test_parts_that_do_not_add_up_are_refused() -> None:
    class Vain(Weighing):
        """Says more than it gives."""

        def parts(self, rows: Ints, cols: Ints | None = None) -> dict[str, NDArray[np.int32]]:
            return {name: points + 1 for name, points in super().parts(rows, cols).items()}

    problem = Problem(Vain({"topics": 2}, {"topics": [[5]]}), np.ones(1, np.int64))
    with pytest.raises(ProblemError, match="The parts of mentee 0 with mentor 0 sum to 12, and the score is 10"):
        explain(solve(problem), problem)


def test_a_tie_tells_whether_it_is_one_of_fewer_pairs() -> None:
    problem = Problem(MatrixSource([[120, 60], [60, -1]]), np.ones(2, np.int64))
    answer = why_not(solve(problem), problem, 0, 0)
    assert answer.loss is not None
    assert (answer.reason, answer.loss.pairs, answer.loss.points) == ("tie", 1, 0)


def test_margins_can_be_left_at_their_bounds() -> None:
    result = solve(PROBLEM)
    facts = explain(result, PROBLEM, exact=False)
    assert [fact.margin for fact in facts] == [None, None, None]
    exact = [fact.margin.value for fact in explain(result, PROBLEM) if fact.margin]
    assert all(fact.at_least <= margin for fact, margin in zip(facts, exact, strict=True))


@pytest.mark.parametrize(
    ("limits", "asked", "reason"),
    [
        ({"pins": [(0, 1)]}, (2, 1), "no_place"),
        ({"max_pairs": 1}, (2, 1), "cap"),
        ({"quotas": [Quota("mentor", [1, 2], 1)]}, (2, 1), "quota"),
        ({}, (1, 0), "full"),
        ({"capacity": [1, 2, 1]}, (0, 1), "elsewhere"),
        ({"demand": [1, 1, 0]}, (2, 1), "no_place"),
        ({"capacity": [3, 0, 1], "min_load": [3, 0, 0]}, (1, 2), "minimum"),
    ],
)
def test_the_nearest_limit_is_named(limits: dict[str, object], asked: tuple[int, int], reason: str) -> None:
    problem = replace(PROBLEM, **limits)  # type: ignore[arg-type]
    result = solve(problem)
    assert why_not(result, problem, *asked).reason == reason


@pytest.mark.parametrize("backwards", [False, True])
def test_of_equally_good_ways_the_one_with_fewest_moves_is_told(backwards: bool) -> None:
    """Mentee 5 wants mentor 0. Mentee 0 could leave for mentor 1, who is left for mentor 5; or for mentor 2, who is
    left for 3, who is left for 4, who is left for 6. Either way costs the same."""
    scores = np.full((6, 7), -1)
    for mentee, wishes in enumerate(
        [{0: 10, 1: 10, 2: 10}, {1: 10, 5: 5}, {2: 10, 3: 10}, {3: 10, 4: 10}, {4: 10, 6: 5}, {0: 3}]
    ):
        scores[mentee, list(wishes)] = list(wishes.values())
    mentors = np.arange(7, dtype=np.uint64)
    problem = Problem(MatrixSource(scores), np.ones(7, np.int64), mentor_keys=mentors[::-1] if backwards else mentors)
    loss = why_not(solve(problem), problem, 5, 0).loss
    assert loss is not None
    assert [(move.mentee, move.mentor, move.made) for move in loss.moves] == [
        (5, 0, True),
        (0, 0, False),
        (0, 1, True),
        (1, 1, False),
        (1, 5, True),
    ]


def test_a_result_that_is_not_best_is_not_explained() -> None:
    result = solve(PROBLEM)
    wrong = replace(result, mentor_prices=result.mentor_prices + 1)
    with pytest.raises(CertificateError):
        verify(wrong, PROBLEM)
    with pytest.raises(CertificateError, match="Verify it first"):
        explain(wrong, PROBLEM)


def test_questions_about_nobody_are_refused() -> None:
    result = solve(PROBLEM)
    with pytest.raises(ProblemError, match="Mentee 0 and mentor 1 are no pair"):
        explain(result, PROBLEM, pairs=[(0, 1)])
    with pytest.raises(ProblemError, match="There is no mentee 3; there are 3"):
        why_not(result, PROBLEM, 3, 0)
