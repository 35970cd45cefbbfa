"""Whoever waits may stop the work at any step, and nothing of it stays behind."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from matching.engine import Cancelled, Effort, MatrixSource, Objective, Problem, Progress, prices, solve
from matching.engine.prices import longest_paths
from matching.engine.progress import Watch

OBJECTIVES: list[Objective] = ["total", "most_pairs", "worst_off_first"]
TIED = np.random.default_rng(3).integers(-1, 2, (40, 30))
ALIKE = 1000 - np.outer(np.arange(1, 41), np.arange(1, 31)) // 2


@pytest.mark.parametrize("scores", [TIED, ALIKE], ids=["tied", "alike"])
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_solve_stops_at_whichever_step_it_is_told_to(
    scores: Any, objective: Objective, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prices, "STEPS_TOLD", 500)
    problem, effort = Problem(MatrixSource(scores), np.ones(30, np.int64)), Effort(2, 2, 300, ties=0, workers=workers)
    known = [(mentee, mentee) for mentee in range(30)]

    def solved(moment: int | None) -> tuple[list[Progress], dict[str, Any] | None]:
        told: list[Progress] = []

        def hear(progress: Progress) -> None:
            told.append(progress)
            if len(told) - 1 == moment:
                raise Cancelled

        try:
            result = solve(problem, objective=objective, published=known, progress=hear, effort=effort)
        except Cancelled:
            return told, None
        return told, result.to_dict()

    told, usual = solved(None)
    threads = threading.active_count()
    assert {"pairs", "flow", "prices", "ties"} <= {progress.step for progress in told}
    for moment in range(0, len(told), 1 + len(told) // 8):
        assert solved(moment) == (told[: moment + 1], None)
        assert threading.active_count() == threads
    assert solved(None) == (told, usual)


def test_long_paths_are_told_of_while_they_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "STEPS_TOLD", 10)
    heard: list[Progress] = []
    chain = np.arange(100)
    found = longest_paths(np.zeros(101, np.int64), chain, chain + 1, np.ones(100, np.int64), Watch(heard.append))
    assert found.tolist() == list(range(101))
    assert len(heard) > 5
    assert set(heard) == {Progress("prices", 0, 0)}
