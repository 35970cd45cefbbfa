"""The question: who is there, what each pair is worth, and what must hold. It is refused here if it makes no sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.scores import FORBIDDEN, SCORE_LIMIT, Ints, ScoreSource, read_block

Keys = NDArray[np.uint64]
Side = Literal["mentee", "mentor"]
MOST_PLACES = 2**31 - 1


@dataclass(frozen=True)
class Quota:
    """A ceiling on the pairs of a group: at most `most` pairs may hold one of `members`, positions on one side.

    Groups of one side must nest: any two of them are apart, or one lies within the other.
    """

    side: Side
    members: Sequence[int]
    most: int


@dataclass(frozen=True, eq=False)
class Problem:
    """An assignment with places, wishes for several mentors, an outside option, pins, a cap and quotas: one integer
    flow.

    An answer is a set of pairs that keeps to the limits below and maximizes the sum of score - floor: a place left
    empty is worth the floor, so a pair below it is never made. Columns are copied, checked and frozen, and None is
    replaced by its meaning. Raises ProblemError with the position of the person at fault.

    source: scores, mentees × mentors.
    capacity: (mentors,) places per mentor.
    demand: (mentees,) different mentors wanted per mentee, at most; None is one each.
    mentee_keys, mentor_keys: (mentees,) and (mentors,) stable identities that settle ties; None is the position.
    pins: (mentee, mentor) pairs that must be, whatever they score.
    floor: points; a pair below is worse than none.
    max_pairs: a cap on all pairs, pins included.
    min_load: (mentors,) places that must be filled per mentor, pins included; None is none.
    quotas: ceilings on nested groups of mentors or mentees, pins included.
    """

    source: ScoreSource
    capacity: Ints
    demand: Ints | None = None
    mentee_keys: Keys | None = None
    mentor_keys: Keys | None = None
    pins: Sequence[tuple[int, int]] = ()
    floor: int = 0
    max_pairs: int | None = None
    min_load: Ints | None = None
    quotas: Sequence[Quota] = ()

    def __post_init__(self) -> None:
        mentees, mentors = self.source.shape
        wanted = np.ones(mentees, np.int64) if self.demand is None else self.demand
        needed = np.zeros(mentors, np.int64) if self.min_load is None else self.min_load
        self._set("capacity", _counts("capacity", self.capacity, "mentor", mentors))
        self._set("demand", _counts("demand", wanted, "mentee", mentees))
        self._set("min_load", _counts("min_load", needed, "mentor", mentors))
        self._set("mentee_keys", _keys(self.mentee_keys, "mentee", mentees))
        self._set("mentor_keys", _keys(self.mentor_keys, "mentor", mentors))
        self._set("floor", _whole(self.floor, "The floor", SCORE_LIMIT - 1))
        if self.max_pairs is not None:
            self._set("max_pairs", _whole(self.max_pairs, "The cap on pairs"))
        self._set("pins", tuple(sorted((_whole(a, "A pin"), _whole(b, "A pin")) for a, b in self.pins)))
        self._set("quotas", tuple(_quota(quota, self.source.shape) for quota in self.quotas))
        self._check_demand()
        self._check_pins()
        self._check_quotas()

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        return self.source.shape

    @property
    def wanted(self) -> Ints:
        """(mentees,) `demand`, with its default filled in."""
        assert self.demand is not None
        return self.demand

    @property
    def needed(self) -> Ints:
        """(mentors,) `min_load`, with its default filled in."""
        assert self.min_load is not None
        return self.min_load

    def keys(self) -> tuple[Keys, Keys]:
        """Stable identities of mentees and mentors, with their defaults filled in."""
        assert self.mentee_keys is not None
        assert self.mentor_keys is not None
        return self.mentee_keys, self.mentor_keys

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_demand(self) -> None:
        mentees, mentors = self.shape
        for mentee in np.flatnonzero(self.wanted > max(1, mentors))[:1].tolist():
            raise ProblemError(
                f"Mentee {mentee} wants {self.wanted[mentee]} mentors, and there are {mentors}.", mentee=mentee
            )
        for mentor in np.flatnonzero(self.needed > np.minimum(self.capacity, mentees))[:1].tolist():
            raise ProblemError(
                f"Mentor {mentor} must have {self.needed[mentor]} mentees, with {self.capacity[mentor]} places "
                f"and {mentees} mentees there.",
                mentor=mentor,
            )

    def _check_pins(self) -> None:
        for mentee, mentor in self.pins:
            self._check_pin(mentee, mentor)
        for (mentee, mentor), following in zip(self.pins, self.pins[1:], strict=False):
            if (mentee, mentor) == following:
                raise ProblemError(f"Mentee {mentee} is pinned to mentor {mentor} twice.", mentee=mentee, mentor=mentor)
        given, load = pairs_each(self.pins, self.shape)
        for mentor in np.flatnonzero(load > self.capacity)[:1].tolist():
            raise ProblemError(
                f"Mentor {mentor} has {load[mentor]} pins and {self.capacity[mentor]} places.", mentor=mentor
            )
        for mentee in np.flatnonzero(given > self.wanted)[:1].tolist():
            raise ProblemError(
                f"Mentee {mentee} has {given[mentee]} pins and wants {self.wanted[mentee]} mentors.", mentee=mentee
            )
        if self.max_pairs is not None and len(self.pins) > self.max_pairs:
            raise ProblemError(f"There are {len(self.pins)} pins, more than the cap of {self.max_pairs} pairs.")

    def _check_pin(self, mentee: int, mentor: int) -> None:
        if mentee >= self.shape[0] or mentor >= self.shape[1]:
            raise ProblemError(f"The pin of mentee {mentee} to mentor {mentor} names somebody who is not there.")
        if read_block(self.source, np.array([mentee]), np.array([mentor]))[0, 0] == FORBIDDEN:
            raise ProblemError(
                f"Mentee {mentee} is pinned to mentor {mentor}, but a hard rule forbids that pair.",
                mentee=mentee,
                mentor=mentor,
            )

    def _check_quotas(self) -> None:
        used = dict(zip(("mentee", "mentor"), pairs_each(self.pins, self.shape), strict=True))
        for number, quota in enumerate(self.quotas):
            pinned = int(used[quota.side][list(quota.members)].sum())
            if pinned > quota.most:
                raise ProblemError(f"Quota {number} allows {quota.most} pairs, and {pinned} are pinned in it.")
            for before, other in enumerate(self.quotas[:number]):
                common = set(quota.members) & set(other.members) if quota.side == other.side else set()
                if common and len(common) < min(len(quota.members), len(other.members)):
                    raise ProblemError(f"The quotas {before} and {number} overlap, and neither lies within the other.")


def pairs_each(pairs: Sequence[tuple[int, int]] | Ints, shape: tuple[int, int]) -> tuple[Ints, Ints]:
    """How many of the pairs each mentee and each mentor has."""
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    return np.bincount(columns[:, 0], minlength=shape[0]), np.bincount(columns[:, 1], minlength=shape[1])


def _counts(name: str, given: Any, who: Side, length: int) -> Ints:
    """A frozen copy of a column of counts, one per person."""
    column: NDArray[Any] = np.array(given)
    if column.shape != (length,):
        raise ProblemError(
            f"The column {name} has shape {column.shape}; one number for each of {length} {who}s is needed."
        )
    if length and column.dtype.kind not in "iuf":
        raise ProblemError(f"The column {name} must hold whole numbers; it is of type {column.dtype}.")
    for wrong, why in (
        (column != np.floor(column), "is not a whole number"),
        (column < 0, "is below zero"),
        (column > MOST_PLACES, f"is above {MOST_PLACES}"),
    ):
        for position in np.flatnonzero(wrong)[:1].tolist():
            raise ProblemError(f"The {name} {column[position]} of {who} {position} {why}.", **{who: position})
    return _frozen(column.astype(np.int64))


def _keys(given: Any, who: Side, length: int) -> Keys:
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


def _quota(quota: Quota, shape: tuple[int, int]) -> Quota:
    """The quota with its members checked and sorted."""
    if quota.side not in ("mentee", "mentor"):
        raise ProblemError(f"A quota is for the side 'mentee' or 'mentor', not {quota.side!r}.")
    members = tuple(sorted({_whole(member, "A quota's member") for member in quota.members}))
    people = shape[0] if quota.side == "mentee" else shape[1]
    if members and members[-1] >= people:
        raise ProblemError(f"A quota names {quota.side} {members[-1]}, and there are {people}.")
    return Quota(quota.side, members, _whole(quota.most, "A quota"))


def _whole(number: Any, what: str, most: int = MOST_PLACES) -> int:
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number <= most:
        raise ProblemError(f"{what} must be a whole number from 0 to {most}, not {number}.")
    return int(number)


def _frozen(column: NDArray[Any]) -> NDArray[Any]:
    column.setflags(write=False)
    return column
