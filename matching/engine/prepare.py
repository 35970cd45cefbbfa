"""prepare(): from plain columns to a problem, for pools that no policy of ours describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matching.engine.bounds import WHOLE
from matching.engine.errors import ProblemError
from matching.engine.kinds import Criterion, HardRule
from matching.engine.parts import largest_remainder
from matching.engine.people import People
from matching.engine.problem import Problem
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
    pins: Sequence[tuple[Any, Any]] = (),
    floor: int = 0,
    max_pairs: int | None = None,
    key: str = "id",
    places: str = "places",
    wishes: str = "mentors",
) -> Problem:
    """A problem whose scores are criteria by weight, 0 … 1,000,000, and whose hard rules can be told by id.

    mentees, mentors: columns by name, numpy arrays or lists, one value per person; None, NaN or "" is not known, and
    gives the neutral 500 points. Words are compared without case and spaces. key: the column of ids, by which people
    are named in pins, rules and errors, and ties are settled; positions if there is none. places: the mentors' column
    of places, wishes: the mentees' of mentors wanted; 1 where nothing is said.
    criteria: Same, Covers, Near, NearOnEarth, Lookup, or your own. Their weights must be whole and sum to 1000, or be
    any numbers if in_proportion: then they are made so by largest remainder. rules: NotSame, OneInCommon, AtLeast,
    Never, or your own.
    pins: (mentee's id, mentor's id); floor in points of score; max_pairs: as for Problem.
    The problem's source explains: it has parts, weights and forbidden_by. Raises ProblemError with the column and the
    person at fault; for a criterion of your own that gives a pair anything but whole points from 0 to 1000, either here
    or, if it is a table, when its scores are read.
    """
    mine, theirs = People("mentee", mentees, key), People("mentor", mentors, key)
    weights = _weights(criteria, in_proportion)
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
        pins=[_pin(mine, theirs, source, pin) for pin in pins],
        floor=floor,
        max_pairs=max_pairs,
    )


def _weights(criteria: Sequence[Criterion], in_proportion: bool) -> dict[str, int]:
    given = {each.id: each.weight for each in criteria}
    if len(given) < len(criteria):
        raise ProblemError("Two criteria have the same id.")
    for name, weight in given.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < np.inf:
            raise ProblemError(f"The weight of {name!r} must be a number from 0, not {weight}.")
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


def _pin(mentees: People, mentors: People, source: WeightedSource, pin: tuple[Any, Any]) -> tuple[int, int]:
    mentee, mentor = pin
    for side, each in ((mentees, mentee), (mentors, mentor)):
        if each not in side.position:
            raise ProblemError(f"A pin names the {side.side} {each!r}, who is not there.")
    pair = mentees.position[mentee], mentors.position[mentor]
    if rules := source.forbidden_by(*pair):
        mentees.refuse(pair[0], f"is pinned to mentor {mentor!r}, and that is forbidden by {', '.join(rules)}")
    return pair
