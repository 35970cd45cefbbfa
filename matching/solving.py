"""One part of a program, solved: who takes part, what may be paired, the best set of pairs, and why not for the rest.

Pure: participants and a policy in, plain values out. `chiron match` and the portal's runs both stand on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from chiron.kernel.errors import DomainError
from matching.criteria import Known, Scores
from matching.engine import Certificate, Problem, Progress, Result, solve, verify
from programs.policy.document import Part, Range
from programs.policy.participant import Participant
from programs.policy.rules import Answer, Decision, decide

FORBIDDEN: Final = -1
SCORE_PER_POINT: Final = 1000  # a score of the engine per point as staff see it

WhyNot = Literal["asks_for_none", "no_mentors", "forbidden", "below_floor", "beyond_cap", "all_full"]
IdleBecause = Literal["offers_no_place", "forbidden", "not_needed"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who does not take part, or of whom we cannot tell yet, with the decision that says why."""

    person: Participant
    decision: Decision


@dataclass(frozen=True, slots=True)
class Pool:
    """Who takes part, by id, and who does not."""

    mentees: Sequence[Participant]
    mentors: Sequence[Participant]
    left_out: Sequence[LeftOut]


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of positions in the pool, with its score."""

    mentee: int
    mentor: int
    score: int


@dataclass(frozen=True, slots=True)
class NotMatched:
    """Why a mentee of the pool has no mentor; `forbidden` counts mentors by the hard rule that forbids them."""

    mentee: int
    why: WhyNot
    forbidden: dict[str, int]


@dataclass(frozen=True)
class Solved:
    """A solved pool with its proof."""

    part: Part
    pool: Pool
    scores: Scores
    problem: Problem
    result: Result
    certificate: Certificate

    @cached_property
    def pairs(self) -> list[Pair]:
        """All pairs with their scores, sorted by the ids of mentee and mentor."""
        found = []
        for mentee, mentor in self.result.pairs.tolist():
            score = self.scores.block(np.array([mentee]), np.array([mentor]))
            found.append(Pair(mentee, mentor, int(score[0, 0])))
        return found

    @property
    def mentors_short(self) -> int:
        """How many mentees have a mentor, but fewer than they could have had."""
        given = np.bincount([pair.mentee for pair in self.pairs], minlength=len(self.pool.mentees))
        return int(np.sum((given > 0) & (given < self.problem.wanted)))

    def not_matched(self) -> Iterator[NotMatched]:
        """Each mentee without a mentor, and why."""
        matched = {pair.mentee for pair in self.pairs}
        for mentee in range(len(self.pool.mentees)):
            if mentee not in matched:
                forbidden = self.scores.forbidden_counts(mentee)
                yield NotMatched(mentee, self._why(mentee), forbidden)

    def idle_mentors(self) -> Iterator[tuple[int, IdleBecause]]:
        """Each mentor without a mentee, and why."""
        everybody = np.arange(len(self.pool.mentees))
        for mentor in sorted(set(range(len(self.pool.mentors))) - {pair.mentor for pair in self.pairs}):
            if not self.problem.capacity[mentor]:
                yield mentor, "offers_no_place"
            elif (self.scores.block(everybody, np.array([mentor])) == FORBIDDEN).all():
                yield mentor, "forbidden"
            else:
                yield mentor, "not_needed"

    def _why(self, mentee: int) -> WhyNot:
        if not self.problem.wanted[mentee]:
            return "asks_for_none"
        if not self.pool.mentors:
            return "no_mentors"
        scores = self.scores.block(np.array([mentee]))[0]
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
    keep: Sequence[tuple[str, str]] = (),
    standing: int = 0,
    before: Sequence[tuple[str, str]] = (),
    progress: Callable[[Progress], object] | None = None,
) -> Solved:
    """Score, solve and check people who were found to be eligible, with pairs of (mentee, mentor) keys to keep.

    `standing` pairs were made before and count against the part's cap; of several best answers the one that differs
    least from the pairs of `before` is taken.
    Raises DomainError if the part cannot be solved or a kept pair may not be, CertificateError if the check fails.
    """
    _check(part)
    scores = Scores(pool.mentees, pool.mentors, part.matching, known)
    problem = problem_of(part, pool, scores, keep, standing)
    there = positions_of(pool, before)
    result = solve(problem, objective=part.matching.aim, seed=seed, published=there, progress=progress)
    return Solved(part, pool, scores, problem, result, verify(result, problem))


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


def problem_of(
    part: Part, pool: Pool, scores: Scores, keep: Sequence[tuple[str, str]] = (), standing: int = 0
) -> Problem:
    """The engine's problem: places are the smaller of what a person offers or asks for and what the policy allows."""
    mentees = {person.key: position for position, person in enumerate(pool.mentees)}
    mentors = {person.key: position for position, person in enumerate(pool.mentors)}
    most_there_are = max(1, len(pool.mentors))
    return Problem(
        source=scores,
        capacity=_places(pool.mentors, part.roles["mentor"].places),
        demand=np.minimum(_places(pool.mentees, part.roles["mentee"].mentors), most_there_are),
        mentee_keys=keys_of(pool.mentees),
        mentor_keys=keys_of(pool.mentors),
        pins=tuple((mentees[mentee], mentors[mentor]) for mentee, mentor in keep),
        floor=part.matching.floor * SCORE_PER_POINT,
        max_pairs=None if part.cap.pairs is None else max(0, part.cap.pairs - standing),
    )


def positions_of(pool: Pool, pairs: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """(pairs, 2) the positions of pairs of keys; those of whom one is not there any more are left out."""
    mentees = {person.key: position for position, person in enumerate(pool.mentees)}
    mentors = {person.key: position for position, person in enumerate(pool.mentors)}
    found = [(mentees[one], mentors[other]) for one, other in pairs if one in mentees and other in mentors]
    return np.array(found, np.int64).reshape(-1, 2)


def _check(part: Part) -> None:
    if part.format != "one_to_one":
        raise DomainError(f"The part “{part.name}” does not pair people one to one, so it cannot be matched here.")
    if not part.matching.weights:
        raise DomainError(f"The part “{part.name}” does not say what matters in a match: it has no matching.weights.")


def _places(people: Sequence[Participant], allowed: Range) -> NDArray[np.int64]:
    wanted = (allowed.default if person.places is None else person.places for person in people)
    return np.array([min(places, allowed.most) for places in wanted], np.int64)


def keys_of(people: Sequence[Participant]) -> NDArray[np.uint64]:
    """Stable 64-bit identities, so that ties fall the same way whoever else is in the pool."""
    return np.array(
        [int.from_bytes(blake2b(person.key.encode(), digest_size=8).digest()) for person in people], np.uint64
    )
