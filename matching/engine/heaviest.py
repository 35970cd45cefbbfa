"""The few heaviest entries of each row of a block, faster than by sorting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.pool import Gains, impossible
from matching.engine.scores import Ints

STRIP = 256
SCATTER = np.random.default_rng(0).random(2**12)


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
    row, col = where(gains >= bar)
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


def where(wanted: NDArray[np.bool_]) -> tuple[Ints, Ints]:
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
