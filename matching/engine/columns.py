"""Which pairs the flow sees: the best few of each mentee, then those that the prices ask for, until no other can
matter.

Column generation, as for transport problems in Zanetti & Gondzio, arXiv 2206.11009. The best few alone are not exact;
pricing out all others is what makes the answer a proven one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.heaviest import heaviest, where
from matching.engine.pool import FITS_32, Gains, Pool, impossible
from matching.engine.prices import expand
from matching.engine.progress import Watch
from matching.engine.scores import BLOCK_PAIRS, Ints, Whole, blocks_of
from matching.engine.workers import Found, in_order

Part = tuple[Ints, Ints, Ints]
NOTHING: Part = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
NO_BOUND = -(2**61)
MANY = 3 * 2**19
LINES = 65


@dataclass(frozen=True)
class Effort:
    """How to go about it. This changes time and memory, never the result.

    first, more: pairs per mentee that the flow sees at first, and that each later look may add, fewer where mentees are
    many; block: pairs whose
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
        self.wanted = int(pool.demand.max(initial=0))
        self.first, self.more = effort.first + self.wanted, effort.more + self.wanted
        self.open_rows = np.flatnonzero(pool.demand > 0)
        self.shut_cols = np.flatnonzero(pool.capacity == 0)
        self.past = [np.zeros(len(pool.capacity), np.int64)]
        self.when = np.zeros(len(pool.demand), np.int64)
        self.bound = np.full(len(pool.demand), NO_BOUND)
        self.tied: list[Part] | None = []
        self.highest = 0

    def first_look(self, likely: Ints | None = None) -> Columns:
        """The best possible pairs of each mentee, by score even where all are worth the same, for variety; and if
        likely prices of mentors are known, half of them by those instead, and what is left out is bounded there."""
        pool, parts, nothing = self.pool, [NOTHING], self.past[0]
        self.past = [nothing if likely is None else likely]
        free, points_only = np.zeros(len(pool.demand), np.int64), replace(pool, slope=1, bonus=0)

        def best(rows: Ints, _: Ints | None) -> tuple[Part, Ints, int]:
            points = self._gains(points_only, rows, free, nothing)
            if likely is None:
                row, col, left = heaviest(points, -1, self.first)
                bound = np.where(left >= 0, pool.worth(left.astype(np.int64) + pool.problem.floor), NO_BOUND)
            else:
                row, col, bound = self._with_likely(points, likely)
            worth = pool.worth(points[row, col].astype(np.int64) + pool.problem.floor)
            return (rows[row], col, worth), bound, int(points.max(initial=0)) + pool.problem.floor

        for rows, _, (part, bound, highest) in self._each([(self.open_rows, None)], best):
            parts.append(part)
            self.bound[rows] = bound
            self.highest = max(self.highest, highest)
        return Columns.of(len(pool.demand), parts)

    def _with_likely(self, points: Gains, likely: Ints) -> tuple[Ints, Ints, Ints]:
        """Row and column of the pairs of a block that score highest, and of those that are best at likely prices; and
        what all others of each row are worth above these prices at most."""
        price = likely - self.pool.worth(np.full(1, self.pool.problem.floor))
        kind = np.int32 if np.abs(price).max(initial=0) < FITS_32 else np.int64
        gains: Gains = points.astype(kind) - price.astype(kind)
        gains[points < 0] = impossible(gains)
        most = max(self.wanted, min(self.first + self.more, MANY // max(1, len(self.open_rows))) // 2)
        row, col, _ = heaviest(points, -1, most)
        gains[row, col] = impossible(gains)
        also_row, also_col, left = heaviest(gains, impossible(gains), most)
        bound = np.where(left > impossible(gains), left.astype(np.int64), NO_BOUND)
        return np.concatenate([row, also_row]), np.concatenate([col, also_col]), bound

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
        more = max(self.wanted, min(self.more, MANY // 3 // max(1, len(self.open_rows))))

        def best(rows: Ints, cols: Ints | None) -> tuple[Part, Ints, Part]:
            gains = self._gains(self.pool, rows, mentee, mentor, cols)
            theirs = np.arange(len(mentor)) if cols is None else cols
            gains[columns.places(rows, cols)] = impossible(gains)
            most = gains.max(axis=1, initial=impossible(gains))
            row, col, left = heaviest(gains, 0, more)
            part = rows[row], theirs[col], gains[row, col] + mentee[rows[row]] + mentor[theirs[col]]
            row, col = where(gains[most >= 0] == 0) if self.tied is not None else NOTHING[:2]
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
