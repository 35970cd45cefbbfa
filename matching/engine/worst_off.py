"""Rawls before Bentham: of all sets with most pairs, one whose worst-off pair scores highest (bottleneck assignment).

Demeulemeester & Pereyra, "Rawlsian assignments"; the threshold search is Garfinkel's (1971) for bottleneck problems.
"""

from __future__ import annotations

from matching.engine.columns import Effort
from matching.engine.optimum import Optimum
from matching.engine.pool import Pool
from matching.engine.progress import Watch
from matching.engine.result import Prices


def worst_off(pool: Pool, watch: Watch, effort: Effort) -> tuple[int | None, tuple[Prices, ...]]:
    """The highest floor that costs no pair, and the prices that prove both halves of that sentence.

    The first prove, with every pair worth 1, that there cannot be more pairs; the second that with this floor plus one
    there would be fewer. None and no proofs if nobody can be paired at all.
    """
    most = Optimum.of(pool.counted(pool.floor), watch, effort)
    if not most.pairs:
        return None, ()
    proof, proven, beyond = most.prices(), most.search.highest + 1, Prices.zero(pool.problem)
    reached = pool.floor
    while reached + 1 < proven:
        tried = (reached + proven) // 2
        attempt = Optimum.of(pool.counted(tried), watch, effort)
        if attempt.value == most.value:
            reached = tried
        else:
            proven, beyond = tried, attempt.prices()
    return reached, (proof, beyond)
