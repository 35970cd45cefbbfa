"""Lists, words, switches and whole numbers: what stands where one of these belongs and is none is refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from matching.engine import (
    CertificateError,
    Changes,
    Circles,
    Evening,
    Factors,
    Led,
    Market,
    MatrixSource,
    NotSame,
    Problem,
    ProblemError,
    Same,
    Spread,
    WeightedSource,
    Wishes,
    explain,
    groups,
    prepare,
    rotate,
    solve,
    stable,
    verify,
    verify_groups,
    verify_rotation,
    verify_stable,
    what_if,
)
from matching.engine.people import People
from matching.engine.tables import Equal

NOTHING: Any = np.array(3)
SEVERAL: Any = np.array([1, 2, 3])
PLACES = np.ones(2, np.int64)
POOL = MatrixSource([[94, 41], [59, 22]])
PROBLEM = Problem(POOL, PLACES)
RESULT = solve(PROBLEM)
MARKET = Market(Wishes.of([[0, 1], [1]]), Wishes.of([[0], [1, 0]]), PLACES)
SEATED, ROUNDS, PAIRED = groups(Circles(POOL, 2, 2)), rotate(Evening(POOL, 2)), stable(MARKET)
ROWS = {"id": ["a", "b"]}
PEOPLE = People("mentee", ROWS, "id"), People("mentor", ROWS, "id")


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda: Wishes.of([[10**30]]), "Each entry of person 0's ranked list must be a whole number from -16777216"),
        (lambda: Wishes.of([[(0, 10**30)]]), "Each entry of person 0's ranked list must be a whole number"),
        (lambda: Wishes.of(NOTHING), "Ranked lists must be a list"),
        (lambda: Wishes.of([NOTHING]), "The ranked list of person 0 must be a list"),
        (lambda: Wishes.of([[NOTHING]]), "Each entry of person 0's ranked list must be a whole number"),
        (lambda: Evening(POOL, 1, past=NOTHING), "The past must be a list"),
        (lambda: Evening(POOL, 1, away_mentees=NOTHING), "The mentees away must be a list"),
        (lambda: rotate(Evening(POOL, 1), spread=SEVERAL), "Whether breaks are spread must be true or false"),
        (lambda: rotate(Evening(POOL, 1)).breaks(SEVERAL), "Rounds are of an Evening, not of ndarray"),
        (lambda: rotate(Evening(POOL, 2)).breaks(Evening(MatrixSource([[5]]), 1)), "The rounds are another evening's"),
        (lambda: Circles(POOL, 2, 10**30), "The most people of a circle must be a whole number from 0 to 2147483647"),
        (lambda: Circles(POOL, 2, 2, apart=NOTHING), "Those to be kept apart must be a list"),
        (lambda: Circles(POOL, 2, 2, spread=NOTHING), "Traits must be a list"),
        (lambda: Circles(POOL, 2, 2, spread=[Spread(NOTHING, 1)]), "The labels of a trait must be a list"),
        (lambda: Led(POOL, PLACES, PLACES, together=NOTHING), "Those to be together must be a list"),
        (lambda: Led(POOL, PLACES, PLACES, quotas=NOTHING), "Quotas must be a list"),
        (lambda: explain(RESULT, PROBLEM, exact=SEVERAL), "Whether margins are to be exact must be true or false"),
        (lambda: what_if(RESULT, PROBLEM, Changes(uncapped=SEVERAL)), "Whether the cap goes must be true or false"),
        (lambda: Same("one", 1000, "id", of=SEVERAL).build(*PEOPLE), "A column of mentors is named by a word"),
        (lambda: NotSame("one", "id", of=SEVERAL).build(*PEOPLE), "A column of mentors is named by a word"),
        (lambda: prepare(ROWS, ROWS, [], in_proportion=SEVERAL), "Whether weights are in proportion must be true"),
    ],
)
def test_lists_words_and_switches_are_what_they_should_be(ask: Callable[[], Any], why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        ask()


def test_a_trait_may_be_a_column_that_can_be_read_only_once() -> None:
    labels: Any = (label for label in [0, 0])
    assert groups(Circles(POOL, 2, 2, spread=[Spread(labels, 3)])).total == 97


def test_a_circle_may_be_as_large_as_everybody_and_larger_is_no_more() -> None:
    assert groups(Circles(POOL, 2, 2**31 - 1)).to_dict() == groups(Circles(POOL, 2, 2)).to_dict()


@pytest.mark.parametrize("wrong", [None, SEVERAL, 10**400, "x", b"x"], ids=str)
def test_whatever_stands_in_an_answer_is_no_proof_unless_it_is_true(wrong: Any) -> None:
    """Each part of each answer in turn: refused where it is verified and, if it cannot be written down, sealed."""
    asked: list[tuple[Any, Callable[[Any], Any]]] = [
        (RESULT, lambda answer: verify(answer, PROBLEM)),
        (SEATED, lambda answer: verify_groups(answer, Circles(POOL, 2, 2))),
        (ROUNDS, lambda answer: verify_rotation(answer, Evening(POOL, 2))),
        (PAIRED, lambda answer: verify_stable(answer, MARKET)),
    ]
    for answer, check in asked:
        for part in fields(answer):
            changed = replace(answer, **{part.name: wrong})
            if repr(getattr(answer, part.name)) == repr(wrong):
                continue
            with pytest.raises(CertificateError):
                check(changed)
            with suppress(CertificateError):
                assert changed.sealed().seal


ONES = Factors(np.ones((2, 1), np.float32), np.full((2, 1), 9, np.float32))


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"shape": None}, "A shape must be a list, not None"),
        ({"shape": (2,)}, "A shape is how many mentees and how many mentors"),
        ({"shape": (2, -1)}, "The number of people on a side must be a whole number from 0"),
        ({"weights": None}, "Weights must be whole numbers by criterion"),
        ({"weights": {"a": "x"}}, "The weight of 'a' must be a whole number from 0"),
        ({"weights": {"a": 999}}, "Weights must sum to 1000; these sum to 999"),
        ({"weights": {"a": 400, "b": 600}}, "The criterion 'b' needs either factors or a table"),
        ({"tables": {"a": Equal("xy", "xz")}}, "The criterion 'a' needs either factors or a table"),
        ({"factors": [ONES]}, "The factors must be given by criterion"),
        ({"factors": {"a": 1}}, "The criterion 'a' has 1 among the factors, which is none"),
        ({"tables": {"b": 1}}, "The criterion 'b' has 1 among the tables, which is none"),
        ({"rules": [3]}, "A rule must have an id, a word, and a mask; 3 has not"),
        ({"rules": None}, "Rules must be a list, not None"),
        ({"names": True}, "Names must be a list, not True"),
        ({"names": ("ab", "a")}, r"There are names for \[2, 1\], and there are \(2, 2\) people"),
    ],
)
def test_a_source_is_made_of_what_it_says(parts: dict[str, Any], why: str) -> None:
    given: dict[str, Any] = {"shape": (2, 2), "weights": {"a": 1000}, "factors": {"a": ONES}, "tables": {}, "rules": []}
    assert WeightedSource(**given).block(np.arange(2)).tolist() == [[9000] * 2] * 2
    with pytest.raises(ProblemError, match=why):
        WeightedSource(**(given | parts))
