"""The question: who is there, what each pair is worth, and what must hold. Refused here if it makes no sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.scores import FORBIDDEN, SCORE_LIMIT, Ints, ScoreSource, read_block

Keys = NDArray[np.uint64]
MOST_PLACES = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Problem:
    """An assignment with places, wishes for several mentors, an outside option, pins and a cap: one integer flow.

    With S the scores, an answer is a set of pairs that maximizes the sum of S - floor over its pairs (so a place left
    empty is worth `floor`: a pair below it is never made, one at it is made), subject to the limits below.
    Arrays are copied, checked and frozen; None is replaced by its meaning. Raises ProblemError naming the position.

    source: scores, mentees × mentors.
    capacity: (mentors,) places per mentor.
    demand: (mentees,) different mentors wanted per mentee, at most; None is one each.
    mentee_keys, mentor_keys: (mentees,), (mentors,) stable identities, for ties; None is the position.
    pins: (mentee, mentor) pairs that must be, whatever they score.
    floor: points under which no pair is better than the pair.
    max_pairs: a cap on all pairs, pins included.
    """

    source: ScoreSource
    capacity: Ints
    demand: Ints | None = None
    mentee_keys: Keys | None = None
    mentor_keys: Keys | None = None
    pins: Sequence[tuple[int, int]] = ()
    floor: int = 0
    max_pairs: int | None = None

    def __post_init__(self) -> None:
        mentees, mentors = self.source.shape
        self._set("capacity", _counts("capacity", self.capacity, "mentor", mentors))
        wanted = np.ones(mentees, np.int64) if self.demand is None else self.demand
        self._set("demand", _counts("demand", wanted, "mentee", mentees))
        self._set("mentee_keys", _keys(self.mentee_keys, "mentee", mentees))
        self._set("mentor_keys", _keys(self.mentor_keys, "mentor", mentors))
        if not _is_whole(self.floor) or not 0 <= self.floor < SCORE_LIMIT:
            raise ProblemError(f"The floor must be a whole number from 0 to {SCORE_LIMIT - 1}, not {self.floor}.")
        if self.max_pairs is not None and (not _is_whole(self.max_pairs) or self.max_pairs < 0):
            raise ProblemError(f"The cap on pairs must be a whole number, zero or more, not {self.max_pairs}.")
        self._set("pins", tuple(sorted((int(mentee), int(mentor)) for mentee, mentor in self.pins)))
        self._check_demand()
        self._check_pins()

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        return self.source.shape

    @property
    def wanted(self) -> Ints:
        """(mentees,) mentors wanted per mentee: `demand` with its default filled in."""
        assert self.demand is not None
        return self.demand

    def keys(self) -> tuple[Keys, Keys]:
        """Stable identities of mentees and mentors, with their defaults filled in."""
        assert self.mentee_keys is not None
        assert self.mentor_keys is not None
        return self.mentee_keys, self.mentor_keys

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_demand(self) -> None:
        most = max(1, self.shape[1])
        for mentee in np.flatnonzero(self.wanted > most)[:1].tolist():
            raise ProblemError(
                f"Mentee {mentee} wants {self.wanted[mentee]} mentors, but there are only {self.shape[1]}.",
                mentee=mentee,
            )

    def _check_pins(self) -> None:
        for mentee, mentor in self.pins:
            self._check_pin(mentee, mentor)
        for (mentee, mentor), (next_mentee, next_mentor) in zip(self.pins, self.pins[1:], strict=False):
            if (mentee, mentor) == (next_mentee, next_mentor):
                raise ProblemError(f"Mentee {mentee} is pinned to mentor {mentor} twice.", mentee=mentee, mentor=mentor)
        used = np.bincount([mentor for _, mentor in self.pins], minlength=self.shape[1])
        for mentor in np.flatnonzero(used > self.capacity)[:1].tolist():
            raise ProblemError(
                f"Mentor {mentor} has {used[mentor]} pins but {self.capacity[mentor]} places.", mentor=mentor
            )
        given = np.bincount([mentee for mentee, _ in self.pins], minlength=self.shape[0])
        for mentee in np.flatnonzero(given > self.wanted)[:1].tolist():
            raise ProblemError(
                f"Mentee {mentee} has {given[mentee]} pins but wants {self.wanted[mentee]} mentors.", mentee=mentee
            )
        if self.max_pairs is not None and len(self.pins) > self.max_pairs:
            raise ProblemError(f"There are {len(self.pins)} pins, more than the cap of {self.max_pairs} pairs.")

    def _check_pin(self, mentee: int, mentor: int) -> None:
        if not (0 <= mentee < self.shape[0] and 0 <= mentor < self.shape[1]):
            raise ProblemError(f"The pin of mentee {mentee} to mentor {mentor} names somebody who is not there.")
        if read_block(self.source, np.array([mentee]), np.array([mentor]))[0, 0] == FORBIDDEN:
            raise ProblemError(
                f"Mentee {mentee} is pinned to mentor {mentor}, but a hard rule forbids that pair.",
                mentee=mentee,
                mentor=mentor,
            )


def _counts(name: str, given: Any, who: str, length: int) -> Ints:
    """A frozen copy of a column of counts, one per person."""
    column: NDArray[Any] = np.array(given)
    if column.shape != (length,):
        raise ProblemError(
            f"The column {name} has shape {column.shape}; one number for each of {length} {who}s is needed."
        )
    if column.dtype.kind not in "iuf" and length:
        raise ProblemError(f"The column {name} must hold whole numbers; it is of type {column.dtype}.")
    for wrong, why in (
        (column != np.floor(column), "is not a whole number"),
        (column < 0, "is below zero"),
        (column > MOST_PLACES, f"is above {MOST_PLACES}"),
    ):
        for position in np.flatnonzero(wrong)[:1].tolist():
            raise ProblemError(f"The {name} {column[position]} of {who} {position} {why}.", **{who: position})
    return _frozen(column.astype(np.int64))


def _keys(given: Any, who: str, length: int) -> Keys:
    """A frozen copy of the stable keys: whole numbers from 0 to 2**64 - 1, no two the same."""
    keys: NDArray[Any] = np.arange(length, dtype=np.uint64) if given is None else np.array(given)
    if keys.shape != (length,):
        raise ProblemError(f"The {who} keys have shape {keys.shape}; one for each of {length} {who}s is needed.")
    if length and (keys.dtype.kind not in "iu" or (keys.dtype.kind == "i" and keys.min() < 0)):
        raise ProblemError(f"The {who} keys must be whole numbers from 0 to 2**64 - 1.")
    order = np.argsort(keys, kind="stable")
    for place in np.flatnonzero(keys[order][1:] == keys[order][:-1])[:1].tolist():
        first, second = int(order[place]), int(order[place + 1])
        raise ProblemError(f"The {who}s {first} and {second} have the same key {keys[first]}.", **{who: second})
    return _frozen(keys.astype(np.uint64))


def _is_whole(number: Any) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def _frozen(column: NDArray[Any]) -> NDArray[Any]:
    column.setflags(write=False)
    return column
