"""Anybody's scores can be solved with: whatever a source hands out, and however it holds it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.engine import (
    CertificateError,
    Effort,
    Objective,
    Problem,
    ProblemError,
    ScoreSource,
    explain,
    solve,
    verify,
    why_not,
)
from matching.engine.scores import Ints
from tests.engine.problems import OBJECTIVES, examples

TABLE = np.array([[9, 4, 2, 0], [8, -1, 7, 3], [5, 5, 5, 5]])
PLACES = np.array([1, 1, 2, 1])


class Table:
    """A source that hands out its blocks in some form of its own."""

    def __init__(self, form: Any = None, shape: Any = (3, 4), table: Any = TABLE) -> None:
        self.form, self.shape, self.table = form, shape, np.asarray(table)

    def block(self, rows: Ints, cols: Ints | None = None) -> Any:
        block = self.table[rows] if cols is None else self.table[rows][:, cols]
        return block.astype(np.int32) if self.form is None else self.form(block)


def read_only(block: NDArray[Any]) -> NDArray[Any]:
    block = block.astype(np.int32)
    block.setflags(write=False)
    return block


def strided(block: NDArray[Any]) -> NDArray[Any]:
    """A view of every other number of something larger."""
    return np.repeat(np.repeat(block.astype(np.int32), 2, axis=0), 2, axis=1)[::2, ::2]


FORMS = {
    "int64": lambda block: block.astype(np.int64),
    "int8": lambda block: block.astype(np.int8),
    "big-endian": lambda block: block.astype(">i4"),
    "read-only": read_only,
    "column by column": lambda block: np.asfortranarray(block.astype(np.int32)),
    "a view": strided,
    "upside down": lambda block: block[::-1].astype(np.int32)[::-1],
    "lists": lambda block: block.tolist() if block.size else block,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_form_of_a_block_changes_nothing(form: Any, objective: Objective) -> None:
    usual = Problem(Table(), PLACES, np.array([1, 2, 1]), person_of=np.array([0, 1, 0]))
    problem = Problem(Table(form), PLACES, np.array([1, 2, 1]), person_of=np.array([0, 1, 0]))
    result = solve(problem, objective=objective)
    assert result.to_dict() == solve(usual, objective=objective).to_dict()
    assert verify(result, problem) == result.certificate
    assert explain(result, problem) == explain(result, usual)
    assert why_not(result, problem, 1, 0) == why_not(result, usual, 1, 0)


@pytest.mark.parametrize(
    "shape", [[3, 4], np.array([3, 4]), (np.int32(3), np.uint8(4))], ids=["list", "array", "numpy"]
)
def test_the_form_of_the_shape_changes_nothing(shape: Any) -> None:
    problem = Problem(Table(shape=shape), PLACES)
    assert problem.shape == (3, 4)
    result = solve(problem, effort=Effort(1, 1, 4))
    assert result.to_dict() == solve(Problem(Table(), PLACES)).to_dict()
    assert verify(result, problem) == result.certificate


def test_unsigned_scores_are_scores_too() -> None:
    problem = Problem(Table(lambda block: block.astype(np.uint16), table=np.abs(TABLE)), PLACES)
    result = solve(problem)
    assert (result.total, verify(result, problem)) == (21, result.certificate)


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (3, 0)])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_nobody_on_a_side_makes_no_pair(shape: tuple[int, int], objective: Objective) -> None:
    source: ScoreSource = Table(shape=shape, table=np.zeros(shape, int))
    problem = Problem(source, np.ones(shape[1], np.int64), person_of=np.zeros(shape[0], np.int64))
    result = solve(problem, objective=objective)
    assert (len(result.pairs), result.total) == (0, 0)
    assert verify(result, problem) == result.certificate


class Broken(Table):
    """A source that raises when it is asked for one person."""

    def block(self, rows: Ints, cols: Ints | None = None) -> Any:
        if 2 in rows:
            raise LookupError("mentee 2 has left")
        return super().block(rows, cols)


def test_what_a_source_raises_is_passed_on_as_it_is() -> None:
    with pytest.raises(LookupError, match="mentee 2 has left"):
        solve(Problem(Broken(), PLACES))


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (lambda block: block[:, :-1].astype(np.int32), "returned a block of shape .3, 3. where .3, 4. was asked for"),
        (lambda block: block.T.astype(np.int32), "returned a block of shape .4, 3. where .3, 4. was asked for"),
        (lambda block: block.astype(float), "returned numbers of type float64 where whole numbers are needed"),
        (lambda block: block > 0, "returned numbers of type bool where whole numbers are needed"),
        (lambda block: block.astype(object), "returned numbers of type object where whole numbers are needed"),
        (lambda block: None, "returned a block of shape .. where .3, 4. was asked for"),
        (lambda block: block.astype(np.int64) + 2**20, "The score 1048585 of mentee 0 with mentor 0 is outside"),
        (lambda block: block.astype(np.int64) + 2**32, "The score 4294967305 of mentee 0 with mentor 0 is outside"),
        (lambda block: np.where(block == 3, -9, block), "The score -9 of mentee 1 with mentor 3 is outside"),
    ],
)
def test_a_source_that_breaks_its_promise_is_refused_when_it_is_read(form: Any, why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        solve(Problem(Table(form), PLACES))


class Moody:
    """A source that never says the same twice."""

    def __init__(self, mood: str, shape: tuple[int, int]) -> None:
        self.mood, self.shape, self.asked = mood, shape, 0

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        self.asked += 1
        assert self.asked < 10_000, "the work must come to an end"
        shape = len(rows), self.shape[1] if cols is None else len(cols)
        if self.mood == "erratic":
            return np.random.default_rng(self.asked).integers(0, 900, shape).astype(np.int32)
        return np.full(shape, self.asked if self.mood == "better and better" else 10_000 - self.asked, np.int32)


@examples(26)
@given(
    st.sampled_from(["better and better", "worse and worse", "erratic"]),
    st.sampled_from(OBJECTIVES),
    st.integers(2, 9),
    st.integers(2, 9),
    st.booleans(),
)
def test_a_source_that_changes_its_mind_ends_and_is_found_out(
    mood: str, objective: Objective, mentees: int, mentors: int, several: bool
) -> None:
    source: ScoreSource = Moody(mood, (mentees, mentors))
    people = np.arange(mentees) // 2 if several else None
    problem = Problem(source, np.ones(mentors, np.int64), person_of=people)
    result = solve(problem, objective=objective, effort=Effort(1, 0, 2 * mentors, ties=0))
    with pytest.raises(CertificateError):
        verify(result, problem)
