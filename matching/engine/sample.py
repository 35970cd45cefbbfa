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
from matching.engine.scores import Ints

SMALLEST, LARGEST, SHARE = 32, 1024, 8


def sampled(pool: Pool) -> Pool | None:
    """Every so many-th mentee, and of places and limits as small a share; None if the pool is too small for that."""
    wanting = np.flatnonzero(pool.demand > 0)
    every = max(SHARE, len(wanting) // LARGEST)
    if len(wanting) < every * SMALLEST:
        return None
    demand = np.zeros_like(pool.demand)
    demand[wanting[::every]] = pool.demand[wanting[::every]]
    return replace(
        pool,
        demand=demand,
        capacity=_share(pool.capacity, every),
        need=np.zeros_like(pool.need),
        cap=-(-pool.cap // every),
        mentee_nest=_smaller(pool.mentee_nest, every),
        mentor_nest=_smaller(pool.mentor_nest, every),
    )


def contended(pool: Pool, columns: Columns) -> bool:
    """Whether these pairs are too few mentors' to serve all whom the pool could."""
    asking = np.bincount(columns.col, minlength=len(pool.capacity))
    able = min(pool.cap, int(pool.demand.sum()), int(pool.capacity.sum()))
    return int(np.minimum(asking, pool.capacity).sum()) < able


def _share(places: Ints, every: int) -> Ints:
    """One of every so many places, counted through all of them, so that none of the total is lost."""
    return np.diff(np.cumsum(places) // every, prepend=0)


def _smaller(nest: Nest, every: int) -> Nest:
    return replace(nest, most=-(-nest.most // every))
