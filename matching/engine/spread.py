"""Which pairs to show the flow where mentees rank mentors much alike: near and far, and for both sides.

The best few of each mentee are then the best few of all, and prices climb down the list one look after another. So
each mentee is shown the best few of all mentors, of a quarter of them and of a sixteenth, drawn for each mentee anew:
dense near the best, and thin as far away as it may take. And each mentor is shown a mentee out of every group of them:
the one who would gain most there.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from matching.engine.heaviest import SCATTER, heaviest
from matching.engine.pool import Gains, impossible
from matching.engine.scores import Ints

SHARES = 4, 16
BOTH = 2
WAYS = len(SHARES) + BOTH
STEP, TURN = 31, 577
NOTHING = np.iinfo(np.int64).min
Chosen = tuple[int, Ints, Ints, Ints]


def spread(gains: Gains, above: int, most: int, rows: Ints, turn: int | None) -> tuple[Ints, Ints, Ints, Gains]:
    """Row, column and gain of about `most` pairs above some gain of each of these mentees out of all mentors, and as
    many out of each share of these; and what all pairs left out cannot exceed. Another turn draws other shares; None
    draws none. What is chosen is no longer possible in `gains`."""
    row, col, left = heaviest(gains, above, most)
    chosen = [_taken(gains, row, col)]
    for share in SHARES if turn is not None else ():
        drawn = _drawn(rows + (turn or 0) * TURN * share, gains.shape[1], share)
        row, col, _ = heaviest(np.where(drawn, gains, impossible(gains)), above, most)
        chosen.append(_taken(gains, row, col))
    row, col, gain = (np.concatenate(side) for side in zip(*chosen, strict=True))
    return row, col, gain, left


def _taken(gains: Gains, row: Ints, col: Ints) -> tuple[Ints, Ints, Ints]:
    """Row, column and gain of these, which are no longer possible from now on."""
    gain = gains[row, col].astype(np.int64)
    gains[row, col] = impossible(gains)
    return row, col, gain


def _drawn(rows: Ints, cols: int, share: int) -> NDArray[np.bool_]:
    """(rows, cols) which of the mentors are in the share of each mentee: a window of one long line of lots."""
    line = np.resize(1 / share > SCATTER, len(SCATTER) + cols)
    return sliding_window_view(line, cols)[rows * STEP % len(SCATTER)]


class Foremost:
    """Of each group of mentees, the one who gains most with each mentor, block by block of mentees in their order."""

    def __init__(self, groups: int, mentees: int, mentors: int) -> None:
        self.groups, self.mentees = groups, max(1, mentees)
        self.row = np.zeros((groups, mentors), np.int64)
        self.gain = np.full((groups, mentors), NOTHING)

    def of(self, rows: Ints, cols: Ints, gains: Gains, above: int) -> list[Chosen]:
        """What a block of rows (sorted) and columns holds above some gain: for each group row, column and gain."""
        group, found = rows * self.groups // self.mentees, []
        first = np.flatnonzero(np.diff(group, prepend=-1)).tolist() if self.groups and len(cols) else []
        for start, end in zip(first, [*first[1:], len(rows)], strict=bool(first)):
            best = start + gains[start:end].argmax(axis=0)
            gain = gains[best, np.arange(len(cols))].astype(np.int64)
            good = gain > above
            found.append((int(group[start]), rows[best[good]], cols[good], gain[good]))
        return found

    def take(self, found: list[Chosen]) -> None:
        """Keep what is better than before."""
        for group, row, col, gain in found:
            better = gain > self.gain[group, col]
            self.row[group, col[better]], self.gain[group, col[better]] = row[better], gain[better]

    def kept(self) -> tuple[Ints, Ints, Ints]:
        """Row, column and gain of the best."""
        group, col = np.nonzero(self.gain > NOTHING)
        return self.row[group, col], col, self.gain[group, col]
