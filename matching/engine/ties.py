"""Which of several equally good answers: the one with most pairs, then the one nearest to what was published, then by
lot, whatever the order of the input.

Best flows form a face. Its arcs are those whose reduced gain is zero (the tight ones); a second flow on them alone,
and a third, settle the next questions without touching the ones before: a lexicographic optimum without large
numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from matching.engine.aspects import closed
from matching.engine.columns import Part, pair_prices
from matching.engine.errors import ProblemError
from matching.engine.flow import Network, best_face, residual, route
from matching.engine.heaviest import heaviest, where
from matching.engine.optimum import Optimum
from matching.engine.pool import Pool
from matching.engine.prices import longest_paths
from matching.engine.problem import Keys
from matching.engine.scores import Ints

LOT_BITS = 36
Value = Callable[[Ints, Ints], Ints]
Published = Sequence[tuple[int, int]] | Ints


def draw(optimum: Optimum, seed: int, published: Published = ()) -> Part:
    """Row, column and worth of the chosen pairs: of all best flows those with most pairs, of those the ones that keep
    most of what was published, of those the highest sum of lots."""
    pool, face = optimum.shape.pool, Face(optimum)
    if not face.counted():
        face.settle(lambda row, col: np.ones_like(row))
    if len(published):
        # With the number of pairs settled, what is kept is what is not changed: pairs that go and pairs that come.
        face.settle(kept(pool, published))
    face.settle(lambda row, col: lots(seed, pool.mentee_keys[row], pool.mentor_keys[col]))
    columns, chosen = face.columns, face.flow[: len(face.columns.row)] > 0
    return columns.row[chosen], columns.col[chosen], columns.worth[chosen]


def known_pairs(pool: Pool, published: Published) -> Ints:
    """(n, 2) the published pairs. Raises ProblemError if one names somebody who is not there."""
    pairs = np.array(published, np.int64).reshape(-1, 2)
    for mentee, mentor in pairs[((pairs < 0) | (pairs >= pool.problem.shape)).any(axis=1)][:1].tolist():
        raise ProblemError(
            f"The published pair of mentee {mentee} and mentor {mentor} names somebody who is not there."
        )
    return pairs


def kept(pool: Pool, published: Published) -> Value:
    """1 for a pair that was published, 0 for another one; one that may no longer be is of no account."""
    pairs = known_pairs(pool, published)
    mentors = pool.problem.shape[1]
    there = np.unique(pairs[:, 0] * mentors + pairs[:, 1])

    def value(row: Ints, col: Ints) -> Ints:
        return np.isin(pool.mentees[row] * mentors + pool.mentors[col], there).astype(np.int64)

    return value


def lots(seed: int, mentees: Keys, mentors: Keys) -> Ints:
    """A lot 1 … 2**36 for each pair of keys (same length), from the seed and the two identities alone.

    Among E tied pairs, two whole answers draw the same highest sum with probability at most E / 2**36 (Mulmuley,
    Vazirani & Vazirani 1987): for all that matters there is one.
    """
    start = np.full(1, seed % 2**64, np.uint64)
    mixed = splitmix64(splitmix64(splitmix64(start) ^ mentees) ^ mentors)
    return (mixed >> np.uint64(64 - LOT_BITS)).astype(np.int64) + 1


def splitmix64(state: Keys) -> Keys:
    """The finalizer of SplitMix64 (Steele, Lea & Flood 2014): a bijection of uint64 that scatters neighbors."""
    mixed = state + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


class Face:
    """All best flows, narrowed one question after another. `settled` holds each question with its best potentials."""

    def __init__(self, optimum: Optimum) -> None:
        self.shape, self.search, self.best = optimum.shape, optimum.search, optimum.potential
        self.columns, self.flow = optimum.columns, optimum.flow
        self.settled: list[tuple[Value, Ints]] = []
        self._see(self.search.tied or [])

    def settle(self, value: Value) -> None:
        """Keep of these flows those whose pairs have the highest sum of values, and one of them as `flow`."""
        if self.search.tied is None:
            # What counts most for its own sake is a good beginning; the prices ask for the rest.
            nothing = np.zeros(len(self.best), np.int64)
            self._see(self._unseen(value, nothing, self.search.first))
        while True:
            self.search.watch.tell("ties")
            network = self._valued(self._network(), value)
            self.flow = route(network)
            free = np.zeros(network.nodes, np.int64)
            potential = longest_paths(free, *residual(network, self.flow), self.search.watch)
            unseen = self._unseen(value, potential, self.search.more) if self.search.tied is None else []
            if not unseen:
                break
            self._see(unseen)
        self.settled.append((value, potential))

    def counted(self) -> bool:
        """Whether all best flows have as many pairs: where the cap, or what each mentee or group of them gets, is
        settled by its price."""
        network, root = self._network(), self.shape.mentee.root
        free = network.upper > network.lower
        return not (free[network.tail == root].any() and free[network.head == root].any())

    def _network(self) -> Network:
        """Every arc that the questions settled so far decide is frozen."""
        network = best_face(self.shape.network(self.columns), self.flow, self.best)
        for value, potential in self.settled:
            network = best_face(self._valued(network, value), self.flow, potential)
        return network

    def _valued(self, network: Network, value: Value) -> Network:
        columns = self.columns
        gain = np.zeros_like(network.gain)
        gain[: len(columns.row)] = value(columns.row, columns.col)
        return replace(network, gain=gain)

    def _see(self, parts: list[Part]) -> None:
        """Let the flow see more pairs, unused."""
        before = self.columns
        used = self.flow[: len(before.row)] > 0
        row, col = before.row[used], before.col[used]
        columns = self.columns = closed(self.shape.pool, before.with_more(parts), self.search.effort.block)
        mentors = len(self.shape.pool.capacity)
        pairs = np.isin(columns.row * mentors + columns.col, row * mentors + col)
        self.flow = self.shape.flow(columns, pairs)
        self.best = self.shape.carried(self.best, before, columns)
        self.settled = [(value, self.shape.carried(prices, before, columns)) for value, prices in self.settled]

    def _unseen(self, value: Value, potential: Ints, most: int) -> list[Part]:
        """Where ties are too many to hold: unseen pairs that tie in all that is settled, and would gain now, about so
        many of each mentee."""
        search, pool = self.search, self.shape.pool
        mentee, mentor = pair_prices(pool, self.best)
        parts = []
        for rows, gains in search.blocks(search.open_rows, mentee, mentor):
            gains[self.columns.places(rows)] = -1
            place, col = where(gains == 0)
            for earlier, prices in self.settled:
                tied = _gain(pool.demand, earlier, prices, rows[place], col) == 0
                place, col = place[tied], col[tied]
            table = np.zeros(gains.shape, np.int64)
            table[place, col] = _gain(pool.demand, value, potential, rows[place], col)
            place, col, _ = heaviest(table, 0, most)
            row = rows[place]
            parts.append((row, col, mentee[row] + mentor[col]))
        return [part for part in parts if len(part[0])]


def _gain(mentees: Ints, value: Value, potential: Ints, row: Ints, col: Ints) -> Ints:
    return value(row, col) + potential[row] - potential[len(mentees) + col]
