"""How far each weight can move before other pairs become better: the interval in which the same pairs stay a best set.

When one weight moves, the others share the rest in the proportions that they have now, exactly and not rounded: scores
become straight lines in that weight, and all of it is done in integers, on a scale on which no line needs a fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.asked import answered, listener
from matching.engine.columns import Columns, heaviest_of_each
from matching.engine.errors import ProblemError
from matching.engine.flow import route
from matching.engine.given import listed
from matching.engine.network import Shape
from matching.engine.parts import Weighed, weighed
from matching.engine.pool import Pool, impossible
from matching.engine.problem import Problem
from matching.engine.progress import Progress, Watch
from matching.engine.result import Result
from matching.engine.scores import Ints, blocks_of, exact_sum

MOST_PAIRS = 2**21
FIRST, MORE = 24, 12


@dataclass(frozen=True)
class WeightRange:
    """The pairs stay a best set for every whole weight low … high of a criterion, the others in proportion; beyond
    either end they do not, unless it is 0 or the sum of all weights."""

    criterion: str
    weight: int
    low: int
    high: int


def weight_ranges(
    result: Result,
    problem: Problem,
    *,
    criteria: Iterable[str] | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> list[WeightRange]:
    """The range of each criterion's weight before pairs change; of all criteria if None, in the source's order.

    Exact: at each end the problem was solved, and at the next whole weight other pairs are better. Where scores are all
    that counts, the weights at which a set of pairs is best have no gaps, so few solves find the ends (Newton's method
    on the value of the best other answer); with the worst-off first, or where a floor decides who can be paired at all,
    every whole weight up to the end is tried. progress is told between solves, and may stop the work.
    The sum of all weights is the highest weight; a criterion that has it alone has no other to give way to, and stays.
    Holds all possible pairs. Raises ProblemError if there are more than 2,097,152, if the source does not say what its
    scores are made of, if there is no such criterion, or if the result is another problem's.
    Source: parametric linear programming (Gass & Saaty 1955); Newton's method as in Dinkelbach 1967.
    """
    answered(result, problem)
    listener(progress)
    source = weighed(problem.source)
    names = list(source.weights) if criteria is None else list(listed(criteria, "The criteria asked about"))
    for name in map(_word, names):
        if name not in source.weights:
            raise ProblemError(f"There is no criterion {name!r}; there are {', '.join(source.weights)}.")
    watch, field = Watch(progress), _Field.of(result, problem)
    return [_range(field, source, name, watch) for name in names]


def _word(name: object) -> str:
    if not isinstance(name, str):
        raise ProblemError(f"A criterion is named by a word, not by {name!r}.")
    return name


def _range(field: _Field, source: Weighed, name: str, watch: Watch) -> WeightRange:
    weight, whole = source.weights[name], sum(source.weights.values())
    if weight == whole:
        return WeightRange(name, weight, weight, weight)
    tilt = _Tilt.of(field, source, name)
    find = _walk if field.has_gaps else _newton
    return WeightRange(name, weight, find(tilt, weight, 0, watch), find(tilt, weight, whole, watch))


def _newton(tilt: _Tilt, weight: int, end: int, watch: Watch) -> int:
    """The last weight towards an end at which the pairs are best, if they are so without gaps.

    Whoever beats them at a weight beats them from where their two lines cross, so the end is no further than that.
    """
    far, way = abs(end - weight), 1 if end > weight else -1
    for step in (2, 20, far):  # what is near is tried first: most ranges are narrow
        step = min(step, far)
        while (other := _better(tilt, weight + way * step, watch)) is not None:
            behind, ahead = (tilt.lead(other, weight + way * at) for at in (0, step))
            step = far = -behind * step // (ahead - behind)
        if step == far:
            break
    return weight + way * far


def _walk(tilt: _Tilt, weight: int, end: int, watch: Watch) -> int:
    """The last weight towards an end up to which the pairs are best at every one."""
    way = 1 if end > weight else -1
    while weight != end:
        if _better(tilt, weight + way, watch) is not None:
            break
        weight += way
    return weight


def _better(tilt: _Tilt, weight: int, watch: Watch) -> Ints | None:
    watch.tell("flow")
    return tilt.better(weight)


@dataclass(frozen=True)
class _Field:
    """A result among all possible pairs; chosen: (pairs,) which of them are the result's; seen: (pairs,) which of them
    have mattered so far, to begin with those and price out all others."""

    problem: Problem
    pool: Pool
    row: Ints
    col: Ints
    chosen: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    worst_off: bool
    counted: bool

    @classmethod
    def of(cls, result: Result, problem: Problem) -> _Field:
        pool = Pool.of(problem)
        pool = replace(pool, floor=0)  # whom another weight lifts above the floor counts too
        free = np.zeros(max(len(pool.demand), len(pool.capacity)), np.int64)
        parts, count = [(free[:0], free[:0], free[:0])], 0
        for rows in blocks_of(np.flatnonzero(pool.demand > 0), len(pool.capacity)):
            gains = pool.gains(rows, free[: len(pool.demand)], free[: len(pool.capacity)])
            gains[:, pool.capacity == 0] = impossible(gains)
            row, col = np.nonzero(gains > impossible(gains) // 2)
            parts.append((rows[row], col, gains[row, col].astype(np.int64)))
            if (count := count + len(row)) > MOST_PAIRS:
                raise ProblemError(f"More than {MOST_PAIRS:,} pairs are possible; weight ranges need them all at once.")
        row, col, gain = (np.concatenate(part) for part in zip(*parts, strict=True))
        place = pool.mentees[row] * problem.shape[1] + pool.mentors[col]
        chosen = np.isin(place, result.pairs[:, 0] * problem.shape[1] + result.pairs[:, 1])
        # Rows of one person meet before a mentor, so the flow must see all of them.
        seen = chosen | problem.aspects
        seen[heaviest_of_each(row, gain - gain.min(initial=0) + 1, FIRST)] = True
        worst_off, counted = result.objective == "worst_off_first", result.objective != "total"
        return cls(problem, pool, row, col, chosen, seen, worst_off, counted)

    @property
    def has_gaps(self) -> bool:
        """Whether the pairs may be best at two weights and not between them."""
        return self.worst_off or (self.problem.floor > 0 and (self.counted or bool(self.pool.need.any())))

    def best(self, possible: NDArray[np.bool_], worth: Ints, required: int) -> Ints:
        """(pairs,) 0 and 1: a best set of the possible pairs, each worth so much; required: what filling a place is
        worth that must be filled."""
        shape = Shape.of(replace(self.pool, required=required))
        while True:
            index = np.flatnonzero(self.seen & possible)
            columns = Columns.of(len(self.pool.demand), [(self.row[index], self.col[index], worth[index])])
            network = shape.network(columns)
            flow = route(network)
            potential = shape.least_potentials(network, flow)
            gain = worth + potential[self.row] - potential[len(self.pool.demand) + self.col]
            unseen = np.flatnonzero(possible & ~self.seen & (gain > 0))
            if not len(unseen):
                used = np.zeros(len(self.row), np.int64)
                used[index] = flow[: len(index)]
                return used
            self.seen[unseen[heaviest_of_each(self.row[unseen], gain[unseen], MORE)]] = True


@dataclass(frozen=True)
class _Tilt:
    """Scores as lines: at weight w they are slope × w + rise, `scale` times what they are.

    With weight w of the whole, a criterion with points P whose weight was v, and others that gave O together:
    w × P + (whole - w) / (whole - v) × O, times whole - v.
    """

    field: _Field
    slope: Ints
    rise: Ints
    scale: int
    bonus: int

    @classmethod
    def of(cls, field: _Field, source: Weighed, name: str) -> _Tilt:
        own, others = _points(field, source, name)
        weight, whole = source.weights[name], sum(source.weights.values())
        slope, rise = own * (whole - weight) - others, others * whole
        highest = max(int(np.abs(slope * at + rise).max(initial=0)) for at in (0, whole))
        highest += (whole - weight) * field.problem.floor
        return cls(field, slope, rise, whole - weight, (highest + 1) * (field.pool.cap + 1))

    def better(self, weight: int) -> Ints | None:
        """(pairs,) a better set than the result's at this weight, None if there is none; the result's own if it is no
        answer any more."""
        field, floor = self.field, self.scale * self.field.problem.floor
        scores = self.slope * weight + self.rise
        possible = scores >= floor if field.has_gaps else np.ones(len(scores), np.bool_)
        if not possible[field.chosen].all():
            return field.chosen.astype(np.int64)
        if field.worst_off and field.chosen.any():
            worst = scores[field.chosen].min()
            if (lifted := self._best_number(scores > worst)).sum() == field.chosen.sum():
                return lifted
            if (more := self._best_number(possible)).sum() > field.chosen.sum():
                return more
            possible = scores >= worst
        worth = self._worth(weight)
        other = field.best(possible, worth, 4 * self.bonus)
        return other if _sum(other - field.chosen, worth) > 0 else None

    def lead(self, other: Ints, weight: int) -> int:
        """How much better another set is at a weight."""
        return _sum(other - self.field.chosen, self._worth(weight))

    def _worth(self, weight: int) -> Ints:
        worth = self.slope * weight + self.rise - self.scale * self.field.problem.floor
        return worth + self.bonus if self.field.counted else worth

    def _best_number(self, possible: NDArray[np.bool_]) -> Ints:
        """A set of most of the possible pairs."""
        return self.field.best(possible, np.ones(len(possible), np.int64), 4 * (self.field.pool.cap + 1))


def _sum(times: Ints, worth: Ints) -> int:
    """A dot product of which most is zero, in Python's integers."""
    some = np.flatnonzero(times)
    return exact_sum(worth[some], times[some])


def _points(field: _Field, source: Weighed, name: str) -> tuple[Ints, Ints]:
    """(pairs,) the criterion's points, and what all others give together."""
    own, others = np.zeros(len(field.row), np.int64), np.zeros(len(field.row), np.int64)
    for rows in blocks_of(np.unique(field.row), field.problem.shape[1]):
        first, last = np.searchsorted(field.row, [rows[0], rows[-1] + 1])
        place = np.searchsorted(rows, field.row[first:last]), field.pool.mentors[field.col[first:last]]
        for each, points in source.parts(field.pool.mentees[rows]).items():
            if each == name:
                own[first:last] = points[place]
            else:
                others[first:last] += points[place].astype(np.int64) * source.weights[each]
    return own, others
