"""The question: who is there, what each pair is worth, and what must hold. It is refused here if it makes no sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, Self

import numpy as np

from matching.engine import given
from matching.engine.errors import ProblemError
from matching.engine.scores import FORBIDDEN, SCORE_LIMIT, Ints, ScoreSource, read_pairs

Keys = given.Keys
Side = Literal["mentee", "mentor"]


class Pin(tuple[int, int]):
    """A pair that must be, (mentee, mentor), with the reason why it may be though a hard rule forbids it, if any.

    Equal to the plain pair. Such an override counts 0 points, as forbidden pairs have no score.
    """

    because: str

    def __new__(cls, mentee: int, mentor: int, because: str = "") -> Self:
        """A pin with its reason, in words; none means that the pin may not break a hard rule."""
        pin = super().__new__(cls, (mentee, mentor))
        pin.because = because
        return pin

    @classmethod
    def of(cls, pair: Any) -> Self:
        """A pin from a pair of positions. Raises ProblemError for anything else."""
        if len(pair := list(given.listed(found := pair, "A pin"))) != 2:
            raise ProblemError(f"A pin must be a mentee and a mentor, not {found!r}.")
        because = getattr(found, "because", "")
        if not isinstance(because, str):
            raise ProblemError(f"The reason of a pin must be in words, not {because!r}.")
        mentee, mentor = (given.whole(position, "A pin") for position in pair)
        return cls(mentee, mentor, because.strip())


@dataclass(frozen=True)
class Quota:
    """A ceiling on the pairs of a group: at most `most` pairs may hold one of `members`, positions on one
    side (ids, where prepare() is asked).

    Groups of one side must nest: any two of them are apart, or one lies within the other. Problem raises ProblemError
    for others, and for members who are not there.
    """

    side: Side
    members: Sequence[Any]
    most: int


@dataclass(frozen=True, eq=False)
class Problem:
    """An assignment with places, wishes for several mentors, aspects, an outside option, pins, a cap and quotas: one
    integer flow.

    An answer is a set of pairs that keeps to the limits below and maximizes the sum of score - floor: a place left
    empty is worth the floor, so a pair below it is never made. Columns are copied, checked and frozen, and None is
    replaced by its meaning. Raises ProblemError with the position of the person at fault.

    source: scores, mentees × mentors.
    capacity: (mentors,) places per mentor.
    demand: (mentees,) different mentors wanted per mentee, at most; None is one each.
    person_of: (mentees,) a number for whoever each row of wishes belongs to. A person who would like a mentor for each
    of several aspects has a row for each, which may have scores of its own; no two rows of one person are given the
    same mentor. A ceiling on all mentors of a person is a quota over their rows. None is a person per row.
    mentee_keys, mentor_keys: (mentees,) and (mentors,) stable identities that settle ties; None is the position.
    pins: (mentee, mentor) pairs that must be, whatever they score; one that a hard rule forbids is refused, unless it
    is a Pin with a reason.
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
    person_of: Ints | None = None

    def __post_init__(self) -> None:
        self._set("_shape", given.shape_of(self.source))
        mentees, mentors = self.shape
        for name, default, who, length in (
            ("capacity", 0, "mentor", mentors),
            ("demand", 1, "mentee", mentees),
            ("min_load", 0, "mentor", mentors),
            ("person_of", np.arange(mentees), "mentee", mentees),
        ):
            column = getattr(self, name)
            column = np.broadcast_to(default, length) if column is None and name != "capacity" else column
            self._set(name, given.counts(name, column, who, length))
        self._set("mentee_keys", given.keys(self.mentee_keys, "mentee", mentees))
        self._set("mentor_keys", given.keys(self.mentor_keys, "mentor", mentors))
        self._set("floor", given.whole(self.floor, "The floor", SCORE_LIMIT - 1))
        if self.max_pairs is not None:
            self._set("max_pairs", given.whole(self.max_pairs, "The cap on pairs"))
        self._set("pins", tuple(sorted(Pin.of(pin) for pin in given.listed(self.pins, "Pins"))))
        self._set("quotas", tuple(_quota(quota, self.shape) for quota in given.listed(self.quotas, "Quotas")))
        self._check_demand()
        self._check_pins()
        self._check_quotas()

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        shape: tuple[int, int] = self.__dict__["_shape"]
        return shape

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

    @property
    def persons(self) -> Ints:
        """(mentees,) `person_of`, with its default filled in."""
        assert self.person_of is not None
        return self.person_of

    @property
    def kept(self) -> tuple[Pin, ...]:
        """`pins`, each with the reason why it may break a hard rule, if there is one."""
        return tuple(Pin.of(pin) for pin in self.pins)

    @cached_property
    def people(self) -> int:
        """How many persons the mentees' rows belong to."""
        if (np.diff(self.persons) > 0).all():  # as by default, which is seen at once
            return len(self.persons)
        return len(np.unique(self.persons))

    @property
    def aspects(self) -> bool:
        """Whether anybody has several rows."""
        return self.people < len(self.persons)

    @cached_property
    def settled(self) -> Ints:
        """(pairs, 2) what the pins settle: themselves, and their mentors for all other rows of the same people."""
        pins = np.array(self.pins, np.int64).reshape(-1, 2)
        row, pin = rows_of(self.persons, self.persons[pins[:, 0]])
        return given.frozen(np.stack([row, pins[pin, 1]], axis=1))

    def keys(self) -> tuple[Keys, Keys]:
        """Stable identities of mentees and mentors, with their defaults filled in."""
        assert self.mentee_keys is not None
        assert self.mentor_keys is not None
        return self.mentee_keys, self.mentor_keys

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_demand(self) -> None:
        mentors = self.shape[1]
        for mentee in np.flatnonzero(self.wanted > max(1, mentors))[:1].tolist():
            raise ProblemError(
                f"Mentee {mentee} wants {self.wanted[mentee]} mentors, and there are {mentors}.", mentee=mentee
            )
        for mentor in np.flatnonzero(self.needed > np.minimum(self.capacity, self.people))[:1].tolist():
            raise ProblemError(
                f"Mentor {mentor} must have {self.needed[mentor]} mentees, with {self.capacity[mentor]} places "
                f"and {self.people} mentees there.",
                mentor=mentor,
            )

    def _check_pins(self) -> None:
        kept = self.kept
        for mentee, mentor in kept:
            if mentee >= self.shape[0] or mentor >= self.shape[1]:
                raise ProblemError(f"The pin of mentee {mentee} to mentor {mentor} names somebody who is not there.")
        scores = read_pairs(self.source, np.array(kept, np.int64).reshape(-1, 2)).tolist()
        for pin, score in zip(kept, scores, strict=True):
            if score == FORBIDDEN and not pin.because:
                raise ProblemError(
                    f"Mentee {pin[0]} is pinned to mentor {pin[1]}, but a hard rule forbids that pair.",
                    mentee=pin[0],
                    mentor=pin[1],
                )
        in_order = sorted((int(self.persons[mentee]), mentor, mentee) for mentee, mentor in self.pins)
        for (person, mentor, mentee), following in pairwise(in_order):
            if (person, mentor, mentee) == following:
                raise ProblemError(f"Mentee {mentee} is pinned to mentor {mentor} twice.", mentee=mentee, mentor=mentor)
            if (person, mentor) == following[:2]:
                raise ProblemError(
                    f"Mentees {mentee} and {following[2]} are one person, and both are pinned to mentor {mentor}.",
                    mentee=following[2],
                    mentor=mentor,
                )
        self._check_pins_fit()

    def _check_pins_fit(self) -> None:
        used, load = pairs_each(self.pins, self.shape)
        for mentor in np.flatnonzero(load > self.capacity)[:1].tolist():
            raise ProblemError(
                f"Mentor {mentor} has {load[mentor]} pins and {self.capacity[mentor]} places.", mentor=mentor
            )
        for mentee in np.flatnonzero(used > self.wanted)[:1].tolist():
            raise ProblemError(
                f"Mentee {mentee} has {used[mentee]} pins and wants {self.wanted[mentee]} mentors.", mentee=mentee
            )
        if self.max_pairs is not None and len(self.pins) > self.max_pairs:
            raise ProblemError(f"There are {len(self.pins)} pins, more than the cap of {self.max_pairs} pairs.")

    def _check_quotas(self) -> None:
        used = dict(zip(("mentee", "mentor"), pairs_each(self.pins, self.shape), strict=True))
        for number, quota in enumerate(self.quotas):
            pinned = int(used[quota.side][list(quota.members)].sum())
            if pinned > quota.most:
                raise ProblemError(f"Quota {number} allows {quota.most} pairs, and {pinned} are pinned in it.")
        self._check_nesting()

    def _check_nesting(self) -> None:
        """Larger quotas first: each must lie whole within whichever quota is the innermost yet around its members."""
        inside: dict[tuple[str, int], int] = {}
        for number in sorted(range(len(self.quotas)), key=lambda each: -len(self.quotas[each].members)):
            quota = self.quotas[number]
            around = {inside.get((quota.side, member), -1) for member in quota.members}
            if len(around) > 1:
                before, after = sorted((number, min(around - {-1}, key=lambda each: len(self.quotas[each].members))))
                raise ProblemError(f"The quotas {before} and {after} overlap, and neither lies within the other.")
            inside.update({(quota.side, member): number for member in quota.members})


