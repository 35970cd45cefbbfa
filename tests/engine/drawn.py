"""Examples read off one string of bytes: hypothesis draws and shrinks that in a tenth of the time of many choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Made = TypeVar("Made")
Value = TypeVar("Value")


class Drawn:
    """Choices, one after another, of one byte each, or two where there is much to choose from."""

    def __init__(self, some: bytes) -> None:
        self._some, self._at = some, 0

    def numbers(self, length: int, below: int = 256) -> NDArray[np.int64]:
        """(length,) numbers from 0."""
        kind = np.dtype(">u1" if below <= 256 else ">u2")
        taken = np.frombuffer(self._some, kind, length, self._at)
        self._at += length * kind.itemsize
        return taken.astype(np.int64) % below

    def number(self, low: int, high: int) -> int:
        """A number from low to high."""
        return low + int(self.numbers(1, high - low + 1)[0])

    def one(self, values: Sequence[Value]) -> Value:
        """One of these."""
        return values[self.number(0, len(values) - 1)]

    def some(self, length: int, values: Sequence[int]) -> NDArray[np.int64]:
        """(length,) of these numbers, any of them several times."""
        return np.array(values, np.int64)[self.numbers(length, len(values))]

    def order(self, length: int) -> list[int]:
        """The numbers below length, shuffled."""
        shuffled: list[int] = np.argsort(self.numbers(length), kind="stable").tolist()
        return shuffled

    def scores(self, mentees: int, mentors: int, highest: int) -> NDArray[np.int64]:
        """A table of scores from 0 to the highest, a third of them -1."""
        cells = self.numbers(mentees * mentors).reshape(mentees, mentors)
        return np.where(cells % 3 == 2, -1, cells // 3 * 11 % (highest + 1))


def drawn(make: Callable[[Drawn], Made | None], size: int) -> st.SearchStrategy[Made]:
    """What is made of so many bytes; None is no example."""
    strings = st.binary(min_size=size, max_size=size)
    return strings.map(lambda some: cast(Made, make(Drawn(some)))).filter(lambda each: each is not None)
