"""The shape of the flow: source → groups of mentees → mentees → mentors → groups of mentors → sink → source.

What passes the last arc is the number of pairs. Potentials are read as prices here, and back, as the shape tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.columns import Columns
from matching.engine.flow import Network, residual
from matching.engine.nests import Nest
from matching.engine.pool import Pool
from matching.engine.prices import UNREACHED, longest_paths
from matching.engine.result import Prices
from matching.engine.scores import Ints


@dataclass(frozen=True)
class Branch:
    """One side as nodes: its people, then its groups, smaller before larger; `above` is the node above each of them."""

    people: int
    node: Ints
    above: Ints
    root: int

    @classmethod
    def of(cls, nest: Nest, people: Ints, first: int) -> Branch:
        """The nodes of the groups are numbered from `first`, and everybody comes after them."""
        groups = first + np.arange(len(nest.most))
        above = first + np.concatenate([nest.above, nest.outer])
        return cls(len(people), np.concatenate([people, groups]), above, first + len(nest.most))

    def carried(self, people: Ints) -> Ints:
        """What passes each node, if so much passes each person."""
        carried = np.zeros(self.root + 1, np.int64)
        carried[self.node[: self.people]] = people
        np.add.at(carried, self.above[: self.people], people)
        for group in range(self.people, len(self.node)):
            carried[self.above[group]] += carried[self.node[group]]
        return carried[self.node]

    def hang(self, potential: Ints, step: Ints) -> None:
        """Give each node the potential above it plus its step, from everybody down to the people."""
        for group in range(len(self.node) - 1, self.people - 1, -1):
            potential[self.node[group]] = potential[self.above[group]] + step[group]
        people = slice(self.people)
        potential[self.node[people]] = potential[self.above[people]] + step[people]


@dataclass(frozen=True)
class Shape:
    """Nodes: mentees, mentors, groups of mentees, source, groups of mentors, sink. The source's potential is 0.

    A mentee's potential is minus what the mentee must be paid for, a mentor's what the mentor costs, all limits around
    them included.
    """

    pool: Pool
    mentee: Branch
    mentor: Branch

    @classmethod
    def of(cls, pool: Pool) -> Shape:
        """Number the nodes of this pool."""
        mentees, mentors = len(pool.demand), len(pool.capacity)
        mentee = Branch.of(pool.mentee_nest, np.arange(mentees), mentees + mentors)
        mentor = Branch.of(pool.mentor_nest, mentees + np.arange(mentors), mentee.root + 1)
        return cls(pool, mentee, mentor)

    def network(self, columns: Columns) -> Network:
        """The pairs, in their order, and after them everything that limits them."""
        pool, mentee, mentor = self.pool, self.mentee, self.mentor
        need = np.minimum(pool.need, pool.capacity)
        must = slice(mentor.people)
        tail = np.concatenate([columns.row, mentee.above, mentor.node[must], mentor.node, [mentor.root]])
        head = np.concatenate(
            [mentee.people + columns.col, mentee.node, mentor.above[must], mentor.above, [mentee.root]]
        )
        limits = [pool.demand, pool.mentee_nest.most, need, pool.capacity - need, pool.mentor_nest.most, [pool.cap]]
        upper = np.concatenate([np.ones_like(columns.row), *limits])
        gain = np.zeros_like(upper)
        first = len(columns.row) + len(mentee.node)
        gain[: len(columns.row)] = columns.worth
        gain[first : first + mentor.people] = np.where(need > 0, pool.required, 0)
        return Network(mentor.root + 1, tail, head, gain, lower=np.zeros_like(upper), upper=upper)

    def flow(self, columns: Columns) -> Ints:
        """The flow on network(columns) that uses each of these pairs."""
        load = np.bincount(columns.col, minlength=self.mentor.people)
        filled = np.minimum(load, self.pool.need)
        given = self.mentee.carried(np.diff(columns.first))
        led = self.mentor.carried(load)
        led[: self.mentor.people] -= filled
        return np.concatenate([np.ones_like(columns.row), given, filled, led, [len(columns.row)]])

    def least_potentials(self, network: Network, flow: Ints) -> Ints:
        """The least prices of mentors among all best prices: these form a lattice, so whichever best flow is given.

        Steps that always hold are added to the residual ones. No price falls below zero (that of a mentor who must have
        somebody: below minus what that is worth): from source to sink, and down to each mentor and group of mentors.
        Mentees with no place left cost nothing yet: from the node above to each of them.
        """
        pool, mentee, mentor = self.pool, self.mentee, self.mentor
        shut = np.concatenate([pool.demand, pool.mentee_nest.most]) == 0
        least = np.where(pool.need > 0, -pool.required, 0)
        tail, head, gain = residual(network, flow)
        start = np.full(network.nodes, UNREACHED, np.int64)
        start[mentee.root] = 0
        return longest_paths(
            start,
            np.concatenate([tail, [mentee.root], mentor.above, mentee.above[shut]]),
            np.concatenate([head, [mentor.root], mentor.node, mentee.node[shut]]),
            np.concatenate([gain, [0], least, 0 * pool.mentor_nest.most, 0 * mentee.node[shut]]),
        )

    def prices(self, potential: Ints) -> Prices:
        """What each limit costs: the distance of its two ends' potentials; people in the input's order."""
        pool, mentee, mentor = self.pool, self.mentee, self.mentor
        mentee_price = potential[mentee.above] - potential[mentee.node]
        mentor_price = potential[mentor.node] - potential[mentor.above]
        prices = Prices.zero(pool.problem, cap=int(potential[mentor.root]))
        prices.mentee[pool.mentees], prices.quota[pool.mentee_nest.quota] = np.split(mentee_price, [mentee.people])
        prices.mentor[pool.mentors], prices.quota[pool.mentor_nest.quota] = np.split(mentor_price, [mentor.people])
        return prices

    def potentials(self, prices: Prices) -> Ints:
        """The inverse of prices()."""
        pool = self.pool
        potential = np.zeros(self.mentor.root + 1, np.int64)
        potential[self.mentor.root] = prices.cap
        paid = np.concatenate([prices.mentee[pool.mentees], prices.quota[pool.mentee_nest.quota]])
        self.mentee.hang(potential, -paid)
        self.mentor.hang(potential, np.concatenate([prices.mentor[pool.mentors], prices.quota[pool.mentor_nest.quota]]))
        return potential
