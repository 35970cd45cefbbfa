"""The cheapest way from a best answer to another one: a shortest path in its residual network, and the story it tells.

With best prices every residual step costs nothing or more, so Dijkstra's algorithm applies. Mentees keep the few steps
that cost least; whatever was left out is taken in as soon as it could shorten a path, so distances are exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from matching.engine.columns import Columns, Part, pair_prices
from matching.engine.errors import CertificateError
from matching.engine.flow import residual
from matching.engine.network import Shape
from matching.engine.pool import Gains, Pool, impossible
from matching.engine.problem import Problem
from matching.engine.result import Result
from matching.engine.scores import Ints, blocks_of

NEAR = 16
AT_ONCE = 256
EXACT = 2**53


@dataclass(frozen=True)
class Move:
    """A pair made or undone, by positions in the problem's input."""

    mentee: int
    mentor: int
    made: bool


class Standing:
    """A result seen as the solver saw it: in the order of keys, with its prices as potentials and its pairs as
    columns."""

    def __init__(self, result: Result, problem: Problem) -> None:
        self.pool = Pool.of(problem).aimed(result.objective, result.worst_off)
        self.shape = Shape.of(self.pool)
        self.potential = self.shape.potentials(result.prices)
        self.price = pair_prices(self.pool, self.potential)
        self.row, self.col = np.argsort(self.pool.mentees), np.argsort(self.pool.mentors)
        pins = set(problem.pins)
        free = np.array([pair for pair in result.pairs.tolist() if tuple(pair) not in pins], np.int64).reshape(-1, 2)
        row, col = self.row[free[:, 0]], self.col[free[:, 1]]
        self.chosen = Columns.of(len(self.pool.demand), [(row, col, np.zeros_like(row))])


class Residual:
    """All steps away from a result's pairs, by what they cost. Nodes are those of the result's Shape.

    Raises CertificateError if a step would gain: then the result is not a best one, and nothing here would be true.
    """

    def __init__(self, standing: Standing) -> None:
        self.pool, self.shape = standing.pool, standing.shape
        self.potential, self.price, self.chosen = standing.potential, standing.price, standing.chosen
        self._build()

    def to_mentor(self, row: int, col: int) -> tuple[int, list[Move]] | None:
        """What it costs, prices aside, to find mentee `row` another place than one with mentor `col`, and how."""
        return self._path(row, len(self.pool.demand) + col)

    def to_mentee(self, col: int, row: int) -> tuple[int, list[Move]] | None:
        """What it costs, prices aside, to make room for mentee `row` at mentor `col` and settle those displaced."""
        return self._path(len(self.pool.demand) + col, row)

    def _build(self) -> None:
        """Look at every pair once: what the chosen ones gain, and the steps that cost least of each mentee."""
        pool, (mentee, mentor) = self.pool, self.price
        self.cut = np.full(len(pool.demand), EXACT)
        steps, surplus = [], np.zeros(len(self.chosen.row), np.int64)
        for rows in blocks_of(np.flatnonzero(pool.demand > 0), len(pool.capacity)):
            gains = pool.gains(rows, mentee, mentor)
            seen, place = self.chosen.among(rows)
            surplus[seen] = gains[place, self.chosen.col[seen]]
            gains[place, self.chosen.col[seen]] = impossible(gains)
            steps.append(self._nearest(rows, gains))
        worth = surplus + mentee[self.chosen.row] + mentor[self.chosen.col]
        self.chosen = replace(self.chosen, worth=worth)
        network = self.shape.network(self.chosen)
        tail, head, gain = residual(network, self.shape.flow(self.chosen))
        cost = -(gain + self.potential[tail] - self.potential[head])
        self._link([(tail, head, cost), *steps])

    def _nearest(self, rows: Ints, gains: Gains) -> Part:
        """Of each row the steps to mentors that cost least; `cut` is what the cheapest one left out costs."""
        if gains.shape[1] > NEAR:
            order = np.argpartition(gains, -NEAR - 1, axis=1)
            left = np.take_along_axis(gains, order[:, -NEAR - 1 : -NEAR], axis=1)[:, 0]
            self.cut[rows] = np.where(left > impossible(gains), -left.astype(np.int64), EXACT)
            np.put_along_axis(gains, order[:, :-NEAR], impossible(gains), axis=1)
        row, col = np.nonzero(gains > impossible(gains))
        return rows[row], len(self.pool.demand) + col, -gains[row, col].astype(np.int64)

    def _link(self, parts: list[Part]) -> None:
        """Build the graph from parts of (tail, head, cost); of parallel steps only the cheapest counts."""
        tail, head, cost = (np.concatenate(part) for part in zip(*parts, strict=True))
        if cost.min(initial=0) < 0:
            raise CertificateError("The result is not proven: some change would gain. Verify it first.")
        order = np.lexsort((cost, head, tail))
        tail, head, cost = tail[order], head[order], cost[order]
        first = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))[: len(tail)]
        self.steps = tail[first], head[first], cost[first]
        nodes = len(self.potential)
        # Of equally cheap paths the one with fewest steps, as long as floating-point numbers hold both exactly.
        self.unit = nodes if int(cost.max(initial=0)) * nodes * 8 < EXACT else 1
        lengths = self.steps[2] * self.unit + (self.unit > 1)
        self.graph = csr_array((lengths.astype(np.float64), self.steps[:2]), shape=(nodes, nodes))

    def _path(self, start: int, end: int) -> tuple[int, list[Move]] | None:
        """Cost and moves of a cheapest path, None if there is none."""
        while True:
            (lengths,), (before,) = dijkstra(self.graph, indices=[start], return_predecessors=True)
            away = np.minimum(lengths, EXACT).astype(np.int64) // self.unit
            shorter = away[: len(self.cut)] + self.cut
            doubtful = np.flatnonzero((shorter < away[end]) & (self.cut < EXACT))
            if not len(doubtful):
                break
            self._widen(np.sort(doubtful[np.argsort(shorter[doubtful], kind="stable")[:AT_ONCE]]))
        if lengths[end] >= EXACT:
            return None
        nodes = [end]
        while nodes[-1] != start:
            nodes.append(int(before[nodes[-1]]))
        return int(away[end]), self._moves(nodes[::-1])

    def _widen(self, rows: Ints) -> None:
        """Take in all steps of these mentees."""
        gains = self.pool.gains(rows, *self.price)
        seen, place = self.chosen.among(rows)
        gains[place, self.chosen.col[seen]] = impossible(gains)
        row, col = np.nonzero(gains > impossible(gains))
        self.cut[rows] = EXACT
        self._link([self.steps, (rows[row], len(self.pool.demand) + col, -gains[row, col].astype(np.int64))])

    def _moves(self, nodes: list[int]) -> list[Move]:
        """The steps between people; what happens among limits needs no telling."""
        mentees, people = len(self.pool.demand), len(self.pool.demand) + len(self.pool.capacity)
        moves = []
        for tail, head in pairwise(nodes):
            if max(tail, head) < people and (tail < mentees) != (head < mentees):
                row, col = min(tail, head), max(tail, head) - mentees
                moves.append(Move(int(self.pool.mentees[row]), int(self.pool.mentors[col]), made=tail < mentees))
        return moves
