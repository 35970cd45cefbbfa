"""Which pairs the flow sees: the best few of each mentee, then those that the prices ask for, until no other can
matter.

Column generation, as for transport problems in Zanetti & Gondzio, arXiv 2206.11009. The best few alone are not exact;
pricing out all others is what makes the answer a proven one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.pool import FITS_32, Pool
from matching.engine.prices import expand
from matching.engine.scores import BLOCK_PAIRS, Ints, Whole

Part = tuple[Ints, Ints, Ints]
NOTHING: Part = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
MANY = 3 * 2**19


@dataclass(frozen=True)
class Effort:
    """How to go about it. This changes time and memory, never the result.

    first, more: pairs per mentee that the flow sees at first, and that each later look may add, fewer where mentees are
    many; block: pairs whose scores are held at a time; ties: tied pairs to remember before looking for them again
    instead; spare: pairs per mentee to keep at hand beside those that the flow sees, fewer where mentees are many;
    workers: threads that look at blocks. With more than one, the scores' source is asked from several threads
    at once, and has to bear that; so it is one unless somebody who knows the source says otherwise.
    solve() raises ProblemError unless all are whole numbers, with at least one pair to a block and 1 … 256 workers.
    """

    first: int = 32
    more: int = 16
    block: int = BLOCK_PAIRS
    ties: int = 2**20
    workers: int = 1
    spare: int = 160


@dataclass(frozen=True)
class Columns:
    """Possible pairs by row and column, sorted by both, and their worth; first[i] … first[i+1] are those of row i.

    They are held in as few bits as will do, and handed out as int64, made anew each time.
    """

    first: Ints
    held_col: Whole
    held_worth: Whole

    @classmethod
    def of(cls, rows: int, parts: list[Part]) -> Columns:
        """Join and sort parts that have no pair in common."""
        row, col, worth = (joined(part) for part in zip(*parts, strict=True))
        first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
        place = row.astype(np.int64) * (int(col.max(initial=0)) + 1) + col
        if not (place[1:] > place[:-1]).all():
            # Each part is a sorted run already, or nearly so, and a stable sort merges runs.
            order = np.argsort(place, kind="stable")
            col, worth = col[order], worth[order]
        return cls(first, col, worth)

    def __len__(self) -> int:
        return len(self.held_col)

    @property
    def row(self) -> Ints:
        """(columns,) the mentee of each."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    @property
    def col(self) -> Ints:
        """(columns,) the mentor of each."""
        return self.held_col.astype(np.int64)

    @property
    def worth(self) -> Ints:
        """(columns,) what each is worth."""
        return self.held_worth.astype(np.int64)

    def part(self) -> Part:
        """Row, column and worth of each."""
        return self.row, self.col, self.worth

    def valued(self, worth: Ints) -> Columns:
        """The same pairs, worth something else."""
        return replace(self, held_worth=narrow(worth))

    def among(self, rows: Ints) -> tuple[Ints, Ints]:
        """Which of these are in the rows (sorted), and at which place of them."""
        index, owner = expand(self.first, rows)
        return index, np.searchsorted(rows, owner)

    def places(self, rows: Ints, cols: Ints | None = None) -> tuple[Ints, Ints]:
        """Row and column of these pairs in the block of some rows and columns (both sorted; all columns if None)."""
        index, row = self.among(rows)
        col = self.held_col[index].astype(np.int64)
        if cols is None:
            return row, col
        place = np.searchsorted(cols, col)
        there = np.append(cols, -1)[place] == col
        return row[there], place[there]

    def with_more(self, parts: list[Part]) -> Columns:
        """These and others, which are few."""
        more = Columns.of(len(self.first) - 1, [NOTHING, *parts])
        mentors = 1 + max(int(columns.held_col.max(initial=0)) for columns in (self, more))
        place = np.searchsorted(self.row * mentors + self.held_col, more.row * mentors + more.held_col)
        col, worth = (
            np.result_type(*both) for both in ((self.held_col, more.held_col), (self.held_worth, more.held_worth))
        )
        return Columns(
            self.first + more.first,
            np.insert(self.held_col.astype(col, copy=False), place, more.held_col),
            np.insert(self.held_worth.astype(worth, copy=False), place, more.held_worth),
        )


def narrow(numbers: Whole) -> Whole:
    """The same in 32 bits, if all of them fit."""
    fits = numbers.min(initial=0) > -FITS_32 and numbers.max(initial=0) < FITS_32
    return numbers.astype(np.int32, copy=False) if fits else numbers


def joined(parts: Sequence[Whole]) -> Whole:
    """All in one, narrow if all of them are."""
    return np.concatenate([narrow(part) for part in parts])


def pair_prices(pool: Pool, potential: Ints) -> tuple[Ints, Ints]:
    """What mentees must be paid for and what mentors cost, with all limits around them: a pair's price is the sum."""
    mentees = len(pool.demand)
    return -potential[:mentees], potential[mentees : mentees + len(pool.capacity)]


def heaviest_of_each(row: Ints, gain: Ints, most: int) -> Ints:
    """Indices of the entries that gain, at most so many of the heaviest of each row; row: sorted."""
    gaining = np.flatnonzero(gain > 0)
    order = gaining[np.lexsort((-gain[gaining], row[gaining]))]
    place = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    return order[place < most]
