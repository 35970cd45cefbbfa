"""verify() accepts what is proven and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import (
    CertificateError,
    MatrixSource,
    Objective,
    Pin,
    Problem,
    Quota,
    Result,
    explain,
    solve,
    verify,
)
from tests.engine.problems import OBJECTIVES, Case, cases, every_answer, examples, solved


@examples(30)
@given(cases(7), st.sampled_from(OBJECTIVES))
def test_a_stored_result_is_still_proven(case: Case, objective: Objective) -> None:
    result = solved(case, objective)
    stored = json.loads(json.dumps(result.to_dict()))
    certificate = verify(Result.from_dict(stored), case.problem)
    assert certificate == result.certificate
    assert certificate.value == certificate.bound
    assert Result.from_dict(stored).to_dict() == result.to_dict()


@examples(30)
@given(cases(6), st.sampled_from(OBJECTIVES), st.data())
def test_any_number_that_is_not_true_is_found(case: Case, objective: Objective, data: st.DataObject) -> None:
    result = solved(case, objective)
    stored = result.to_dict()
    # Not the seed, which proves nothing, nor the pairs and the proofs of their number, for which others may be as good.
    numbers = [place for place in _numbers(stored) if place[0] not in ("seed", "pairs", "count_proofs")]
    place = data.draw(st.sampled_from(numbers))
    _change(stored, place, data.draw(st.sampled_from([-1, 1, 1000])))
    with pytest.raises(CertificateError):
        verify(Result.from_dict(stored).sealed(), case.problem)


@examples(30)
@given(cases(5), st.sampled_from(OBJECTIVES), st.data())
def test_any_change_of_any_number_is_found(case: Case, objective: Objective, data: st.DataObject) -> None:
    stored = solved(case, objective).to_dict()
    part = data.draw(st.sampled_from(sorted({place[0] for place in _numbers(stored)})))
    place = data.draw(st.sampled_from([place for place in _numbers(stored) if place[0] == part]))
    _change(stored, place, data.draw(st.sampled_from([-1, 1, 1000])))
    with pytest.raises(CertificateError):
        verify(Result.from_dict(stored), case.problem)


def _numbers(stored: Any, at: tuple[Any, ...] = ()) -> Any:
    """Where the numbers are."""
    if isinstance(stored, dict):
        for name, part in stored.items():
            yield from _numbers(part, (*at, name))
    elif isinstance(stored, list):
        for index, part in enumerate(stored):
            yield from _numbers(part, (*at, index))
    elif isinstance(stored, int):
        yield at


def _change(stored: Any, place: tuple[Any, ...], by: int) -> None:
    for step in place[:-1]:
        stored = stored[step]
    stored[place[-1]] += by


@examples(30)
@given(cases(4), st.data())
def test_another_pair_is_found_unless_the_answer_is_as_good(case: Case, data: st.DataObject) -> None:
    result = solved(case, "total")
    assume(len(result.pairs))
    pairs = result.pairs.copy()
    pairs[data.draw(st.integers(0, len(pairs) - 1)), data.draw(st.integers(0, 1))] += data.draw(
        st.sampled_from([-1, 1])
    )
    other = tuple((mentee, mentor) for mentee, mentor in pairs.tolist())
    try:
        verify(replace(result, pairs=pairs).sealed(), case.problem)
    except CertificateError:
        return
    assert other in set(every_answer(case.problem, case.scores))
    assert case.worth(other) == case.worth(tuple((mentee, mentor) for mentee, mentor in result.pairs.tolist()))


@examples(28)
@given(cases(5), st.sampled_from(OBJECTIVES), st.data())
def test_a_changed_score_that_matters_is_found(case: Case, objective: Objective, data: st.DataObject) -> None:
    result = solved(case, objective)
    assume(len(result.pairs))
    mentee, mentor = data.draw(st.sampled_from(result.pairs.tolist()))
    scores = case.scores.copy()
    scores[mentee, mentor] += data.draw(st.sampled_from([1, 50]))
    with pytest.raises(CertificateError):
        verify(result, case.changed(scores).problem)


@examples(28)
@given(cases(5), st.data())
def test_a_better_pair_left_out_is_found(case: Case, data: st.DataObject) -> None:
    case = case.changed(min_load=None, quotas=(), pins=(), max_pairs=None)
    result = solve(case.problem)
    given_pairs = {tuple(pair) for pair in result.pairs.tolist()}
    open_pairs = [
        (mentee, mentor)
        for mentee in np.flatnonzero(case.problem.wanted)
        for mentor in np.flatnonzero(case.problem.capacity)
        if (mentee, mentor) not in given_pairs
    ]
    assume(open_pairs)
    scores = case.scores.copy()
    scores[data.draw(st.sampled_from(open_pairs))] = 2**19
    with pytest.raises(CertificateError, match="would gain"):
        verify(result, case.changed(scores).problem)


def test_count_proofs_that_prove_too_little_are_found() -> None:
    problem = Problem(MatrixSource([[9, 3], [4, 2]]), np.array([1, 1]))
    result = solve(problem, objective="worst_off_first")
    assert (result.worst_off, result.pairs.tolist()) == (3, [[0, 1], [1, 0]])
    most, fewer = result.count_proofs
    with pytest.raises(CertificateError, match="two proofs"):
        verify(replace(result, count_proofs=(most,)), problem)
    with pytest.raises(CertificateError, match="there may still be"):
        verify(replace(result, count_proofs=(most, most)), problem)
    with pytest.raises(CertificateError, match="there may be"):
        verify(replace(result, count_proofs=(replace(most, mentee=most.mentee + 1), fewer)), problem)
    with pytest.raises(CertificateError, match="below zero"):
        verify(replace(result, count_proofs=(most, replace(fewer, mentee=fewer.mentee - 5))), problem)


LIMITS = Problem(
    MatrixSource([[9, 3, 5], [4, 2, 5], [7, 7, -1]]),
    np.array([1, 2, 1]),
    pins=[(0, 1)],
    max_pairs=2,
    floor=3,
    quotas=[Quota("mentor", [0, 1], 2)],
)


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([[0, 1], [1, 2], [2, 0]], "above the cap"),
        ([[1, 2]], "a pinned pair is missing"),
        ([[0, 1], [0, 0]], "must be sorted"),
        ([[0, 0], [0, 1]], "mentee 0 has 2 mentors and wanted 1"),
        ([[0, 1], [2, 2]], "mentee 2 and mentor 2 score -1, which is not allowed"),
        ([[0, 1], [1, 1]], "mentee 1 and mentor 1 score 2, which is not allowed"),
        ([[0, 1], [7, 1]], "names somebody who is not there"),
        ([[0, 1]], "mentee 2 has a price above zero and a place left"),
    ],
)
def test_pairs_that_break_a_limit_are_named(pairs: list[list[int]], why: str) -> None:
    result = solve(LIMITS)
    assert result.pairs.tolist() == [[0, 1], [2, 0]]
    with pytest.raises(CertificateError, match=why):
        verify(replace(result, pairs=np.array(pairs)), LIMITS)


def test_a_result_of_another_version_or_another_problem_is_refused() -> None:
    result = solve(LIMITS)
    with pytest.raises(CertificateError, match="version"):
        verify(replace(result, version=0), LIMITS)
    with pytest.raises(CertificateError, match="one price for each limit"):
        verify(result, Problem(MatrixSource([[1]]), np.array([1])))


def test_a_source_that_changes_its_mind_is_found() -> None:
    class Moody(MatrixSource):
        """One point more each time it is asked."""

        asked = 0

        def block(self, rows: Any, cols: Any = None) -> Any:
            self.asked += 1
            return super().block(rows, cols) + self.asked

    problem = Problem(Moody([[1, 2], [3, 4]]), np.array([1, 1]))
    with pytest.raises(CertificateError):
        verify(solve(problem), problem)


@examples(28)
@given(cases(6), st.sampled_from(OBJECTIVES))
def test_the_prices_prove_the_answer_by_arithmetic_alone(case: Case, objective: Objective) -> None:
    """Weak duality over the whole matrix: what every pair gains over its price, and what is left to fill, bounds all
    answers; here it is the answer's worth."""
    case = case.changed(pins=(), min_load=None)
    problem, result = case.problem, solve(case.changed(pins=(), min_load=None).problem, objective=objective)
    floor = problem.floor if result.worst_off is None else result.worst_off
    price = result.mentee_duals[:, None] + result.mentor_prices + result.cap_price
    for quota, each in zip(problem.quotas, result.quota_prices, strict=True):
        price[np.s_[list(quota.members), :] if quota.side == "mentee" else np.s_[:, list(quota.members)]] += each
    for person, mentor, each in result.once_prices:
        price[problem.persons == person, mentor] += each
    gain = np.where(case.scores >= floor, case.scores - problem.floor + result.bonus - price, -1)
    made = tuple(result.pairs.T)
    limits = (result.mentee_duals * problem.wanted).sum() + (result.mentor_prices * problem.capacity).sum()
    limits += sum(quota.most * each for quota, each in zip(problem.quotas, result.quota_prices, strict=True))
    limits += (problem.max_pairs or 0) * result.cap_price + result.once_prices[:, 2].sum()
    # Who has no place left is priced, for information, at what one more would bring; that costs nothing.
    closed_mentor = _closed(problem, "mentor")
    limits -= (result.mentor_prices * problem.capacity)[closed_mentor].sum()
    closed_mentee = _closed(problem, "mentee")
    limits -= (result.mentee_duals * problem.wanted)[closed_mentee].sum()
    gain[np.ix_(closed_mentee, closed_mentor)] = -1
    worth = (case.scores[made] - problem.floor + result.bonus).sum()
    assert worth == limits + gain[made].sum() == result.certificate.bound
    assert (gain[made] >= 0).all()
    gain[made] = 0
    assert (gain <= 0).all()


