"""Whoever waits may stop the work at any step, and nothing of it stays behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from matching.engine import (
    Cancelled,
    Changes,
    Circles,
    Effort,
    Evening,
    Explainer,
    Market,
    MatrixSource,
    Objective,
    Problem,
    Progress,
    fairness,
    groups,
    prices,
    rotate,
    smallest_rise,
    solve,
    stable,
    verify,
    verify_groups,
    verify_rotation,
    verify_stable,
    what_if,
    worth_of_places,
)
from matching.engine.prices import longest_paths
from matching.engine.progress import Watch

TIED = np.random.default_rng(3).integers(-1, 2, (40, 30))
ALIKE = 1000 - np.outer(np.arange(1, 41), np.arange(1, 31)) // 2


@pytest.mark.parametrize(
    ("scores", "objective", "workers"),
    [
        (TIED, "total", 2),
        (ALIKE, "total", 1),
        (TIED, "most_pairs", 1),
        (ALIKE, "most_pairs", 2),
        (TIED, "worst_off_first", 1),
        (ALIKE, "worst_off_first", 2),
    ],
)
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
    for moment in range(0, len(told), 1 + len(told) // 6):
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


POOL = Problem(MatrixSource(ALIKE), np.ones(30, np.int64))
WORST_OFF = solve(POOL, objective="worst_off_first")
MARKET = Market(MatrixSource(ALIKE), MatrixSource(ALIKE[::-1]), np.ones(30, np.int64))
STABLE = stable(MARKET)
EVENING = Evening(MatrixSource(ALIKE[:9, :8]), 3)
ROUNDS = rotate(EVENING)
QUESTION = Circles(MatrixSource(TIED[:7, :7].clip(0)), 3, 4)
CIRCLES = groups(QUESTION, steps=20, work=0.1)
QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "verify": lambda hear: verify(WORST_OFF, POOL, progress=hear),
    "why_not": lambda hear: Explainer(WORST_OFF, POOL, progress=hear).why_not(0, 5),
    "smallest_rise": lambda hear: smallest_rise(Explainer(WORST_OFF, POOL, progress=hear), 0, 5),
    "what_if": lambda hear: what_if(WORST_OFF, POOL, Changes(mentees_leave=[3]), progress=hear),
    "worth_of_places": lambda hear: worth_of_places(WORST_OFF, POOL, [0], progress=hear),
    "verify_stable": lambda hear: verify_stable(STABLE, MARKET, progress=hear),
    "verify_groups": lambda hear: verify_groups(CIRCLES, QUESTION, progress=hear),
    "verify_rotation": lambda hear: verify_rotation(ROUNDS, EVENING, progress=hear),
    "fairness": lambda hear: fairness(WORST_OFF, POOL, progress=hear),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_whoever_asks_hears_how_far_it_is_and_stops_it_at_any_block(ask: Callable[[Any], Any]) -> None:
    told: list[Progress] = []
    ask(told.append)
    assert told
    for moment in {0, len(told) // 2, len(told) - 1}:
        heard: list[Progress] = []

        def hear(progress: Progress, heard: list[Progress] = heard, moment: int = moment) -> None:
            heard.append(progress)
            if len(heard) - 1 == moment:
                raise Cancelled

        with pytest.raises(Cancelled):
            ask(hear)
        assert heard == told[: moment + 1]


def test_a_look_that_was_stopped_is_begun_again_with_the_next_question() -> None:
    told: list[Progress] = []

    def hear(progress: Progress) -> None:
        told.append(progress)
        if len(told) == 1:
            raise Cancelled

    explainer = Explainer(WORST_OFF, POOL, progress=hear)
    with pytest.raises(Cancelled):
        explainer.why_not(0, 5)
    assert explainer.why_not(0, 5) == Explainer(WORST_OFF, POOL).why_not(0, 5)


def test_blocks_are_told_of_before_each() -> None:
    heard: list[Progress] = []
    blocks = [rows.tolist() for rows in Watch(heard.append).blocks("proof", np.arange(5), 2**19)]
    assert blocks == [[0, 1], [2, 3], [4]]
    assert heard == [Progress("proof", done, 5) for done in (0, 2, 4)]
