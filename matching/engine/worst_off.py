"""Rawls before Bentham: of all sets with most pairs, one whose worst-off pair scores highest (bottleneck assignment).

Demeulemeester & Pereyra, "Rawlsian assignments"; the threshold search is Garfinkel's (1971) for bottleneck problems,
with the next threshold read from the answer to the last one: from its worst pair, or from the prices that forbid it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matching.engine.columns import Columns, Effort, pair_prices
from matching.engine.heaviest import where
from matching.engine.optimum import Optimum
from matching.engine.pool import Gains, Pool
from matching.engine.progress import Watch
from matching.engine.result import Prices
from matching.engine.scores import SCORE_LIMIT, Ints, blocks_of, read_block
from matching.engine.search import Search, Seen
from matching.engine.ties import Published, known_pairs

Proofs = tuple[Prices, ...]
NONE: Ints = np.zeros(0, np.int64)


def worst_off(pool: Pool, watch: Watch, effort: Effort, published: Published = ()) -> tuple[int | None, Proofs, Seen]:
    """The highest floor that costs no pair, the prices that prove both halves of that sentence, and the pairs seen.

    The first prove, with every pair worth 1, that there cannot be more pairs; the second that with this floor plus one
    there would be fewer. None and no proofs if nobody can be paired at all.
    published: pairs that may be near the answer. Where the worst of them is what is sought, two tries tell.
    """
    tries = Tries(pool, watch, effort)
    most = tries.at(pool.floor)
    if not most.pairs:
        return None, (), tries.seen
    reached, proven, guess = tries.worst(most), tries.ceiling(most) + 1, _lowest(pool, watch, published)
    asked, beyond = tries.seen.highest + 1, Prices.zero(pool.problem)
    guesses, bold = [guess + 1, guess], True
    while reached + 1 < proven or asked != proven:
        guesses = [each for each in guesses if reached < each < proven]
        middle = (reached + proven + 1) // 2
        tried = guesses.pop() if guesses else max(middle, proven - 1) if bold else middle
        attempt = tries.at(tried)
        if attempt.value == most.value:
            reached = max(tried, tries.worst(attempt))
        else:
            asked, beyond = tried, attempt.prices()
            proven = min(tried, 1 + tries.below(attempt, tried, most.value - attempt.value))
            bold = not bold
        if reached >= proven:  # the source has changed its mind, as verify() will find
            break
    return reached, (most.prices(), beyond), tries.seen


class Tries:
    """Answers above one floor after another, with every pair worth 1: each begins with the pairs that those before it
    have found. No ties are held, since only the prices and the number of pairs count."""

    def __init__(self, pool: Pool, watch: Watch, effort: Effort) -> None:
        self.pool, self.watch, self.effort = pool, watch, replace(effort, ties=0)
        self.search = Search(pool, watch, self.effort)
        self.seen = self.search.scores()

    def at(self, floor: int) -> Optimum:
        """A best answer above this floor."""
        found = Optimum.of(self.pool.counted(floor), self.watch, self.effort, seen=self.seen)
        there, new = self._key(self.seen.columns), self._key(found.columns)
        row, col = np.divmod(np.setdiff1d(new, there, assume_unique=True), max(1, len(self.pool.capacity)))
        parts = []
        for rows, points in self._points(np.unique(row)):
            here = slice(*np.searchsorted(row, [rows[0], rows[-1] + 1]))
            worth = points[np.searchsorted(rows, row[here]), col[here]]
            parts.append((row[here], col[here], worth.astype(np.int64)))
        if parts:
            self.seen = replace(self.seen, columns=self.seen.columns.with_more(parts))
        return found

    def worst(self, found: Optimum) -> int:
        """The lowest score of its pairs."""
        used = found.flow[: len(found.columns)] > 0
        place = np.searchsorted(self._key(self.seen.columns), self._key(found.columns)[used])
        return int(self.seen.columns.worth[place].min()) + self.pool.problem.floor

    def ceiling(self, most: Optimum) -> int:
        """Above this no floor can do: too few mentees have as many pairs as good as that to begin with."""
        columns = self.seen.columns
        row, worth = columns.row, columns.worth
        order = np.lexsort((-worth, row))
        place = np.arange(len(row)) - columns.first[row]
        best = worth[order][place < self.pool.demand[row]]
        return int(np.partition(best, -most.pairs)[-most.pairs]) + self.pool.problem.floor

    def below(self, failed: Optimum, floor: int, short: int) -> int:
        """The highest floor below this one that may do, for all that the prices of the failed try show: pairs that gain
        at them must come in, to make up for what it was short of."""
        mentee, mentor = pair_prices(failed.shape.pool, failed.potential)
        rows, cheapest = self.search.open_rows, mentor[self.pool.capacity > 0].min(initial=1)
        score, gain = NONE, NONE
        for some, points in self._points(rows[mentee[rows] < 1 - cheapest]):
            gains = 1 - mentee[some, None] - mentor
            row, col = where((points >= 0) & (points + self.pool.problem.floor < floor) & (gains > 0))
            score, gain = np.concatenate([score, points[row, col]]), np.concatenate([gain, gains[row, col]])
            if len(score) > short:
                highest = np.argpartition(score, -short)[-short:]
                score, gain = score[highest], gain[highest]
        order = np.argsort(-score, kind="stable")
        enough = np.searchsorted(np.cumsum(gain[order]), short)
        return (int(score[order[enough]]) if enough < len(order) else -1) + self.pool.problem.floor

    def _points(self, rows: Ints) -> Iterator[tuple[Ints, Gains]]:
        """Blocks of rows with their pairs' points above the problem's floor, below 0 where a pair may not be."""
        free, nothing = np.zeros(len(self.pool.demand), np.int64), np.zeros(len(self.pool.capacity), np.int64)
        return self.search.blocks(rows, free, nothing)

    def _key(self, columns: Columns) -> Ints:
        return columns.row * len(self.pool.capacity) + columns.col


def _lowest(pool: Pool, watch: Watch, published: Published) -> int:
    """The lowest score of those published pairs that may still be, 0 if none may."""
    pairs = known_pairs(pool, published)
    rows, place = np.unique(pairs[:, 0], return_inverse=True)
    lowest = SCORE_LIMIT
    for block in blocks_of(np.arange(len(rows)), pool.problem.shape[1]):
        watch.tell("pairs", int(block[0]), len(rows))
        here = (place >= block[0]) & (place <= block[-1])
        scores = read_block(pool.problem.source, rows[block])[place[here] - block[0], pairs[here, 1]]
        lowest = min(lowest, int(scores[scores >= pool.floor].min(initial=SCORE_LIMIT)))
    return lowest % SCORE_LIMIT