def rows_of(persons: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Where each of the wanted persons stands in `persons`: all their rows, and for each the index in `wanted`."""
    order = np.argsort(persons, kind="stable")
    first, last = (np.searchsorted(persons, wanted, side=side, sorter=order) for side in ("left", "right"))
    index = np.repeat(np.arange(len(wanted)), last - first)
    place = np.arange(len(index)) - np.repeat(np.cumsum(last - first) - last, last - first)
    return order[place], index


def pairs_each(pairs: Sequence[tuple[int, int]] | Ints, shape: tuple[int, int]) -> tuple[Ints, Ints]:
    """How many of the pairs each mentee and each mentor has."""
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    return np.bincount(columns[:, 0], minlength=shape[0]), np.bincount(columns[:, 1], minlength=shape[1])


def _quota(quota: Any, shape: tuple[int, int]) -> Quota:
    """The quota with its members checked and sorted."""
    if not isinstance(quota, Quota):
        raise ProblemError(f"A quota must be a Quota, not {quota!r}.")
    if not isinstance(quota.side, str) or quota.side not in ("mentee", "mentor"):
        raise ProblemError(f"A quota is for the side 'mentee' or 'mentor', not {quota.side!r}.")
    named = given.listed(quota.members, "The members of a quota")
    members = tuple(sorted({given.whole(member, "A quota's member") for member in named}))
    people = shape[0] if quota.side == "mentee" else shape[1]
    if members and members[-1] >= people:
        raise ProblemError(f"A quota names {quota.side} {members[-1]}, and there are {people}.")
    return Quota(quota.side, members, given.whole(quota.most, "A quota"))
