"""One answer among equals: whatever the order of the input, the effort or the scale, and never another one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Effort, MatrixSource, Objective, Problem, ProblemError, Quota, Result, solve, verify
from matching.engine.ties import lots
from tests.engine.problems import OBJECTIVES, Case, Pairs, best_answer, cases, every_answer, examples, wide_cases


def solved(problem: Problem, objective: Objective = "total", seed: int = 0, **rest: Any) -> str:
    """The result's bytes, or why there is none."""
    try:
        return json.dumps(solve(problem, objective=objective, seed=seed, **rest).to_dict())
    except ProblemError as error:
        return error.message


@examples(36)
@given(cases(4), st.integers(0, 2**64 - 1))
def test_ties_fall_to_most_pairs_and_then_to_the_highest_sum_of_lots(case: Case, seed: int) -> None:
    mentee_keys, mentor_keys = case.problem.keys()

    def everything(pairs: Pairs) -> tuple[int, int, int]:
        lot = [
            int(lots(seed, mentee_keys[[i]], mentor_keys[[j]])[0]) for i, j in pairs if (i, j) not in case.problem.pins
        ]
        return case.worth(pairs), len(pairs), sum(lot)

    best = best_answer(case, everything)
    if best is not None:
        assert solve(case.problem, seed=seed).pairs.tolist() == [list(pair) for pair in best]


@examples(36)
@given(cases(4), st.sampled_from(OBJECTIVES), st.integers(0, 2**64 - 1), st.data())
def test_one_question_after_another_is_one_sum_of_large_integers(
    case: Case, objective: Objective, seed: int, data: st.DataObject
) -> None:
    """Number or worst-off pair, points, pairs, fewest changes, lots: each weighs more than all that come after it."""
    mentee_keys, mentor_keys = case.problem.keys()
    everybody = list(np.ndindex(*case.problem.shape))
    published = data.draw(st.lists(st.sampled_from(everybody), max_size=5))

    def large(pairs: Pairs) -> int:
        free = [pair for pair in pairs if pair not in case.problem.pins]
        drawn = (int(lots(seed, mentee_keys[[i]], mentor_keys[[j]])[0]) for i, j in free)
        changes = len(set(published) ^ set(pairs))
        value = 0 if objective == "total" else len(pairs)
        if objective == "worst_off_first":
            value = value * 2**24 + min((int(case.scores[pair]) for pair in free), default=0)
        for part in (case.worth(pairs), len(pairs), 100 - changes, sum(drawn)):
            value = value * 2**64 + part
        return value

    best = best_answer(case, large)
    if best is not None:
        result = solve(case.problem, objective=objective, seed=seed, published=published)
        assert result.pairs.tolist() == [list(pair) for pair in best]
        assert verify(result, case.problem) == result.certificate


def test_of_equally_good_answers_the_one_that_people_know_is_kept_whatever_the_lot() -> None:
    problem = Problem(MatrixSource(np.full((9, 9), 5)), np.ones(9, np.int64))
    known = [(mentee, (mentee * 4 + 2) % 9) for mentee in range(9)]
    for seed in range(8):
        assert solve(problem, seed=seed, published=known).pairs.tolist() == [list(pair) for pair in known]


@examples(28)
@given(cases(6), st.data())
def test_what_people_know_leads_to_the_same_proof_of_the_worst_off(case: Case, data: st.DataObject) -> None:
    known = data.draw(st.lists(st.sampled_from(list(np.ndindex(*case.problem.shape))), max_size=4))
    try:
        usual = solve(case.problem, objective="worst_off_first")
    except ProblemError:
        return
    for published in (known, usual.pairs):
        result = solve(case.problem, objective="worst_off_first", published=published)
        assert result.worst_off == usual.worst_off
        assert [proof.to_dict() for proof in result.count_proofs] == [proof.to_dict() for proof in usual.count_proofs]


def test_where_all_are_alike_the_tie_is_settled_in_one_go() -> None:
    told: list[str] = []
    problem = Problem(MatrixSource(np.full((300, 200), 7)), np.full(200, 2))
    solve(problem, effort=Effort(ties=0), progress=lambda progress: told.append(progress.step))
    assert (told.count("flow"), told.count("ties")) == (1, 1)


def test_what_people_know_never_costs_a_point() -> None:
    problem = Problem(MatrixSource([[5, 6], [6, 5]]), np.ones(2, np.int64))
    assert solve(problem, published=[(0, 0), (1, 1)]).pairs.tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize("pair", [(2, 0), (0, 2), (-1, 0)])
def test_a_published_pair_of_nobody_is_refused(pair: tuple[int, int]) -> None:
    problem = Problem(MatrixSource([[5, 6], [6, 5]]), np.ones(2, np.int64))
    with pytest.raises(ProblemError, match=f"mentee {pair[0]} and mentor {pair[1]} names somebody who is not there"):
        solve(problem, published=[pair])


@examples(16)
@given(
    st.one_of(cases(8), wide_cases()),
    st.sampled_from(OBJECTIVES),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(1, 200),
)
def test_effort_changes_no_byte(case: Case, objective: Objective, first: int, more: int, block: int) -> None:
    for published in ((), list(np.ndindex(*case.problem.shape))[::3]):
        usual = solved(case.problem, objective, published=published)
        assert solved(case.problem, objective, effort=Effort(first, more, block), published=published) == usual
        assert solved(case.problem, objective, effort=Effort(first, more, block, ties=0), published=published) == usual


