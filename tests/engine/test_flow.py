"""The flow and its prices by themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import ProblemError, Progress, prices
from matching.engine.flow import Network, best_face, reduced_gain, residual, route
from matching.engine.prices import UNREACHED, longest_paths
from matching.engine.progress import Watch
from tests.engine.problems import examples

# Two ways from 0 to 1 to 2 to 0: one gains 3 and carries 2, the other gains 5 and carries 1; at most 2 come back.
RING = Network(
    nodes=3,
    tail=np.array([0, 0, 1, 2]),
    head=np.array([1, 1, 2, 0]),
    gain=np.array([3, 5, 0, 0]),
    lower=np.zeros(4, np.int64),
    upper=np.array([2, 1, 9, 2]),
)


def test_the_flow_that_gains_most_is_found_and_priced() -> None:
    flow = route(RING)
    assert flow.tolist() == [1, 1, 2, 2]
    potential = longest_paths(np.zeros(3, np.int64), *residual(RING, flow))
    gains = reduced_gain(RING, potential)
    assert (gains[flow < RING.upper] <= 0).all()
    assert (gains[flow > RING.lower] >= 0).all()
    assert best_face(RING, flow, potential).lower.tolist()[1] == 1


def test_lower_bounds_are_kept() -> None:
    assert route(replace(RING, lower=np.array([2, 0, 0, 0]))).tolist() == [2, 0, 2, 2]


def test_gains_that_would_overflow_are_refused() -> None:
    with pytest.raises(ProblemError, match="too large"):
        route(replace(RING, gain=np.array([3, 2**59, 0, 0])))


def test_nodes_that_no_step_reaches_stay_unreached() -> None:
    start = np.array([0, UNREACHED, UNREACHED])
    potential = longest_paths(start, np.array([0, 2]), np.array([1, 1]), np.array([7, 9]))
    assert potential.tolist() == [0, 7, UNREACHED]


def test_a_flow_that_could_gain_more_has_no_prices() -> None:
    with pytest.raises(AssertionError, match="not a best one"):
        longest_paths(np.zeros(3, np.int64), *residual(RING, np.zeros(4, np.int64)))


@examples(28)
@given(st.integers(2, 30), st.integers(0, 2**32), st.integers(0, 9))
def test_paths_are_the_longest_however_they_are_found(nodes: int, seed: int, short: int) -> None:
    random = np.random.default_rng(seed)
    around, slack = random.integers(-50, 50, nodes), random.integers(0, 4, 3 * nodes)
    tail, head = random.integers(0, nodes, (2, 3 * nodes))
    gain = around[head] - around[tail] - slack
    start = np.where(random.random(nodes) < 0.5, random.integers(-60, 20, nodes), UNREACHED)
    expected = start.copy()
    for _ in range(nodes):
        reached = np.where(expected[tail] > UNREACHED, expected[tail] + gain, UNREACHED)
        np.maximum.at(expected, head, reached)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prices, "SHORT", short)
        assert longest_paths(start, tail, head, gain).tolist() == expected.tolist()


def test_long_paths_take_few_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "STEPS_TOLD", 1)
    heard: list[Progress] = []
    chain = np.random.default_rng(0).permutation(1000)
    found = longest_paths(np.zeros(1000, np.int64), chain[:-1], chain[1:], np.ones(999, np.int64), Watch(heard.append))
    assert found[chain].tolist() == list(range(1000))
    assert len(heard) < 20


def test_a_long_circle_that_gains_is_found_out() -> None:
    circle = np.arange(100)
    with pytest.raises(AssertionError, match="not a best one"):
        longest_paths(np.zeros(100, np.int64), circle, np.roll(circle, 1), np.ones(100, np.int64))
