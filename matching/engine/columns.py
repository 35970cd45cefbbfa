"""Which pairs the flow sees: the best few of each mentee, then those that the prices ask for, until no other can
matter.

Column generation, as for transport problems in Zanetti & Gondzio, arXiv 2206.11009. The best few alone are not exact;
pricing out all others is what makes the answer a proven one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.pool import Gains, Pool, impossible
from matching.engine.prices import expand
from matching.engine.progress import Watch
from matching.engine.scores import BLOCK_PAIRS, Ints, blocks_of

Part = tuple[Ints, Ints, Ints]
NOTHING: Part = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
NO_BOUND = -(2**61)
SCATTER = np.random.default_rng(0).random(2**12)


@dataclass(frozen=True)
class Effort:
    """How to go about it. This changes time and memory, never the result.

    first, more: pairs per mentee that the flow sees at first, and that each later look may add; block: pairs whose
    scores are held at a time; ties: tied pairs to remember before looking for them again instead.
    """

    first: int = 32
    more: int = 16
    block: int = BLOCK_PAIRS
    ties: int = 2**20


@dataclass(frozen=True)
class Columns:
    """Possible pairs by row and column, sorted by both, and their worth; first[i] … first[i+1] are those of row i."""

    row: Ints
    col: Ints
    worth: Ints
    first: Ints

    @classmethod
    def of(cls, rows: int, parts: list[Part]) -> Columns:
        """Join and sort parts that have no pair in common."""
        row, col, worth = (np.concatenate(part) for part in zip(*parts, strict=True))
        order = np.lexsort((col, row))
        first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
        return cls(row[order], col[order], worth[order], first)

    def among(self, rows: Ints) -> tuple[Ints, Ints]:
        """Which of these are in the rows (sorted), and at which place of them."""
        index, owner = expand(self.first, rows)
        return index, np.searchsorted(rows, owner)

    def places(self, rows: Ints) -> tuple[Ints, Ints]:
        """Row and column of these pairs in the block of some rows (sorted)."""
        index, row = self.among(rows)
        return row, self.col[index]

    def with_more(self, parts: list[Part]) -> Columns:
        """These and others."""
        return Columns.of(len(self.first) - 1, [(self.row, self.col, self.worth), *parts])


class Search:
    """Goes through all pairs block by block, and remembers enough to pass over most of them the next time.

    The pairs of mentee i that the flow does not see were worth at most bound[i] above the mentors' prices
    past[when[i]]. As long as that is below the mentee's own price, and no mentor has become so much cheaper since,
    none of them matters.
    tied: the unseen pairs that would gain exactly nothing, as of the last look; None if they are too many to hold.
    highest: no possible pair scores more, as of the first look.
    """

    def __init__(self, pool: Pool, watch: Watch, effort: Effort) -> None:
        self.pool, self.watch, self.effort = pool, watch, effort
        wanted = int(pool.demand.max(initial=0))
        self.first, self.more = effort.first + wanted, effort.more + wanted
        self.open_rows = np.flatnonzero(pool.demand > 0)
        self.shut_cols = np.flatnonzero(pool.capacity == 0)
        self.past = [np.zeros(len(pool.capacity), np.int64)]
        self.when = np.zeros(len(pool.demand), np.int64)
        self.bound = np.full(len(pool.demand), NO_BOUND)
        self.tied: list[Part] | None = []
        self.highest = 0

    def first_look(self) -> Columns:
        """The best possible pairs of each mentee, by score even where all are worth the same, for variety."""
        pool, parts = self.pool, [NOTHING]
        free = np.zeros(len(pool.demand), np.int64)
        for rows, worth in self.blocks(self.open_rows, free, self.past[0], replace(pool, slope=1)):
            row, col, left = _heaviest(worth, worth >= 0, self.first)
            taken = worth[row, col].astype(np.int64)
            parts.append((rows[row], col, taken if pool.slope else np.full(len(row), pool.bonus)))
            self.bound[rows] = left if pool.slope else np.where(left >= 0, pool.bonus, NO_BOUND)
            self.highest = max(self.highest, int(worth.max(initial=0)) - pool.bonus + pool.problem.floor)
        return Columns.of(len(pool.demand), parts)

    def look(self, columns: Columns, potential: Ints) -> list[Part]:
        """The pairs not among these that would gain at these potentials, the best few of each mentee; none if the flow
        is a best one."""
        mentee, mentor = pair_prices(self.pool, potential)
        still_open = self.pool.capacity > 0
        cheaper = np.array([np.min((mentor - past)[still_open], initial=-NO_BOUND) for past in self.past])
        doubtful = self.open_rows[(self.bound - cheaper[self.when] >= mentee)[self.open_rows]]
        self.past.append(mentor)
        self.when[doubtful] = len(self.past) - 1
        self.tied, gaining = [], []
        for rows, gains in self.blocks(doubtful, mentee, mentor):
            gains[columns.places(rows)] = impossible(gains)
            best = gains.max(axis=1, initial=impossible(gains))
            row, col, left = _heaviest(gains, gains > 0, self.more)
            gaining.append((rows[row], col, gains[row, col] + mentee[rows[row]] + mentor[col]))
            self.bound[rows] = mentee[rows] + np.maximum(left, np.minimum(best, 0))
            self._hold_ties(rows, gains, best >= 0, mentee, mentor)
        return [part for part in gaining if len(part[0])]

    def blocks(self, rows: Ints, mentee: Ints, mentor: Ints, pool: Pool | None = None) -> Iterator[tuple[Ints, Gains]]:
        """Blocks of rows with their pairs' gains, far below 0 for mentors who have no place left."""
        done = 0
        for block in blocks_of(rows, len(self.pool.capacity), self.effort.block):
            self.watch.tell("pairs", done, len(rows))
            gains = (pool or self.pool).gains(block, mentee, mentor)
            gains[:, self.shut_cols] = impossible(gains)
            yield block, gains
            done += len(block)

    def _hold_ties(self, rows: Ints, gains: Gains, some: NDArray[np.bool_], mentee: Ints, mentor: Ints) -> None:
        if self.tied is None:
            return
        row, col = np.nonzero(gains[some] == 0)
        row = rows[some][row]
        self.tied.append((row, col, mentee[row] + mentor[col]))
        if sum(len(part[0]) for part in self.tied) > self.effort.ties:
            self.tied = None