@examples(28)
@given(cases(8), st.sampled_from(OBJECTIVES), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(case: Case, objective: Objective, random: np.random.Generator) -> None:
    problem, (mentees, mentors) = case.problem, case.problem.shape
    rows, cols = list(range(mentees)), list(range(mentors))
    random.shuffle(rows)
    random.shuffle(cols)
    row_of, col_of = np.argsort(rows), np.argsort(cols)
    shuffled = Problem(
        MatrixSource(case.scores[np.ix_(rows, cols)]),
        problem.capacity[cols],
        problem.wanted[rows],
        mentee_keys=np.array(rows, np.uint64),
        mentor_keys=np.array(cols, np.uint64),
        pins=[(int(row_of[mentee]), int(col_of[mentor])) for mentee, mentor in problem.pins],
        floor=problem.floor,
        max_pairs=problem.max_pairs,
        min_load=problem.needed[cols],
        person_of=problem.persons[rows],
        quotas=[
            Quota(quota.side, (row_of if quota.side == "mentee" else col_of)[list(quota.members)].tolist(), quota.most)
            for quota in problem.quotas
        ],
    )
    try:
        usual = solve(problem, objective=objective)
    except ProblemError:
        with pytest.raises(ProblemError):
            solve(shuffled, objective=objective)
        return
    result = solve(shuffled, objective=objective)
    assert sorted([rows[mentee], cols[mentor]] for mentee, mentor in result.pairs.tolist()) == usual.pairs.tolist()
    assert result.mentee_duals.tolist() == usual.mentee_duals[rows].tolist()
    assert result.mentor_prices.tolist() == usual.mentor_prices[cols].tolist()
    assert (result.cap_price, result.quota_prices.tolist()) == (usual.cap_price, usual.quota_prices.tolist())
    once = [[person, cols[mentor], price] for person, mentor, price in result.once_prices.tolist()]
    assert sorted(once) == usual.once_prices.tolist()


@examples(26)
@given(cases(4), st.integers(0, 2**32 - 1))
def test_other_names_draw_another_lot_among_the_same_best_answers(case: Case, seed: int) -> None:
    random = np.random.default_rng(seed)
    mentee_keys, mentor_keys = (random.permutation(there).astype(np.uint64) * 977 + 5 for there in case.problem.shape)
    try:
        usual = solve(case.problem)
    except ProblemError:
        return
    renamed = solve(case.changed(mentee_keys=mentee_keys, mentor_keys=mentor_keys).problem)
    assert (renamed.certificate, renamed.prices.to_dict()) == (usual.certificate, usual.prices.to_dict())

    def value(pairs: Pairs) -> tuple[int, int]:
        return case.worth(pairs), len(pairs)

    made: Pairs = tuple((mentee, mentor) for mentee, mentor in usual.pairs.tolist())
    if sum(value(pairs) == value(made) for pairs in every_answer(case.problem, case.scores)) == 1:
        assert renamed.pairs.tolist() == usual.pairs.tolist()


@examples(28)
@given(cases(6), st.sampled_from([2, 7, 1000]))
def test_scaling_all_points_changes_no_pair(case: Case, factor: int) -> None:
    scores = np.where(case.scores < 0, -1, case.scores * factor)
    scaled = case.changed(scores, floor=case.problem.floor * factor).problem
    try:
        usual = solve(case.problem)
    except ProblemError:
        return
    result = solve(scaled)
    assert result.pairs.tolist() == usual.pairs.tolist()
    priced = usual.mentor_prices >= 0
    assert result.mentor_prices[priced].tolist() == (usual.mentor_prices[priced] * factor).tolist()


def test_two_pairs_are_better_than_one_of_the_same_points_whatever_the_lot() -> None:
    problem = Problem(MatrixSource([[120, 60], [60, -1]]), np.array([1, 1]))
    assert all(len(solve(problem, seed=seed).pairs) == 2 for seed in range(40))


def test_a_seed_draws_the_same_lot_every_time_and_another_one_among_the_same_points() -> None:
    problem = Problem(MatrixSource(np.full((9, 9), 5)), np.ones(9, np.int64))
    drawn = {solved(problem, seed=seed) for seed in range(8) for _ in range(2)}
    assert len(drawn) == 8
    assert {Result.from_dict(json.loads(result)).total for result in drawn} == {45}


def test_a_lot_depends_on_who_people_are_not_on_where_they_stand() -> None:
    scores = MatrixSource(np.full((6, 3), 5))
    keys = np.array([10, 20, 30, 40, 50, 60], np.uint64)
    problem = Problem(scores, np.ones(3, np.int64), mentee_keys=keys)
    lucky = set(keys[solve(problem).pairs[:, 0]].tolist())
    assert set(keys[::-1][solve(replace(problem, mentee_keys=keys[::-1])).pairs[:, 0]].tolist()) == lucky


def test_lots_are_spread_and_never_zero() -> None:
    mentees, mentors = np.divmod(np.arange(10_000, dtype=np.uint64), np.uint64(100))
    drawn = lots(1, mentees, mentors)
    assert len(set(drawn.tolist())) == 10_000
    assert drawn.min() > 0
    assert abs(drawn.mean() / 2**35 - 1) < 0.02
