"""Figures of fairness are those that one would work out by hand, and no group is shown that is too small."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import Fairness, MatrixSource, Objective, Problem, ProblemError, fairness, solve
from tests.engine.problems import OBJECTIVES, Case, best_answer, cases, examples


@examples(28)
@given(cases(5), st.sampled_from(OBJECTIVES))
def test_the_figures_are_those_of_a_plain_loop(case: Case, objective: Objective) -> None:
    problem = case.problem
    try:
        result = solve(problem, objective=objective)
    except ProblemError:
        assume(False)
        raise
    pairs = [(mentee, mentor) for mentee, mentor in result.pairs.tolist()]
    scores = sorted(int(case.scores[pair]) for pair in pairs)
    found = fairness(result, problem)
    assert found.pairs == len(scores)
    if scores:
        assert found.mean == pytest.approx(sum(scores) / len(scores))
        assert (found.lowest, found.fifth_percentile) == (scores[0], scores[0])
        differences = sum(abs(one - other) for one in scores for other in scores)
        gini = Fraction(differences, 2 * len(scores) * sum(scores)) if sum(scores) else 0
        assert found.gini == pytest.approx(float(gini))
    else:
        assert (found.mean, found.lowest, found.fifth_percentile, found.gini) == (None, None, None, None)
    envious, wronged = set(), set()
    for mentee, mentor in np.ndindex(*problem.shape):
        mine = [int(case.scores[pair]) for pair in pairs if pair[0] == mentee]
        there = [pair for pair in pairs if pair[1] == mentor]
        score = int(case.scores[mentee, mentor])
        wants = len(mine) < problem.wanted[mentee] or (mine and score > min(mine))
        own = any(problem.persons[pair[0]] == problem.persons[mentee] for pair in there)
        if own or not there or score < problem.floor or not wants:
            continue
        envious.add(problem.persons[mentee])
        if any(score > case.scores[pair] for pair in there if pair not in problem.pins):
            wronged.add(problem.persons[mentee])
    assert (found.envious, found.wronged) == (len(envious), len(wronged))
    free = case.changed(floor=0)
    best = best_answer(free, free.total)
    assert best is not None
    assert found.price == case.total(best) - result.total


def labelled(*counts: int) -> tuple[Problem, list[str | None]]:
    """Groups a, b, c … of so many mentees; one mentor has a place for every second mentee."""
    labels: list[str | None] = [label for label, count in zip("abcdef", counts, strict=False) for _ in range(count)]
    return Problem(MatrixSource(np.full((len(labels), 1), 5)), np.array([len(labels) // 2])), labels


def groups_of(*counts: int) -> list[tuple[str, int]] | None:
    problem, labels = labelled(*counts)
    found = fairness(solve(problem), problem, labels)
    if found.groups is None:
        return None
    return [("".join(label or "?" for label in group.labels), group.people) for group in found.groups]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((6, 5), [("a", 6), ("b", 5)]),
        ((9, 4), [("ab", 13)]),
        ((9, 7, 4), [("a", 9), ("bc", 11)]),
        ((9, 3, 3), [("a", 9), ("bc", 6)]),
        ((9, 1, 1, 7), [("a", 9), ("bcd", 9)]),
        ((5, 5, 1), [("ac", 6), ("b", 5)]),
        ((2, 2), None),
        ((3, 3), [("ab", 6)]),
        ((0,), ()),
    ],
)
def test_no_group_below_five_is_shown_or_left_over(counts: tuple[int, ...], shown: object) -> None:
    assert groups_of(*counts) == (list(shown) if shown is not None else None)  # type: ignore[call-overload]


@examples(36)
@given(st.lists(st.sampled_from(["a", "b", "c", "d", None]), max_size=30), st.integers(0, 9))
def test_nothing_smaller_than_five_can_be_worked_out(labels: list[str | None], places: int) -> None:
    problem = Problem(MatrixSource(np.full((len(labels), 1), 5)), np.array([places]))
    found = fairness(solve(problem), problem, labels)
    shown: Fairness = found
    if shown.groups is None:
        assert len(labels) < 5
        return
    sizes = Counter(labels)
    assert sum(group.people for group in shown.groups) == len(labels) == shown.everybody.people
    assert sum(group.matched for group in shown.groups) == shown.everybody.matched
    for group in shown.groups:
        assert group.people == sum(sizes[label] for label in group.labels) >= 5
    for count in range(1, len(shown.groups)):
        for some in combinations(shown.groups, count):
            assert len(labels) - sum(group.people for group in some) >= 5


def test_who_wants_nobody_is_no_part_of_a_rate() -> None:
    problem = Problem(MatrixSource(np.full((12, 1), 5)), np.array([3]), demand=np.array([1] * 6 + [0] * 6))
    found = fairness(solve(problem), problem, ["a"] * 6 + ["b"] * 6)
    assert found.groups is not None
    assert [(group.labels, group.people, group.matched, group.rate) for group in found.groups] == [(("a",), 6, 3, 0.5)]


def test_the_price_of_the_worst_off() -> None:
    problem = Problem(MatrixSource([[9, 3], [4, 2]]), np.ones(2, np.int64))
    assert fairness(solve(problem), problem).price == 0
    found = fairness(solve(problem, objective="worst_off_first"), problem)
    assert (found.price, found.lowest, found.envious, found.wronged) == (4, 3, 1, 1)


def test_the_fifth_percentile_leaves_at_most_five_of_a_hundred_below() -> None:
    problem = Problem(MatrixSource(np.arange(40)[:, None]), np.array([40]))
    assert fairness(solve(problem, objective="most_pairs"), problem).fifth_percentile == 2


def test_a_label_for_each_mentee_is_needed() -> None:
    problem = Problem(MatrixSource([[9, 3], [4, 2]]), np.ones(2, np.int64))
    with pytest.raises(ProblemError, match="There are 3 labels; one for each of 2 mentees is needed"):
        fairness(solve(problem), problem, ["a", "b", "c"])


def test_who_has_several_rows_of_wishes_is_one_person() -> None:
    """Three people with two rows each: as rows they would be a group of six."""
    problem = Problem(
        MatrixSource(np.full((16, 4), 5)), np.full(4, 2), person_of=np.array([0, 0, 1, 1, 2, 2, *range(3, 13)])
    )
    found = fairness(solve(problem), problem, ["a"] * 6 + ["b"] * 10)
    assert found.groups is not None
    assert [(group.labels, group.people) for group in found.groups] == [(("a", "b"), 13)]
    with pytest.raises(ProblemError, match="The rows of person 2 have several labels"):
        fairness(solve(problem), problem, ["a"] * 5 + ["b"] * 11)


def test_nobody_envies_themselves_for_another_aspect() -> None:
    problem = Problem(MatrixSource([[9, 2], [8, 2]]), np.ones(2, np.int64), person_of=np.array([0, 0]))
    result = solve(problem)
    assert result.pairs.tolist() == [[0, 0], [1, 1]]
    found = fairness(result, problem)
    assert (found.envious, found.wronged, found.everybody.people) == (0, 0, 1)
