"""Whom each proposer asks next: from ranked lists held whole, or from scores read as they are needed.

People are numbered by the rank of their keys. What somebody makes of somebody else is one integer: points, then the
pair's lot, then the other's rank, so that no two are equal and the order of the input does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Keys, Side
from matching.engine.scores import FORBIDDEN, Ints, ScoreSource, blocks_of, read_block
from matching.engine.stability.market import Market, Wishes, scores_of
from matching.engine.stability.proposals import SHUT, rank_in_runs, runs, sorted_runs
from matching.engine.ties import LOT_BITS, lots
from matching.engine.turned import Turned

BELOW_POINTS = 43
AT_ONCE = 32
KEPT = 2**21


@dataclass(frozen=True, eq=False)
class People:
    """One side by rank of keys: positions in the input, keys, and the rank of each position."""

    order: Ints
    keys: Keys
    rank: Ints

    @classmethod
    def of(cls, keys: Keys) -> People:
        """Sort them."""
        order = np.argsort(keys)
        return cls(order, keys[order], np.argsort(order))


@dataclass(frozen=True, eq=False)
class Sides:
    """Who proposes to whom, and the lot between equals: one for each pair, whoever proposes."""

    market: Market
    proposing: Side
    seed: int
    proposers: People
    asked: People

    @classmethod
    def of(cls, market: Market, proposing: Side, seed: int) -> Sides:
        """Number the people."""
        mentees, mentors = map(People.of, market.keys())
        proposers, asked = (mentees, mentors) if proposing == "mentee" else (mentors, mentees)
        return cls(market, proposing, seed, proposers, asked)

    def turn(self, of_mentee: Any, of_mentor: Any) -> tuple[Any, Any]:
        """What belongs to the proposers, and what to those asked."""
        return (of_mentee, of_mentor) if self.proposing == "mentee" else (of_mentor, of_mentee)

    def limits(self) -> tuple[Ints, Ints]:
        """How many each may have at most, both sides in rank order."""
        demand, capacity = self.turn(self.market.wanted, self.market.capacity)
        return demand[self.proposers.order], capacity[self.asked.order]

    def values(self, proposer: Ints, asked: Ints, mine: Ints, theirs: Ints) -> tuple[Ints, Ints]:
        """What both of each pair make of the other, from their points."""
        keys = self.turn(self.proposers.keys[proposer], self.asked.keys[asked])
        lot = lots(self.seed, *keys) - 1
        return _strict(mine, lot, asked, self.asked), _strict(theirs, lot, proposer, self.proposers)


def _strict(points: Ints, lot: Ints, other: Ints, others: People) -> Ints:
    bits = max(1, len(others.order) - 1).bit_length()
    used = min(LOT_BITS, BELOW_POINTS - bits)
    return (points << BELOW_POINTS) | (lot >> (LOT_BITS - used) << bits) | (len(others.order) - 1 - other)


class Listed:
    """All pairs that both sides accept, held at once: at most as many as the lists have entries."""

    def __init__(self, sides: Sides) -> None:
        mentee, mentor, mentee_points, mentor_points = _acceptable(sides.market)
        first, second = sides.turn(mentee, mentor)
        proposer, asked = sides.proposers.rank[first], sides.asked.rank[second]
        own, value = sides.values(proposer, asked, *sides.turn(mentee_points, mentor_points))
        order = sorted_runs(proposer, own)
        self.choice, self.value = asked[order], value[order]
        count = np.bincount(proposer, minlength=len(sides.proposers.order))
        self.end = np.cumsum(count)
        self.cursor = self.end - count

    def refill(self, people: Ints, least: Ints) -> Ints:
        """There is nothing else."""
        return people[:0]


class Scored:
    """The next few whom each proposer scores highest among those who would not refuse now.

    Places only ever fill with better people, so that who would refuse now always will: passing over them is exact, and
    few scores need to be read twice. Who comes back is given more at once. One block and about KEPT entries are in
    memory.
    """

    def __init__(self, sides: Sides, mentees: ScoreSource, mentors: ScoreSource) -> None:
        mentor_first = sides.proposing == "mentor"
        self.sides, self.sources = sides, (Turned(mentors), Turned(mentees)) if mentor_first else (mentees, mentors)
        people = len(sides.proposers.order)
        self.choice, self.value, self.cursor, self.end, self.reads = (
            np.zeros(size, np.int64) for size in (0, 0, *[people] * 3)
        )
        self.last = np.full(people, SHUT)
        self.used = 0

    def refill(self, people: Ints, least: Ints) -> Ints:
        """Read on below the last entry of these people until each has an entry, or there is no more."""
        some = [people[:0]]
        while len(people := people[self.last[people] > 0]):
            most = max(AT_ONCE, KEPT // len(people))
            for rows in blocks_of(people, len(self.sides.asked.order)):
                count = min(AT_ONCE * 4 ** int(self.reads[rows].max()), most)
                self._read(rows, np.maximum(least >> BELOW_POINTS, 0), count)
            found = self.cursor[people] < self.end[people]
            some.append(people[found])
            people = people[~found]
        return np.concatenate(some)

    def _read(self, rows: Ints, needed: Ints, most: int) -> None:
        """The best of these rows' pairs below their last, where the one asked makes at least `needed` points of it."""
        mine, theirs = (self._block(source, rows) for source in self.sources)
        mine[(theirs < needed) | (mine > ((self.last[rows] - 1) >> BELOW_POINTS)[:, None])] = FORBIDDEN
        lowest = _highest(mine, most)
        row, col = np.nonzero(mine >= lowest[:, None])
        points = (part[row, col].astype(np.int64) for part in (mine, theirs))
        own, value = self.sides.values(rows[row], col, *points)
        order = sorted_runs(row, own)
        order = order[own[order] < self.last[rows[row[order]]]]
        count = np.bincount(row[order], minlength=len(rows))
        place = rank_in_runs(count)
        self.last[rows] = lowest << BELOW_POINTS
        cut = order[(place == most - 1) & (count[row[order]] > most)]
        self.last[rows[row[cut]]] = own[cut]
        kept = order[place < most]
        self._keep(rows, np.minimum(count, most), col[kept], value[kept])
        self.reads[rows] += 1

    def _keep(self, rows: Ints, count: Ints, choice: Ints, value: Ints) -> None:
        """Write the next entries of these people behind all others, which are moved together if there is no room."""
        if self.used + len(choice) > len(self.choice):
            length = self.end - self.cursor
            entry, room = runs(self.cursor, length), np.zeros(2 * len(choice) + int(length.sum()), np.int64)
            self.choice, self.value = (np.concatenate([part[entry], room]) for part in (self.choice, self.value))
            self.end = np.cumsum(length)
            self.cursor, self.used = self.end - length, len(entry)
        entries = slice(self.used, self.used + len(choice))
        self.choice[entries], self.value[entries] = choice, value
        self.end[rows] = self.used + np.cumsum(count)
        self.cursor[rows] = self.end[rows] - count
        self.used += len(choice)

    def _block(self, source: ScoreSource, rows: Ints) -> NDArray[np.int32]:
        order = self.sides.asked.order
        in_order = bool((order == np.arange(len(order))).all())
        block = read_block(source, self.sides.proposers.order[rows], None if in_order else order)
        return block if block.flags.owndata else block.copy()


