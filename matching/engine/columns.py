"""Which pairs the flow sees: the best few of each mentee, then those that the prices ask for, until no other can
matter.

Column generation, as for transport problems in Zanetti & Gondzio, arXiv 2206.11009. The best few alone are not exact;
pricing out all others is what makes the answer a proven one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.pool import FITS_32, Gains, Pool, impossible
from matching.engine.prices import expand
from matching.engine.progress import Watch
from matching.engine.scores import BLOCK_PAIRS, Ints, blocks_of
from matching.engine.workers import Found, in_order

Part = tuple[Ints, Ints, Ints]
NOTHING: Part = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
NO_BOUND = -(2**61)
STRIP = 256
LINES = 65
SCATTER = np.random.default_rng(0).random(2**12)


@dataclass(frozen=True)
class Effort:
    """How to go about it. This changes time and memory, never the result.

    first, more: pairs per mentee that the flow sees at first, and that each later look may add; block: pairs whose
    scores are held at a time; ties: tied pairs to remember before looking for them again instead; workers: threads
    that look at blocks. With more than one, the scores' source is asked from several threads at once, and has to bear
    that; so it is one unless somebody who knows the source says otherwise.
    """

    first: int = 32
    more: int = 16
    block: int = BLOCK_PAIRS
    ties: int = 2**20
    workers: int = 1


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
        place = row * (int(col.max(initial=0)) + 1) + col
        if not (place[1:] > place[:-1]).all():
            # Each part is a sorted run already, or nearly so, and a stable sort merges runs.
            order = np.argsort(place, kind="stable")
            row, col, worth = row[order], col[order], worth[order]
        first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
        return cls(row, col, worth, first)

    def among(self, rows: Ints) -> tuple[Ints, Ints]:
        """Which of these are in the rows (sorted), and at which place of them."""
        index, owner = expand(self.first, rows)
        return index, np.searchsorted(rows, owner)

    def places(self, rows: Ints, cols: Ints | None = None) -> tuple[Ints, Ints]:
        """Row and column of these pairs in the block of some rows and columns (both sorted; all columns if None)."""
        index, row = self.among(rows)
        col = self.col[index]
        if cols is None:
            return row, col
        place = np.searchsorted(cols, col)
        there = np.append(cols, -1)[place] == col
        return row[there], place[there]

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

    def first_look(self, likely: Ints | None = None) -> Columns:
        """The best possible pairs of each mentee, by score even where all are worth the same, for variety; and if
        likely prices of mentors are known, a few that are best at those."""
        pool, parts = self.pool, [NOTHING]
        free, points_only = np.zeros(len(pool.demand), np.int64), replace(pool, slope=1, bonus=0)

        def best(rows: Ints, _: Ints | None) -> tuple[Part, Ints, int]:
            points = self._gains(points_only, rows, free, self.past[0])
            row, col, left = heaviest(points, -1, self.first)
            if likely is not None:
                row, col = self._with_likely(points, (row, col), likely)
            worth = pool.worth(points[row, col].astype(np.int64) + pool.problem.floor)
            bound = np.where(left >= 0, pool.worth(left.astype(np.int64) + pool.problem.floor), NO_BOUND)
            return (rows[row], col, worth), bound, int(points.max(initial=0)) + pool.problem.floor

        for rows, _, (part, bound, highest) in self._each([(self.open_rows, None)], best):
            parts.append(part)
            self.bound[rows] = bound
            self.highest = max(self.highest, highest)
        return Columns.of(len(pool.demand), parts)

    def _with_likely(self, points: Gains, taken: tuple[Ints, Ints], likely: Ints) -> tuple[Ints, Ints]:
        """Row and column of the pairs taken from a block, and of those not taken that are best at likely prices."""
        price = likely - self.pool.worth(np.full(1, self.pool.problem.floor))
        kind = np.int32 if np.abs(price).max(initial=0) < FITS_32 else np.int64
        gains: Gains = points.astype(kind) - price.astype(kind)
        gains[points < 0] = impossible(gains)
        gains[taken] = impossible(gains)
        row, col, _ = heaviest(gains, impossible(gains), self.more)
        return np.concatenate([taken[0], row]), np.concatenate([taken[1], col])

    def look(self, columns: Columns, potential: Ints) -> list[Part]:
        """The pairs not among these that would gain at these potentials, the best few of each mentee; none if the flow
        is a best one."""
        mentee, mentor = pair_prices(self.pool, potential)
        whole, partly = self._doubtful(mentee, mentor)
        self.past.append(mentor)
        self.bound[whole] = NO_BOUND
        for rows, _, line in partly:
            # No other mentor of theirs has become dearer by less than this.
            self.bound[rows] -= line
        self.when[np.concatenate([whole, *(rows for rows, _, _ in partly)])] = len(self.past) - 1
        self.tied, gaining = [], []

        def best(rows: Ints, cols: Ints | None) -> tuple[Part, Ints, Part]:
            gains = self._gains(self.pool, rows, mentee, mentor, cols)
            theirs = np.arange(len(mentor)) if cols is None else cols
            gains[columns.places(rows, cols)] = impossible(gains)
            most = gains.max(axis=1, initial=impossible(gains))
            row, col, left = heaviest(gains, 0, self.more)
            part = rows[row], theirs[col], gains[row, col] + mentee[rows[row]] + mentor[theirs[col]]
            row, col = _where(gains[most >= 0] == 0) if self.tied is not None else NOTHING[:2]
            row, col = rows[most >= 0][row], theirs[col]
            return part, mentee[rows] + np.maximum(left, np.minimum(most, 0)), (row, col, mentee[row] + mentor[col])

        tasks = [(whole, None), *((rows, cols) for rows, cols, _ in partly)]
        for rows, _, (part, bound, ties) in self._each(tasks, best):
            gaining.append(part)
            self.bound[rows] = np.maximum(self.bound[rows], bound)
            self._hold_ties(ties)
        return [part for part in gaining if len(part[0])]

    def _doubtful(self, mentee: Ints, mentor: Ints) -> tuple[Ints, list[tuple[Ints, Ints, int]]]:
        """Whose pairs may gain now, or tie: mentees with any mentor; and others with those mentors only who have not
        become dearer by at least so much as all others. That line is drawn where the fewest pairs are to be priced."""
        whole, partly, mentors = [NOTHING[0]], [], len(mentor)
        for when in np.unique(self.when[self.open_rows]).tolist():
            rows = self.open_rows[self.when[self.open_rows] == when]
            dearer = np.where(self.pool.capacity > 0, mentor - self.past[when], -NO_BOUND)
            steps, wanted = np.sort(dearer), self.bound[rows] - mentee[rows]
            lines = steps[np.linspace(0, mentors - 1, LINES).astype(np.int64)] if mentors else steps
            beyond = len(rows) - np.searchsorted(np.sort(wanted), lines)
            if not len(lines) or not beyond[0]:
                continue
            work = beyond * mentors + (beyond[0] - beyond) * np.searchsorted(steps, lines)
            line = int(lines[work.argmin()])
            whole.append(rows[wanted >= line])
            some = rows[(wanted < line) & (wanted >= lines[0])]
            if len(some):
                partly.append((some, np.flatnonzero(dearer < line), line))
        return np.sort(np.concatenate(whole)), partly

    def blocks(self, rows: Ints, mentee: Ints, mentor: Ints) -> Iterator[tuple[Ints, Gains]]:
        """Blocks of rows with their pairs' gains, far below 0 for mentors who have no place left."""
        work = self._each([(rows, None)], lambda block, cols: self._gains(self.pool, block, mentee, mentor, cols))
        return ((block, gains) for block, _, gains in work)

    def _each(
        self, tasks: Sequence[tuple[Ints, Ints | None]], work: Callable[[Ints, Ints | None], Found]
    ) -> Iterator[tuple[Ints, Ints | None, Found]]:
        """What the work finds in blocks of these rows with these columns. Progress is told in mentees with all
        mentors."""
        mentors = max(1, len(self.pool.capacity))
        widths = [mentors if cols is None else len(cols) for _, cols in tasks]
        total = sum(len(rows) * width for (rows, _), width in zip(tasks, widths, strict=True))

        def told() -> Iterator[tuple[Ints, Ints | None]]:
            done = 0
            for (rows, cols), width in zip(tasks, widths, strict=True):
                for block in blocks_of(rows, width, self.effort.block):
                    self.watch.tell("pairs", done // mentors, -(-total // mentors))
                    yield block, cols
                    done += len(block) * width

        return in_order(lambda task: (*task, work(*task)), told(), self.effort.workers)

    def _gains(self, pool: Pool, rows: Ints, mentee: Ints, mentor: Ints, cols: Ints | None = None) -> Gains:
        gains = pool.gains(rows, mentee, mentor, cols)
        gains[:, self.shut_cols if cols is None else np.flatnonzero(pool.capacity[cols] == 0)] = impossible(gains)
        return gains

    def _hold_ties(self, ties: Part) -> None:
        if self.tied is None:
            return
        self.tied.append(ties)
        if sum(len(part[0]) for part in self.tied) > self.effort.ties:
            self.tied = None


def pair_prices(pool: Pool, potential: Ints) -> tuple[Ints, Ints]:
    """What mentees must be paid for and what mentors cost, with all limits around them: a pair's price is the sum."""
    mentees = len(pool.demand)
    return -potential[:mentees], potential[mentees : mentees + len(pool.capacity)]


def heaviest(gains: Gains, above: int, most: int) -> tuple[Ints, Ints, Gains]:
    """Row and column of the highest entries of each row above some gain; and for each row what those left out cannot
    exceed, far below 0 if none was.

    All, if they are few; else about `most` of each row. A row is cut into strips laid over each other, and the
    most-th highest of the strips' tops is a bar that at least so many entries reach, and seldom many more: cheaper
    than to sort out the row. Where many do, equals are scattered, so that mentees do not all ask for the same few
    mentors.
    """
    rows, cols = gains.shape
    bar = np.full((rows, 1), above + 1, gains.dtype)
    if cols > most > 0:
        tops = _tops(gains, max(STRIP, 8 * most))
        bar[:, 0] = np.maximum(bar[:, 0], np.partition(tops, -most, axis=1)[:, -most])
    row, col = _where(gains >= bar)
    left = np.where(bar[:, 0] > above + 1, bar[:, 0] - 1, impossible(gains))
    crowded = np.bincount(row, minlength=rows) > 2 * most if cols > most else np.zeros(rows, np.bool_)
    if crowded.any():
        kept = ~crowded[row]
        rest, place, left[crowded] = _scattered(gains[crowded], above, most)
        row = np.concatenate([row[kept], np.flatnonzero(crowded)[rest]])
        col = np.concatenate([col[kept], place])
    return row, col, left


def _tops(gains: Gains, width: int) -> Gains:
    """(rows, width) highest entries of columns j, j + width, j + 2 width …"""
    tops = gains[:, :width].copy()
    for first in range(width, gains.shape[1], width):
        strip = gains[:, first : first + width]
        np.maximum(tops[:, : strip.shape[1]], strip, out=tops[:, : strip.shape[1]])
    return tops


def _where(wanted: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Row and column of what is wanted: np.nonzero(), some times as fast for a table."""
    row, col = np.divmod(np.flatnonzero(wanted), max(1, wanted.shape[1]))
    return row, col


def _scattered(gains: Gains, above: int, most: int) -> tuple[Ints, Ints, Gains]:
    """What heaviest() returns, exactly `most` of each row, which has more; equals in an order of each row's own."""
    rows, cols = gains.shape
    if not most:
        none = np.zeros(0, np.int64)
        return none, none, gains.max(axis=1)
    scatter = SCATTER[(np.arange(rows)[:, None] * 31 + np.arange(cols)) % len(SCATTER)]
    best = np.argpartition(gains + scatter, -most, axis=1)[:, -most:]
    taken = np.take_along_axis(gains, best, axis=1)
    row, place = np.nonzero(taken > above)
    return row, best[row, place], taken.min(axis=1)


def heaviest_of_each(row: Ints, gain: Ints, most: int) -> Ints:
    """Indices of the entries that gain, at most so many of the heaviest of each row; row: sorted."""
    gaining = np.flatnonzero(gain > 0)
    order = gaining[np.lexsort((-gain[gaining], row[gaining]))]
    place = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    return order[place < most]
