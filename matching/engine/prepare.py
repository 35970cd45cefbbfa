"""prepare(): from plain columns to a problem, for pools that no policy of ours describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from matching.engine.bounds import WHOLE
from matching.engine.errors import ProblemError
from matching.engine.factors import numbered
from matching.engine.given import listed, switch
from matching.engine.kinds import Criterion, HardRule
from matching.engine.parts import largest_remainder
from matching.engine.people import MOST, People, is_word
from matching.engine.problem import Pin, Problem, Quota
from matching.engine.scores import Ints
from matching.engine.weighted import Factors, WeightedSource

Columns = Mapping[str, Any]


def prepare(
    mentees: Columns,
    mentors: Columns,
    criteria: Sequence[Criterion],
    rules: Sequence[HardRule] = (),
    *,
    in_proportion: bool = False,
    pins: Sequence[tuple[Any, ...]] = (),
    floor: int = 0,
    max_pairs: int | None = None,
    quotas: Sequence[Quota] = (),
    key: str = "id",
    places: str = "places",
    wishes: str = "mentors",
    min_load: str | None = None,
    person_of: str | None = None,
) -> Problem:
    """A problem whose scores are criteria by weight, 0 … 1,000,000, and whose hard rules can be told by id.

    mentees, mentors: columns by name, numpy arrays or lists, one value per person; None, NaN or "" is not known, and
    gives the neutral 500 points. Words are compared without case and spaces. key: the column of ids, by which people
    are named in pins, rules and errors, and ties are settled; positions if there is none. places: the mentors' column
    of places, wishes: the mentees' of mentors wanted; 1 where nothing is said. min_load: the mentors' column of places
    that must be filled, person_of: the mentees' of whoever each row of wishes belongs to (a word or a number, so that
    the rows of several aspects are one person); none unless named.
    criteria: Same, Covers, Near, NearOnEarth, Lookup, or your own. Their weights must be whole and sum to 1000, or be
    any numbers if in_proportion: then they are made so by largest remainder. rules: NotSame, OneInCommon, AtLeast,
    Never, or your own.
    pins: (mentee's id, mentor's id), and as a third the reason, in words, why the pair may be though a rule forbids it.
    quotas: Quota with the ids of its members. floor in points of score, max_pairs: as for Problem.
    The problem's source explains: it has parts, weights and forbidden_by. Raises ProblemError with the column and the
    person at fault; for a criterion of your own that gives a pair anything but whole points from 0 to 1000, either here
    or, if it is a table, when its scores are read.
    Source: weights in proportion by Hamilton's method; distances by chords of the great circle; coverage of the
    mentee's wishes, each word an equal share of 1000 points.
    """
    mine, theirs = People("mentee", mentees, key), People("mentor", mentors, key)
    criteria, rules = _kinds(criteria, "criterion", "weight"), _kinds(rules, "rule", "build")
    weights = _weights(criteria, switch(in_proportion, "Whether weights are in proportion"))
    built = {each.id: each.build(mine, theirs) for each in criteria if weights[each.id]}
    if len({rule.id for rule in rules}) < len(rules):
        raise ProblemError("Two rules have the same id.")
    source = WeightedSource(
        (len(mine), len(theirs)),
        weights,
        factors={name: each for name, each in built.items() if isinstance(each, Factors)},
        tables={name: each for name, each in built.items() if not isinstance(each, Factors)},
        rules=[rule.build(mine, theirs) for rule in rules],
        names=(mine.ids, theirs.ids),
    )
    return Problem(
        source=source,
        capacity=theirs.counts(places, 1),
        demand=_wishes(mine, theirs, wishes),
        mentee_keys=mine.keys(),
        mentor_keys=theirs.keys(),
        pins=[_pin(mine, theirs, source, pin) for pin in listed(pins, "Pins")],
        floor=floor,
        max_pairs=max_pairs,
        min_load=None if min_load is None else theirs.counts(min_load, 0, needed=True),
        quotas=[_quota(mine, theirs, quota) for quota in listed(quotas, "Quotas")],
        person_of=None if person_of is None else _persons(mine, person_of),
    )


def _kinds(given: Sequence[Any], what: str, part: str) -> list[Any]:
    """Criteria or rules: whatever has a name, can be built, and has the other part."""
    for each in (kinds := list(listed(given, f"The list of {what}s"))):
        if isinstance(each, type) or not is_word(getattr(each, "id", None)) or not hasattr(each, part):
            raise ProblemError(f"A {what} must have an id, a word, and a {part}; {each!r} has not.")
        if not callable(getattr(each, "build", None)):
            raise ProblemError(f"The {what} {each.id!r} cannot be built: it has no build().")
    return kinds


def _weights(criteria: Sequence[Criterion], in_proportion: bool) -> dict[str, int]:
    given = {each.id: each.weight.item() if isinstance(each.weight, np.generic) else each.weight for each in criteria}
    if len(given) < len(criteria):
        raise ProblemError("Two criteria have the same id.")
    for name, weight in given.items():
        number = isinstance(weight, int | float | np.integer | np.floating) and not isinstance(weight, bool)
        if not number or not 0 <= weight < MOST:
            raise ProblemError(f"The weight of {name!r} must be a number from 0, not {weight!r}.")
    if in_proportion and any(given.values()):
        return largest_remainder(given, WHOLE)
    whole = {name: int(weight) for name, weight in given.items()}
    for name, weight in given.items():
        if weight != whole[name]:
            raise ProblemError(f"The weight of {name!r} is {weight}; weights are whole, or in proportion.")
    if sum(whole.values()) != WHOLE:
        raise ProblemError(f"Weights must sum to {WHOLE}; these sum to {sum(whole.values())}.")
    return whole


def _wishes(mentees: People, mentors: People, column: str) -> Ints:
    wanted = mentees.counts(column, 1)
    for position in np.flatnonzero(wanted > max(1, len(mentors)))[:1].tolist():
        mentees.refuse(position, f"wants {wanted[position]} mentors in the column {column!r}, of {len(mentors)} there")
    return wanted


def _pin(mentees: People, mentors: People, source: WeightedSource, given: Any) -> Pin:
    pin = tuple(listed(given, "A pin"))
    if len(pin) not in (2, 3):
        raise ProblemError(f"A pin is a mentee's id, a mentor's id and perhaps a reason, not {given!r}.")
    mentee, mentor = (_position(side, each, "A pin") for side, each in zip((mentees, mentors), pin, strict=False))
    because = pin[2] if len(pin) == 3 else getattr(given, "because", "")
    if not isinstance(because, str):
        raise ProblemError(f"The reason of a pin must be in words, not {because!r}.")
    if (rules := source.forbidden_by(mentee, mentor)) and not because.strip():
        mentees.refuse(mentee, f"is pinned to mentor {pin[1]!r}, and that is forbidden by {', '.join(rules)}")
    return Pin(mentee, mentor, because.strip())


def _quota(mentees: People, mentors: People, quota: Any) -> Quota:
    """The quota with positions for ids."""
    if not isinstance(quota, Quota) or quota.side not in ("mentee", "mentor"):
        raise ProblemError(f"A quota must be a Quota of mentees or of mentors, not {quota!r}.")
    side = mentees if quota.side == "mentee" else mentors
    members = listed(quota.members, "The members of a quota")
    return replace(quota, members=[_position(side, each, "A quota") for each in members])


def _position(side: People, each: Any, what: str) -> int:
    if not is_word(each) or each not in side.position:
        raise ProblemError(f"{what} names the {side.side} {each!r}, who is not there.")
    return side.position[each]


def _persons(mentees: People, column: str) -> Ints:
    """A number for each row's person, by the alphabet of what they are called."""
    names = mentees.words(column)
    for position in [at for at, name in enumerate(names) if not name][:1]:
        mentees.refuse(position, f"has nobody in the column {column!r}, where whose row it is is needed")
    number = numbered(names)
    return np.array([number[name] for name in names], np.int64)
