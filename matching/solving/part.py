"""One part of a program, solved: who takes part, what may be paired, the best set of pairs, and why not for the rest.

Pure: participants and a policy in, plain values out. `chiron match` and the portal's runs both stand on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from chiron.kernel.errors import DomainError
from matching.criteria import Known, Scores
from matching.engine import Certificate, Problem, Progress, Result, Rounds
from matching.engine.rounds import wanted_each
from matching.engine.scores import read_pairs
from matching.solving.by_lists import ByLists
from matching.solving.problems import Kept, LeftOut, Pool, positions_of, problem_of, rows_of, served_in
from programs.policy.document import Part
from programs.policy.participant import Participant
from programs.policy.rules import Answer, decide

FORBIDDEN: Final = -1
WhyNot = Literal["asks_for_none", "no_mentors", "forbidden", "below_floor", "beyond_cap", "all_full"]
IdleBecause = Literal["offers_no_place", "forbidden", "not_needed"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and a mentor of a solved pool by their positions, with the score."""

    mentee: int
    mentor: int
    score: int


@dataclass(frozen=True, slots=True)
class NotMatched:
    """Why a mentee of the pool has no mentor; `forbidden` counts mentors by the hard rule that forbids them whatever it
    is for."""

    mentee: int
    why: WhyNot
    forbidden: dict[str, int]


@dataclass(frozen=True)
class Solved:
    """A solved pool with its proof.

    rows: what mentors are sought for, which is what the answer's pairs name. They are the pool's mentees, or, where
    each mentor is for one thing, a row for each thing that each of them would like help with.
    """

    part: Part
    pool: Pool
    rows: Sequence[Participant]
    scores: Scores
    answer: Rounds | ByLists
    certificate: Certificate

    @property
    def problem(self) -> Problem:
        """What `result` answers; where first mentors come first, these are pinned in it."""
        return self.answer.problem

    @property
    def result(self) -> Result:
        """All pairs with their prices."""
        return self.answer.result

    @cached_property
    def pairs(self) -> list[Pair]:
        """All pairs with their scores, sorted by mentee, what it is for, and mentor."""
        scores = read_pairs(self.scores, self.result.pairs)
        pairs = zip(self.result.pairs.tolist(), scores.tolist(), strict=True)
        return [Pair(mentee, mentor, score) for (mentee, mentor), score in pairs]

    @cached_property
    def first(self) -> frozenset[tuple[int, int]]:
        """The first mentors, where everybody gets one before anybody gets a second; else nobody."""
        found = self.answer.first
        return frozenset() if found is None else frozenset(map(tuple, found.result.pairs.tolist()))

    @cached_property
    def rows_of(self) -> list[list[int]]:
        """The rows of each mentee of the pool."""
        found: list[list[int]] = [[] for _mentee in self.pool.mentees]
        for row, person in enumerate(self.answer.asked.persons.tolist()):
            found[person].append(row)
        return found

    def person(self, row: int) -> int:
        """Where the mentee of a row stands in the pool."""
        return int(self.answer.asked.persons[row])

    @cached_property
    def given(self) -> NDArray[np.int64]:
        """(mentees,) how many mentors each mentee of the pool has."""
        whose = self.answer.asked.persons[self.result.pairs[:, 0]]
        return np.bincount(whose, minlength=len(self.pool.mentees))

    @property
    def mentors_short(self) -> int:
        """How many mentees have a mentor, but fewer than they could have had."""
        return int(np.sum((self.given > 0) & (self.given < wanted_each(self.answer.asked))))

    def not_matched(self) -> Iterator[NotMatched]:
        """Each mentee without a mentor, and why."""
        for mentee in np.flatnonzero(self.given == 0).tolist():
            yield NotMatched(mentee, self._why(mentee), self.scores.forbidden_counts(self.rows_of[mentee]))

    def idle_mentors(self) -> Iterator[tuple[int, IdleBecause]]:
        """Each mentor without a mentee, and why."""
        everybody = np.arange(len(self.rows))
        for mentor in sorted(set(range(len(self.pool.mentors))) - {pair.mentor for pair in self.pairs}):
            if not self.problem.capacity[mentor]:
                yield mentor, "offers_no_place"
            elif (self.scores.block(everybody, np.array([mentor])) == FORBIDDEN).all():
                yield mentor, "forbidden"
            else:
                yield mentor, "not_needed"

    def _why(self, mentee: int) -> WhyNot:
        rows = np.array(self.rows_of[mentee])
        if not self.answer.asked.wanted[rows].any():
            return "asks_for_none"
        if not self.pool.mentors:
            return "no_mentors"
        scores = self.scores.block(rows).max(axis=0)
        if (scores == FORBIDDEN).all():
            return "forbidden"
        suitable = scores >= self.problem.floor
        if not suitable.any():
            return "below_floor"
        taken = np.bincount([pair.mentor for pair in self.pairs], minlength=len(self.pool.mentors))
        has_room = taken < self.problem.capacity
        # A suitable mentor with room and no mentor given: only the cap can have stopped that pair.
        return "beyond_cap" if (suitable & has_room).any() else "all_full"


