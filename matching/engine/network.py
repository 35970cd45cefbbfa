"""The shape of the flow: source → groups of mentees → mentees → mentors → groups of mentors → sink → source; and
where a person has several rows, one node more between them and each mentor.

What passes the last arc is the number of pairs. Potentials are read as prices here, and back, as the shape tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.aspects import Meets
from matching.engine.columns import Columns, joined
from matching.engine.flow import Network, residual
from matching.engine.nests import Nest
from matching.engine.pool import Pool
from matching.engine.prices import UNREACHED, longest_paths
from matching.engine.progress import Watch
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
    """Nodes: mentees, mentors, groups of mentees, source, groups of mentors, sink; the source's potential is 0. After
    them those where several rows of a person meet, which depend on the columns.

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

    @property
    def nodes(self) -> int:
        """How many there are whatever the columns."""
        return self.mentor.root + 1

    def network(self, columns: Columns) -> Network:
        """The pairs, in their order, and after them everything that limits them."""
        pool, mentee, mentor = self.pool, self.mentee, self.mentor
        meets = Meets.among(pool, columns)
        met = self.nodes + np.arange(len(meets.col))
        need = np.minimum(pool.need, pool.capacity)
        must = slice(mentor.people)
        to = np.where(meets.of < 0, mentee.people + columns.col, self.nodes + meets.of)
        source, sink = np.array([mentee.root]), np.array([mentor.root])
        tail = joined([columns.row, mentee.above, mentor.node[must], mentor.node, sink, met])
        head = joined([to, mentee.node, mentor.above[must], mentor.above, source, mentee.people + meets.col])
        limits = [
            pool.demand,
            pool.mentee_nest.most,
            need,
            pool.capacity - need,
            pool.mentor_nest.most,
            np.array([pool.cap]),
        ]
        upper = joined([np.ones(len(to), np.int32), *limits, np.ones_like(met)])
        gain = np.zeros(len(upper), np.int64)
        first = len(columns.row) + len(mentee.node)
        gain[: len(columns.row)] = columns.worth
        gain[first : first + mentor.people] = np.where(need > 0, pool.required, 0)
        return Network(self.nodes + len(met), tail, head, gain, lower=np.zeros_like(upper), upper=upper)

    def flow(self, columns: Columns, used: NDArray[np.bool_]) -> Ints:
        """The flow on network(columns) that uses these of the pairs."""
        meets = Meets.among(self.pool, columns)
        met = np.bincount(meets.of[used & (meets.of >= 0)], minlength=len(meets.col))
        load = np.bincount(columns.col[used], minlength=self.mentor.people)
        filled = np.minimum(load, self.pool.need)
        given = self.mentee.carried(np.bincount(columns.row[used], minlength=self.mentee.people))
        led = self.mentor.carried(load)
        led[: self.mentor.people] -= filled
        return np.concatenate([used.astype(np.int64), given, filled, led, [np.count_nonzero(used)], met])

    def least_potentials(self, network: Network, flow: Ints, watch: Watch | None = None) -> Ints:
        """The least prices of mentors among all best prices: these form a lattice, so whichever best flow is given.

        Steps that always hold are added to the residual ones. No price falls below zero (that of a mentor who must have
        somebody: below minus what that is worth): from source to sink, and down to each mentor and group of mentors.
        Mentees with no place left cost nothing yet: from the node above to each of them. Nor does having a mentor once:
        from the mentor to where the rows of a person meet.
        """
        pool, mentee, mentor = self.pool, self.mentee, self.mentor
        shut = np.concatenate([pool.demand, pool.mentee_nest.most]) == 0
        least = np.where(pool.need > 0, -pool.required, 0)
        first = len(network.tail) - (network.nodes - self.nodes)
        meet, met = network.tail[first:], network.head[first:]
        always = (
            np.concatenate([[mentee.root], mentor.above, mentee.above[shut], met]),
            np.concatenate([[mentor.root], mentor.node, mentee.node[shut], meet]),
            np.concatenate([[0], least, 0 * pool.mentor_nest.most, 0 * mentee.node[shut], 0 * meet]),
        )
        start = np.full(network.nodes, UNREACHED, np.int64)
        start[mentee.root] = 0
        return longest_paths(start, *residual(network, flow, always), watch)

    def carried(self, potential: Ints, before: Columns, after: Columns) -> Ints:
        """Potentials of network(before) for network(after), which has more columns: where rows newly meet, nobody has
        the mentor, and so it costs nothing to have them once."""
        old, new = Meets.among(self.pool, before), Meets.among(self.pool, after)
        place = new.where(old, self.mentor.people)
        like = np.where(place < 0, self.mentee.people + new.col, self.nodes + place)
        return np.concatenate([potential[: self.nodes], potential[like]])

    def prices(self, potential: Ints, columns: Columns) -> Prices:
        """What each limit costs: the distance of its two ends' potentials; people in the input's order."""
        pool, mentee, mentor = self.pool, self.mentee, self.mentor
        mentee_price = potential[mentee.above] - potential[mentee.node]
        mentor_price = potential[mentor.node] - potential[mentor.above]
        prices = Prices.zero(pool.problem, cap=int(potential[mentor.root]))
        prices.mentee[pool.mentees], prices.quota[pool.mentee_nest.quota] = np.split(mentee_price, [mentee.people])
        prices.mentor[pool.mentors], prices.quota[pool.mentor_nest.quota] = np.split(mentor_price, [mentor.people])
        return replace(prices, once=self._once(potential, columns))

    def _once(self, potential: Ints, columns: Columns) -> Ints:
        meets = Meets.among(self.pool, columns)
        price = potential[self.nodes :] - potential[self.mentee.people + meets.col]
        once = np.stack([meets.person, self.pool.mentors[meets.col], price], axis=1)[price > 0]
        return once[np.lexsort((once[:, 1], once[:, 0]))]

    def potentials(self, prices: Prices) -> Ints:
        """The inverse of prices(), for the nodes that there are whatever the columns."""
        pool = self.pool
        potential = np.zeros(self.mentor.root + 1, np.int64)
        potential[self.mentor.root] = prices.cap
        paid = np.concatenate([prices.mentee[pool.mentees], prices.quota[pool.mentee_nest.quota]])
        self.mentee.hang(potential, -paid)
        self.mentor.hang(potential, np.concatenate([prices.mentor[pool.mentors], prices.quota[pool.mentor_nest.quota]]))
        return potential
