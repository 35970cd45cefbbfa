"""The cheapest way from a best answer to another one: a shortest path in its residual network, and the story it tells.

With best prices every residual step costs nothing or more, so Dijkstra's algorithm applies. Mentees keep the few steps
that cost least; whatever was left out is taken in as soon as it could shorten a path, so distances are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matching.engine.columns import Columns, Part, pair_prices
from matching.engine.errors import CertificateError
from matching.engine.flow import residual
from matching.engine.network import Shape
from matching.engine.pool import Gains, Pool, impossible
from matching.engine.problem import Problem, rows_of
from matching.engine.progress import Watch
from matching.engine.result import Result
from matching.engine.scores import Ints

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

    def __init__(self, standing: Standing, watch: Watch | None = None) -> None:
        self.watch = watch or Watch()
        self.pool, self.shape = standing.pool, standing.shape
        self.potential, self.price, self.chosen = standing.potential, standing.price, standing.chosen
        self._build()

    def to_mentor(self, row: int, col: int) -> tuple[int, list[Move]] | None:
        """What it costs, prices aside, to find mentee `row` another place than one with mentor `col`, and how."""
        end = self._meet(row, col)
        path = self._path(row, end)
        return None if path is None else (path[0] - self._above_mentor(end, col), path[1])

    def to_mentee(self, col: int, row: int) -> tuple[int, list[Move]] | None:
        """What it costs, prices aside, to make room for mentee `row` at mentor `col` and settle those displaced."""
        return self._path(self._meet(row, col), row)

    def of_once(self, row: int, col: int) -> int:
        """What mentor `col` costs mentee `row` besides if another row of the same person has them: that pair's gain."""
        return self._above_mentor(self._meet(row, col), col)

    def _meet(self, row: int, col: int) -> int:
        """The node before mentor `col` for the person of this row: the mentor's own, unless rows meet before it."""
        of = self.pool.problem.persons[self.pool.mentees]
        meets = np.flatnonzero((self.chosen.col == col) & (of[self.chosen.row] == of[row]) & (self.meet >= 0))
        return int(self.meet[meets[0]]) if len(meets) else len(self.pool.demand) + col

    def _above_mentor(self, node: int, col: int) -> int:
        return int(self.potential[node] - self.potential[len(self.pool.demand) + col])

    def _build(self) -> None:
        """Look at every pair once: what the chosen ones gain, and the steps that cost least of each mentee."""
        pool, (mentee, mentor) = self.pool, self.price
        self.cut = np.full(len(pool.demand), EXACT)
        self.surplus = np.zeros(len(self.chosen.row), np.int64)
        self._find_rivals()
        steps = [
            self._nearest(rows, self._left_out(rows))
            for rows in self.watch.blocks("pairs", np.flatnonzero(pool.demand > 0), len(pool.capacity))
        ]
        worth = self.surplus + mentee[self.chosen.row] + mentor[self.chosen.col]
        self.chosen = self.chosen.valued(worth)
        network = self.shape.network(self.chosen)
        tail, head, gain = residual(network, self.shape.flow(self.chosen, np.ones(len(self.chosen.row), np.bool_)))
        cost = -(gain + self.potential[tail] - self.potential[head])
        self._link([(tail, head, cost), *steps, *self._meetings()])

    def _find_rivals(self) -> None:
        """Rows of a person who has the mentor of a chosen pair already. They meet in a node of their own, which comes
        after those of the shape: `meet` of that pair."""
        pool, row, index = self.pool, np.zeros(0, np.int64), np.zeros(0, np.int64)
        if pool.problem.aspects:
            of = pool.problem.persons[pool.mentees]
            row, index = rows_of(of, of[self.chosen.row])
        rival = (row != self.chosen.row[index]) & (pool.demand[row] > 0)
        self.rival_row, self.rival_of = row[rival], index[rival]
        self.rival_gain = np.full(len(self.rival_row), -EXACT)
        met = np.unique(self.rival_of)
        self.meet = np.full(len(self.chosen.row), -1)
        self.meet[met] = self.shape.nodes + np.arange(len(met))
        self.met_col = self.chosen.col[met]

    def _left_out(self, rows: Ints) -> Gains:
        """What the pairs of these mentees gain that are neither chosen nor with a mentor whom the person has."""
        gains = self.pool.gains(rows, *self.price)
        seen, place = self.chosen.among(rows)
        self.surplus[seen] = gains[place, self.chosen.col[seen]]
        gains[place, self.chosen.col[seen]] = impossible(gains)
        rivals = np.flatnonzero(np.isin(self.rival_row, rows))
        place, col = np.searchsorted(rows, self.rival_row[rivals]), self.chosen.col[self.rival_of[rivals]]
        possible = gains[place, col] > impossible(gains)
        self.rival_gain[rivals] = np.where(possible, gains[place, col].astype(np.int64), -EXACT)
        gains[place, col] = impossible(gains)
        return gains

    def _meetings(self) -> list[Part]:
        """Where rows of a person meet: from the mentor back to the chosen row, which costs what that pair gains; or
        from another row, which may take the mentor over."""
        met = np.flatnonzero(self.meet >= 0)
        node, mentor = self.meet[met], len(self.pool.demand) + self.chosen.col[met]
        self.potential = np.concatenate([self.potential, self.potential[mentor] + self.surplus[met]])
        able = self.rival_gain > -EXACT
        row, of = self.rival_row[able], self.rival_of[able]
        return [
            (mentor, node, self.surplus[met]),
            (node, self.chosen.row[met], np.zeros_like(met)),
            (row, self.meet[of], self.surplus[of] - self.rival_gain[able]),
        ]

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
        from scipy.sparse import csr_array  # here, so that a process that asks for no path does not wait for it

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
        from scipy.sparse.csgraph import dijkstra

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
        gains = self._left_out(rows)
        row, col = np.nonzero(gains > impossible(gains))
        self.cut[rows] = EXACT
        self._link([self.steps, (rows[row], len(self.pool.demand) + col, -gains[row, col].astype(np.int64))])

    def _moves(self, nodes: list[int]) -> list[Move]:
        """The steps between people; what happens among limits needs no telling."""
        mentees, moves = len(self.pool.demand), []
        for tail, head in pairwise(nodes):
            row, col = min(tail, head), self._mentor_at(max(tail, head))
            if row < mentees and col is not None:
                moves.append(Move(int(self.pool.mentees[row]), int(self.pool.mentors[col]), made=tail < mentees))
        return moves

    def _mentor_at(self, node: int) -> int | None:
        """Who a node leads to alone, if it does."""
        mentor = node - len(self.pool.demand)
        if node >= self.shape.nodes:
            return int(self.met_col[node - self.shape.nodes])
        return mentor if 0 <= mentor < len(self.pool.capacity) else None
