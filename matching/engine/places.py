"""What places are worth: where one more would help most, and what one fewer would cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.asked import answered, people
from matching.engine.errors import ProblemError
from matching.engine.problem import Problem
from matching.engine.progress import Progress
from matching.engine.result import Result
from matching.engine.what_if import Changes, Delta, what_if


@dataclass(frozen=True)
class PlaceWorth:
    """What one place more and one fewer at a mentor do, each by a solve.

    gain, loss: in the objective's units, as Result gives its prices: points above the floor, and the bonus for each
    pair that comes or goes. They differ where the next place is worth less than the last one; the price is between
    them, and is the gain itself unless quotas surround the mentor. With the worst-off first, points are given up for
    the worst-off pair, so a gain may be below zero.
    fewer, loss: None if no place can be taken away: there is none, or it must be filled or is pinned.
    """

    mentor: int
    price: int
    gain: int
    loss: int | None
    more: Delta
    fewer: Delta | None


def worth_of_places(
    result: Result,
    problem: Problem,
    mentors: Sequence[int] | None = None,
    *,
    progress: Callable[[Progress], object] | None = None,
) -> list[PlaceWorth]:
    """What one place is worth at each of some mentors, in the given order.

    None: all mentors at whom a place has a price, the dearest first; a place anywhere else is worth nothing, or what a
    quota around it costs. Two solves each, in which progress is called as by solve(). Raises ProblemError if there is
    no such mentor, or if the result is another problem's.
    Source: prices of an assignment as one-sided derivatives, Shapley & Shubik 1971, Leonard 1983.
    """
    answered(result, problem)
    if mentors is None:
        dearest = np.argsort(-result.mentor_prices, kind="stable")
        mentors = [mentor for mentor in dearest.tolist() if result.mentor_prices[mentor] > 0]
    return [_worth(result, problem, mentor, progress) for mentor in people(mentors, "mentor", problem.shape[1])]


def _worth(result: Result, problem: Problem, mentor: int, progress: Callable[[Progress], object] | None) -> PlaceWorth:
    more = what_if(result, problem, Changes(places={mentor: 1}), progress=progress)
    try:
        fewer = what_if(result, problem, Changes(places={mentor: -1}), progress=progress)
    except ProblemError:
        fewer = None
    return PlaceWorth(
        mentor=mentor,
        price=int(result.mentor_prices[mentor]),
        gain=_value(result, problem, more),
        loss=None if fewer is None else -_value(result, problem, fewer),
        more=more,
        fewer=fewer,
    )


def _value(result: Result, problem: Problem, delta: Delta) -> int:
    return delta.points + (result.bonus - problem.floor) * delta.pairs
