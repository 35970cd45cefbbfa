"""One side of a pool as it is given: columns by name, checked as they are read, each fault told with column and
person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.problem import Keys, Side

KEY_BYTES = 8
MOST = 1e300


class People:
    """Columns of one side, all of one length. None, NaN and empty words stand for what is not known.

    key: the column of ids, words or whole numbers, by which faults name people; positions are ids if it is not there.
    """

    def __init__(self, side: Side, columns: Mapping[str, Any], key: str) -> None:
        if not isinstance(columns, Mapping):
            raise ProblemError(f"The {side}s must be given as columns by name, not as {type(columns).__name__}.")
        if not is_word(key):
            raise ProblemError(f"The column of ids is named by a word, not by {key!r}.")
        self.side, self._columns = side, {name: _plain(name, side, column) for name, column in columns.items()}
        lengths = {name: len(column) for name, column in self._columns.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise ProblemError(f"The {side}s' columns are not of one length: {told}.")
        if not lengths:
            raise ProblemError(f"There is no column of {side}s; one with ids alone would do.")
        self._length = next(iter(lengths.values()))
        self.ids: Sequence[Any] = self._columns.get(key, range(self._length))
        self._check_ids(key)

    def __len__(self) -> int:
        return self._length

    def __contains__(self, column: str) -> bool:
        return column in self._columns

    @cached_property
    def position(self) -> Mapping[Any, int]:
        """Where each id stands."""
        return {each: position for position, each in enumerate(self.ids)}

    def keys(self) -> Keys:
        """(people,) stable 64-bit identities from the ids, so that ties fall the same way whoever else is there."""
        return np.array([_key(each) for each in self.ids], np.uint64)

    def words(self, column: str) -> list[str]:
        """One word each, without the differences that case and spaces make; empty if not known."""
        return [self._word(column, position, value) for position, value in enumerate(self._column(column))]

    def lists(self, column: str) -> list[list[str]]:
        """A list of words each, each word once."""
        found = []
        for position, values in enumerate(self._column(column)):
            if values is None:
                values = ()
            if isinstance(values, np.ndarray):
                values = values.tolist()
            if isinstance(values, str | bytes) or not isinstance(values, Iterable):
                self.refuse(position, f"has {values!r} in the column {column!r}, where a list of words is needed")
            words = (self._word(column, position, value) for value in values)
            found.append([word for word in dict.fromkeys(words) if word])
        return found

    def numbers(self, column: str) -> NDArray[np.float64]:
        """(people,) a number each, NaN if not known."""
        return np.array([self._number(column, at, value) for at, value in enumerate(self._column(column))], np.float64)

    def places(self, column: str) -> list[tuple[float, float] | None]:
        """Latitude and longitude each, in degrees; None if not known."""
        return [self._place(column, position, value) for position, value in enumerate(self._column(column))]

    def counts(self, column: str, default: int, *, needed: bool = False) -> NDArray[np.int64]:
        """(people,) a whole number each; the default for those who have none, or for all if there is no such column,
        unless it is needed."""
        counts = np.full(len(self), default, np.int64)
        for position, value in enumerate(
            self._column(column) if needed or self._named(column) in self._columns else ()
        ):
            number = self._number(column, position, value)
            if not np.isnan(number):
                if number < 0 or number % 1 or number > np.iinfo(np.int32).max:
                    self.refuse(position, f"has {value!r} in the column {column!r}, where a whole number is needed")
                counts[position] = int(number)
        return counts

    def _column(self, column: str) -> Sequence[Any]:
        if self._named(column) not in self._columns:
            there = ", ".join(map(str, self._columns))
            raise ProblemError(f"The {self.side}s have no column {column!r}; there are {there}.")
        return self._columns[column]

    def _named(self, column: Any) -> str:
        if not isinstance(column, str):
            raise ProblemError(f"A column of {self.side}s is named by a word, not by {column!r}.")
        return column

    def _word(self, column: str, position: int, value: Any) -> str:
        if _unknown(value):
            return ""
        if not isinstance(value, str | int) or isinstance(value, bool):
            self.refuse(position, f"has {value!r} in the column {column!r}, where a word is needed")
        return folded(value)

    def _number(self, column: str, position: int, value: Any) -> float:
        if _unknown(value):
            return np.nan
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < MOST:
            self.refuse(position, f"has {value!r} in the column {column!r}, where a number is needed")
        return float(value)

    def _place(self, column: str, position: int, value: Any) -> tuple[float, float] | None:
        if _unknown(value):
            return None
        if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
            self.refuse(position, f"has {value!r} in the column {column!r}, where (latitude, longitude) is needed")
        latitude, longitude = (self._number(column, position, degrees) for degrees in value)
        if np.isnan(latitude) or np.isnan(longitude):
            return None
        if abs(latitude) > 90 or abs(longitude) > 180:
            self.refuse(position, f"has {value!r} in the column {column!r}, which is no place on Earth")
        return latitude, longitude

    def _check_ids(self, key: str) -> None:
        seen: dict[Any, int] = {}
        for position, each in enumerate(self.ids):
            if not is_word(each) or each == "" or each in seen:
                again = is_word(each) and each in seen
                self.refuse(position, "has the same id as another one" if again else f"has no id in the column {key!r}")
            seen[each] = position

    def refuse(self, position: int, why: str) -> NoReturn:
        """Raise ProblemError naming the person."""
        at: dict[str, Any] = {self.side: position}
        raise ProblemError(f"The {self.side} {self.ids[position]!r} {why}.", **at)


def is_word(value: Any) -> bool:
    """Whether people and words may be called so: a text or a whole number."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def folded(word: str | int) -> str:
    """A word without the differences that case and spaces make."""
    return " ".join(str(word).split()).casefold()


def _plain(name: str, side: Side, column: Any) -> Sequence[Any]:
    """A column as a list of Python's own values."""
    if isinstance(column, np.ndarray) and column.ndim:
        plain: list[Any] = column.tolist()
        return plain
    if isinstance(column, str | bytes | Mapping | np.ndarray) or not isinstance(column, Iterable):
        raise ProblemError(f"The {side}s' column {name!r} must be a list, one value for each of them.")
    return [value.item() if isinstance(value, np.generic) else value for value in column]


def _unknown(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value) or (isinstance(value, float) and np.isnan(value))


def _key(each: Any) -> int:
    if isinstance(each, int) and 0 <= each < 2 ** (8 * KEY_BYTES):
        return each
    return int.from_bytes(blake2b(str(each).encode(), digest_size=KEY_BYTES).digest())
