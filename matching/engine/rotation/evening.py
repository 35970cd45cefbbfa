"""The question: an evening of rounds in which mentees go from mentor to mentor, perhaps some rounds into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.given import counts, integer, keys, listed, numbers, shape_of, whole
from matching.engine.problem import Keys
from matching.engine.scores import FORBIDDEN, SCORE_LIMIT, Ints, ScoreSource, blocks_of, read_block


@dataclass(frozen=True, eq=False)
class Evening:
    """Rounds of conversations, each pair at most once. Raises ProblemError naming the person at fault.

    There may be more rounds than mentors, up to the number of people on the longer side: then mentees sit some out
    (Rotation.breaks says who and when).
    source: scores, mentees × mentors; rounds: of the whole evening; seats: (mentors,) mentees at a mentor's table in
    one round, None is one. mentee_keys, mentor_keys: stable identities, None is the position. floor: points; a pair
    below never meets.
    over: rounds that are over; past: (round, mentee, mentor) of those who met in them, rounds from 0. away_mentees,
    away_mentors: positions of those who did not come, or have left. Late arrivals are simply there, without a past.
    """

    source: ScoreSource
    rounds: int
    seats: Ints | None = None
    mentee_keys: Keys | None = None
    mentor_keys: Keys | None = None
    floor: int = 0
    over: int = 0
    past: Sequence[tuple[int, int, int]] = ()
    away_mentees: Sequence[int] = ()
    away_mentors: Sequence[int] = ()

    def __post_init__(self) -> None:
        mentees, mentors = shape_of(self.source)
        for name, what in (("rounds", "The number of rounds"), ("over", "The number of rounds that are over")):
            object.__setattr__(self, name, integer(getattr(self, name), what))
        object.__setattr__(self, "floor", whole(self.floor, "The floor", SCORE_LIMIT - 1))
        if self.rounds < 1:
            raise ProblemError(f"An evening has at least one round, not {self.rounds}.")
        if not 0 <= self.over < self.rounds:
            raise ProblemError(f"Of {self.rounds} rounds {self.over} are over: there is none to plan.")
        if self.rounds > max(mentees, mentors, 1):
            raise ProblemError(
                f"There are {self.rounds} rounds, {mentees} mentees and {mentors} mentors, and no pair meets twice: "
                f"all are over after {max(mentees, mentors, 1)}."
            )
        seats = np.ones(mentors, np.int64) if self.seats is None else self.seats
        for name, value in (
            ("seats", counts("seats", seats, "mentor", mentors)),
            ("mentee_keys", keys(self.mentee_keys, "mentee", mentees)),
            ("mentor_keys", keys(self.mentor_keys, "mentor", mentors)),
            ("past", tuple(sorted(numbers(self.past, "The past", "past meeting", 3)))),
            ("away_mentees", _away(self.away_mentees, "mentee", mentees)),
            ("away_mentors", _away(self.away_mentors, "mentor", mentors)),
        ):
            object.__setattr__(self, name, value)
        self._check_past()

    @property
    def left(self) -> int:
        """Rounds still to come."""
        return self.rounds - self.over

    def places(self) -> tuple[Ints, Ints]:
        """Conversations that each mentee, and each mentor, can have in one round: none if they are away."""
        assert self.seats is not None
        mentees, seats = np.ones(self.source.shape[0], np.int64), self.seats.copy()
        mentees[list(self.away_mentees)] = 0
        seats[list(self.away_mentors)] = 0
        return mentees, seats

    def met(self) -> tuple[Ints, Ints]:
        """How many conversations each mentee and each mentor has had."""
        past = np.array(self.past, np.int64).reshape(-1, 3)
        mentees, mentors = self.source.shape
        return np.bincount(past[:, 1], minlength=mentees), np.bincount(past[:, 2], minlength=mentors)

    def _check_past(self) -> None:
        mentees, mentors = self.source.shape
        for at, mentee, mentor in self.past:
            if not (0 <= mentee < mentees and 0 <= mentor < mentors):
                raise ProblemError(f"The past names mentee {mentee} and mentor {mentor}, who are not both there.")
            if not 0 <= at < self.over:
                raise ProblemError(
                    f"Mentee {mentee} cannot have met mentor {mentor} in round {at}: {self.over} are over.",
                    mentee=mentee,
                    mentor=mentor,
                )
        for (at, mentee, mentor), (at_too, mentee_too, other) in pairwise(self.past):
            if (at, mentee) == (at_too, mentee_too):
                raise ProblemError(
                    f"Mentee {mentee} cannot have met mentors {mentor} and {other} both in round {at}.", mentee=mentee
                )
        pairs = sorted((mentee, mentor) for _, mentee, mentor in self.past)
        for (mentee, mentor), following in pairwise(pairs):
            if (mentee, mentor) == following:
                raise ProblemError(f"Mentee {mentee} met mentor {mentor} twice.", mentee=mentee, mentor=mentor)


def _away(given: Any, who: str, there: int) -> tuple[int, ...]:
    """Positions, none twice."""
    away = {integer(person, f"The position of a {who} who is away") for person in listed(given, f"The {who}s away")}
    for person in sorted(away):
        if not 0 <= person < there:
            raise ProblemError(f"There is no {who} {person} who could be away.")
    return tuple(sorted(away))


@dataclass(frozen=True)
class NewPairs:
    """The scores of those who may still meet: no pairs that have met or are below the floor, and nobody away."""

    evening: Evening

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        return self.evening.source.shape

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores of rows × cols, all mentors if None."""
        evening, width = self.evening, self.shape[1]
        scores = read_block(evening.source, rows, cols).copy()
        asked = np.arange(width) if cols is None else cols
        mentees, seats = evening.places()
        past = np.array([mentee * width + mentor for _, mentee, mentor in evening.past], np.int64)
        scores[(scores < evening.floor) | np.isin(rows[:, None] * width + asked, past)] = FORBIDDEN
        scores[mentees[rows] == 0] = FORBIDDEN
        scores[:, seats[asked] == 0] = FORBIDDEN
        return scores

    def possible(self) -> tuple[Ints, Ints]:
        """With how many each mentee, and each mentor, may still meet."""
        mentees, mentors = self.shape
        of_mentee, of_mentor = np.zeros(mentees, np.int64), np.zeros(mentors, np.int64)
        for rows in blocks_of(np.arange(mentees), mentors):
            allowed = self.block(rows) >= 0
            of_mentee[rows] = allowed.sum(axis=1)
            of_mentor += allowed.sum(axis=0)
        return of_mentee, of_mentor
