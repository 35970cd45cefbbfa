"""An audit of a set of pairs that shares nothing with the algorithm but the market: would any two rather have each
other?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matching.engine.asked import columns
from matching.engine.errors import CertificateError, ProblemError
from matching.engine.progress import Watch
from matching.engine.scores import Ints, read_block
from matching.engine.stability.market import Market, Wishes, scores_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Looked = tuple[Ints, Ints, Ints, Ints]


@dataclass(frozen=True)
class StableCertificate:
    """What was checked. pairs: how many there are; possible: how many pairs both sides accept, all looked at; blocking:
    how many of those would rather have each other, 0 in a proof."""

    pairs: int
    possible: int
    blocking: int


def blocking_pairs(pairs: Ints, market: Market) -> Ints:
    """(k, 2) mentee and mentor of all who would both rather have each other than somebody, or a place, they have.

    pairs: (n, 2). Raises CertificateError if the pairs do not keep to places and demands, come twice, are not accepted
    by both, or are no pairs, ProblemError for what is no Market.
    Source: Gale & Shapley 1962; nobody blocks for an equal, so that with ties this is weak stability (Irving 1994).
    """
    return audit(pairs, market, Watch())[0]


def audit(pairs: Ints, market: Market, watch: Watch) -> tuple[Ints, StableCertificate]:
    """The blocking pairs, and what was looked at to find them; watch is told before each block of possible pairs."""
    if not isinstance(market, Market):
        raise ProblemError(f"Stable pairs are of a Market, not of {type(market).__name__}.")
    try:
        pairs = columns(pairs, "The pairs")
    except ProblemError as error:
        raise CertificateError(error.message) from None
    _check_limits(pairs, market)
    view = _View(market)
    mentee_has, mentor_has = view.points(pairs[:, 0], pairs[:, 1])
    for mentee, mentor in pairs[(mentee_has < 0) | (mentor_has < 0)][:1]:
        raise CertificateError(f"Mentee {mentee} and mentor {mentor} do not both accept each other.")
    mentee_needs = _to_exceed(pairs[:, 0], mentee_has, market.wanted)
    mentor_needs = _to_exceed(pairs[:, 1], mentor_has, market.capacity)
    together = _numbers(pairs, market)
    possible, blocking = 0, [together[:0]]
    for mentee, mentor, of_mentee, of_mentor in view.possible(watch):
        possible += len(mentee)
        wrong = (of_mentee > mentee_needs[mentee]) & (of_mentor > mentor_needs[mentor])
        blocking.append(_numbers(np.stack([mentee[wrong], mentor[wrong]], axis=1), market))
    apart = np.sort(np.concatenate(blocking))
    apart = apart[~np.isin(apart, together)]
    found = np.stack(np.divmod(apart, max(1, market.shape[1])), axis=1)
    return found, StableCertificate(len(pairs), possible, len(found))


def _numbers(pairs: Ints, market: Market) -> Ints:
    """Each pair as one number, in the order of mentee and mentor."""
    return pairs[:, 0] * market.shape[1] + pairs[:, 1]


def _check_limits(pairs: Ints, market: Market) -> None:
    mentees, mentors = market.shape
    if not ((pairs >= 0) & (pairs < [mentees, mentors])).all():
        raise CertificateError("A pair names somebody who is not there.")
    if (np.diff(np.sort(_numbers(pairs, market))) == 0).any():
        raise CertificateError("A pair is there twice.")
    for column, most, who in ((pairs[:, 0], market.wanted, "mentee"), (pairs[:, 1], market.capacity, "mentor")):
        has = np.bincount(column, minlength=len(most))
        for person in np.flatnonzero(has > most)[:1]:
            raise CertificateError(f"The {who} {person} has {has[person]} pairs, with room for {most[person]}.")


def _to_exceed(person: Ints, has: Ints, most: Ints) -> Ints:
    """The points that somebody new must exceed: of the worst one has if there is no place left, else anything."""
    worst = np.full(len(most), np.iinfo(np.int64).max)
    np.minimum.at(worst, person, has)
    return np.where(np.bincount(person, minlength=len(most)) < most, -1, worst)


class _View:
    """The market as pairs: what a mentee and a mentor make of each other."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.lists = [None if table is None else _listed(table) for table in market.tables]

    def points(self, mentee: Ints, mentor: Ints) -> tuple[Ints, Ints]:
        """What both of these pairs make of each other, -1 if nothing."""
        of_mentee, of_mentor = (
            scores_of(wishes, mentee, mentor)
            if not isinstance(wishes, Wishes)
            else self._look_up(side, mentee * self.market.shape[1] + mentor)
            for side, wishes in enumerate((self.market.mentees, self.market.mentors))
        )
        return of_mentee, of_mentor

    def possible(self, watch: Watch) -> Iterator[Looked]:
        """All pairs that both accept, in blocks, with what each makes of the other."""
        market, listed = self.market, self.lists[0] or self.lists[1]
        if listed is not None:
            watch.tell("proof", 0, market.shape[0])
            mentee, mentor = np.divmod(listed[0], market.shape[1])
            columns = mentee, mentor, *self.points(mentee, mentor)
            both = (columns[2] >= 0) & (columns[3] >= 0)
            yield mentee[both], mentor[both], columns[2][both], columns[3][both]
            return
        assert not isinstance(market.mentees, Wishes)
        assert not isinstance(market.mentors, Wishes)
        for rows in watch.blocks("proof", np.arange(market.shape[0]), market.shape[1]):
            of_mentee, of_mentor = read_block(market.mentees, rows), read_block(market.mentors, rows)
            row, col = np.nonzero((of_mentee >= 0) & (of_mentor >= 0))
            yield rows[row], col, of_mentee[row, col].astype(np.int64), of_mentor[row, col].astype(np.int64)

    def _look_up(self, side: int, pair: Ints) -> Ints:
        listed = self.lists[side]
        if listed is None or not len(listed[0]):
            return np.full(len(pair), -1)
        if np.array_equal(listed[0], pair):
            return listed[1]
        place = np.minimum(np.searchsorted(listed[0], pair), len(listed[0]) - 1)
        return np.where(listed[0][place] == pair, listed[1][place], -1)


def _listed(table: csr_array) -> tuple[Ints, Ints]:
    """mentee × mentors + mentor of each entry, rising, and its points."""
    row = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return row * table.shape[1] + table.indices, table.data
