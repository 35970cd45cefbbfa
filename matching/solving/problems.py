"""What the engine is asked for a pool: what mentors are sought for, places, and pairs to keep. Pure, as solving is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.criteria import Scores
from matching.criteria.aspects import aspect_of, rows_by_aspect
from matching.criteria.columns import fold
from matching.engine import Problem, Quota
from programs.policy.document import Part, Range
from programs.policy.participant import Participant
from programs.policy.rules import Decision

SCORE_PER_POINT: Final = 1000  # a score of the engine per point as staff see it
# (mentee, mentor) keys, and as a third, where each mentor is for one thing, what it is.
Kept = tuple[str, ...]


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


def rows_of(part: Part, mentees: Sequence[Participant]) -> Sequence[Participant]:
    """What mentors are sought for: each mentee, or each thing that each of them would like help with."""
    return rows_by_aspect(mentees) if part.mentors.by_aspect else mentees


def served_in(part: Part, pool: Pool, served: Collection[str]) -> Sequence[int] | None:
    """The positions of mentees who have a mentor already; None where no first mentor goes before a second one."""
    if not part.mentors.first_before_second:
        return None
    return [position for position, mentee in enumerate(pool.mentees) if mentee.key in served]


def problem_of(
    part: Part,
    pool: Pool,
    rows: Sequence[Participant],
    scores: Scores,
    keep: Sequence[Kept] = (),
    standing: int = 0,
) -> Problem:
    """The engine's problem: places are the smaller of what a person offers or asks for and what the policy allows."""
    most_there_are = max(1, len(pool.mentors))
    wanted = np.minimum(_places(pool.mentees, part.mentors), most_there_are)
    whose = np.arange(len(rows))
    quotas: list[Quota] = []
    if rows is not pool.mentees:
        position = {mentee.key: place for place, mentee in enumerate(pool.mentees)}
        whose = np.array([position[row.key] for row in rows], np.int64)
        quotas = _at_most(whose, wanted)
        wanted = np.minimum(wanted, 1)[whose]
    return Problem(
        source=scores,
        capacity=_places(pool.mentors, part.roles["mentor"].places),
        demand=wanted,
        person_of=whose,
        quotas=quotas,
        mentee_keys=keys_of(rows),
        mentor_keys=keys_of(pool.mentors),
        pins=_pins(rows, pool.mentors, scores, keep),
        floor=part.matching.floor * SCORE_PER_POINT,
        max_pairs=None if part.cap.pairs is None else max(0, part.cap.pairs - standing),
    )


def _at_most(whose: NDArray[np.int64], wanted: NDArray[np.int64]) -> list[Quota]:
    """A ceiling for each mentee who would like help with more things than mentors."""
    rows: dict[int, list[int]] = {}
    for row, mentee in enumerate(whose.tolist()):
        rows.setdefault(mentee, []).append(row)
    return [Quota("mentee", some, int(wanted[mentee])) for mentee, some in rows.items() if len(some) > wanted[mentee]]


def _pins(
    rows: Sequence[Participant], mentors: Sequence[Participant], scores: Scores, keep: Sequence[Kept]
) -> list[tuple[int, int]]:
    """The pairs to keep. What does not say what it is for is for what suits best of what is left."""
    cols = {mentor.key: col for col, mentor in enumerate(mentors)}
    mine: dict[str, list[int]] = {}
    for row, mentee in enumerate(rows):
        mine.setdefault(mentee.key, []).append(row)
    pins: list[tuple[int, int]] = []
    taken: set[int] = set()
    for one, other, *what in sorted(keep, key=lambda kept: not any(kept[2:])):
        there = mine[one]
        asked = [row for row in there if what and fold(aspect_of(rows[row])) == fold(what[0])]
        free = asked or [row for row in there if row not in taken] or there
        worth = scores.block(np.array(free), np.array([cols[other]]))[:, 0]
        pins.append((free[int(worth.argmax())], cols[other]))
        taken.add(pins[-1][0])
    return pins


def positions_of(
    rows: Sequence[Participant], mentors: Sequence[Participant], pairs: Sequence[Kept]
) -> NDArray[np.int64]:
    """(pairs, 2) the positions of pairs of keys; those of whom one is not there any more are left out."""
    at = {(row.key, fold(aspect_of(row))): place for place, row in enumerate(rows)}
    cols = {mentor.key: col for col, mentor in enumerate(mentors)}
    whole = [(mentee, fold(what[0]) if what else "", mentor) for mentee, mentor, *what in pairs]
    found = [(at[one, what], cols[other]) for one, what, other in whole if (one, what) in at and other in cols]
    return np.array(found, np.int64).reshape(-1, 2)


def keys_of(people: Sequence[Participant]) -> NDArray[np.uint64]:
    """Stable 64-bit identities, so that ties fall the same way whoever else is in the pool."""
    said = [f"{person.key}\0{fold(what)}" if (what := aspect_of(person)) else person.key for person in people]
    return np.array([int.from_bytes(blake2b(each.encode(), digest_size=8).digest()) for each in said], np.uint64)


def _places(people: Sequence[Participant], allowed: Range) -> NDArray[np.int64]:
    wanted = (allowed.default if person.places is None else person.places for person in people)
    return np.array([min(places, allowed.most) for places in wanted], np.int64)
