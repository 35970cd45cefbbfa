"""The question: who ranks whom on both sides, by lists or by scores, and how many places there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from matching.engine.errors import ProblemError
from matching.engine.given import MOST_PEOPLE, integer, listed, shape_of
from matching.engine.problem import Keys, Problem, Side
from matching.engine.scores import FORBIDDEN, SCORE_LIMIT, Ints, ScoreSource, blocks_of, read_block

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Wishes:
    """Ranked lists of one side as flat columns: person p ranks choice[start[p] : start[p + 1]], best first.

    Whoever is not on a list is not wanted at any price. start: (people + 1,) from 0; choice: positions on the other
    side; level: None if all orders are strict, else as long as choice and never falling within a list: neighbors of
    one level are equally welcome. Columns are copied and frozen. Raises ProblemError if they do not fit together.
    """

    start: Ints
    choice: Ints
    level: Ints | None = None

    def __post_init__(self) -> None:
        for name in ("start", "choice") if self.level is None else ("start", "choice", "level"):
            object.__setattr__(self, name, _column(name, getattr(self, name)))
        start = self.start
        if start[:1].tolist() != [0] or start[-1] != len(self.choice) or (np.diff(start) < 0).any():
            raise ProblemError(f"The starts of the ranked lists must rise from 0 to {len(self.choice)}.")
        if self.level is not None:
            self._check_levels(self.level)

    @classmethod
    def of(cls, lists: Iterable[Iterable[int | Collection[int]]]) -> Self:
        """From plain lists, best first; a collection within a list holds those who are equally welcome. Raises
        ProblemError for anything but lists of whole numbers."""
        start, choice, level = [0], list[int](), list[int]()
        for ranked in listed(lists, "Ranked lists"):
            person = len(start) - 1
            for number, some in enumerate(listed(ranked, f"The ranked list of person {person}")):
                alone = isinstance(some, str | bytes) or not isinstance(some, Collection)
                alone = alone or (isinstance(some, np.ndarray) and not some.ndim)
                each = f"Each entry of person {person}'s ranked list"
                equals = sorted(integer(one, each, MOST_PEOPLE) for one in ([some] if alone else some))
                choice += equals
                level += [number] * len(equals)
            start.append(len(choice))
        return cls(np.array(start, np.int64), np.array(choice, np.int64), np.array(level, np.int64))

    @property
    def row(self) -> Ints:
        """Whose list each entry is on."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @property
    def points(self) -> Ints:
        """What each entry is worth to whoever ranks it: most for the first, one less for each step down."""
        if self.level is None:
            return SCORE_LIMIT - 1 - np.arange(len(self.choice)) + self.start[self.row]
        down = np.diff(self.level, prepend=0) != 0
        steps = np.cumsum(down)
        points: Ints = SCORE_LIMIT - 1 - steps + steps[self.start[self.row]]
        return points

    def _check_levels(self, level: Ints) -> None:
        if len(level) != len(self.choice):
            raise ProblemError(f"There are {len(level)} levels for {len(self.choice)} entries of ranked lists.")
        for entry in np.flatnonzero((np.diff(level) < 0) & (np.diff(self.row) == 0))[:1]:
            raise ProblemError(f"The ranked list of person {self.row[entry]} is not in the order of its levels.")


