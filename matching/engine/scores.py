"""Where scores come from: the one entry through which the engine sees a pool, and a matrix already at hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching.engine.errors import ProblemError

Ints = NDArray[np.int64]
Whole = NDArray[np.signedinteger[Any]]
FORBIDDEN = -1
SCORE_LIMIT = 2**20
BLOCK_PAIRS = 2**20
PAIRS_AT_ONCE = 256


class ScoreSource(Protocol):
    """Scores of mentees × mentors, read block by block, so that nothing ever holds them all.

    The same rows and columns must give the same scores each time they are asked for.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        ...

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores 0 … 2**20 - 1 of rows × cols (all mentors if None); -1 where a hard rule forbids the pair."""
        ...


class MatrixSource:
    """A whole matrix of scores that is already in memory: mentees × mentors integers, -1 where a pair is forbidden.

    Raises ProblemError, naming the mentee and mentor by position, for a number that is not whole or out of range.
    """

    def __init__(self, scores: ArrayLike) -> None:
        given = _table(scores)
        if given.ndim != 2:
            raise ProblemError(f"Scores must be a table of mentees by mentors; this has {given.ndim} dimensions.")
        if given.dtype.kind not in "iuf" and given.size:
            raise ProblemError(f"Scores must be numbers; these are of type {given.dtype}.")
        if given.dtype.kind == "f":
            given = given.astype(np.float64)
            _refuse(given, given != np.floor(given), "is not a whole number")
        check_scores(given)
        self._scores = given.astype(np.int32)

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        mentees, mentors = self._scores.shape
        return mentees, mentors

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores of rows × cols as int32, all mentors if cols is None."""
        return self._scores[rows] if cols is None else self._scores[np.ix_(rows, cols)]


def check_scores(scores: NDArray[Any], rows: Ints | None = None, cols: Ints | None = None) -> None:
    """Raise ProblemError at the first score outside -1 … 2**20 - 1; rows and cols give a block's positions in the
    whole."""
    if scores.size and not (scores.min() >= FORBIDDEN and scores.max() < SCORE_LIMIT):
        _refuse(
            scores, ~((scores >= FORBIDDEN) & (scores < SCORE_LIMIT)), f"is outside -1 … {SCORE_LIMIT - 1}", rows, cols
        )


def read_block(source: ScoreSource, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
    """(rows, cols) scores as int32, of all mentors if cols is None.

    Raises ProblemError if the source returns another shape, anything but whole numbers, or a score out of range. That
    it says the same each time is not seen here: an answer to a source that changes is found by verify().
    """
    scores = np.asarray(source.block(rows, cols))
    asked = (len(rows), source.shape[1] if cols is None else len(cols))
    if scores.shape != asked:
        raise ProblemError(f"The scores' source returned a block of shape {scores.shape} where {asked} was asked for.")
    if scores.dtype.kind not in "iu":
        raise ProblemError(
            f"The scores' source returned numbers of type {scores.dtype} where whole numbers are needed."
        )
    check_scores(scores, rows, cols)
    return scores.astype(np.int32, copy=False)


def read_pairs(source: ScoreSource, pairs: Ints) -> Ints:
    """(pairs,) the scores of these pairs alone, some at a time in a block of their rows and columns."""
    scores = np.zeros(len(pairs), np.int64)
    for first in range(0, len(pairs), PAIRS_AT_ONCE):
        some = slice(first, first + PAIRS_AT_ONCE)
        rows, row = np.unique(pairs[some, 0], return_inverse=True)
        cols, col = np.unique(pairs[some, 1], return_inverse=True)
        scores[some] = read_block(source, rows, cols)[row, col]
    return scores


def blocks_of(rows: Ints, mentors: int, pairs: int = BLOCK_PAIRS) -> Iterator[Ints]:
    """The rows in order, so many at a time that with all mentors they make about `pairs` pairs (at least one row)."""
    step = max(1, pairs // max(1, mentors))
    for first in range(0, len(rows), step):
        yield rows[first : first + step]


def exact_sum(numbers: NDArray[np.signedinteger[Any]], times: Ints | int = 1) -> int:
    """A sum, or a dot product, in Python's integers, which do not overflow."""
    return int((numbers.astype(object) * times).sum()) if len(numbers) else 0


def _table(scores: ArrayLike) -> NDArray[Any]:
    try:
        table: NDArray[Any] = np.asarray(scores)
    except ValueError:
        raise ProblemError(
            "Scores must be a table of mentees by mentors; the rows of this are of several lengths."
        ) from None
    if table.ndim == 2:
        _refuse(table, np.ma.getmaskarray(np.ma.asarray(scores)), "is missing")
    return table


def _refuse(
    scores: NDArray[Any], wrong: NDArray[np.bool_], why: str, rows: Ints | None = None, cols: Ints | None = None
) -> None:
    for row, col in np.argwhere(wrong)[:1].tolist():
        mentee = row if rows is None else int(rows[row])
        mentor = col if cols is None else int(cols[col])
        raise ProblemError(
            f"The score {scores[row, col]} of mentee {mentee} with mentor {mentor} {why}.", mentee=mentee, mentor=mentor
        )
