"""Pairs kept at hand: a look has come by them, and they were not good enough to show them to the flow.

They are priced again without asking for their scores, and bounds have to hold beyond them only. So most mentees are
passed over even where prices have moved far.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import NOTHING, Columns, Part, heaviest_of_each
from matching.engine.scores import BLOCK_PAIRS, Ints, blocks_of

MOST = 3 * 2**20


class Spares:
    """Some pairs of each mentee that the flow does not see.

    held: those pairs, and what they are worth; each: about how many a mentee may have, fewer where mentees are many.
    """

    def __init__(self, mentees: int, each: int) -> None:
        self.held, self.each = Columns.of(mentees, [NOTHING]), min(each, MOST // max(1, mentees))

    def add(self, parts: list[Part]) -> None:
        """Hold these too, which are not held yet."""
        if parts:
            self.held = self.held.with_more(parts)

    def forget(self, mentees: Ints) -> None:
        """Hold nothing any more for these."""
        gone = np.zeros(len(self.held.first) - 1, np.bool_)
        gone[mentees] = True
        self._let_go(np.repeat(gone, np.diff(self.held.first)))

    def tidy(self, shown: Columns) -> None:
        """Let go of what the flow sees by now."""
        mentors = 1 + max(int(columns.held_col.max(initial=0)) for columns in (self.held, shown))
        ours, theirs = (columns.row * mentors + columns.held_col for columns in (self.held, shown))
        place = np.searchsorted(ours, theirs)
        gone = np.zeros(len(ours) + 1, np.bool_)
        gone[place[np.append(ours, -1)[place] == theirs]] = True
        self._let_go(gone[:-1])

    def priced(self, mentee: Ints, mentor: Ints, most: int, *, ties: bool) -> tuple[list[Part], list[Part]]:
        """Those that would gain at these prices, the best few of each mentee; and those that would gain exactly
        nothing, if they are asked for."""
        gaining, tied, first = list[Part](), list[Part](), self.held.first
        for rows in blocks_of(np.arange(len(first) - 1), self.each, BLOCK_PAIRS):
            here = slice(first[rows[0]], first[rows[-1] + 1])
            row, col, worth = np.repeat(rows, np.diff(first[rows[0] : rows[-1] + 2])), *self._read(here)
            gain = worth - mentee[row] - mentor[col]
            best = heaviest_of_each(row, gain, most)
            gaining.append((row[best], col[best], worth[best]))
            even = np.flatnonzero(gain == 0) if ties else best[:0]
            tied.append((row[even], col[even], worth[even]))
        return gaining, tied

    def _read(self, here: slice) -> tuple[Ints, Ints]:
        return self.held.held_col[here].astype(np.int64), self.held.held_worth[here].astype(np.int64)

    def _let_go(self, gone: NDArray[np.bool_]) -> None:
        if gone.any():
            kept = ~gone
            first = np.concatenate([[0], np.cumsum(kept)])[self.held.first]
            self.held = Columns(first, self.held.held_col[kept], self.held.held_worth[kept])