def _closed(problem: Problem, side: str) -> Any:
    """Who has no place, or is in a quota that allows none."""
    closed = (problem.wanted if side == "mentee" else problem.capacity) == 0
    for quota in problem.quotas:
        if quota.side == side and quota.most == 0:
            closed[list(quota.members)] = True
    return closed


OVERRIDE = Problem(
    MatrixSource([[9, -1], [8, 4]]),
    np.array([1, 1]),
    pins=[Pin(0, 1, because="They share a clinic, and both asked for it.")],
)


def test_a_pin_with_a_reason_may_break_a_hard_rule_and_counts_no_points() -> None:
    result = solve(OVERRIDE)
    assert (result.pairs.tolist(), result.total) == ([[0, 1], [1, 0]], 8)
    assert result.to_dict()["overrides"] == [[0, 1, "They share a clinic, and both asked for it."]]
    stored = Result.from_dict(json.loads(json.dumps(result.to_dict())))
    assert verify(stored, OVERRIDE) == result.certificate
    assert stored.overrides[0].because == "They share a clinic, and both asked for it."
    fact = explain(result, OVERRIDE, pairs=[(0, 1)])[0]
    assert (fact.pinned, fact.score, fact.margin) == (True, -1, None)


def test_an_override_is_kept_when_the_problem_changes_otherwise() -> None:
    result = solve(replace(OVERRIDE, floor=8))
    assert (result.pairs.tolist(), len(result.overrides)) == ([[0, 1], [1, 0]], 1)


def test_a_reason_that_was_changed_or_left_out_is_found() -> None:
    result = solve(OVERRIDE)
    for overrides in ((), (Pin(0, 1, because="No reason."),), (*result.overrides, Pin(1, 0, because="So."))):
        with pytest.raises(CertificateError, match="the pins that break a hard rule are others"):
            verify(replace(result, overrides=overrides).sealed(), OVERRIDE)


def test_a_pin_with_a_reason_that_breaks_no_rule_is_no_override() -> None:
    problem = replace(OVERRIDE, pins=[Pin(0, 0, because="They asked for it.")])
    result = solve(problem)
    assert (result.total, result.overrides) == (13, ())
    assert verify(result, problem) == result.certificate
