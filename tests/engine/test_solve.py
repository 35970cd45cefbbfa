"""The smallest true things about solve() and verify()."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from matching.engine import CertificateError, MatrixSource, Problem, ProblemError, solve, verify


def test_the_best_total_beats_the_greedy_choice() -> None:
    problem = Problem(MatrixSource([[10, 9], [9, 1]]), np.array([1, 1]))
    result = solve(problem)
    assert result.pairs.tolist() == [[0, 1], [1, 0]]
    assert result.total == 18
    assert verify(result, problem) == result.certificate


def test_a_cap_keeps_the_best_pairs_among_all() -> None:
    problem = Problem(MatrixSource([[10, 9], [9, 1]]), np.array([1, 1]), max_pairs=1)
    assert solve(problem).pairs.tolist() == [[0, 0]]


def test_a_wrong_total_is_not_proven() -> None:
    problem = Problem(MatrixSource([[10, 9], [9, 1]]), np.array([1, 1]))
    wrong = dataclasses.replace(solve(problem), total=19)
    with pytest.raises(CertificateError, match="its total is 18 and it says 19"):
        verify(wrong, problem)


def test_a_pin_on_a_forbidden_pair_is_refused() -> None:
    with pytest.raises(ProblemError, match="Mentee 0 is pinned to mentor 1, but a hard rule forbids that pair"):
        Problem(MatrixSource([[10, -1]]), np.array([1, 1]), pins=[(0, 1)])
