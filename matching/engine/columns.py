"""Which pairs the flow sees: the best few of each mentee first, then those that the prices ask for, until none is
left out that could matter (column generation; Zanetti & Gondzio, arXiv 2206.11009, for transport)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.engine.pool import IMPOSSIBLE, Pool
from matching.engine.prices import expand
from matching.engine.scores import Ints, row_blocks


@dataclass(frozen=True)
class Columns:
    """Possible pairs by row and column, sorted by both, with their weights; first[i] … first[i+1] are row i's."""

    row: Ints
    col: Ints
    weight: Ints
    first: Ints

    @classmethod
    def of(cls, rows: int, parts: list[tuple[Ints, Ints, Ints]]) -> Columns:
        """Sort and join parts of (row, col, weight) that have no pair in common."""
        row, col, weight = (np.concatenate([np.zeros(0, np.int64), *part]) for part in zip(*parts, strict=True))
        order = np.lexsort((col, row))
        first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
        return cls(row[order], col[order], weight[order], first)

    def and_more(self, parts: list[tuple[Ints, Ints, Ints]]) -> Columns:
        """These and others."""
        return Columns.of(len(self.first) - 1, [(self.row, self.col, self.weight), *parts])


@dataclass(frozen=True)
class Prices:
    """Duals in the pool's order: (mentees,), (mentors,) and one for the cap on all pairs."""

    mentee: Ints
    mentor: Ints
    cap: int


def first_columns(pool: Pool, most: int) -> Columns:
    """The `most` heaviest possible pairs of each mentee (ties at the edge: any of them)."""
    parts = [(np.zeros(0, np.int64),) * 3]
    for rows, weights in open_blocks(pool):
        row, col = _heaviest(weights, weights > IMPOSSIBLE, most)
        parts.append((rows[row], col, weights[row, col]))
    return Columns.of(len(pool.demand), parts)


def left_out(
    pool: Pool, columns: Columns, prices: Prices, most: int
) -> tuple[list[tuple[Ints, Ints, Ints]], list[tuple[Ints, Ints, Ints]]]:
    """Go through every pair that the flow has not seen: up to `most` per mentee that would gain at these prices, and
    all that would gain exactly nothing (they tie with what was chosen)."""
    gaining, tied = [], []
    for rows, weights in open_blocks(pool):
        seen, _ = expand(columns.first, rows)
        weights[columns.row[seen] - rows[0], columns.col[seen]] = IMPOSSIBLE
        gain = weights - prices.mentor - prices.cap
        gain -= prices.mentee[rows, None]
        row, col = _heaviest(gain, gain > 0, most)
        gaining.append((rows[row], col, weights[row, col]))
        row, col = np.nonzero(gain == 0)
        tied.append((rows[row], col, weights[row, col]))
    return gaining, tied


def price_closed(pool: Pool, prices: Prices) -> Prices:
    """Price those who have no place left at what one more would gain: closed mentors among open mentees, and the
    reverse."""
    shut_rows, shut_cols = np.flatnonzero(pool.demand == 0), np.flatnonzero(pool.capacity == 0)
    mentee, mentor = prices.mentee.copy(), prices.mentor.copy()
    if len(shut_cols):
        for rows in row_blocks((len(pool.demand), len(shut_cols))):
            gain = pool.weights(rows, shut_cols) - prices.mentee[rows, None] - prices.cap
            gain[pool.demand[rows] == 0] = 0
            mentor[shut_cols] = np.maximum(mentor[shut_cols], gain.max(axis=0))
    for block in row_blocks((len(shut_rows), len(pool.capacity))):
        rows = shut_rows[block]
        gain = pool.weights(rows) - prices.mentor - prices.cap
        gain[:, shut_cols] = 0
        mentee[rows] = np.maximum(0, gain.max(axis=1, initial=0))
    return Prices(mentee, mentor, prices.cap)


def open_blocks(pool: Pool) -> Iterator[tuple[Ints, Ints]]:
    """Blocks of rows and their weights, with everybody who has no place left made impossible."""
    closed = np.flatnonzero(pool.capacity == 0)
    for rows in row_blocks(pool.problem.shape):
        weights = pool.weights(rows)
        weights[:, closed] = IMPOSSIBLE
        weights[pool.demand[rows] == 0] = IMPOSSIBLE
        yield rows, weights


def _heaviest(weights: Ints, wanted: np.typing.NDArray[np.bool_], most: int) -> tuple[Ints, Ints]:
    """Row and column of the wanted entries, at most so many of the heaviest per row."""
    if weights.shape[1] > most:
        cols = np.argpartition(weights, weights.shape[1] - most, axis=1)[:, -most:]
        row, place = np.nonzero(np.take_along_axis(wanted, cols, axis=1))
        return row, cols[row, place]
    row, col = np.nonzero(wanted)
    return row, col
