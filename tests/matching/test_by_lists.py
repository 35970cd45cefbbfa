"""Pairs that follow the lists of both sides: nobody would both rather, rules hold, kept pairs stand, and why not."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest

from matching.criteria.wishes import Ranks
from matching.engine import CertificateError, Changes, MatrixSource, Problem, blocking_pairs
from matching.solving.by_lists import FIRST, ByLists, Preferring, market_of, restored

Score = list[list[int]]


def asked(scores: Score, *, places: int = 1, floor: int = 0, keep: tuple[tuple[int, int], ...] = ()) -> Problem:
    matrix = np.array(scores, np.int32)
    return Problem(MatrixSource(matrix), np.full(matrix.shape[1], places), pins=keep, floor=floor)


def ranks(mentees: dict[int, list[int]], mentors: dict[int, list[int]]) -> Ranks:
    def places(lists: dict[int, list[int]]) -> dict[tuple[int, int], int]:
        return {(who, whom): rank for who, named in lists.items() for rank, whom in enumerate(named, start=1)}

    return Ranks(places(mentees), {(mentee, mentor): rank for (mentor, mentee), rank in places(mentors).items()})


def pairs(answer: ByLists) -> list[list[int]]:
    found: list[list[int]] = answer.pairs.tolist()
    return found


def test_a_wish_comes_before_all_points_and_points_decide_for_the_rest() -> None:
    problem = asked([[900_000, 100_000], [700_000, 800_000]])
    assert pairs(ByLists.of(problem, ranks({}, {}))) == [[0, 0], [1, 1]]
    assert pairs(ByLists.of(problem, ranks({0: [1]}, {}))) == [[0, 0], [1, 1]], "the mentor would rather have the other"
    assert pairs(ByLists.of(problem, ranks({0: [1]}, {1: [0]}))) == [[0, 1], [1, 0]]


def test_a_wish_overrides_neither_a_rule_nor_the_least_points() -> None:
    problem = asked([[-1, 500_000], [600_000, 400_000]], floor=450_000)
    both = ranks({0: [0], 1: [1]}, {0: [0], 1: [1]})
    assert pairs(ByLists.of(problem, both)) == [[0, 1], [1, 0]]
    answer = ByLists.of(problem, both)
    assert (answer.why_apart(0, 0), answer.why_apart(1, 1)) == ("forbidden", "below_floor")


def test_a_pair_that_is_kept_stands_beside_the_lists_and_is_no_reason_for_anybody_else() -> None:
    problem = asked([[1, 9], [9, 9]], keep=((0, 0),))
    answer = ByLists.of(problem, ranks({0: [1], 1: [0]}, {0: [1]}))
    assert pairs(answer) == [[0, 0], [1, 1]]
    assert answer.verify().pairs == 2
    assert (answer.why_apart(0, 1), answer.why_apart(1, 0)) == ("no_place", "no_place")


def test_of_two_who_are_apart_one_would_rather_have_somebody_else_or_a_lot_was_drawn() -> None:
    random, seen = Random(7), set()
    for seed in range(40):
        scores = [[random.choice((-1, 300_000, 300_000, 600_000)) for _ in range(4)] for _ in range(5)]
        lists = [
            {who: random.sample(range(others), random.randint(0, 3)) for who in range(count)}
            for count, others in ((5, 4), (4, 5))
        ]
        answer = ByLists.of(asked(scores, places=random.choice((1, 2))), ranks(*lists), seed=seed)
        market = market_of(answer.asked, answer.ranks)
        assert not len(blocking_pairs(answer.stable.pairs, market))
        mine, theirs = (side.block(np.arange(5)) for side in (market.mentees, market.mentors))  # type: ignore[union-attr]
        for mentee, mentor in product(range(5), range(4)):
            why = answer.why_apart(mentee, mentor)
            seen.add(why)
            has = [other for one, other in pairs(answer) if one == mentee]
            held = [one for one, other in pairs(answer) if other == mentor]
            if why == "mentee_prefers":
                assert all(mine[mentee, other] > mine[mentee, mentor] for other in has)
                assert has
            if why == "mentor_prefers":
                assert len(held) == market.capacity[mentor]
                assert all(theirs[one, mentor] > theirs[mentee, mentor] for one in held)
            if why == "lot":
                equal = [mine[mentee, other] == mine[mentee, mentor] for other in has]
                equal += [theirs[one, mentor] == theirs[mentee, mentor] for one in held]
                assert any(equal)
    assert seen == {"paired", "forbidden", "mentee_prefers", "mentor_prefers", "lot"}


def test_the_order_of_a_side_holds_every_wish_above_every_score() -> None:
    problem = asked([[1_000_000, 0, -1]])
    order = Preferring(problem, {(0, 1): 1, (0, 2): 2}).block(np.array([0]))
    assert order.tolist() == [[1_000_000, FIRST, -1]]
    assert FIRST - 10 > 1_000_000, "there is room for the longest list"


def test_what_was_kept_is_proven_again_and_a_change_of_it_is_seen() -> None:
    problem = asked([[900_000, 100_000], [800_000, 700_000]])
    named = ranks({0: [1]}, {1: [0]})
    answer = ByLists.of(problem, named, seed=3)
    again = restored(problem, named, answer.to_dict())
    assert again.verify() == answer.verify()
    assert pairs(again) == pairs(answer)
    with pytest.raises(CertificateError):
        restored(problem, ranks({}, {}), answer.to_dict()).verify()
    other = replace(answer.stable, pairs=np.array([[0, 0], [1, 1]])).sealed()
    with pytest.raises(CertificateError, match="would rather have each other"):
        ByLists(problem, named, other).verify()


def test_trying_a_pair_tells_who_else_would_move() -> None:
    problem = asked([[900_000, 100_000], [800_000, 700_000]])
    answer = ByLists.of(problem, ranks({0: [1]}, {1: [0]}))
    found, delta = answer.again(Changes(pin=[(0, 0)]))
    assert (delta.gone, delta.come) == (((0, 1), (1, 0)), ((0, 0), (1, 1)))
    assert (delta.pairs, delta.points) == (0, 900_000 + 700_000 - 100_000 - 800_000)
    assert found.verify().pairs == 2
    assert answer.fairness().pairs == 2
