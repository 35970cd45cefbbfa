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
    Problem,
    ProblemError,
    Quota,
    Result,
    solve,
    verify,
)
from tests.engine.problems import Case, cases, every_answer, examples

OBJECTIVES: list[Objective] = ["total", "most_pairs", "worst_off_first"]


def solved(case: Case, objective: Objective) -> Result:
    try:
        return solve(case.problem, objective=objective)
    except ProblemError:
        assume(False)
        raise


@examples(120)
@given(cases(7), st.sampled_from(OBJECTIVES))
def test_a_stored_result_is_still_proven(case: Case, objective: Objective) -> None:
    result = solved(case, objective)
    stored = json.loads(json.dumps(result.to_dict()))
    certificate = verify(Result.from_dict(stored), case.problem)
    assert certificate == result.certificate
    assert certificate.value == certificate.bound
    assert Result.from_dict(stored).to_dict() == result.to_dict()


@examples(120)
@given(cases(6), st.sampled_from(OBJECTIVES), st.data())
def test_any_number_that_is_not_true_is_found(case: Case, objective: Objective, data: st.DataObject) -> None:
    result = solved(case, objective)
    stored = result.to_dict()
    numbers = list(_numbers(stored))
    place = data.draw(st.sampled_from(numbers))
    _change(stored, place, data.draw(st.sampled_from([-1, 1, 1000])))
    with pytest.raises(CertificateError):
        verify(Result.from_dict(stored), case.problem)


def _numbers(stored: Any, at: tuple[Any, ...] = ()) -> Any:
    """Where the numbers are of which only one is true: not the seed, which proves nothing, and not the pairs and the
    proofs of their number, for which others may be as good."""
    if isinstance(stored, dict):
        for name, part in stored.items():
            if name not in ("seed", "pairs", "count_proofs"):
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


@examples(100)
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
        verify(replace(result, pairs=pairs), case.problem)
    except CertificateError:
        return
    assert other in set(every_answer(case.problem, case.scores))
    assert case.worth(other) == case.worth(tuple((mentee, mentor) for mentee, mentor in result.pairs.tolist()))


@examples(60)
@given(cases(5), st.sampled_from(OBJECTIVES), st.data())
def test_a_changed_score_that_matters_is_found(case: Case, objective: Objective, data: st.DataObject) -> None:
    result = solved(case, objective)
    assume(len(result.pairs))
    mentee, mentor = data.draw(st.sampled_from(result.pairs.tolist()))
    scores = case.scores.copy()
    scores[mentee, mentor] += data.draw(st.sampled_from([1, 50]))
    with pytest.raises(CertificateError):
        verify(result, case.changed(scores).problem)


@examples(60)
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
