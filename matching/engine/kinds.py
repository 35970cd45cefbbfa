"""Kinds of criteria and of hard rules, as data: what each looks at, in which columns, and what it makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from matching.engine.bounds import WHOLE
from matching.engine.errors import ProblemError
from matching.engine.factors import coverage, indicator, lookup, numbered
from matching.engine.given import listed
from matching.engine.people import MOST, People, folded, is_word
from matching.engine.scores import Ints
from matching.engine.tables import EARTH_IN_KILOMETERS, Equal, NearNumbers, NearPlaces
from matching.engine.weighted import Factors, Mask, Rule, Table

MOST_RADIUS = 100_000


class Criterion(Protocol):
    """0 … 1000 points of every pair, 500 where something is not known; weight: its part of the score.

    build() gives them for the people of a pool. It raises ProblemError if the criterion asks for a column that is not
    there or makes no sense itself, and names the person whose value is none.
    """

    @property
    def id(self) -> str:
        """What it is called."""
        ...

    @property
    def weight(self) -> float:
        """Its part of the score; whole if all are and sum to 1000."""
        ...

    def build(self, mentees: People, mentors: People) -> Factors | Table:
        """Its points for these people. Raises ProblemError."""
        ...


class HardRule(Protocol):
    """Which pairs may not be. What is not known forbids nothing. build() raises ProblemError as that of a Criterion."""

    @property
    def id(self) -> str:
        """What it is called wherever it is the reason."""
        ...

    def build(self, mentees: People, mentors: People) -> Rule:
        """Its mask for these people. Raises ProblemError."""
        ...


@dataclass(frozen=True)
class Same:
    """1000 points if both have the same word in a column, `otherwise` if not. of: the mentors' column, if it has
    another name."""

    id: str
    weight: float
    column: str
    of: str | None = None
    otherwise: int = 0

    def build(self, mentees: People, mentors: People) -> Table:
        """A comparison of numbered words. Raises ProblemError for what is no word, or no points."""
        return Equal(mentees.words(self.column), mentors.words(_other(self)), _points(self, self.otherwise))


@dataclass(frozen=True)
class Covers:
    """The share of the mentee's words, a list each, that the mentor has too, of 1000 points: how far wishes are met,
    not how much two lists overlap. of: as for Same."""

    id: str
    weight: float
    column: str
    of: str | None = None

    def build(self, mentees: People, mentors: People) -> Factors:
        """Shares times ones. Raises ProblemError for what is no list of words."""
        return coverage(mentees.lists(self.column), mentors.lists(_other(self)))


@dataclass(frozen=True)
class Near:
    """1000 points for the same number, half of that at `half_at` from it, a quarter at twice that, in the unit of the
    column. of: as for Same."""

    id: str
    weight: float
    column: str
    half_at: float
    of: str | None = None

    def build(self, mentees: People, mentors: People) -> Table:
        """A table by difference. Raises ProblemError for what is no number, or no distance."""
        half_at = _above_zero(self, self.half_at)
        return NearNumbers(mentees.numbers(self.column), mentors.numbers(_other(self)), half_at)


@dataclass(frozen=True)
class NearOnEarth:
    """The same of two places (latitude, longitude) in degrees, by their great-circle distance; half_at: in the unit of
    `radius`, kilometers unless another one is given."""

    id: str
    weight: float
    column: str
    half_at: float
    of: str | None = None
    radius: float = EARTH_IN_KILOMETERS

    def build(self, mentees: People, mentors: People) -> Table:
        """A table by chords. Raises ProblemError for what is no place on Earth, or no distance."""
        half_at, radius = _above_zero(self, self.half_at), _above_zero(self, self.radius)
        if radius > MOST_RADIUS:
            raise ProblemError(f"The criterion {self.id!r} needs a radius up to {MOST_RADIUS:,}, not {self.radius}.")
        return NearPlaces(mentees.places(self.column), mentors.places(_other(self)), half_at, radius)


@dataclass(frozen=True)
class Lookup:
    """Points of each (mentee's word, mentor's word), `otherwise` for those not in the table. Its words are compared
    without case and spaces too."""

    id: str
    weight: float
    column: str
    points: Mapping[tuple[str, str], int]
    of: str | None = None
    otherwise: int = 0

    def build(self, mentees: People, mentors: People) -> Factors:
        """One factor per word of a mentor. Raises ProblemError for what is no word, or no points."""
        if not isinstance(self.points, Mapping):
            raise ProblemError(f"The criterion {self.id!r} needs points by pairs of words, not {self.points!r}.")
        for each in (*self.points.values(), self.otherwise):
            _points(self, each)
        mine, theirs = mentees.words(self.column), mentors.words(_other(self))
        table = self._folded()
        return lookup(mine, theirs, lambda one, other: table.get((one, other), self.otherwise))

    def _folded(self) -> dict[tuple[str, str], int]:
        """The table as its words are compared."""
        table: dict[tuple[str, str], int] = {}
        for pair, points in self.points.items():
            if not isinstance(pair, tuple) or len(pair) != 2 or not all(is_word(word) for word in pair):
                raise ProblemError(f"The criterion {self.id!r} has points of {pair!r}, where two words are needed.")
            if table.setdefault((folded(pair[0]), folded(pair[1])), points) != points:
                raise ProblemError(f"The criterion {self.id!r} has other points of {pair!r} in another spelling.")
        return table


@dataclass(frozen=True)
class NotSame:
    """Two who have the same word may not be a pair: one employer, one family."""

    id: str
    column: str
    of: str | None = None

    def build(self, mentees: People, mentors: People) -> Rule:
        """Equal numbers of words. Raises ProblemError for what is no word."""
        mine, theirs = mentees.words(self.column), mentors.words(_other(self))
        place = numbered(word for word in (*mine, *theirs) if word)
        one = np.array([place.get(word, -1) for word in mine], np.int64)
        other = np.array([place.get(word, -2) for word in theirs], np.int64)
        return _Rule(self.id, lambda rows, cols: one[rows, None] == other[cols])


@dataclass(frozen=True)
class OneInCommon:
    """Two who both name words, none of them the same, may not be a pair: no common language."""

    id: str
    column: str
    of: str | None = None

    def build(self, mentees: People, mentors: People) -> Rule:
        """A product of ones; who names nothing has something in common with everybody. Raises ProblemError for what is
        no list of words."""
        mine, theirs = mentees.lists(self.column), mentors.lists(_other(self))
        place = numbered(word for words in mine for word in words)
        one, other = indicator(mine, place), indicator(theirs, place)
        said = [np.array([bool(words) for words in side], np.bool_) for side in (mine, theirs)]
        return _Rule(self.id, lambda rows, cols: (one[rows] @ other[cols].T == 0) & said[0][rows, None] & said[1][cols])


@dataclass(frozen=True)
class AtLeast:
    """A mentor whose number is not at least the mentee's plus `more` may not be: years of work, a rank."""

    id: str
    column: str
    more: float = 0
    of: str | None = None

    def build(self, mentees: People, mentors: People) -> Rule:
        """A comparison, false for numbers that are not known. Raises ProblemError for what is no number."""
        more = _number(self.more)
        if more is None:
            raise ProblemError(f"The rule {self.id!r} needs a number by which to be more, not {self.more!r}.")
        mine, theirs = mentees.numbers(self.column), mentors.numbers(_other(self))
        return _Rule(self.id, lambda rows, cols: theirs[cols] < mine[rows, None] + more)


