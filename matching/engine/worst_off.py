"""Rawls before Bentham: of all sets with most pairs, one whose worst-off pair scores highest (bottleneck assignment).

Demeulemeester & Pereyra, "Rawlsian assignments"; the threshold search is Garfinkel's (1971) for bottleneck problems.
"""

from __future__ import annotations

import numpy as np

from matching.engine.columns import Effort
from matching.engine.optimum import Optimum
from matching.engine.pool import Pool
from matching.engine.progress import Watch
from matching.engine.result import Prices
from matching.engine.scores import SCORE_LIMIT, blocks_of, read_block
from matching.engine.ties import Published, known_pairs


def worst_off(
    pool: Pool, watch: Watch, effort: Effort, published: Published = ()
) -> tuple[int | None, tuple[Prices, ...]]:
    """The highest floor that costs no pair, and the prices that prove both halves of that sentence.

    The first prove, with every pair worth 1, that there cannot be more pairs; the second that with this floor plus one
    there would be fewer. None and no proofs if nobody can be paired at all.
    published: pairs that may be near the answer. Where the worst of them is what is sought, two tries tell.
    """
    most = Optimum.of(pool.counted(pool.floor), watch, effort)
    if not most.pairs:
        return None, ()
    proof, proven, beyond = most.prices(), most.search.highest + 1, Prices.zero(pool.problem)
    reached, guess = pool.floor, _lowest(pool, watch, published)
    while reached + 1 < proven:
        guessed = [each for each in (guess, guess + 1) if reached < each < proven]
        tried = guessed[0] if guessed else (reached + proven) // 2
        attempt = Optimum.of(pool.counted(tried), watch, effort)
        if attempt.value == most.value:
            reached = tried
        else:
            proven, beyond = tried, attempt.prices()
    return reached, (proof, beyond)


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
