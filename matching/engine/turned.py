"""Scores seen from the other side, for what is asked of mentors as it usually is of mentees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.scores import Ints, ScoreSource, read_block


@dataclass(frozen=True)
class Turned:
    """The source with its sides exchanged: rows are mentors, columns mentees."""

    source: ScoreSource

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentors and mentees there are."""
        return self.source.shape[1], self.source.shape[0]

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores of mentors × mentees (all mentees if None), checked as the source's."""
        return read_block(self.source, np.arange(self.shape[1]) if cols is None else cols, rows).T
