"""What the other questions (evenings, circles, led groups, markets) are given, checked by the same sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from matching.engine.errors import ProblemError


def integer(number: Any, what: str) -> int:
    """A whole number of any sign; true, false and fractions are none. Raises ProblemError."""
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        raise ProblemError(f"{what} must be a whole number, not {number!r}.")
    return int(number)


def tuples(given: Any, what: str, length: int) -> tuple[tuple[int, ...], ...]:
    """A list of so many whole numbers each. Raises ProblemError."""
    found = []
    for one in items(given, f"The list of {what}s"):
        numbers = tuple(items(one, f"A {what}"))
        if len(numbers) != length:
            raise ProblemError(f"A {what} has {length} numbers, not {len(numbers)}: {numbers!r}.")
        found.append(tuple(integer(number, f"Each number of a {what}") for number in numbers))
    return tuple(found)


def items(given: Any, what: str) -> Iterable[Any]:
    """The things in a list, or a refusal of what is none. Raises ProblemError."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise ProblemError(f"{what} must be a list, not {given!r}.")
    return given
