"""Groups keep to their conditions, are the best there are where that is claimed, and never exceed the bound shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Cancelled, CertificateError, MatrixSource, ProblemError, Quota
from matching.engine.grouping import Circles, Groups, Led, Spread, groups, verify_groups
from matching.engine.grouping.bound import CompanyPrices
from matching.engine.progress import Progress
from tests.engine.problems import examples

Table = np.ndarray[Any, Any]
QUICK = 60
SPREAD: Any = Spread


def partitions(people: tuple[int, ...], least: int, most: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """All ways to split people into circles of these sizes."""
    if not people:
        yield ()
        return
    for size in range(least, most + 1):
        for others in combinations(people[1:], size - 1):
            rest = tuple(person for person in people[1:] if person not in others)
            yield from (((people[0], *others), *more) for more in partitions(rest, least, most))


def total_of(circles: Any, scores: Table, apart: Any = (), spread: Any = ()) -> int | None:
    """What circles are worth, None if somebody shares one with whom they must not."""
    total = 0
    for circle in circles:
        for a, b in combinations(circle, 2):
            if min(scores[a, b], scores[b, a]) < 0 or (a, b) in apart or (b, a) in apart:
                return None
            total += scores[a, b] + scores[b, a]
            total -= sum(trait.points for trait in spread if trait.labels[a] == trait.labels[b] >= 0)
    return int(total)


@st.composite
def seatings(draw: st.DrawFn) -> dict[str, Any]:
    """Up to eight people with all kinds of conditions, not all of which can be kept."""
    people, least = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    most = draw(st.integers(least, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    lowest = draw(st.sampled_from([0, 0, -1]))
    pair = st.tuples(st.integers(0, people - 1), st.integers(0, people - 1)).filter(lambda pair: pair[0] != pair[1])
    return {
        "scores": random.integers(lowest, draw(st.sampled_from([2, 30])), (people, people)),
        "least": least,
        "most": most,
        "apart": draw(st.lists(pair, max_size=2)) if people > 1 else [],
        "spread": [Spread(random.integers(-1, 2, people).tolist(), draw(st.sampled_from([0, 3, 100])))],
    }


@examples(26)
@given(seatings(), st.integers(0, 3))
def test_circles_of_few_people_are_the_best_of_all_ways_to_split_them(drawn: dict[str, Any], seed: int) -> None:
    scores, least, most = drawn.pop("scores"), drawn["least"], drawn["most"]
    totals = [
        total_of(ways, scores, drawn["apart"], drawn["spread"])
        for ways in partitions(tuple(range(len(scores))), least, most)
    ]
    best = max((total for total in totals if total is not None), default=None)
    try:
        circles = Circles(MatrixSource(scores), **drawn)
        result = groups(circles, steps=QUICK, seed=seed)
    except ProblemError:
        assert best is None
        return
    assert result.total == best == result.bound
    assert result.optimal
    assert result.gap == 0
    assert total_of(result.members, scores, drawn["apart"], drawn["spread"]) == best
    verify_groups(result, circles)


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_people_are_split_as_trying_everything_would(seed: int) -> None:
    scores = np.random.default_rng(seed).integers(0, 100, (10, 10))
    spread = [Spread([0, 1, 2, 3, 0] * 2, 60)]
    best = max(total_of(ways, scores, spread=spread) or 0 for ways in partitions(tuple(range(10)), 3, 4))
    result = groups(Circles(MatrixSource(scores), 3, 4, spread=spread), steps=QUICK)
    assert (result.total, result.bound) == (best, best)


def test_many_people_get_good_circles_and_a_bound_that_anybody_can_check() -> None:
    random = np.random.default_rng(5)
    scores = random.integers(0, 100, (50, 50))
    scores[random.random((50, 50)) < 0.05] = -1
    circles = Circles(MatrixSource(scores), 6, 8, apart=[(0, 1), (2, 3)], spread=[Spread([0, 1] * 25, 20)])
    result = groups(circles, steps=300)
    verify_groups(result, circles)
    assert result.proof == "prices"
    assert 0 < result.gap < 0.35
    assert not result.optimal
    assert groups(circles, steps=300).members == result.members
    order = random.permutation(50)
    place = np.argsort(order)
    moved = Circles(
        MatrixSource(scores[np.ix_(order, order)]),
        6,
        8,
        keys=order.astype(np.uint64),
        apart=[(int(place[0]), int(place[1])), (int(place[3]), int(place[2]))],
        spread=[Spread((order % 2).tolist(), 20)],
    )
    again = groups(moved, steps=300)
    verify_groups(again, moved)
    assert (again.total, again.bound) == (result.total, result.bound)
    assert sorted(tuple(sorted(order[list(circle)].tolist())) for circle in again.members) == list(result.members)


def test_whom_nothing_tells_apart_is_split_by_lot() -> None:
    circles = Circles(MatrixSource(np.zeros((9, 9))), 3, 3)
    drawn = {groups(circles, steps=QUICK, seed=seed).members for seed in range(4) for _ in range(2)}
    assert len(drawn) == 4


@pytest.mark.parametrize(("people", "sizes"), [(0, []), (1, [1]), (3, [3])])
def test_the_edges_are_answered_too(people: int, sizes: list[int]) -> None:
    circles = Circles(MatrixSource(np.zeros((people, people))), 1, 3)
    result = groups(circles, steps=QUICK)
    verify_groups(result, circles)
    assert result.optimal
    if people != 3:
        assert [len(circle) for circle in result.members] == sizes


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"least": 4, "most": 3}, "Circles of at least 4 and at most 3 people cannot be"),
        ({"least": 0}, "Circles of at least 0"),
        ({"least": 3, "most": 3}, "5 people cannot be split into circles of 3 to 3"),
        ({"least": "2"}, "The fewest people of a circle must be a whole number from 0 to .*, not 2"),
        ({"most": 2.5}, "The most people of a circle must be a whole number from 0 to .*, not 2.5"),
        ({"apart": [3]}, "A pair to be kept apart must be a list, not 3"),
        ({"apart": [(0, 0.5)]}, "Each number of a pair to be kept apart must be a whole number, not 0.5"),
        ({"spread": [SPREAD(np.array(["a"] * 5), 5)]}, "A label of a trait must be a whole number, not np.str_"),
        ({"spread": [SPREAD(np.full(5, 0.5), 5)]}, "A label of a trait must be a whole number, not .*0.5"),
        (
            {"spread": [SPREAD([1] * 5, 0.5)]},
            "a trait takes off must be a whole number from 0 to 1048575, not 0.5",
        ),
        ({"spread": [7]}, "A trait must be a Spread, not 7"),
        ({"source": 7}, "Scores come from a source with a shape"),
        ({"source": MatrixSource(np.zeros((5, 4)))}, "scores of people by people, not 5 by 4"),
        ({"apart": [(1, 5)]}, "People 1 and 5 are to be kept apart, and there are 5"),
        ({"apart": [(1, 1)]}, "Person 1 cannot be kept apart from themselves"),
        ({"apart": [(2, 0), (1, 2), (2, 3), (2, 4)]}, "Person 2 may share a circle with 0 others"),
        ({"keys": np.array([1, 2, 3, 4, 4], np.uint64)}, "have the same key 4"),
        ({"spread": [Spread([1], 5)]}, "A trait has 1 labels, and there are 5 people"),
        ({"spread": [Spread([1] * 5, -5)]}, "a trait takes off must be a whole number from 0 to 1048575, not -5"),
    ],
)
def test_circles_that_cannot_be_are_refused_with_the_reason(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        replace(Circles(MatrixSource(np.zeros((5, 5))), 2, 3), **changes)


def test_people_who_cannot_be_kept_apart_are_refused_after_a_look_at_everything() -> None:
    apart = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)]
    with pytest.raises(ProblemError, match="No circles of these sizes keep everybody apart"):
        groups(Circles(MatrixSource(np.zeros((6, 6))), 3, 3, apart=apart), steps=QUICK)


def test_circles_that_were_tampered_with_are_not_proven() -> None:
    circles = Circles(MatrixSource(np.arange(36).reshape(6, 6)), 2, 3, apart=[(0, 1)])
    result = groups(circles, steps=QUICK)
    verify_groups(result, circles)
    assert result.prices is not None
    for changes, why in (
        ({"members": ((0, 2, 3), (1, 4))}, "Not everybody is in exactly one circle"),
        ({"members": ((0, 2, 3, 4), (1, 5))}, "A circle has 4 people"),
        ({"members": ((0, 1, 2), (3, 4, 5))}, "People 0 and 1 must not share a circle"),
        ({"total": result.total + 1}, "and it says"),
        ({"bound": result.total - 1}, "prove a bound of"),
        ({"prices": None}, "There are no prices"),
    ):
        with pytest.raises(CertificateError, match=why):
            verify_groups(replace(result, **changes), circles)


@st.composite
def led_groups(draw: st.DrawFn) -> tuple[Led, Table]:
    """Up to five mentees and three mentors, with couples and quotas that overlap."""
    mentees, mentors = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scores = random.integers(-1, draw(st.sampled_from([2, 30])), (mentees, mentors))
    capacity = random.integers(0, 4, mentors)
    least = np.minimum(random.integers(0, 4, mentors), capacity)
    couple = st.tuples(st.integers(0, mentees - 1), st.integers(0, mentees - 1))
    some = st.lists(st.integers(0, mentees - 1), min_size=1, unique=True)
    quota = st.builds(Quota, st.just("mentee"), some, st.integers(0, 2))
    return Led(
        MatrixSource(scores),
        capacity,
        least,
        together=draw(st.lists(couple, max_size=1)),
        quotas=draw(st.lists(quota, max_size=2)),
    ), scores


@examples(28)
@given(led_groups())
def test_groups_that_are_led_are_the_best_of_all_choices(drawn: tuple[Led, Table]) -> None:
    led, scores = drawn
    mentees, mentors = scores.shape
    best = 0
    for choice in product(range(-1, mentors), repeat=mentees):
        pairs = [(mentee, mentor) for mentee, mentor in enumerate(choice) if mentor >= 0]
        load = np.bincount(np.array([mentor for _, mentor in pairs], np.int64), minlength=mentors)
        sized = all(not size or led.least[mentor] <= size <= led.capacity[mentor] for mentor, size in enumerate(load))
        coupled = all(choice[first] == choice[second] for first, second in led.together)
        within = all(sum(choice[member] >= 0 for member in quota.members) <= quota.most for quota in led.quotas)
        if sized and coupled and within and all(scores[pair] >= 0 for pair in pairs):
            best = max(best, sum(int(scores[pair]) for pair in pairs))
    result = groups(led)
    verify_groups(result, led)
    assert (result.total, result.bound) == (best, best)


def test_a_flow_that_keeps_to_everything_by_itself_is_proof_enough() -> None:
    led = Led(MatrixSource([[9, 1], [8, 2], [1, 7], [0, 9]]), np.array([2, 2]), np.array([2, 2]))
    result = groups(led)
    assert (result.members, result.leaders, result.proof) == (((0, 1), (2, 3)), (0, 1), "prices")
    assert result.optimal


def test_a_mentor_with_too_few_leads_nobody_and_the_others_make_the_best_of_it() -> None:
    led = Led(MatrixSource([[9, 5, 0], [9, 5, 0], [0, 5, 9]]), np.array([2, 3, 2]), np.array([2, 2, 2]))
    result = groups(led)
    assert (result.members, result.leaders, result.total, result.bound) == (((0, 1),), (0,), 18, 18)
    assert result.proof == "search"
    assert groups(replace(led, least=np.array([3, 2, 2]), capacity=np.array([3, 3, 2]))).members == ((0, 1, 2),)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"least": np.array([3, 0])}, "The group of mentor 0 has at least 3 mentees and 2 places"),
        ({"capacity": np.array([2, -1])}, "The capacity -1 of mentor 1 is below zero"),
        ({"least": np.array([1, -2])}, "The least -2 of mentor 1 is below zero"),
        ({"together": [3]}, "A pair to be together must be a list, not 3"),
        ({"quotas": 3}, "Quotas must be a list, not 3"),
        ({"source": 7}, "Scores come from a source with a shape"),
        ({"together": [(0, 4)]}, "Mentees 0 and 4 are to be together, and there are 2"),
        ({"quotas": [Quota("mentee", [7], 1)]}, "A quota names mentee 7, and there are 2"),
        ({"mentee_keys": np.array([5, 5], np.uint64)}, "The mentees 0 and 1 have the same key 5"),
    ],
)
def test_groups_that_make_no_sense_are_refused_by_name(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        replace(Led(MatrixSource(np.ones((2, 2))), np.array([2, 2]), np.array([1, 0])), **changes)


def test_led_groups_that_were_tampered_with_are_not_proven() -> None:
    led = Led(MatrixSource([[5, 4, -1], [5, 4, 3], [5, 4, 3]]), np.array([3, 2, 1]), np.array([2, 0, 0]))
    result = groups(led)
    assert isinstance(result, Groups)
    for changes, why in (
        ({"members": ((0,),), "leaders": (0,)}, "the group of mentor 0 has 1 mentees"),
        ({"members": ((0, 1), (1,)), "leaders": (0, 1)}, "mentee 1 is in 2 groups"),
        ({"members": ((0,),), "leaders": (2,)}, "a hard rule forbids mentee 0 with mentor 2"),
        ({"members": ((9,),), "leaders": (1,)}, "names somebody who is not there"),
        ({"total": 14}, "The groups are worth 15, and it says 14"),
        ({"bound": 14}, "prove a bound of 15, and it says 14"),
        ({"relaxation": None}, "There is no flow"),
    ):
        with pytest.raises(CertificateError, match=why):
            verify_groups(replace(result, **changes), led)


def test_it_tells_how_far_it_is_and_stops_when_told() -> None:
    told = list[Progress]()
    circles = Circles(MatrixSource(np.arange(100).reshape(10, 10)), 3, 4)
    groups(circles, steps=QUICK, progress=told.append)
    assert told[0] == Progress("circles", 0, QUICK)
    asked = [0]

    def stop_at(moment: int) -> Any:
        asked[0] = 0

        def stop(progress: Progress) -> None:
            asked[0] += 1
            if asked[0] == moment:
                raise Cancelled

        return stop

    for moment in range(1, len(told) + 1):
        with pytest.raises(Cancelled):
            groups(circles, steps=QUICK, progress=stop_at(moment))


def by_search() -> tuple[Led, Groups]:
    scores = np.random.default_rng(1).integers(0, 100, (6, 3))
    led = Led(MatrixSource(scores), np.array([3] * 3), np.array([3] * 3))
    result = groups(led)
    assert result.proof == "search"
    return led, result


def test_a_bound_that_a_search_found_is_searched_for_again() -> None:
    led, result = by_search()
    verify_groups(result, led)
    assert result.total == result.bound < result.proven
    nothing = Groups((), (), 0, 0, "search", result.proven, relaxation=result.relaxation)
    for wrong in (replace(result, bound=result.bound + 1), nothing, nothing.sealed()):
        with pytest.raises(CertificateError, match="The same search comes to a bound of"):
            verify_groups(wrong, led)
    with pytest.raises(CertificateError, match="The same search"):
        verify_groups(replace(result, bound=result.bound + 1).sealed(), led)


def test_every_number_that_was_changed_is_found_and_what_was_stored_is_whole() -> None:
    scores = MatrixSource(np.random.default_rng(4).integers(0, 100, (9, 9)))
    for question, result in (by_search(), (circles := Circles(scores, 3, 3), groups(circles, steps=QUICK))):
        assert Groups.from_dict(result.to_dict()).to_dict() == result.to_dict()
        verify_groups(Groups.from_dict(json.loads(json.dumps(result.to_dict()))), question)
        for changes in (
            {"seed": 1},
            {"work": 2.0},
            {"steps": 7},
            {"proven": result.proven + 1},
            {"total": result.total - 1},
            {"bound": result.bound + 1},
            {"members": result.members[::-1], "leaders": result.leaders[::-1]},
            {"proof": "luck"},
            {"seal": ""},
        ):
            with pytest.raises(CertificateError):
                verify_groups(replace(result, **changes), question)


@pytest.mark.parametrize("triangle", [[0, 1, 1], [0, 1, -1], [0, 1, 9]])
def test_prices_of_companions_who_are_not_three_prove_nothing(triangle: list[int]) -> None:
    circles = Circles(MatrixSource(np.full((6, 6), 50)), 3, 3)
    result = groups(circles, steps=QUICK)
    assert result.prices is not None
    prices = CompanyPrices(result.prices.person, np.array([triangle]), np.array([90]))
    with pytest.raises(CertificateError, match="There are no prices"):
        verify_groups(replace(result, prices=prices), circles)


@pytest.mark.parametrize(
    ("question", "effort", "why"),
    [
        (3, {}, "Groups are made of Circles or of Led, not of 3"),
        (None, {"seed": 1.5}, "The seed must be a whole number, not 1.5"),
        (None, {"steps": -1}, "The number of steps must be a whole number from 0"),
        (None, {"work": float("nan")}, "The work must be a number of at least 0, not nan"),
    ],
)
def test_what_is_no_question_is_refused(question: Any, effort: dict[str, Any], why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        groups(question or Circles(MatrixSource(np.zeros((4, 4))), 2, 2), **effort)
