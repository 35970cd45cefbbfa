"""solve(): from a problem to a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np

from matching.engine.asked import columns, listener, problem_of
from matching.engine.columns import Effort, Part, pair_prices
from matching.engine.errors import ProblemError
from matching.engine.given import integer, whole
from matching.engine.optimum import Optimum
from matching.engine.pool import Pool
from matching.engine.problem import Problem
from matching.engine.progress import Progress, Watch
from matching.engine.result import OBJECTIVES, Certificate, Objective, Prices, Result
from matching.engine.scores import FORBIDDEN, Ints, exact_sum, read_pairs
from matching.engine.ties import Published, draw
from matching.engine.worst_off import worst_off

LEAST_EFFORT = {"block": 1, "workers": 1}
MOST_WORKERS = 256


def solve(
    problem: Problem,
    *,
    objective: Objective = "total",
    seed: int = 0,
    published: Published = (),
    progress: Callable[[Progress], object] | None = None,
    effort: Effort | None = None,
) -> Result:
    """A best set of pairs, as one integer min-cost flow, with its proof; the same bytes for the same problem and
    seed.

    objective: "total", the sum of score - floor; "most_pairs", the number of pairs, then that sum; "worst_off_first",
    the number of pairs, then the score of the worst-off pair, then that sum. Among equals the most pairs, then the
    fewest changes against what was published, then a lot drawn from the seed and the people's keys, so that the order
    of the input does not count.
    published: (mentee, mentor) pairs that people know of already. Like the seed they choose among best answers and are
    no part of the question, which is why the problem does not hold them and verify() need not know them.
    progress: called between blocks of pairs; what it raises stops the work. Raises ProblemError if the seed is no whole
    number, if places that must be filled cannot be, if the scores' source breaks its promise, or if the numbers would
    not fit into 64 bits.
    Source: Ahuja, Magnanti & Orlin, Network Flows, 1993, chapters 9-12; prices as in Shapley & Shubik 1971, Leonard
    1983.
    """
    problem_of(problem)
    listener(progress)
    if not isinstance(objective, str) or objective not in OBJECTIVES:
        raise ProblemError(f"There is no objective {objective!r}; there are {', '.join(OBJECTIVES)}.")
    seed, published = integer(seed, "The seed"), columns(published, "The published pairs")
    watch, effort = Watch(progress), _checked(effort)
    pool = Pool.of(problem)
    floor, proofs, seen = (
        worst_off(pool, watch, effort, published) if objective == "worst_off_first" else (None, (), None)
    )
    optimum = Optimum.of(pool.aimed(objective, floor), watch, effort, seen=seen)
    _refuse_unfilled(optimum)
    chosen = draw(optimum, seed, published)
    prices = optimum.prices()
    made, certificate = _claim(optimum, chosen, prices)
    pinned = zip(problem.kept, _pinned(problem), strict=True)
    return Result(
        pairs=made,
        total=certificate.total,
        mentee_duals=prices.mentee,
        mentor_prices=prices.mentor,
        quota_prices=prices.quota,
        cap_price=prices.cap,
        once_prices=prices.once,
        objective=objective,
        bonus=optimum.shape.pool.bonus,
        seed=seed,
        certificate=certificate,
        worst_off=floor,
        count_proofs=proofs,
        overrides=tuple(pin for pin, score in pinned if score == FORBIDDEN),
    ).sealed()


def _checked(effort: Effort | None) -> Effort:
    """The effort, each part of which is a whole number; at least one pair and one worker are needed."""
    if effort is None:
        return Effort()
    if not isinstance(effort, Effort):
        raise ProblemError(f"The effort must be an Effort, not {type(effort).__name__}.")
    for part in fields(effort):
        number, least = getattr(effort, part.name), LEAST_EFFORT.get(part.name, 0)
        if whole(number, f"The effort's {part.name}") < least:
            raise ProblemError(f"The effort's {part.name} must be at least {least}, not {number}.")
    if effort.workers > MOST_WORKERS:
        raise ProblemError(f"At most {MOST_WORKERS} workers can look at blocks, not {effort.workers}.")
    return effort


def _refuse_unfilled(optimum: Optimum) -> None:
    """Places that must be filled and are not, though filling them was worth more than all else, cannot be filled."""
    pool, unfilled = optimum.shape.pool, optimum.unfilled()
    for rank in np.flatnonzero(unfilled)[:1].tolist():
        mentor = int(pool.mentors[rank])
        raise ProblemError(
            f"Mentor {mentor} must have {pool.problem.needed[mentor]} mentees, and together with the other limits only "
            f"{pool.problem.needed[mentor] - unfilled[rank]} can be found.",
            mentor=mentor,
        )


def _claim(optimum: Optimum, chosen: Part, prices: Prices) -> tuple[Ints, Certificate]:
    """All pairs in the input's order, and the certificate that they and their prices make."""
    pool, (row, col, worth) = optimum.shape.pool, chosen
    pins = np.array(pool.problem.pins, np.int64).reshape(-1, 2)
    pairs = np.concatenate([np.stack([pool.mentees[row], pool.mentors[col]], axis=1), pins])
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    total = int((worth - pool.bonus + pool.problem.floor).sum()) + sum(max(0, score) for score in _pinned(pool.problem))
    mentee, mentor = pair_prices(pool, optimum.potential)
    bound = exact_sum(worth - mentee[row] - mentor[col]) + _limits_cost(pool, prices)
    return pairs, Certificate(pairs=len(pairs), total=total, value=exact_sum(worth), bound=bound)


def _pinned(problem: Problem) -> list[int]:
    """The score of each pin, FORBIDDEN if it overrides a hard rule."""
    found: list[int] = read_pairs(problem.source, np.array(problem.pins, np.int64).reshape(-1, 2)).tolist()
    return found


def _limits_cost(pool: Pool, prices: Prices) -> int:
    """What all limits together cost: each times its price, and what must be filled times its loss."""
    mentor = prices.mentor[pool.mentors]
    cost = exact_sum(pool.demand, prices.mentee[pool.mentees]) + pool.cap * prices.cap
    cost += exact_sum(pool.capacity, np.maximum(mentor, 0)) + exact_sum(pool.need, np.minimum(mentor, 0))
    for nest in (pool.mentee_nest, pool.mentor_nest):
        cost += exact_sum(nest.most, prices.quota[nest.quota])
    return cost
