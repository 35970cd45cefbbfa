"""Going through all pairs for those that matter: a first look by score, then looks by price, until none would gain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.columns import MANY, NOTHING, Columns, Effort, Part, narrow, pair_prices
from matching.engine.heaviest import heaviest, where
from matching.engine.pool import Gains, Pool, impossible
from matching.engine.progress import Watch
from matching.engine.scores import Ints, blocks_of
from matching.engine.spares import Spares
from matching.engine.spread import BOTH, WAYS, Chosen, Foremost, spread
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

    The next best pairs of each mentee are spares, whose prices are told without asking for scores. What is neither
    shown nor spare was worth at most bound[i] above the mentors' prices past[when[i]]. As long as that is below the
    mentee's own price, and no mentor has become so much cheaper since, none of it matters.
    crowded: mentees rank mentors much alike; then pairs are shown near and far.
    tied: the unseen pairs that would gain exactly nothing, as of the last look; None if they are too many to hold.
    """

    def __init__(self, pool: Pool, watch: Watch, effort: Effort, *, crowded: bool = False) -> None:
        self.pool, self.watch, self.effort, self.crowded = pool, watch, effort, crowded
        self.wanted = int(pool.demand.max(initial=0))
        self.first, self.more = effort.first + self.wanted, effort.more + self.wanted
        self.open_rows = np.flatnonzero(pool.demand > 0)
        self.shut_cols = np.flatnonzero(pool.capacity == 0)
        self.past = [np.zeros(len(pool.capacity), np.int64)]
        self.when = np.zeros(len(pool.demand), np.int64)
        self.bound = np.full(len(pool.demand), NO_BOUND)
        self.tied: list[Part] | None = []
        self.spares = Spares(len(pool.demand), effort.spare)

    def first_look(self, likely: Ints | None = None, seen: Seen | None = None) -> Columns:
        """The best possible pairs of each mentee, by score even where all are worth the same, for variety; or those
        that are best at the prices that mentors will likely have, near and far, if mentees want the same ones.
        seen: what such a look has shown already by scores, at this floor or a lower one."""
        return self._of(seen or self.scores()) if likely is None else self._at(likely)

    def scores(self) -> Seen:
        """Look at all pairs by their scores."""
        pool, parts, highest = replace(self.pool, slope=1, bonus=0), [NOTHING], -1
        free, nothing = np.zeros(len(pool.demand), np.int64), np.zeros(len(pool.capacity), np.int64)
        left = np.full(len(pool.demand), -1)

        def best(rows: Ints, _: Ints | None) -> tuple[Part, Gains, int]:
            points = self._gains(pool, rows, free, nothing)
            row, col, others = heaviest(points, -1, self.first)
            return (rows[row], col, points[row, col].astype(np.int64)), others, int(points.max(initial=-1))

        for rows, _, (part, others, most) in self._each([(self.open_rows, None)], best):
            parts.append(part)
            left[rows] = others
            highest = max(highest, most)
        return Seen(Columns.of(len(left), parts), left, highest + pool.problem.floor)

    def _of(self, seen: Seen) -> Columns:
        """What this pool makes of pairs seen: they may be worth something else, or lie below its floor."""
        pool, points = self.pool, seen.left + self.pool.problem.floor
        self.bound = np.where((points >= pool.floor) & (seen.left >= 0), pool.worth(points), NO_BOUND)
        row, col, points = seen.columns.part()
        scores = points + pool.problem.floor
        possible = scores >= pool.floor
        return Columns.of(len(pool.demand), [(row[possible], col[possible], pool.worth(scores[possible]))])

    def _at(self, likely: Ints) -> Columns:
        """The pairs that are best at these prices, for both sides; what is left out is bounded there."""
        self.past, turn = [likely], 0 if self.crowded else None
        pairs = min(self.first + self.more, MANY // max(1, len(self.open_rows)))
        most = max(self.wanted, pairs // (WAYS if self.crowded else BOTH))
        free, mentors = np.zeros(len(self.pool.demand), np.int64), np.arange(len(likely))
        parts, spares, foremost = [NOTHING], [], self._foremost(most)

        def best(rows: Ints, _: Ints | None) -> tuple[Part, list[Chosen], Part, Ints]:
            gains = self._gains(self.pool, rows, free, likely)
            row, col, gain, _ = spread(gains, impossible(gains), most, rows, turn)
            others = foremost.of(rows, mentors, gains, impossible(gains))
            return (rows[row], col, gain + likely[col]), others, *self._aside(gains, rows, free, likely)

        for rows, _, (part, others, spare, bound) in self._each([(self.open_rows, None)], best):
            parts.append(part)
            spares.append(spare)
            self.bound[rows] = bound
            foremost.take(others)
        self.spares.add(spares)
        row, col, gain = foremost.kept()
        return Columns.of(len(self.pool.demand), [*parts, (row, col, gain + likely[col])])

    def _foremost(self, most: int) -> Foremost:
        """So many pairs for each mentor as make that many for each mentee."""
        mentees, mentors = len(self.pool.demand), len(self.pool.capacity)
        return Foremost(-(-most * mentees // max(1, mentors)), mentees, mentors)

    def _aside(self, gains: Gains, rows: Ints, mentee: Ints, mentor: Ints) -> tuple[Part, Ints]:
        """The best pairs of a block with all mentors, as spares; and what all others are worth above the mentors'
        prices at most."""
        row, col, left = heaviest(gains, impossible(gains), self.spares.each)
        worth = gains[row, col] + mentee[rows[row]] + mentor[col]
        bound = np.where(left > impossible(gains), left + mentee[rows], NO_BOUND)
        return (narrow(rows[row]), narrow(col), narrow(worth)), bound

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
        self.tied, spares = [] if self.effort.ties else None, []
        most = max(self.wanted, min(self.more, MANY // 3 // max(1, len(self.open_rows))))
        gaining = self._from_spares(columns, whole, mentee, mentor, most)
        turn = len(self.past) if self.crowded else None
        near = max(self.wanted, most // WAYS) if self.crowded else most
        foremost = self._foremost(near if self.crowded else 0)

        def best(rows: Ints, cols: Ints | None) -> tuple[Part, Part, list[Chosen], Part, Ints]:
            gains = self._gains(self.pool, rows, mentee, mentor, cols)
            theirs = np.arange(len(mentor)) if cols is None else cols
            for known in (columns, self.spares.held):
                gains[known.places(rows, cols)] = impossible(gains)
            highest = gains.max(axis=1, initial=impossible(gains))
            row, col = where(gains[highest >= 0] == 0) if self.tied is not None else NOTHING[:2]
            row, col = rows[highest >= 0][row], theirs[col]
            ties = row, col, mentee[row] + mentor[col]
            row, col, gain, left = spread(gains, 0, near, rows, turn)
            part = rows[row], theirs[col], gain + mentee[rows[row]] + mentor[theirs[col]]
            others = foremost.of(rows, theirs, gains, 0)
            if cols is None:
                return part, ties, others, *self._aside(gains, rows, mentee, mentor)
            return part, ties, others, NOTHING, mentee[rows] + np.maximum(left, np.minimum(highest, 0))

        tasks = [(whole, None), *((rows, cols) for rows, cols, _ in partly)]
        for rows, _, (part, ties, others, spare, bound) in self._each(tasks, best):
            gaining.append(part)
            spares.append(spare)
            self.bound[rows] = np.maximum(self.bound[rows], bound)
            self._hold_ties(ties)
            foremost.take(others)
        self.spares.add(spares)
        row, col, gain = foremost.kept()
        gaining.append((row, col, gain + mentee[row] + mentor[col]))
        return [part for part in gaining if len(part[0])]

    def _from_spares(self, columns: Columns, whole: Ints, mentee: Ints, mentor: Ints, most: int) -> list[Part]:
        """Those of the spares that would gain now. The spares of mentees whose pairs are all looked at are let go, and
        those that the flow sees by now."""
        self.spares.forget(whole)
        self.spares.tidy(columns)
        gaining, tied = self.spares.priced(mentee, mentor, most, ties=self.tied is not None)
        for ties in tied:
            self._hold_ties(ties)
        return gaining

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