def _highest(points: NDArray[np.int32], count: int) -> Ints:
    """The count-th highest of each row, not below 0: all from it on are no fewer than count, or all that may be."""
    width = points.shape[1]
    if width <= count:
        return np.zeros(len(points), np.int64)
    return np.maximum(np.partition(points, width - count, axis=1)[:, width - count], 0).astype(np.int64)


def _acceptable(market: Market) -> tuple[Ints, Ints, Ints, Ints]:
    """Mentee, mentor, and what each makes of the other in points, where one side or both gave lists."""
    ours, theirs = market.tables
    if ours is not None and theirs is not None:
        ours, theirs = ours.multiply(theirs.astype(np.bool_)), theirs.multiply(ours.astype(np.bool_))
        mentee = np.repeat(np.arange(market.shape[0]), np.diff(ours.indptr))
        return mentee, ours.indices.astype(np.int64), ours.data, theirs.data
    mentees, mentors = market.mentees, market.mentors
    if isinstance(mentees, Wishes):
        assert not isinstance(mentors, Wishes)
        pairs = mentees.row, mentees.choice
        columns = *pairs, mentees.points, scores_of(mentors, *pairs)
    else:
        assert isinstance(mentors, Wishes)
        pairs = mentors.choice, mentors.row
        columns = *pairs, scores_of(mentees, *pairs), mentors.points
    possible = (columns[2] >= 0) & (columns[3] >= 0)
    mentee, mentor, of_mentee, of_mentor = (column[possible] for column in columns)
    return mentee, mentor, of_mentee, of_mentor
