"""What a question about an answer is given, checked: the problem, its result, the people and pairs asked about.

Each refusal is a ProblemError that names the argument or the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from matching.engine.errors import ProblemError
from matching.engine.given import listed
from matching.engine.problem import Problem, Side
from matching.engine.result import Result
from matching.engine.scores import Ints

Pair = tuple[int, int]
FAR = 2**62


def problem_of(given: Any) -> Problem:
    """The problem. Raises ProblemError for anything else."""
    if not isinstance(given, Problem):
        raise ProblemError(f"The problem must be a Problem, not {type(given).__name__}.")
    return given


def answered(result: Any, problem: Any) -> None:
    """Raises ProblemError unless this is a result, with a price for each limit of this problem and pairs of its
    people. Whether it is a best answer is for verify() to say."""
    mentees, mentors = problem_of(problem).shape
    if not isinstance(result, Result):
        raise ProblemError(f"The result must be a Result, not {type(result).__name__}.")
    pairs = result.pairs
    sizes = len(result.mentee_duals), len(result.mentor_prices), len(result.quota_prices)
    there = pairs.ndim == 2 and ((pairs >= 0) & (pairs < (mentees, mentors))).all()
    if sizes != (mentees, mentors, len(problem.quotas)) or not there:
        raise ProblemError(
            f"The result is another problem's: it is of {sizes[0]} mentees, {sizes[1]} mentors and {sizes[2]} quotas, "
            f"and the problem of {mentees}, {mentors} and {len(problem.quotas)}."
        )


def person(given: Any, who: Side, there: int) -> int:
    """The position of somebody who is there."""
    if isinstance(given, bool | np.bool_) or not isinstance(given, int | np.integer):
        raise ProblemError(f"A {who} is named by position, a whole number, not by {given!r}.")
    if not 0 <= given < there:
        raise ProblemError(f"There is no {who} {given}; there are {there}.")
    return int(given)


def people(given: Any, who: Side, there: int) -> list[int]:
    """Positions of people who are there, as they come."""
    return [person(each, who, there) for each in _items(given, f"The {who}s asked about")]


def pairs(given: Any, what: str, shape: tuple[int, int] | None = None) -> list[Pair]:
    """Pairs (mentee, mentor), as they come; of people who are there, if there is a shape."""
    found = []
    for each in _items(given, what):
        pair = tuple(_items(each, f"Each of {what[0].lower()}{what[1:]}"))
        if len(pair) != 2 or not all(_whole(one) for one in pair):
            raise ProblemError(f"{what} must be pairs of a mentee and a mentor by position, not {each!r}.")
        mentee, mentor = (int(one) for one in pair)
        if shape is not None and not (0 <= mentee < shape[0] and 0 <= mentor < shape[1]):
            raise ProblemError(f"{what} name mentee {mentee} and mentor {mentor}, who are not both there.")
        found.append((mentee, mentor))
    return found


def numbers_by_name(given: Any, what: str) -> Mapping[Any, int]:
    """A mapping to whole numbers of any sign."""
    if not isinstance(given, Mapping):
        raise ProblemError(f"{what} must be numbers by name, not {given!r}.")
    for name, number in given.items():
        if not _whole(number) or abs(int(number)) > FAR:
            raise ProblemError(f"{what} must be whole numbers; that of {name!r} is {number!r}.")
    return {name: int(number) for name, number in given.items()}


def listener(given: Any) -> None:
    """Raises ProblemError unless it is nothing or can be called."""
    if given is not None and not callable(given):
        raise ProblemError(f"Whoever is told of progress must be a function, not {given!r}.")


def columns(given: Any, what: str) -> Ints:
    """(n, 2) the same pairs, whoever may be there."""
    if isinstance(given, np.ndarray) and given.dtype == np.int64 and given.shape[1:] == (2,):
        return given  # as our own results hold them
    return np.array(pairs(given, what), np.int64).reshape(-1, 2)


def _items(given: Any, what: str) -> list[Any]:
    some = listed(given, what)
    return list(some.tolist() if isinstance(some, np.ndarray) else some)


def _whole(number: Any) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool) and abs(int(number)) <= FAR
