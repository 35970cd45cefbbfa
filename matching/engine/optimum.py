"""A proven best flow: solve on the pairs at hand, price out all others, add those that would gain, until there are
none."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching.engine.aspects import charge, closed
from matching.engine.columns import Columns, Effort, pair_prices
from matching.engine.flow import refuse_overflow, route
from matching.engine.network import Shape
from matching.engine.pool import Pool
from matching.engine.progress import Watch
from matching.engine.result import Prices
from matching.engine.sample import CROWDED, SPARE, sampled, served
from matching.engine.scores import SCORE_LIMIT, Ints, blocks_of, exact_sum
from matching.engine.search import Search, Seen


@dataclass(frozen=True, eq=False)
class Optimum:
    """A best flow on the pairs that a search has found to matter, and the least potentials that prove it."""

    shape: Shape
    search: Search
    columns: Columns
    flow: Ints
    potential: Ints

    @classmethod
    def of(cls, pool: Pool, watch: Watch, effort: Effort, seen: Seen | None = None, *, share: float = 1) -> Optimum:
        """The best of everything that is possible in the pool. Raises ProblemError if it is too large for 64 bits.

        seen: what a look at the scores has shown at this floor or a lower one, if there was one.
        share: of those who could be served, whom the mentors that mentees like best have places for, if that is known,
        even if a sample cannot tell.
        """
        shape = Shape.of(pool)
        refuse_overflow(max(pool.bonus + SCORE_LIMIT, pool.required if pool.need.any() else 0), shape.mentor.root + 1)
        likely, share = _likely_prices(pool, watch, effort, share)
        search = Search(pool, watch, effort, crowded=share < CROWDED)
        columns = closed(pool, search.first_look(likely, seen), effort.block)
        while True:
            watch.tell("flow")
            flow, potential = _best(shape, columns, watch)
            gaining = search.look(columns, potential)
            if not gaining:
                return cls(shape, search, columns, flow, potential)
            del flow
            columns = closed(pool, columns.with_more(gaining), effort.block)

    @property
    def pairs(self) -> int:
        """How many pairs, pins aside."""
        return int(self.flow[: len(self.columns.row)].sum())

    @property
    def value(self) -> int:
        """What the flow is worth, places that must be filled included."""
        used = np.flatnonzero(self.flow)
        return exact_sum(self.flow[used], self.shape.network(self.columns).gain[used])

    def mentor_prices(self) -> Ints:
        """(mentors,) what one more place costs, in the order of keys, limits included; also where there is none yet."""
        pool = self.shape.pool
        mentee, mentor = pair_prices(pool, self.potential.copy())
        shut = np.flatnonzero(pool.capacity == 0)
        best = np.zeros(len(shut), np.int64)
        for rows in blocks_of(np.flatnonzero(pool.demand), max(1, len(shut)), self.search.effort.block):
            self.search.watch.tell("prices")
            np.maximum(best, pool.gains(rows, mentee, mentor, shut).max(axis=0), out=best)
        mentor[shut] += best
        return mentor

    def unfilled(self) -> Ints:
        """(mentors,) places that must be filled and are not."""
        branch = self.shape.mentor
        first = len(self.columns.row) + len(self.shape.mentee.node)
        return self.shape.pool.need - self.flow[first : first + branch.people]

    def prices(self) -> Prices:
        """The prices of all limits; people who have no place left at what one more would gain.

        Such mentors are priced among mentees who have one, and such mentees among mentors who have one.
        """
        pool, prices = self.shape.pool, self.shape.prices(self.potential, self.columns)
        mentee, mentor = pair_prices(pool, self.potential)
        shut_rows, shut_cols = np.flatnonzero(pool.demand == 0), np.flatnonzero(pool.capacity == 0)
        if len(shut_cols):
            for rows in blocks_of(np.flatnonzero(pool.demand), len(shut_cols), self.search.effort.block):
                self.search.watch.tell("prices")
                best = pool.gains(rows, mentee, mentor, shut_cols).max(axis=0)
                prices.mentor[pool.mentors[shut_cols]] = np.maximum(prices.mentor[pool.mentors[shut_cols]], best)
        for rows in blocks_of(shut_rows, len(mentor), self.search.effort.block):
            self.search.watch.tell("prices")
            gains = pool.gains(rows, mentee, mentor)
            gains[:, shut_cols] = 0
            charge(pool, rows, gains, prices.once)
            prices.mentee[pool.mentees[rows]] = np.maximum(0, gains.max(axis=1, initial=0))
        return prices


def _best(shape: Shape, columns: Columns, watch: Watch) -> tuple[Ints, Ints]:
    """A best flow on these columns and its least potentials. The network is let go, which is larger than all else."""
    network = shape.network(columns)
    flow = route(network)
    return flow, shape.least_potentials(network, flow, watch)


def _likely_prices(pool: Pool, watch: Watch, effort: Effort, share: float) -> tuple[Ints | None, float]:
    """(mentors,) about what mentors will cost, if mentees want the same ones, else it does not matter: None; and what
    share their favorites could serve."""
    watching, effort = watch.sampling(), replace(effort, ties=0, spare=min(effort.spare, SPARE))
    part = sampled(pool, watching, effort.block) if pool.slope else None
    found = 1.0 if part is None else served(part, Search(part, watching, effort).first_look())
    if part is None or found == 1:
        return (None if share == 1 else np.zeros(len(pool.capacity), np.int64)), share
    return Optimum.of(part, watching, effort, share=found).mentor_prices(), min(found, share)
