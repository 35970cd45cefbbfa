"""The search for pairs that matter never passes over one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Cancelled, Effort, Objective, Problem, Progress, ScoreSource, solve, verify
from matching.engine.columns import pair_prices
from matching.engine.flow import route
from matching.engine.network import Shape
from matching.engine.pool import Pool
from matching.engine.progress import Watch
from matching.engine.scores import Ints
from matching.engine.search import Search
from matching.engine.workers import in_order
from tests.engine.problems import Case, cases, examples, wide_cases

OBJECTIVES: list[Objective] = ["total", "most_pairs"]


class Factors:
    """A pool whose scores are products, that remembers the largest block it was asked for. Never held whole."""

    def __init__(self, mentees: int, mentors: int, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self.shape = mentees, mentors
        self.wishes = (random.random((mentees, 30)) < 0.3).astype(np.float32)
        self.offers = (random.random((30, mentors)) < 0.3).astype(np.float32) * random.integers(1, 99, (30, 1))
        self.largest = 0

    def block(self, rows: Ints, cols: Ints | None = None) -> np.typing.NDArray[np.int32]:
        offers = self.offers if cols is None else self.offers[:, cols]
        self.largest = max(self.largest, len(rows) * offers.shape[1])
        return (self.wishes[rows] @ offers).astype(np.int32) * 10


@examples(28)
@given(
    st.one_of(wide_cases(), wide_cases(), cases(8)),
    st.sampled_from(OBJECTIVES),
    st.integers(0, 2),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)
def test_remembered_bounds_miss_no_mentee_who_would_gain(
    case: Case, objective: Objective, first: int, spare: int, contended: bool, crowded: bool
) -> None:
    pool = Pool.of(case.problem).aimed(objective, None)
    shape, search = Shape.of(pool), Search(pool, Watch(), Effort(first, 0, 5, spare=spare), crowded=crowded)
    columns = search.first_look(300 * (np.arange(len(pool.capacity)) % 3) if contended else None)
    while True:
        network = shape.network(columns)
        potential = shape.least_potentials(network, route(network))
        everything = pool.gains(np.arange(len(pool.demand)), *pair_prices(pool, potential))
        everything[columns.row, columns.col] = -1
        everything[np.ix_(pool.demand == 0)] = -1
        everything[:, pool.capacity == 0] = -1
        gaining = search.look(columns, potential)
        found = {row for part in gaining for row in part[0].tolist()}
        assert found == set(np.flatnonzero((everything > 0).any(axis=1)).tolist())
        tied = {pair for part in search.tied or [] for pair in zip(part[0].tolist(), part[1].tolist(), strict=True)}
        assert tied == {(row, col) for row, col in np.argwhere(everything == 0).tolist()}
        if not gaining:
            break
        columns = columns.with_more(gaining)


def test_bounds_spare_most_of_the_work() -> None:
    source = Factors(400, 300)
    problem = Problem(source, np.random.default_rng(1).integers(1, 4, 300))
    looked: list[int] = []
    pool = Pool.of(problem)
    shape, search = Shape.of(pool), Search(pool, Watch(lambda step: looked.append(step.total)), Effort(16, 4))
    columns = search.first_look()
    while True:
        looked.clear()
        network = shape.network(columns)
        gaining = search.look(columns, shape.least_potentials(network, route(network)))
        if not gaining:
            break
        columns = columns.with_more(gaining)
    assert max(looked, default=0) < 200


class Counted(Factors):
    """Counts the pairs that it is asked for."""

    asked = 0

    def block(self, rows: Ints, cols: Ints | None = None) -> np.typing.NDArray[np.int32]:
        self.asked += len(rows) * (self.shape[1] if cols is None else len(cols))
        return super().block(rows, cols)


@pytest.mark.parametrize("mentors", [900, 1000])
def test_few_pairs_are_asked_for_again_where_places_are_as_many_as_mentees(mentors: int) -> None:
    source = Counted(1000, mentors)
    problem = Problem(source, np.ones(mentors, np.int64))
    solve(problem)
    assert source.asked < 1.5 * 1000 * mentors


def test_memory_is_bounded_by_blocks() -> None:
    source: ScoreSource = Factors(600, 500)
    problem = Problem(source, np.random.default_rng(1).integers(0, 4, 500), pins=[(0, 0)])
    result = solve(problem, effort=Effort(8, 4, block=10_000))
    assert verify(result, problem) == result.certificate
    assert isinstance(source, Factors)
    source.largest = 0
    solve(problem, effort=Effort(8, 4, block=10_000))
    assert source.largest <= 10_000


def test_many_ties_are_settled_without_holding_them() -> None:
    class Alike(Factors):
        """Everybody suits everybody."""

        def block(self, rows: Ints, cols: Ints | None = None) -> np.typing.NDArray[np.int32]:
            return np.full((len(rows), self.shape[1] if cols is None else len(cols)), 7, np.int32)

    problem = Problem(Alike(60, 50), np.ones(50, np.int64))
    usual = solve(problem)
    assert usual.total == 7 * 50
    assert solve(problem, effort=Effort(2, 2, ties=0)).pairs.tolist() == usual.pairs.tolist()


def test_a_callback_hears_of_every_block_and_can_stop_the_work() -> None:
    heard: list[Progress] = []
    problem = Problem(Factors(100, 50), np.ones(50, np.int64))

    def hear(progress: Progress) -> None:
        heard.append(progress)
        if len(heard) == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        solve(problem, progress=hear, effort=Effort(4, block=1000))
    assert heard == [Progress("pairs", 20 * block, 100) for block in range(5)]


class Ranked(Factors):
    """All mentees rank the mentors nearly alike, which is the hardest pool to choose a few pairs from."""

    def block(self, rows: Ints, cols: Ints | None = None) -> np.typing.NDArray[np.int32]:
        cols = np.arange(self.shape[1]) if cols is None else cols
        return (cols * 1000 + (rows[:, None] * 7919 + cols * 104729) % 997).astype(np.int32)


def test_a_sample_spares_looks_where_all_want_the_same_mentors() -> None:
    heard: list[Progress] = []
    problem = Problem(Ranked(400, 300), np.ones(300, np.int64))
    result = solve(problem, progress=heard.append)
    assert verify(result, problem) == result.certificate
    assert any(step.step == "sample" and 0 < step.total < 400 for step in heard)
    assert sum(step.step == "pairs" and step.done == 0 for step in heard) <= 5


class Opposed(Factors):
    """Nobody wants the mentors with high numbers, and some mind that much more than others."""

    def block(self, rows: Ints, cols: Ints | None = None) -> np.typing.NDArray[np.int32]:
        cols = np.arange(self.shape[1]) if cols is None else cols
        return (10**6 - ((rows[:, None] * 7919) % 997 + 1) * ((cols * 1543) % 991 + 1)).astype(np.int32)


def test_pairs_near_and_far_spare_flows_where_all_rank_mentors_alike() -> None:
    heard: list[Progress] = []
    problem = Problem(Opposed(600, 400), np.random.default_rng(1).integers(1, 4, 400))
    result = solve(problem, progress=heard.append)
    assert verify(result, problem) == result.certificate
    assert sum(step.step == "flow" for step in heard) <= 5


@pytest.mark.parametrize(
    "source", [Factors(300, 200), Ranked(300, 200), Opposed(300, 200)], ids=["factors", "ranked", "opposed"]
)
def test_the_number_of_workers_changes_no_byte(source: ScoreSource) -> None:
    problem, effort = Problem(source, np.random.default_rng(1).integers(0, 3, 200)), Effort(8, 4, block=5_000)
    usual, heard = solve(problem, effort=effort).to_dict(), list[list[Progress]]()
    for workers in (1, 2, 3):
        heard.append([])
        result = solve(problem, effort=replace(effort, workers=workers), progress=heard[-1].append)
        assert result.to_dict() == usual
    assert heard[0] == heard[1] == heard[2]


def test_what_goes_wrong_with_a_worker_stops_the_work() -> None:
    def halve(block: int) -> int:
        return 6 // block

    with pytest.raises(ZeroDivisionError):
        list(in_order(halve, [3, 2, 1, 0, 1, 2], workers=2))
    assert list(in_order(halve, [3, 2, 1], workers=2)) == [2, 3, 6]