def solve_part(
    part: Part,
    people: Sequence[Participant],
    *,
    on: date,
    seed: int = 0,
    known: Known | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> Solved:
    """Decide who takes part on the first day of a session, score, solve, and check the answer against every pair.

    Raises DomainError if the part cannot be solved, CertificateError of the engine if the check fails.
    """
    return solve_pool(part, pool_of(part, people, on), seed=seed, known=known, progress=progress)


def solve_pool(
    part: Part,
    pool: Pool,
    *,
    seed: int = 0,
    known: Known | None = None,
    keep: Sequence[Kept] = (),
    standing: int = 0,
    served: Collection[str] = (),
    before: Sequence[Kept] = (),
    progress: Callable[[Progress], object] | None = None,
) -> Solved:
    """Score, solve and check people who were found to be eligible, with pairs of (mentee, mentor) keys to keep.

    `standing` pairs were made before and count against the part's cap; `served` are the keys of mentees who have a
    mentor already, where that matters; of several best answers the one that differs least from the pairs of `before`
    is taken. A pair to keep may say as a third what it is for. Where pairs follow the lists of both sides, they do so
    in place of all this; a lot decides between equals.
    Raises DomainError if the part cannot be solved or a kept pair may not be, CertificateError if the check fails.
    """
    _check(part)
    rows = rows_of(part, pool.mentees)
    scores = Scores(rows, pool.mentors, part.matching, known)
    problem = problem_of(part, pool, rows, scores, keep, standing)
    answer: Rounds | ByLists
    if part.matching.by_lists:
        answer = ByLists.of(problem, scores.ranks, seed=seed, progress=progress)
    else:
        answer = Rounds.of(
            problem,
            objective=part.matching.aim,
            served=served_in(part, pool, served),
            seed=seed,
            published=positions_of(rows, pool.mentors, before),
            progress=progress,
        )
    return Solved(part, pool, rows, scores, answer, answer.verify())


def pool_of(part: Part, people: Sequence[Participant], on: date) -> Pool:
    """Who is eligible on a day. Sorted by id, so that nothing depends on the order in which people come."""
    decided = [(person, decide(part.eligible.get(person.role), person, on)) for person in people]
    decided.sort(key=lambda each: (each[0].key, each[0].role))
    taken = [person for person, decision in decided if decision.answer is Answer.YES]
    return Pool(
        mentees=[person for person in taken if person.role == "mentee"],
        mentors=[person for person in taken if person.role == "mentor"],
        left_out=[LeftOut(person, decision) for person, decision in decided if decision.answer is not Answer.YES],
    )


def _check(part: Part) -> None:
    if part.format != "one_to_one":
        raise DomainError(f"The part “{part.name}” does not pair people one to one, so it cannot be matched here.")
    if not part.matching.weights:
        raise DomainError(f"The part “{part.name}” does not say what matters in a match: it has no matching.weights.")
