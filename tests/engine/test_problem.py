"""What makes no sense is refused at once, in a sentence that names who or what."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matching.engine import MatrixSource, Pin, Problem, ProblemError, Quota, solve
from matching.engine.scores import SCORE_LIMIT, Ints

SCORES = MatrixSource([[10, 20, 30], [40, 50, -1]])
PLACES = np.array([1, 2, 1])


class Sized(MatrixSource):
    """A source that says it has another shape."""

    shape: Any = None

    def __init__(self, shape: Any) -> None:
        self.shape = shape


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        ([1, 2], "a table of mentees by mentors; this has 1 dimensions"),
        ([[1, float("nan")]], "The score nan of mentee 0 with mentor 1 is not a whole number"),
        ([[1, 2], [3, float("inf")]], "The score inf of mentee 1 with mentor 1 is outside"),
        ([[1, 2], [3, 4.5]], "The score 4.5 of mentee 1 with mentor 1 is not a whole number"),
        ([[-2, 0]], "The score -2 of mentee 0 with mentor 0 is outside"),
        ([[0, SCORE_LIMIT]], "The score 1048576 of mentee 0 with mentor 1 is outside"),
        ([["a", "b"]], "must be numbers; these are of type"),
        ([[1, None]], "must be numbers; these are of type object"),
        ([[1, 2**70]], "must be numbers; these are of type object"),
        ([[True, False]], "must be numbers; these are of type bool"),
        ([[1j, 2]], "must be numbers; these are of type complex128"),
        ([[1], [1, 2]], "the rows of this are of several lengths"),
        (np.ma.array([[1, 2]], mask=[[False, True]]), "The score 2 of mentee 0 with mentor 1 is missing"),
        (np.array([[1, 2**63]], np.uint64), "The score 9223372036854775808 of mentee 0 with mentor 1 is outside"),
        (np.array([[0.5, 1]], np.float16), "The score 0.5 of mentee 0 with mentor 0 is not a whole number"),
    ],
)
def test_a_matrix_of_anything_but_scores_is_refused(scores: Any, why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        MatrixSource(scores)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"source": [[1, 2, 3]]}, "Scores come from a source with a shape, mentees by mentors, and blocks"),
        ({"source": np.zeros((2, 3))}, "Scores come from a source with a shape, mentees by mentors, and blocks"),
        ({"source": Sized((2,))}, "Scores come from a source with a shape, mentees by mentors, and blocks"),
        ({"source": Sized(None)}, "Scores come from a source with a shape, mentees by mentors, and blocks"),
        (
            {"source": Sized((-1, 3))},
            "The number of people on a side must be .* from 0 to 16777216, not -1",
        ),
        ({"source": Sized((2, 3.0))}, "The number of people on a side must be a whole number from 0 to .*, not 3.0"),
        ({"source": Sized((2**31, 3))}, "The number of people on a side must be a whole number from 0 to .*, not 2147"),
        ({"capacity": None}, "The column capacity has shape ..; one number for each of 3 mentors"),
        ({"capacity": 3}, "The column capacity has shape ..; one number for each of 3 mentors"),
        ({"capacity": [1, 2]}, "The column capacity has shape .2,.; one number for each of 3 mentors"),
        ({"capacity": [[1, 2, 3]]}, "The column capacity has shape .1, 3.; one number for each of 3 mentors"),
        ({"capacity": [[1], [1, 2], [3]]}, "The column capacity has rows of several lengths"),
        ({"capacity": iter([1, 2, 3])}, "The column capacity has shape ..; one number for each of 3 mentors"),
        ({"capacity": [1, -1, 1]}, "The capacity -1 of mentor 1 is below zero"),
        ({"capacity": [1, float("nan"), 1]}, "The capacity nan of mentor 1 is not a whole number"),
        ({"capacity": [1, 1, float("inf")]}, "The capacity inf of mentor 2 is not a whole number"),
        ({"capacity": [1, 1.5, 1]}, "The capacity 1.5 of mentor 1 is not a whole number"),
        ({"capacity": [1, None, 1]}, "The capacity None of mentor 1 is not a whole number"),
        ({"capacity": np.array([1, "2", 1], object)}, "The capacity 2 of mentor 1 is not a whole number"),
        ({"capacity": np.array([1, True, 1], object)}, "The capacity True of mentor 1 is not a whole number"),
        ({"capacity": [1, 2**40, 1]}, "The capacity 1099511627776 of mentor 1 is above"),
        ({"capacity": [1, 1, 2**70]}, "The capacity 1180591620717411303424 of mentor 2 is above"),
        ({"capacity": [1e300, 1, 1]}, "The capacity 1e.300 of mentor 0 is above"),
        ({"capacity": ["a", "b", "c"]}, "The column capacity has numbers of type <U1; they must hold whole numbers"),
        ({"capacity": [True, False, True]}, "The column capacity has numbers of type bool"),
        ({"capacity": [1, 2, 1j]}, "The column capacity has numbers of type complex128"),
        ({"capacity": np.ma.masked_equal([1, 2, 3], 2)}, "The column capacity has no number for mentor 1"),
        ({"demand": [1]}, "The column demand has shape .1,.; one number for each of 2 mentees"),
        ({"demand": [1, 4]}, "Mentee 1 wants 4 mentors, and there are 3"),
        ({"demand": [-1, 1]}, "The demand -1 of mentee 0 is below zero"),
        ({"demand": [2**64, 1]}, "The demand 18446744073709551616 of mentee 0 is above"),
        ({"person_of": [0]}, "The column person_of has shape .1,.; one number for each of 2 mentees"),
        ({"person_of": [0, -1]}, "The person_of -1 of mentee 1 is below zero"),
        ({"person_of": ["a", "b"]}, "The column person_of has numbers of type <U1"),
        ({"mentee_keys": [7, 7]}, "The mentees 0 and 1 have the same key 7"),
        ({"mentee_keys": [2**64 - 1, 2**64 - 1]}, "The mentees 0 and 1 have the same key 18446744073709551615"),
        ({"mentee_keys": [2**64, 0]}, "from 0 to 2..64 - 1; 18446744073709551616 of mentee 0 is not"),
        ({"mentee_keys": [None, 0]}, "from 0 to 2..64 - 1; None of mentee 0 is not"),
        ({"mentee_keys": [True, False]}, "The mentee keys have numbers of type bool"),
        ({"mentor_keys": [3, 1, 3]}, "The mentors 0 and 2 have the same key 3"),
        ({"mentor_keys": [1, 2]}, "The mentor keys have shape .2,.; one number for each of 3 mentors"),
        (
            {"mentor_keys": [1, -2, 3]},
            "whole numbers from 0 to 2..64 - 1; -2 of mentor 1 is not",
        ),
        (
            {"mentor_keys": [1.0, 2.0, 3.0]},
            "whole numbers from 0 to 2..64 - 1; 1.0 of mentor 0",
        ),
        ({"pins": None}, "Pins must be a list, not None"),
        ({"pins": "01"}, "Pins must be a list, not '01'"),
        ({"pins": [0, 1]}, "A pin must be a list, not 0"),
        ({"pins": [(0, 1, 2)]}, "A pin must be a mentee and a mentor, not .0, 1, 2."),
        ({"pins": [(0, 1.0)]}, "A pin must be a whole number from 0 to 2147483647, not 1.0"),
        ({"pins": [(True, 0)]}, "A pin must be a whole number from 0 to 2147483647, not True"),
        ({"pins": [(0, 2**70)]}, "A pin must be a whole number from 0"),
        ({"pins": [(1, 2)]}, "Mentee 1 is pinned to mentor 2, but a hard rule forbids that pair"),
        ({"pins": [Pin(1, 2, because="  ")]}, "Mentee 1 is pinned to mentor 2, but a hard rule forbids that pair"),
        ({"pins": [Pin(1, 2, because=7)]}, "The reason of a pin must be in words, not 7"),  # type: ignore[arg-type]
        (
            {"pins": [Pin(1, 3, because="They met")]},
            "The pin of mentee 1 to mentor 3 names somebody who is not there",
        ),
        ({"pins": [(2, 0)]}, "The pin of mentee 2 to mentor 0 names somebody who is not there"),
        ({"pins": [(0, -1)]}, "A pin must be a whole number from 0"),
        ({"pins": [(0, 0), (1, 0)]}, "Mentor 0 has 2 pins and 1 places"),
        ({"pins": [(0, 0), (0, 1)]}, "Mentee 0 has 2 pins and wants 1 mentors"),
        ({"pins": [(0, 1), (0, 1)], "demand": [2, 1]}, "Mentee 0 is pinned to mentor 1 twice"),
        (
            {"pins": [(0, 1), (1, 1)], "person_of": [5, 5]},
            "Mentees 0 and 1 are one person, and both are pinned to",
        ),
        ({"pins": [(0, 0), (1, 1)], "max_pairs": 1}, "There are 2 pins, more than the cap of 1 pairs"),
        ({"max_pairs": -1}, "The cap on pairs must be a whole number from 0"),
        ({"max_pairs": 2.5}, "The cap on pairs must be a whole number from 0"),
        ({"max_pairs": float("inf")}, "The cap on pairs must be a whole number from 0"),
        ({"floor": -1}, "The floor must be a whole number from 0 to 1048575, not -1"),
        ({"floor": None}, "The floor must be a whole number from 0 to 1048575, not None"),
        ({"floor": float("nan")}, "The floor must be a whole number from 0 to 1048575, not nan"),
        ({"floor": SCORE_LIMIT}, "The floor must be a whole number from 0 to 1048575, not 1048576"),
        ({"floor": True}, "The floor must be a whole number"),
        ({"min_load": [0, 3, 0]}, "Mentor 1 must have 3 mentees, with 2 places and 2 mentees there"),
        (
            {"min_load": [0, 2, 0], "person_of": [1, 1]},
            "Mentor 1 must have 2 mentees, with 2 places and 1",
        ),
        ({"min_load": [0, 0, -1]}, "The min_load -1 of mentor 2 is below zero"),
        ({"min_load": [2, 0, 0]}, "Mentor 0 must have 2 mentees, with 1 places and 2 mentees there"),
        ({"min_load": [0, 0]}, "The column min_load has shape .2,.; one number for each of 3 mentors"),
        ({"quotas": 3}, "Quotas must be a list, not 3"),
        ({"quotas": [("mentor", [0], 1)]}, "A quota must be a Quota, not .'mentor'"),
        ({"quotas": [Quota("mentor", [0, 3], 1)]}, "A quota names mentor 3, and there are 3"),
        ({"quotas": [Quota("mentor", [0.5], 1)]}, "A quota's member must be a whole number from 0"),
        ({"quotas": [Quota("mentor", "01", 1)]}, "The members of a quota must be a list, not '01'"),
        ({"quotas": [Quota("mentee", [0], -1)]}, "A quota must be a whole number from 0"),
        ({"quotas": [Quota("mentee", [0], None)]}, "A quota must be a whole number from 0"),  # type: ignore[arg-type]
        ({"quotas": [Quota("friend", [0], 1)]}, "A quota is for the side 'mentee' or 'mentor', not 'friend'"),  # type: ignore[arg-type]
        (
            {"quotas": [Quota("mentor", [0, 1], 1), Quota("mentor", [1, 2], 1)]},
            "The quotas 0 and 1 overlap, and neither lies within the other",
        ),
        ({"quotas": [Quota("mentor", [0, 1], 0)], "pins": [(0, 0)]}, "Quota 0 allows 0 pairs, and 1 are pinned in it"),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        Problem(**{"source": SCORES, "capacity": PLACES, **changes})


def test_the_person_at_fault_can_be_read_from_the_error() -> None:
    with pytest.raises(ProblemError) as caught:
        Problem(SCORES, PLACES, pins=[(1, 2)])
    assert (caught.value.mentee, caught.value.mentor) == (1, 2)


def test_a_problem_keeps_its_own_frozen_copy_of_the_columns() -> None:
    capacity = np.array([1, 2, 1])
    problem = Problem(SCORES, capacity)
    capacity[0] = 99
    assert problem.capacity.tolist() == [1, 2, 1]
    with pytest.raises(ValueError, match="read-only"):
        problem.capacity[0] = 99


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(ProblemError, match="There is no objective 'happiness'; there are total"):
        solve(Problem(SCORES, PLACES), objective="happiness")  # type: ignore[arg-type]


class Huge:
    """So many people that counting pairs before points takes more than 64 bits."""

    shape = (900_000, 900_000)

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        raise AssertionError("refused before any score is read")


def test_what_would_overflow_is_refused_before_any_work() -> None:
    places = np.ones(900_000, np.int64)
    with pytest.raises(ProblemError, match="too large to be solved exactly in 64-bit integers"):
        solve(Problem(Huge(), places), objective="most_pairs")


@pytest.mark.parametrize("objective", ["total", "most_pairs", "worst_off_first"])
def test_the_highest_scores_there_can_be_are_added_up_exactly(objective: Any) -> None:
    people = 120
    scores = np.full((people, people), SCORE_LIMIT - 1)
    problem = Problem(MatrixSource(scores), np.full(people, people), np.full(people, people))
    assert solve(problem, objective=objective).total == people * people * (SCORE_LIMIT - 1)


def test_keys_of_64_bits_beside_small_ones_are_kept_exactly() -> None:
    keys = [2**63 + 5, 7, 2**64 - 1]
    problem = Problem(MatrixSource([[1], [2], [3]]), np.ones(1, np.int64), mentee_keys=keys)  # type: ignore[arg-type]
    assert problem.keys()[0].tolist() == keys
