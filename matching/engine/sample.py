"""What a sample of the pool tells about the whole: whether mentees want the same mentors, and what those will cost.

Where most mentees rank the mentors alike, the best few of each are the same few, and prices climb down the list one
look after another. A sample in which all is smaller by one factor has about the same prices, and pairs that are good
at those are good pairs to begin with. Nothing is taken on trust: the proof looks at every pair all the same.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matching.engine.columns import Columns
from matching.engine.nests import Nest
from matching.engine.pool import Pool
from matching.engine.progress import Watch
from matching.engine.scores import Ints, Whole, blocks_of, read_block

SMALLEST, LARGEST, SHARE = 32, 1024, 8
HELD = 2**25  # scores
SPARE = 32
CROWDED = 0.5  # in ordinary pools it is nearly all, where mentees rank mentors alike less than a quarter


class Remembered:
    """The scores of some mentees (positions, sorted) with all mentors, of which the source is asked once."""

    def __init__(self, pool: Pool, mentees: Ints, watch: Watch, block: int) -> None:
        self.shape, self.mentees = pool.problem.shape, mentees
        self.scores = np.empty((len(mentees), self.shape[1]), np.int32)
        for rows in blocks_of(np.arange(len(mentees)), self.shape[1], block):
            watch.tell("pairs", int(rows[0]), len(mentees))
            self.scores[rows] = read_block(pool.source, mentees[rows])

    def block(self, rows: Ints, cols: Ints | None = None) -> Whole:
        """int32 scores of rows × cols, rows among these mentees; all mentors if cols is None."""
        place = np.searchsorted(self.mentees, rows)
        return self.scores[place] if cols is None else self.scores[np.ix_(place, cols)]


def sampled(pool: Pool, watch: Watch, block: int) -> Pool | None:
    """Every so many-th mentee, and of places and limits as small a share; None if the pool is too small for that.
    Their scores are remembered, unless they are too many. block: scores to read at a time."""
    wanting = np.flatnonzero(pool.demand > 0)
    every = max(SHARE, len(wanting) // LARGEST)
    if len(wanting) < every * SMALLEST:
        return None
    demand = np.zeros_like(pool.demand)
    chosen = wanting[::every]
    demand[chosen] = pool.demand[chosen]
    few = len(chosen) * len(pool.capacity) <= HELD
    return replace(
        pool,
        source=Remembered(pool, np.sort(pool.mentees[chosen]), watch, block) if few else pool.source,
        demand=demand,
        capacity=_share(pool.capacity, every),
        need=np.zeros_like(pool.need),
        cap=-(-pool.cap // every),
        mentee_nest=_smaller(pool.mentee_nest, every),
        mentor_nest=_smaller(pool.mentor_nest, every),
    )


def served(pool: Pool, columns: Columns) -> float:
    """The share of those whom the pool could serve that these pairs' mentors alone have places for: where it is not all
    of them, mentees want the same mentors; where it is below CROWDED, they rank them much alike."""
    asking = np.bincount(columns.col, minlength=len(pool.capacity))
    able = min(pool.cap, int(pool.demand.sum()), int(pool.capacity.sum()))
    return min(1.0, int(np.minimum(asking, pool.capacity).sum()) / able) if able else 1.0


def _share(places: Ints, every: int) -> Ints:
    """One of every so many places, counted through all of them, so that none of the total is lost."""
    return np.diff(np.cumsum(places) // every, prepend=0)


def _smaller(nest: Nest, every: int) -> Nest:
    return replace(nest, most=-(-nest.most // every))
