"""Going through all pairs for those that matter: a first look by score, then looks by price, until none would gain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.columns import MANY, NOTHING, Columns, Effort, Part, pair_prices
from matching.engine.heaviest import heaviest, where
from matching.engine.pool import FITS_32, Gains, Pool, impossible
from matching.engine.progress import Watch
from matching.engine.scores import Ints, blocks_of
from matching.engine.workers import Found, in_order

NO_BOUND = -(2**61)
LINES = 65


@dataclass(frozen=True)
class Seen:
    """What a look at all pairs has shown by their scores alone, whatever pairs will be worth and above whatever floor.

    columns: the best few of each mentee, worth their points above the problem's floor; left: (mentees,) no other pair
    of theirs has more points, below 0 if no other is possible; highest: no possible pair scores more.
    """

    columns: Columns
    left: Ints
    highest: int


class Search:
    """Goes through all pairs block by block, and remembers enough to pass over most of them the next time.

    The pairs of mentee i that the flow does not see were worth at most bound[i] above the mentors' prices
    past[when[i]]. As long as that is below the mentee's own price, and no mentor has become so much cheaper since,
    none of them matters.
    tied: the unseen pairs that would gain exactly nothing, as of the last look; None if they are too many to hold.
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

    def first_look(self, likely: Ints | None = None, seen: Seen | None = None) -> Columns:
        """The best possible pairs of each mentee, by score even where all are worth the same, for variety; and if
        likely prices of mentors are known, half of them by those instead, and what is left out is bounded there.
        seen: what such a look has shown already at this floor or a lower one."""
        if likely is None:
            return self._of(seen or self.scores())
        self.past = [likely]
        parts = [NOTHING]
        for rows, (part, bound, _) in self._by_points(lambda points: self._with_likely(points, likely)):
            parts.append(self._worth(part))
            self.bound[rows] = bound
        return Columns.of(len(self.pool.demand), parts)

    def scores(self) -> Seen:
        """Look at all pairs by their scores."""
        parts, left, highest = [NOTHING], np.full(len(self.pool.demand), -1), -1
        for rows, (part, others, best) in self._by_points(lambda points: heaviest(points, -1, self.first)):
            parts.append(part)
            left[rows] = others
            highest = max(highest, best)
        return Seen(Columns.of(len(left), parts), left, highest + self.pool.problem.floor)

    def _of(self, seen: Seen) -> Columns:
        """What this pool makes of pairs seen."""
        pool, points = self.pool, seen.left + self.pool.problem.floor
        self.bound = np.where((points >= pool.floor) & (seen.left >= 0), pool.worth(points), NO_BOUND)
        return Columns.of(len(pool.demand), [self._worth(seen.columns.part())])

    def _worth(self, part: Part) -> Part:
        """The same pairs by what they are worth instead of their points, but for those below the floor."""
        row, col, points = part
        scores = points + self.pool.problem.floor
        possible = scores >= self.pool.floor
        return row[possible], col[possible], self.pool.worth(scores[possible])

    def _by_points(
        self, choose: Callable[[Gains], tuple[Ints, Ints, Ints]]
    ) -> Iterator[tuple[Ints, tuple[Part, Ints, int]]]:
        """Block by block what is chosen by points above the problem's floor: the rows; the pairs with their points,
        what is said of all others, and the most points of any pair."""
        pool = replace(self.pool, slope=1, bonus=0)
        free, nothing = np.zeros(len(pool.demand), np.int64), np.zeros(len(pool.capacity), np.int64)

        def look(rows: Ints, _: Ints | None) -> tuple[Part, Ints, int]:
            points = self._gains(pool, rows, free, nothing)
            row, col, others = choose(points)
            return (
                (rows[row], col, points[row, col].astype(np.int64)),
                others.astype(np.int64),
                int(points.max(initial=-1)),
            )

        return ((rows, found) for rows, _, found in self._each([(self.open_rows, None)], look))

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
        self.tied, gaining = [] if self.effort.ties else None, []
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
        """Whose pairs may gain now, or tie if ties are held: mentees with any mentor; and others with those mentors
        only who have not become dearer by at least so much as all others. That line is drawn where the fewest pairs
        are to be priced."""
        whole, partly, mentors = [NOTHING[0]], [], len(mentor)
        for when in np.unique(self.when[self.open_rows]).tolist():
            rows = self.open_rows[self.when[self.open_rows] == when]
            dearer = np.where(self.pool.capacity > 0, mentor - self.past[when], -NO_BOUND)
            steps, wanted = np.sort(dearer), self.bound[rows] - mentee[rows] - (not self.effort.ties)
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
