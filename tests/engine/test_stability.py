"""Nobody would rather have each other, the proposers get the best that any such answer gives them, and the order of the
input counts for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from heapq import heappop, heappush
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Cancelled, CertificateError, MatrixSource, ProblemError
from matching.engine.problem import Side
from matching.engine.progress import Progress
from matching.engine.scores import Ints
from matching.engine.stability import Market, Stable, StableCertificate, Wishes, blocking_pairs, stable, verify_stable
from matching.engine.stability.proposals import sorted_runs
from matching.engine.ties import lots
from tests.engine.drawn import Drawn, drawn
from tests.engine.problems import examples

SIDES: list[Side] = ["mentee", "mentor"]
KINDS = ("ll", "ls", "sl", "ss")
Table = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


class Wanted:
    """A market with the two tables of points behind it, mentees × mentors, -1 where somebody is not wanted."""

    def __init__(self, mentees: Any, mentors: Any, capacity: Any, demand: Any = None, kinds: str = "ll") -> None:
        self.mentees, self.mentors = np.array(mentees), np.array(mentors)
        self.market = Market(
            _side(self.mentees, kinds[0]), _side(self.mentors, kinds[1], turned=True), np.array(capacity), demand
        )

    def orders(self, seed: int) -> tuple[list[list[Any]], list[list[Any]]]:
        """What each mentee makes of each mentor, and each mentor of each mentee; None is never."""
        rows, cols = self.mentees.shape
        keys = np.divmod(np.arange(rows * cols, dtype=np.uint64), np.uint64(max(1, cols)))
        lot = lots(seed, *keys).reshape(rows, cols)
        both = (self.mentees >= 0) & (self.mentors >= 0)
        mine = [[(self.mentees[i, j], lot[i, j], -j) if both[i, j] else None for j in range(cols)] for i in range(rows)]
        theirs = [
            [(self.mentors[i, j], lot[i, j], -i) if both[i, j] else None for i in range(rows)] for j in range(cols)
        ]
        return mine, theirs


def _side(points: Any, kind: str, turned: bool = False) -> Any:
    if kind == "s":
        return MatrixSource(points)
    lists = []
    for row in points.T if turned else points:
        levels = sorted({int(value) for value in row if value >= 0}, reverse=True)
        lists.append([np.flatnonzero(row == value).tolist() for value in levels])
    return Wishes.of(lists)


def wanted(most: int = 5, demand: int = 1) -> st.SearchStrategy[Wanted]:
    """Markets with ties, gaps and places from 0 to 2, told by lists, by scores, or one side each."""
    return drawn(lambda choices: _wanted(choices, most, demand), 2 * most * most + 2 * most + 4)


def _wanted(choices: Drawn, most: int, demand: int) -> Wanted:
    rows, cols = choices.number(1, most), choices.number(1, most)
    highest, kinds = choices.one([0, 2, 50]), choices.one(KINDS)
    mentees, mentors = (choices.numbers(rows * cols, highest + 2).reshape(rows, cols) - 1 for _ in range(2))
    asked = range(0 if demand > 1 else 1, demand + 1)
    return Wanted(mentees, mentors, choices.some(cols, [1, 1, 2, 0]), choices.some(rows, asked), kinds)


def wide() -> st.SearchStrategy[Wanted]:
    """Up to 45 people on a side, some of whom everybody wants."""
    return st.tuples(st.integers(0, 2**32 - 1), st.sampled_from(KINDS)).map(_wide)


def _wide(seed_and_kinds: tuple[int, str]) -> Wanted:
    seed, kinds = seed_and_kinds
    random = np.random.default_rng(seed)
    rows, cols = random.integers(15, 46, 2)

    def table(*shape: int) -> Any:
        points = random.integers(-1, random.choice([2, 40]), (rows, cols)) + random.integers(0, 30, shape)
        return np.where(random.random((rows, cols)) < random.choice([0.0, 0.3]), -1, points)

    mentees, mentors = table(1, cols), table(rows, 1)
    return Wanted(mentees, mentors, random.integers(0, 3, cols), random.integers(0, 3, rows), kinds)


def blocked(pairs: set[tuple[int, int]], case: Wanted, seed: int) -> bool:
    """Whether a mentee and a mentor would rather have each other, each order strict."""
    mine, theirs = case.orders(seed)

    def would(order: list[Any], new: int, has: list[int], most: int) -> bool:
        return order[new] is not None and (len(has) < most or any(order[new] > order[old] for old in has))

    return any(
        would(mine[i], j, [b for a, b in pairs if a == i], int(case.market.wanted[i]))
        and would(theirs[j], i, [a for a, b in pairs if b == j], int(case.market.capacity[j]))
        for i, j in np.ndindex(case.mentees.shape)
        if (i, j) not in pairs
    )


def every_stable(case: Wanted, seed: int) -> Iterator[set[tuple[int, int]]]:
    """All stable sets of pairs of mentees who want one mentor each, by trying everything."""
    rows, cols = case.mentees.shape
    for choice in product(range(-1, cols), repeat=rows):
        pairs = {(i, j) for i, j in enumerate(choice) if j >= 0}
        allowed = all(min(case.mentees[pair], case.mentors[pair]) >= 0 for pair in pairs)
        load = np.bincount(np.array([j for _, j in pairs], np.int64), minlength=cols)
        if allowed and (load <= case.market.capacity).all() and not blocked(pairs, case, seed):
            yield pairs


def by_heaps(case: Wanted, seed: int) -> list[list[int]]:
    """Deferred acceptance as the textbook has it: one proposal at a time, and a heap for each mentor."""
    mine, theirs = case.orders(seed)
    rows, cols = case.mentees.shape
    lists = [sorted((j for j in range(cols) if mine[i][j]), key=mine[i].__getitem__) for i in range(rows)]
    held: list[list[Any]] = [[] for _ in range(cols)]
    free = [i for i in range(rows) for _ in range(case.market.wanted[i])]
    while free:
        i = free.pop()
        if lists[i]:
            j = lists[i].pop()
            heappush(held[j], (theirs[j][i], i))
            if len(held[j]) > case.market.capacity[j]:
                free.append(heappop(held[j])[1])
    return sorted([i, j] for j in range(cols) for _, i in held[j])


@examples(28)
@given(wanted(5), st.integers(0, 3))
def test_the_proposers_get_the_best_of_all_stable_answers(case: Wanted, seed: int) -> None:
    mine, theirs = case.orders(seed)
    answers = list(every_stable(case, seed))
    of_mentees = {tuple(pair) for pair in stable(case.market, seed=seed).pairs.tolist()}
    of_mentors = {tuple(pair) for pair in stable(case.market, seed=seed, proposing="mentor").pairs.tolist()}
    assert of_mentees in answers
    assert of_mentors in answers
    for mentee, order in enumerate(mine):
        has = [[order[j] for i, j in answer if i == mentee] for answer in (of_mentees, *answers)]
        assert has[0] == max(has)
    for mentor, ranks in enumerate(theirs):
        has = [sorted((ranks[i] for i, j in answer if j == mentor), reverse=True) for answer in (of_mentors, *answers)]
        assert has[0] == max(has)


@examples(30)
@given(st.one_of(wanted(8, demand=3), wide()), st.integers(0, 2**64 - 1))
def test_rounds_end_as_one_proposal_at_a_time_does(case: Wanted, seed: int) -> None:
    result = stable(case.market, seed=seed)
    assert result.pairs.tolist() == by_heaps(case, seed)
    assert not blocked({(i, j) for i, j in result.pairs.tolist()}, case, seed)


@examples(30)
@given(st.one_of(wanted(8, demand=3), wide()), st.integers(0, 9))
def test_the_same_people_are_paired_whoever_proposes(case: Wanted, seed: int) -> None:
    ours, theirs = (stable(case.market, proposing=side, seed=seed).pairs for side in SIDES)
    for column, most in ((0, case.market.wanted), (1, case.market.capacity)):
        assert np.bincount(ours[:, column]).tolist() == np.bincount(theirs[:, column]).tolist()
        short = np.bincount(ours[:, column], minlength=len(most)) < most
        before, after = (pairs[short[pairs[:, column]]].tolist() for pairs in (ours, theirs))
        assert before == after


@examples(20)
@given(wide(), st.sampled_from(SIDES))
def test_lists_and_scores_that_say_the_same_give_the_same(case: Wanted, proposing: Side) -> None:
    answers = [
        stable(
            Wanted(case.mentees, case.mentors, case.market.capacity, case.market.wanted, kinds).market,
            proposing=proposing,
        ).to_dict()
        for kinds in KINDS
    ]
    assert all(answer == answers[0] for answer in answers)


@examples(20)
@given(wide(), st.sampled_from(SIDES), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(case: Wanted, proposing: Side, random: Any) -> None:
    rows, cols = (list(range(people)) for people in case.mentees.shape)
    random.shuffle(rows)
    random.shuffle(cols)
    moved = Wanted(
        case.mentees[np.ix_(rows, cols)],
        case.mentors[np.ix_(rows, cols)],
        case.market.capacity[cols],
        case.market.wanted[rows],
    )
    shuffled = replace(moved.market, mentee_keys=np.array(rows, np.uint64), mentor_keys=np.array(cols, np.uint64))
    found = stable(shuffled, proposing=proposing).pairs.tolist()
    assert sorted([rows[i], cols[j]] for i, j in found) == stable(case.market, proposing=proposing).pairs.tolist()


@examples(28)
@given(wanted(4), st.data())
def test_the_check_finds_exactly_who_would_rather_have_each_other(case: Wanted, data: st.DataObject) -> None:
    rows, cols = case.mentees.shape
    pairs = set[tuple[int, int]]()
    for i in range(rows):
        load = np.bincount(np.array([b for _, b in pairs], np.int64), minlength=cols)
        possible = [j for j in range(cols) if min(case.mentees[i, j], case.mentors[i, j]) >= 0]
        j = data.draw(st.sampled_from([None, *possible]))
        if j is not None and load[j] < case.market.capacity[j]:
            pairs.add((i, j))
    expected = []
    for i, j in np.ndindex(rows, cols):
        of_mentee = [case.mentees[i, b] for a, b in pairs if a == i]
        of_mentor = [case.mentors[a, j] for a, b in pairs if b == j]
        wish = case.mentees[i, j] > min(of_mentee, default=-1)
        room = len(of_mentor) < case.market.capacity[j] or case.mentors[i, j] > min(of_mentor, default=np.inf)
        if (i, j) not in pairs and wish and room and case.mentors[i, j] >= 0:
            expected.append([i, j])
    assert blocking_pairs(np.array(sorted(pairs)).reshape(-1, 2), case.market).tolist() == expected


def test_a_lot_settles_ties_and_another_seed_draws_another_one() -> None:
    market = Wanted(np.zeros((8, 8), np.int64), np.zeros((8, 8), np.int64), np.ones(8)).market
    drawn = {str(stable(market, seed=seed).pairs.tolist()) for seed in range(6) for _ in range(2)}
    assert len(drawn) == 6
    assert all(stable(market, seed=seed).certificate == StableCertificate(8, 64, 0) for seed in range(6))


@pytest.mark.parametrize("kinds", ["ll", "ls", "sl", "ss"])
@pytest.mark.parametrize(
    ("shape", "capacity", "pairs"),
    [
        ((0, 0), [], []),
        ((0, 2), [1, 1], []),
        ((2, 0), [], []),
        ((1, 1), [1], [[0, 0]]),
        ((2, 1), [0], []),
        ((2, 1), [9], [[0, 0], [1, 0]]),
    ],
)
def test_the_edges_are_answered_too(
    kinds: str, shape: tuple[int, int], capacity: list[int], pairs: list[list[int]]
) -> None:
    market = Wanted(np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.array(capacity, np.int64), None, kinds)
    for side in SIDES:
        assert stable(market.market, proposing=side).pairs.tolist() == pairs


LISTS = Wishes.of([[0, 1], [1, 0]])


@pytest.mark.parametrize(
    ("mentees", "changes", "why"),
    [
        ([[0, 2], [1]], {}, "Mentee 0 ranks mentor 2, and there are 2"),
        ([[0], [1, 0, 1]], {}, "Mentee 1 ranks mentor 1 twice"),
        ([[0], [-1]], {}, "Mentee 1 ranks mentor -1"),
        ([[0], [1]], {"mentors": Wishes.of([[1], [0, 1, 0]])}, "Mentor 1 ranks mentee 0 twice"),
        ([[0], [1]], {"capacity": [1, -1]}, "The capacity -1 of mentor 1 is below zero"),
        ([[0], [1]], {"capacity": [1]}, "one number for each of 2 mentors"),
        ([[0], [1]], {"demand": np.array([1, -2])}, "The demand -2 of mentee 1 is below zero"),
        ([[0], [1]], {"mentee_keys": [3, 3]}, "The mentees 0 and 1 have the same key 3"),
        (
            [[0], [1]],
            {"mentors": MatrixSource([[1, 2, 3]])},
            "The mentors' scores are of shape .1, 3.; .2, 3.",
        ),
        ([[0], [1]], {"mentors": Wishes.of([[5], []])}, "Mentor 0 ranks mentee 5, and there are 2"),
    ],
)
def test_lists_that_make_no_sense_are_refused_by_name(mentees: Any, changes: dict[str, Any], why: str) -> None:
    given = {"mentees": Wishes.of(mentees), "mentors": LISTS, "capacity": [1, 1], **changes}
    with pytest.raises(ProblemError, match=why):
        Market(**given)


def test_columns_that_do_not_fit_together_are_refused() -> None:
    start, choice = np.array([0, 1, 2]), np.array([0, 1])
    for columns, why in (
        ((np.array([0, 2, 1]), choice), "must rise from 0 to 2"),
        ((np.array([1, 2, 2]), choice), "must rise from 0 to 2"),
        ((np.zeros(0, np.int64), choice), "must rise from 0 to 2"),
        ((start, np.array([0.5, 1.0])), "The column choice of ranked lists must hold whole numbers"),
        ((start, choice, np.array([0])), "There are 1 levels for 2 entries"),
        (
            (np.array([0, 2, 2]), choice, np.array([1, 0])),
            "The ranked list of person 0 is not in the order",
        ),
    ):
        with pytest.raises(ProblemError, match=why):
            Market(Wishes(*columns), LISTS, np.ones(2, np.int64))
    with pytest.raises(ProblemError, match="not 'nobody'"):
        stable(Market(LISTS, LISTS, np.ones(2, np.int64)), proposing="nobody")  # type: ignore[arg-type]


def test_what_is_not_stable_is_not_proven() -> None:
    market = Market(LISTS, LISTS, np.array([1, 1]))
    result = stable(market)
    assert Stable.from_dict(result.to_dict()).to_dict() == result.to_dict()
    assert verify_stable(result, market) == result.certificate == StableCertificate(2, 4, 0)

    def pairs(*given: tuple[int, int]) -> Ints:
        return np.array(given)

    for wrong, why in (
        ({"pairs": pairs((0, 1), (1, 0))}, "Mentee 0 and mentor 0 would rather have each other"),
        ({"pairs": pairs((0, 0))}, "Mentee 1 and mentor 1 would rather have each other"),
        ({"pairs": pairs((0, 0), (1, 0))}, "The mentor 0 has 2 pairs"),
        ({"pairs": pairs((0, 0), (0, 1))}, "The mentee 0 has 2 pairs"),
        ({"pairs": pairs((0, 0), (0, 0))}, "A pair is there twice"),
        ({"pairs": pairs((0, 2))}, "names somebody who is not there"),
        ({"certificate": StableCertificate(2, 5, 0)}, "but .* is true"),
    ):
        with pytest.raises(CertificateError, match=why):
            verify_stable(replace(result, **wrong), market)
    unwanted = Market(Wishes.of([[0], [1]]), LISTS, np.array([1, 1]))
    with pytest.raises(CertificateError, match="Mentee 0 and mentor 1 do not both accept each other"):
        blocking_pairs(pairs((0, 1)), unwanted)


def test_it_tells_of_its_rounds_and_stops_when_told() -> None:
    told = list[Progress]()
    market = Wanted(np.ones((5, 5), np.int64), np.ones((5, 5), np.int64), np.ones(5)).market
    stable(market, progress=told.append)
    assert told[0] == Progress("proposals", 0, 5)

    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        stable(market, progress=stop)


def test_who_proposed_and_the_seed_are_checked_and_a_changed_number_is_found() -> None:
    market = Market(Wishes.of([[0, 1], [1, 0]]), Wishes.of([[1, 0], [0, 1]]), np.array([1, 1]))
    result = stable(market, proposing="mentor")
    assert stable(market).pairs.tolist() != result.pairs.tolist()
    verify_stable(Stable.from_dict(result.to_dict()), market)
    for changed in (replace(result, proposing="mentee"), replace(result, proposing="mentee").sealed()):
        with pytest.raises(CertificateError, match="If every mentee proposes with the seed 0, others are paired"):
            verify_stable(changed, market)
    with pytest.raises(CertificateError, match="It was changed after it was made"):
        verify_stable(replace(result, seed=1), market)
    with pytest.raises(CertificateError, match="The seed must be a whole number"):
        verify_stable(replace(result, seed=1.5), market)  # type: ignore[arg-type]
    with pytest.raises(CertificateError, match="not 'nobody'"):
        verify_stable(replace(result, proposing="nobody"), market)  # type: ignore[arg-type]
    ties = Wanted(np.zeros((8, 8), np.int64), np.zeros((8, 8), np.int64), np.ones(8)).market
    with pytest.raises(CertificateError, match="with the seed 5, others are paired"):
        verify_stable(replace(stable(ties, seed=4), seed=5).sealed(), ties)
    for seed in (1.5, True, "1"):
        with pytest.raises(ProblemError, match="The seed must be a whole number"):
            stable(market, seed=seed)  # type: ignore[arg-type]


def test_what_is_no_market_is_refused_in_a_sentence() -> None:
    one: Any = object()
    for lists, why in (
        (None, "Ranked lists must be a list, not None"),
        ([None], "The ranked list of person 0 must be a list, not None"),
        ([[0], ["a"]], "Each entry of person 1's ranked list must be a whole number, not 'a'"),
        ([[0.5]], "must be a whole number, not 0.5"),
        (["01"], "The ranked list of person 0 must be a list, not '01'"),
        ([[[0, None]]], "must be a whole number, not None"),
    ):
        with pytest.raises(ProblemError, match=why):
            Wishes.of(lists)  # type: ignore[arg-type]
    for mentees, mentors in ((one, LISTS), (LISTS, one)):
        with pytest.raises(ProblemError, match="Scores come from a source with a shape"):
            Market(mentees, mentors, np.ones(2, np.int64))
    with pytest.raises(ProblemError, match="Stable pairs are found in a Market, not in 3"):
        stable(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("far", [0, 2**16])
def test_runs_are_sorted_as_by_two_keys(far: int) -> None:
    random = np.random.default_rng(far)
    run, value = random.integers(0, 50, 1_000) + far, random.permutation(1_000) - 500
    assert np.array_equal(sorted_runs(run, value), np.lexsort((-value, run)))
    assert not len(sorted_runs(run[:0], value[:0]))
