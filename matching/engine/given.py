"""What a problem is given, checked: columns, keys, pins and quotas, each refused with the position of what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.scores import Ints, ScoreSource

Keys = NDArray[np.uint64]
MOST_PEOPLE = 2**24
MOST_PLACES = 2**31 - 1
MOST_KEY = 2**64 - 1


def shape_of(source: ScoreSource) -> tuple[int, int]:
    """How many mentees and mentors a source says there are. Raises ProblemError for what is no source."""
    shape = getattr(source, "shape", None)
    numbers = list(shape) if isinstance(shape, Iterable) else []
    if len(numbers) != 2 or not callable(getattr(source, "block", None)):
        raise ProblemError("Scores come from a source with a shape, mentees by mentors, and blocks of scores.")
    mentees, mentors = (whole(number, "The number of people on a side", MOST_PEOPLE) for number in numbers)
    return mentees, mentors


def counts(name: str, given: Any, who: str, length: int) -> Ints:
    """A frozen copy of a column of whole numbers 0 … 2**31 - 1, one per person. Raises ProblemError naming the first
    person who has another one."""
    column = _column(f"column {name} has", given, who, length)
    for position, number in enumerate(column.tolist() if column.dtype.kind not in "iu" else ()):
        if isinstance(number, bool) or not isinstance(number, int | float | np.integer) or number % 1:
            _refuse(f"The {name} {number} of {who} {position} is not a whole number.", who, position)
    for wrong, why in ((column < 0, "is below zero"), (column > MOST_PLACES, f"is above {MOST_PLACES}")):
        for position in np.flatnonzero(wrong)[:1].tolist():
            _refuse(f"The {name} {column[position]} of {who} {position} {why}.", who, position)
    return frozen(column.astype(np.int64))


def keys(given: Any, who: str, length: int) -> Keys:
    """A frozen copy of the stable keys: whole numbers from 0 to 2**64 - 1, no two the same; None is the positions.
    Raises ProblemError naming the first person who has another one."""
    if given is None:
        return frozen(np.arange(length, dtype=np.uint64))
    column = _column(f"{who} keys have", given, who, length)
    if column.dtype.kind == "f" and not isinstance(given, np.ndarray):
        # numpy makes fractions of a list whose numbers fit into no one type of integers
        column = np.array(given, object)
    for position, number in enumerate(column.tolist() if column.dtype.kind != "u" else ()):
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number <= MOST_KEY:
            _refuse(
                f"The {who} keys must be whole numbers from 0 to 2**64 - 1; {number} of {who} {position} is not.",
                who,
                position,
            )
    column = column.astype(np.uint64)
    order = np.argsort(column, kind="stable")
    for place in np.flatnonzero(column[order][1:] == column[order][:-1])[:1].tolist():
        first, second = int(order[place]), int(order[place + 1])
        _refuse(f"The {who}s {first} and {second} have the same key {column[first]}.", who, second)
    return frozen(column)


def listed(given: Any, what: str) -> Iterable[Any]:
    """The things in a list. Raises ProblemError for what is none."""
    shapeless = isinstance(given, np.ndarray) and not given.ndim
    if isinstance(given, str | bytes) or not isinstance(given, Iterable) or shapeless:
        raise ProblemError(f"{what} must be a list, not {given!r}.")
    return given


def numbers(given: Any, all_of_them: str, what: str, length: int) -> tuple[tuple[int, ...], ...]:
    """A list of so many whole numbers each, of any sign. Raises ProblemError for anything else."""
    found = []
    for one in listed(given, all_of_them):
        some = tuple(listed(one, f"A {what}"))
        if len(some) != length:
            raise ProblemError(f"A {what} has {length} numbers, not {len(some)}: {some!r}.")
        found.append(tuple(integer(number, f"Each number of a {what}") for number in some))
    return tuple(found)


def integer(number: Any, what: str, most: int | None = None) -> int:
    """A whole number of any sign, no further from 0 than `most`, if that is given. Raises ProblemError for anything
    else; true, false and fractions are none."""
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        raise ProblemError(f"{what} must be a whole number, not {number!r}.")
    if most is not None and abs(int(number)) > most:
        raise ProblemError(f"{what} must be a whole number from -{most} to {most}, not {number}.")
    return int(number)


def switch(given: Any, what: str) -> bool:
    """True or false. Raises ProblemError for anything else."""
    if not isinstance(given, bool | np.bool_):
        raise ProblemError(f"{what} must be true or false, not {given!r}.")
    return bool(given)


def whole(number: Any, what: str, most: int = MOST_PLACES) -> int:
    """A whole number from 0 to most; true and false are none. Raises ProblemError."""
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number <= most:
        raise ProblemError(f"{what} must be a whole number from 0 to {most}, not {number}.")
    return int(number)


def frozen(column: NDArray[Any]) -> NDArray[Any]:
    """The column, which nobody can change any more."""
    column.setflags(write=False)
    return column


def _column(what: str, given: Any, who: str, length: int) -> NDArray[Any]:
    """A copy of one number per person, of whatever type they may be."""
    try:
        column: NDArray[Any] = np.array(given)
    except ValueError:
        raise ProblemError(f"The {what} rows of several lengths; one number for each {who} is needed.") from None
    if column.shape != (length,):
        raise ProblemError(f"The {what} shape {column.shape}; one number for each of {length} {who}s is needed.")
    for position in np.flatnonzero(np.ma.getmaskarray(np.ma.asarray(given)))[:1].tolist():
        _refuse(f"The {what} no number for {who} {position}.", who, position)
    if length and column.dtype.kind not in "iufO":
        raise ProblemError(f"The {what} numbers of type {column.dtype}; they must hold whole numbers.")
    if not length:
        return column.astype(np.int64)
    return column.astype(np.float64) if column.dtype.kind == "f" else column


def _refuse(sentence: str, who: str, position: int) -> None:
    raise ProblemError(sentence, **{who: position})
