"""An audit of a set of pairs that shares nothing with the algorithm but the market: would any two rather have each
other?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.engine.errors import CertificateError
from matching.engine.scores import Ints, blocks_of, read_block
from matching.engine.stability.market import Market, Wishes, scores_of

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

    pairs: (n, 2). Nobody blocks for an equal: with ties this is weak stability (Irving 1994). Raises CertificateError
    if the pairs do not keep to places and demands, come twice, or are not accepted by both.
    """
    return audit(pairs, market)[0]


def audit(pairs: Ints, market: Market) -> tuple[Ints, StableCertificate]:
    """The blocking pairs, and what was looked at to find them."""
    pairs = np.asarray(pairs, np.int64).reshape(-1, 2)
    _check_limits(pairs, market)
    mentee_has, mentor_has = _made(pairs, market)
    mentee_needs = _to_exceed(pairs[:, 0], mentee_has, market.wanted)
    mentor_needs = _to_exceed(pairs[:, 1], mentor_has, market.capacity)
    together = set(map(tuple, pairs.tolist()))
    possible, blocking = 0, list[tuple[int, int]]()
    for mentee, mentor, of_mentee, of_mentor in _all_possible(market):
        possible += len(mentee)
        wrong = (of_mentee > mentee_needs[mentee]) & (of_mentor > mentor_needs[mentor])
        found = zip(mentee[wrong].tolist(), mentor[wrong].tolist(), strict=True)
        blocking += [pair for pair in found if pair not in together]
    columns = np.array(sorted(blocking), np.int64).reshape(-1, 2)
    return columns, StableCertificate(len(pairs), possible, len(columns))


def _check_limits(pairs: Ints, market: Market) -> None:
    mentees, mentors = market.shape
    if not ((pairs >= 0) & (pairs < [mentees, mentors])).all():
        raise CertificateError("A pair names somebody who is not there.")
    if len(np.unique(pairs, axis=0)) < len(pairs):
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


def _made(pairs: Ints, market: Market) -> tuple[Ints, Ints]:
    """What both sides make of each pair."""
    mentee, mentor = pairs[:, 0], pairs[:, 1]
    of_mentee, of_mentor = _points(market, mentee, mentor)
    for wrong in np.flatnonzero((of_mentee < 0) | (of_mentor < 0))[:1]:
        raise CertificateError(f"Mentee {mentee[wrong]} and mentor {mentor[wrong]} do not both accept each other.")
    return of_mentee, of_mentor


def _points(market: Market, mentee: Ints, mentor: Ints) -> tuple[Ints, Ints]:
    """What mentee and mentor of these pairs make of each other, -1 if nothing."""
    mentees, mentors = market.mentees, market.mentors
    of_mentee = _listed(mentees, mentee, mentor) if isinstance(mentees, Wishes) else scores_of(mentees, mentee, mentor)
    of_mentor = _listed(mentors, mentor, mentee) if isinstance(mentors, Wishes) else scores_of(mentors, mentee, mentor)
    return of_mentee, of_mentor


def _all_possible(market: Market) -> Iterator[Looked]:
    """All pairs that both accept, in blocks, with what each makes of the other."""
    mentees, mentors = market.mentees, market.mentors
    if isinstance(mentees, Wishes):
        yield _accepted(market, np.repeat(np.arange(market.shape[0]), np.diff(mentees.start)), mentees.choice)
    elif isinstance(mentors, Wishes):
        yield _accepted(market, mentors.choice, np.repeat(np.arange(market.shape[1]), np.diff(mentors.start)))
    else:
        for rows in blocks_of(np.arange(market.shape[0]), market.shape[1]):
            of_mentee, of_mentor = read_block(mentees, rows), read_block(mentors, rows)
            row, col = np.nonzero((of_mentee >= 0) & (of_mentor >= 0))
            yield rows[row], col, of_mentee[row, col].astype(np.int64), of_mentor[row, col].astype(np.int64)


def _accepted(market: Market, mentee: Ints, mentor: Ints) -> Looked:
    of_mentee, of_mentor = _points(market, mentee, mentor)
    both = (of_mentee >= 0) & (of_mentor >= 0)
    return mentee[both], mentor[both], of_mentee[both], of_mentor[both]


def _listed(wishes: Wishes, person: Ints, other: Ints) -> Ints:
    """How high these people rank these others: the earlier in a list, the higher, and -1 for whoever is on none."""
    level = wishes.level
    if level is None:
        level = np.arange(len(wishes.choice)) - np.repeat(wishes.start[:-1], np.diff(wishes.start))
    width = max(wishes.choice.max(initial=0), other.max(initial=0)) + 1
    entries = np.repeat(np.arange(len(wishes.start) - 1), np.diff(wishes.start)) * width + wishes.choice
    order, asked = np.argsort(entries), person * width + other
    if not len(order):
        return np.full(len(asked), -1)
    entries, rising = entries[order], np.argsort(asked)
    place = np.empty_like(rising)
    place[rising] = np.minimum(np.searchsorted(entries, asked[rising]), len(order) - 1)
    return np.where(entries[place] == asked, level.max() - level[order[place]], -1)
