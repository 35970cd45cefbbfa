"""Aspects: a person with several rows of wishes may have each mentor once.

Between a person's rows and a mentor stands a node that one pair passes (its arc to the mentor carries 1). Only nodes
that two rows of one person lead to matter, and the flow sees all rows of a person with a mentor or none of them: so a
pair that it does not see has no such node in its way, and is priced as if there were no aspects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.columns import Columns
from matching.engine.pool import Gains, Pool
from matching.engine.problem import rows_of
from matching.engine.scores import BLOCK_PAIRS, Ints, blocks_of

NOBODY: Ints = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Meets:
    """The nodes where several rows of a person meet before a mentor, sorted by person and mentor.

    person, col: (nodes,) who; of: (columns,) the node that each column passes, -1 for a column that goes straight to
    the mentor.
    """

    person: Ints
    col: Ints
    of: Ints

    @classmethod
    def among(cls, pool: Pool, columns: Columns) -> Meets:
        """The nodes that these columns need."""
        mentors = len(pool.capacity)
        if not pool.problem.aspects:
            return cls(NOBODY, NOBODY, np.full(len(columns.row), -1))
        key = pool.problem.persons[pool.mentees[columns.row]] * mentors + columns.col
        order = np.argsort(key, kind="stable")
        keys, first = distinct(key[order])
        several = np.diff(np.append(first, len(key))) > 1
        place = np.where(several, np.cumsum(several) - 1, -1)
        of = np.empty(len(key), np.int64)
        of[order] = np.repeat(place, np.diff(np.append(first, len(key))))
        person, col = np.divmod(keys[several], max(1, mentors))
        return cls(person, col, of)

    def where(self, other: Meets, mentors: int) -> Ints:
        """(nodes,) which of the other's nodes each of these is, -1 if none."""
        mine, others = (meets.person * mentors + meets.col for meets in (self, other))
        place = np.searchsorted(others, mine)
        found = np.isin(mine, others)
        return np.where(found, place, -1)


def distinct(keys: Ints) -> tuple[Ints, Ints]:
    """Each of the sorted keys once, and where it comes first."""
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    return keys[first], first


def charge(pool: Pool, rows: Ints, gains: Gains, once: Ints) -> None:
    """Take the prices of having a mentor once, (person, mentor, price), off the gains of these rows."""
    if not len(once):
        return
    row, index = rows_of(pool.problem.persons[pool.mentees[rows]], once[:, 0])
    rank = np.argsort(pool.mentors)
    gains[row, rank[once[index, 1]]] -= once[index, 2].astype(gains.dtype)


def closed(pool: Pool, columns: Columns, block: int = BLOCK_PAIRS) -> Columns:
    """These columns, and what else is possible between the same people in other rows."""
    if not pool.problem.aspects or not len(columns.row):
        return columns
    persons, mentors = pool.problem.persons[pool.mentees], len(pool.capacity)
    met, _ = distinct(np.sort(persons[columns.row] * mentors + columns.col))
    person, col = np.divmod(met, max(1, mentors))
    row, index = rows_of(persons, person)
    wanted = np.sort((row * mentors + col[index])[pool.demand[row] > 0])
    there = columns.row * mentors + columns.col
    place = np.minimum(np.searchsorted(there, wanted), len(there) - 1)
    row, col = np.divmod(wanted[there[place] != wanted], max(1, mentors))
    free, parts = (np.zeros(len(pool.demand), np.int64), np.zeros(mentors, np.int64)), []
    for rows in blocks_of(np.unique(row), mentors, block):
        first, last = np.searchsorted(row, [rows[0], rows[-1] + 1])
        gains = pool.gains(rows, *free)
        worth = gains[np.searchsorted(rows, row[first:last]), col[first:last]].astype(np.int64)
        possible = worth >= 0
        parts.append((row[first:last][possible], col[first:last][possible], worth[possible]))
    return columns.with_more(parts) if parts else columns