@dataclass(frozen=True, eq=False)
class Market:
    """Mentees who rank mentors, mentors who rank mentees, and their places. Columns are copied, checked and frozen.

    mentees: how mentees rank mentors: lists, or scores mentees × mentors, higher is better, -1 is never.
    mentors: how mentors rank mentees: lists, one per mentor, or scores, also mentees × mentors.
    capacity: (mentors,) places; demand: (mentees,) different mentors wanted at most, None is one each.
    mentee_keys, mentor_keys: stable identities, which settle ties; None is the position.
    Raises ProblemError with the position of the person whose list names somebody absent, or twice, and for columns
    that do not fit.
    """

    mentees: Wishes | ScoreSource
    mentors: Wishes | ScoreSource
    capacity: Ints
    demand: Ints | None = None
    mentee_keys: Keys | None = None
    mentor_keys: Keys | None = None

    def __post_init__(self) -> None:
        for side in (self.mentees, self.mentors):
            if not isinstance(side, Wishes):
                shape_of(side)
        mentees, mentors = self.shape
        if max(mentees, mentors) >= SCORE_LIMIT:
            raise ProblemError(f"There must be fewer than {SCORE_LIMIT} people on a side.")
        for given, who in ((self.mentees, "mentee"), (self.mentors, "mentor")):
            if not isinstance(given, Wishes) and given.shape != self.shape:
                raise ProblemError(f"The {who}s' scores are of shape {given.shape}; {self.shape} is needed.")
        asked = np.ones(mentees, np.int64) if self.demand is None else np.array(self.demand)
        most = np.minimum(asked, max(1, mentors)) if asked.dtype.kind in "iuf" else asked
        columns = Problem(
            _NoScores(self.shape), self.capacity, most, mentee_keys=self.mentee_keys, mentor_keys=self.mentor_keys
        )
        for name in ("capacity", "demand", "mentee_keys", "mentor_keys"):
            object.__setattr__(self, name, getattr(columns, name))
        if isinstance(self.mentees, Wishes):
            _check_names(self.mentees, "mentee", "mentor", mentors)
        if isinstance(self.mentors, Wishes):
            _check_names(self.mentors, "mentor", "mentee", mentees)
        self._check_twice()

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        mentees = len(self.mentees.start) - 1 if isinstance(self.mentees, Wishes) else self.mentees.shape[0]
        mentors = len(self.mentors.start) - 1 if isinstance(self.mentors, Wishes) else self.mentors.shape[1]
        return mentees, mentors

    def _check_twice(self) -> None:
        for table, who in zip(self.tables, ("mentee", "mentor"), strict=True):
            if table is None:
                continue
            row = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
            for entry in np.flatnonzero((np.diff(table.indices) == 0) & (np.diff(row) == 0))[:1]:
                mentee, mentor = int(row[entry]), int(table.indices[entry])
                both = f"Mentee {mentee} ranks mentor {mentor}", f"Mentor {mentor} ranks mentee {mentee}"
                raise ProblemError(f"{both[who == 'mentor']} twice.", mentee=mentee, mentor=mentor)

    @cached_property
    def tables(self) -> tuple[csr_array | None, csr_array | None]:
        """Both sides' lists as sparse matrices mentees × mentors of points, columns in order; None where there are
        scores. What a matrix does not hold is not wanted."""
        mentees, mentors = self.mentees, self.mentors
        return (
            _table(mentees, self.shape[1]) if isinstance(mentees, Wishes) else None,
            _table(mentors, self.shape[0]).T.tocsr() if isinstance(mentors, Wishes) else None,
        )

    @property
    def wanted(self) -> Ints:
        """(mentees,) `demand`, with its default filled in."""
        assert self.demand is not None
        return self.demand

    def keys(self) -> tuple[Keys, Keys]:
        """Stable identities of mentees and mentors, with their defaults filled in."""
        assert self.mentee_keys is not None
        assert self.mentor_keys is not None
        return self.mentee_keys, self.mentor_keys


def _table(wishes: Wishes, others: int) -> csr_array:
    from scipy.sparse import csr_array  # loaded at first use: it takes a while

    table = csr_array((wishes.points, wishes.choice, wishes.start), shape=(len(wishes.start) - 1, others), copy=True)
    table.sort_indices()
    return table


def scores_of(source: ScoreSource, row: Ints, col: Ints) -> Ints:
    """The scores of some pairs, read in blocks of whole rows."""
    scores = np.full(len(row), FORBIDDEN, np.int64)
    order = np.argsort(row, kind="stable")
    for rows in blocks_of(np.unique(row), source.shape[1]):
        here = order[slice(*np.searchsorted(row[order], [rows[0], rows[-1] + 1]))]
        scores[here] = read_block(source, rows)[np.searchsorted(rows, row[here]), col[here]]
    return scores


@dataclass(frozen=True)
class _NoScores:
    """Of a shape only: the columns of a market are checked as those of a problem."""

    shape: tuple[int, int]

    def block(self, rows: Ints, cols: Ints | None = None) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
        """Nobody may have anybody."""
        return np.full((len(rows), self.shape[1] if cols is None else len(cols)), FORBIDDEN, np.int32)


def _check_names(wishes: Wishes, who: Side, whom: Side, others: int) -> None:
    """Raise ProblemError if a list names somebody absent."""
    row, choice = wishes.row, wishes.choice
    for entry in np.flatnonzero((choice < 0) | (choice >= others))[:1]:
        person = int(row[entry])
        raise ProblemError(
            f"{who.capitalize()} {person} ranks {whom} {choice[entry]}, and there are {others}.", **{who: person}
        )


def _column(name: str, given: Ints) -> Ints:
    column = np.array(given)
    if column.ndim != 1 or (column.size and column.dtype.kind not in "iu"):
        raise ProblemError(f"The column {name} of ranked lists must hold whole numbers.")
    column = column.astype(np.int64, copy=False)
    column.setflags(write=False)
    return column