@dataclass(frozen=True)
class Never:
    """Listed pairs of (mentee's id, mentor's id) may not be. Who is not there is of no account."""

    id: str
    pairs: Sequence[tuple[Any, Any]]

    def build(self, mentees: People, mentors: People) -> Rule:
        """Found by sorted numbers of pairs. Raises ProblemError for what is no pair of ids."""
        row, col, size = mentees.position, mentors.position, len(mentors)
        pairs = [self._pair(pair) for pair in listed(self.pairs, f"The pairs of the rule {self.id!r}")]
        cells = [row[one] * size + col[other] for one, other in pairs if one in row and other in col]
        never = np.array(sorted(set(cells)), np.int64)
        return _Rule(self.id, lambda rows, cols: np.isin(rows[:, None] * size + cols, never))

    def _pair(self, pair: Any) -> tuple[Any, Any]:
        ids = tuple(listed(pair, f"Each pair of the rule {self.id!r}"))
        if len(ids) != 2 or not all(is_word(one) for one in ids):
            raise ProblemError(f"The rule {self.id!r} names {pair!r}, where a mentee's and a mentor's id are needed.")
        return ids[0], ids[1]


class _Compares(Protocol):
    @property
    def column(self) -> str: ...
    @property
    def of(self) -> str | None: ...


def _other(kind: _Compares) -> str:
    """The mentors' column to compare with."""
    return kind.column if kind.of is None else kind.of


class _Mask(Protocol):
    def __call__(self, rows: Ints, cols: Ints, /) -> Any: ...


@dataclass(frozen=True)
class _Rule:
    id: str
    forbids: _Mask

    def mask(self, rows: Ints, cols: Ints) -> Mask:
        """True where the rule forbids a pair of rows × cols."""
        return np.asarray(self.forbids(rows, cols), np.bool_)


def _points(criterion: Criterion, points: int) -> int:
    if isinstance(points, bool) or not isinstance(points, int | np.integer) or not 0 <= points <= WHOLE:
        raise ProblemError(f"The criterion {criterion.id!r} gives {points} points; they are whole, from 0 to {WHOLE}.")
    return int(points)


def _number(given: Any) -> float | None:
    """A number that is finite as a fraction of 64 bits, None for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | float | np.integer | np.floating):
        return None
    number: Any = given.item() if isinstance(given, np.generic) else given
    return float(number) if abs(number) < MOST else None


def _above_zero(criterion: Criterion, number: float) -> float:
    found = _number(number)
    if found is None or not found > 0:
        raise ProblemError(f"The criterion {criterion.id!r} needs a distance above zero, not {number!r}.")
    return found