def pair_prices(pool: Pool, potential: Ints) -> tuple[Ints, Ints]:
    """What mentees must be paid for and what mentors cost, with all limits around them: a pair's price is the sum."""
    mentees = len(pool.demand)
    return -potential[:mentees], potential[mentees : mentees + len(pool.capacity)]


def _heaviest(gains: Gains, wanted: NDArray[np.bool_], most: int) -> tuple[Ints, Ints, Gains]:
    """Row and column of the wanted entries, which are those above some gain; and for each row the most that one of them
    can have that was not taken, far below 0 if all were.

    All, if they are few; else the `most` highest of each row, equals scattered, so that mentees do not all ask for the
    same few mentors.
    """
    rows, cols = gains.shape
    left = np.full(rows, impossible(gains))
    if cols <= most or np.count_nonzero(wanted) <= 2 * most * rows:
        row, col = np.nonzero(wanted)
        return row, col, left
    scatter = SCATTER[(np.arange(rows)[:, None] * 31 + np.arange(cols)) % len(SCATTER)]
    best = np.argpartition(gains + scatter, cols - most, axis=1)[:, -most:]
    row, place = np.nonzero(np.take_along_axis(wanted, best, axis=1))
    cut = np.count_nonzero(wanted, axis=1) > most
    left[cut] = np.take_along_axis(gains[cut], best[cut], axis=1).min(axis=1)
    return row, best[row, place], left


def heaviest_of_each(row: Ints, gain: Ints, most: int) -> Ints:
    """Indices of the entries that gain, at most so many of the heaviest of each row; row: sorted."""
    gaining = np.flatnonzero(gain > 0)
    order = gaining[np.lexsort((-gain[gaining], row[gaining]))]
    place = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    return order[place < most]
