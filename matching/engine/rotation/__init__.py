"""rotate(): an evening of speed mentoring, round by round.

`evening` what is asked; `coloring` who meets in which round. Which pairs meet is an assignment like any other, with as
many places as there are rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from matching.engine.asked import listener
from matching.engine.errors import CertificateError, ProblemError
from matching.engine.given import integer, switch
from matching.engine.problem import Problem
from matching.engine.progress import Progress
from matching.engine.proof import verify
from matching.engine.result import Result
from matching.engine.rotation.coloring import color
from matching.engine.rotation.evening import Evening, NewPairs
from matching.engine.rotation.reach import within_reach
from matching.engine.scores import Ints, ScoreSource
from matching.engine.seals import Sealed
from matching.engine.solver import solve
from matching.engine.turned import Turned

__all__ = ["Evening", "Rotation", "rotate", "verify_rotation"]


@dataclass(frozen=True, eq=False)
class Rotation(Sealed):
    """Who meets whom in the rounds still to come.

    meetings: (n, 3) round, mentee, mentor, sorted, in the positions of the input; total: the sum of their scores.
    result: the proof that no plan has a higher total. level: None, or conversations over the whole evening that
    nobody has fewer of than can be helped (see rotate), which the total is the best for. seal: a digest of all the
    rest.
    """

    meetings: Ints
    total: int
    level: int | None
    result: Result
    seal: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and names, as JSON holds them."""
        return {
            "meetings": self.meetings.tolist(),
            "total": self.total,
            "level": self.level,
            "result": self.result.to_dict(),
            "seal": self.seal,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """What to_dict() wrote. Raises KeyError, TypeError or ValueError if it is of another shape."""
        meetings = np.array(stored["meetings"], np.int64).reshape(-1, 3)
        return cls(meetings, stored["total"], stored["level"], Result.from_dict(stored["result"]), stored["seal"])

    def breaks(self, evening: Evening) -> Ints:
        """(k, 2) round and mentee of all who are there and sit a round out, sorted.

        Raises ProblemError for what is no Evening, or another one; CertificateError if the meetings are none.
        """
        _check_evening(evening)
        _check_form(self)
        if not ((self.meetings >= 0) & (self.meetings < (evening.rounds, *evening.source.shape))).all():
            raise ProblemError("The rounds are another evening's.")
        idle = np.zeros((evening.rounds, len(evening.places()[0])), np.bool_)
        idle[evening.over :, evening.places()[0] > 0] = True
        idle[self.meetings[:, 0], self.meetings[:, 1]] = False
        return np.argwhere(idle)


@dataclass(frozen=True, eq=False)
class _Plan:
    """The pairs of an evening as a problem. turned: its mentees are the evening's mentors, and the other way round."""

    problem: Problem
    turned: bool


def rotate(
    evening: Evening, *, spread: bool = True, seed: int = 0, progress: Callable[[Progress], object] | None = None
) -> Rotation:
    """The rounds still to come, of the best total score: nobody is at two tables at once, and no pair meets twice.

    A best set of pairs, as many for each person as there are rounds (and seats), is colored with one color for each
    round, which is always possible (König 1916): so no schedule of these rounds has a higher total.
    spread: whoever there are too many of takes breaks in turn. Over the evening, past rounds included, their numbers
    of conversations differ by one at most, wherever who may meet whom allows it; the total is then the best of all
    plans that do. Without it, the best total decides alone. In which rounds breaks fall is not controlled, but all
    rounds have as many meetings, give or take one.
    progress: called between blocks of pairs; what it raises stops the work. Raises ProblemError for what is no Evening
    or no whole seed, and if the scores' source breaks its promise. Source: König 1916, Guse et al. 2016 (speed
    mentoring).
    """
    listener(progress)
    _check_evening(evening)
    seed, spread = integer(seed, "The seed"), switch(spread, "Whether breaks are spread")
    level = _highest_level(evening) if spread else None
    while True:
        plan = _plan(evening, level)
        try:
            result = solve(plan.problem, seed=seed, progress=progress)
            break
        except ProblemError:
            if not level:
                raise
            level -= 1
    pairs = result.pairs[:, ::-1] if plan.turned else result.pairs
    return Rotation(_into_rounds(evening, pairs), result.total, level, result).sealed()


def verify_rotation(
    rotation: Rotation, evening: Evening, *, progress: Callable[[Progress], object] | None = None
) -> None:
    """Prove again that these are rounds of that evening, that no other ones have a higher total, and, if there is a
    level, that nobody can be brought to a higher one: a maximum flow, which rotate() does not use, falls short of it.

    Last, its seal is whole. progress: called before each block of pairs; what it raises stops the work. Raises
    CertificateError naming the first condition that fails, ProblemError for what is no Evening. Source: verify() of the
    pairs; a maximum flow (Ford & Fulkerson 1956) for the level.
    """
    listener(progress)
    _check_evening(evening)
    _check_form(rotation)
    if rotation.level is not None:
        _check_level(rotation.level, evening)
    plan = _plan(evening, rotation.level)
    verify(rotation.result, plan.problem, progress=progress)
    pairs = rotation.result.pairs[:, ::-1] if plan.turned else rotation.result.pairs
    rounds, meetings = rotation.meetings[:, 0], rotation.meetings[:, 1:]
    if sorted(meetings.tolist()) != sorted(pairs.tolist()) or rotation.total != rotation.result.total:
        raise CertificateError("The meetings are not the pairs that were proven best.")
    if not ((rounds >= evening.over) & (rounds < evening.rounds)).all():
        raise CertificateError("A meeting is in a round that is not to come.")
    for side, (places, who) in enumerate(zip(evening.places(), ("mentee", "mentor"), strict=True)):
        load = np.zeros((evening.rounds, len(places)), np.int64)
        np.add.at(load, (rounds, meetings[:, side]), 1)
        for at, person in np.argwhere(load > places)[:1]:
            raise CertificateError(f"In round {at} {who} {person} has {load[at, person]} meetings.")
    again = {tuple(pair) for pair in meetings.tolist()} & {(mentee, mentor) for _, mentee, mentor in evening.past}
    for mentee, mentor in sorted(again)[:1]:
        raise CertificateError(f"Mentee {mentee} and mentor {mentor} have met before.")
    sizes = np.bincount(rounds - evening.over, minlength=evening.left)
    if sizes.max() - sizes.min() > 1:
        raise CertificateError(f"A round has {sizes.max()} meetings and another one {sizes.min()}.")
    rotation.check_seal()


def _check_evening(evening: Evening) -> None:
    if not isinstance(evening, Evening):
        raise ProblemError(f"Rounds are of an Evening, not of {type(evening).__name__}.")


def _check_form(rotation: Rotation) -> None:
    if not isinstance(rotation, Rotation):
        raise CertificateError(f"The rounds must be a Rotation, not {type(rotation).__name__}.")
    meetings, level = rotation.meetings, rotation.level
    if not isinstance(meetings, np.ndarray) or meetings.dtype.kind not in "iu" or meetings.shape[1:] != (3,):
        raise CertificateError("The meetings must be whole numbers, (n, 3).")
    if level is not None and (isinstance(level, bool) or not isinstance(level, int)):
        raise CertificateError(f"The level must be a whole number, not {level!r}.")
    if type(rotation.total) is not int:
        raise CertificateError(f"The total must be a whole number, not {rotation.total!r}.")


def _check_level(level: int, evening: Evening) -> None:
    """No higher level can be reached. What can be reached at a level can at any lower one, so the next one will do."""
    highest = _highest_level(evening)
    if not 0 <= level <= highest:
        raise CertificateError(f"Nobody can be promised {level} conversations: counting allows {highest} at most.")
    if level == highest:
        return
    side = _longer_side(evening)
    least, _ = _limits(evening, side, level + 1)
    others = evening.left * evening.places()[1 - side]
    if within_reach(NewPairs(evening) if side == 0 else Turned(NewPairs(evening)), least, others):
        raise CertificateError(f"Everybody can have {level + 1} conversations as far as possible, not only {level}.")


def _plan(evening: Evening, level: int | None) -> _Plan:
    """Which pairs meet: nobody more often than there are rounds and seats, and with a level nobody on the longer side
    less often than it says."""
    source = NewPairs(evening)
    mentees, mentors = (evening.left * places for places in evening.places())
    demand, capacity = np.minimum(mentees, source.shape[1]), np.minimum(mentors, source.shape[0])
    if level is None:
        return _Plan(_problem(evening, source, capacity, demand), turned=False)
    side = _longer_side(evening)
    least, most = _limits(evening, side, level)
    if side == 1:
        return _Plan(_problem(evening, source, most, demand, least), turned=False)
    return _Plan(_problem(evening, Turned(source), most, capacity, least), turned=True)


def _problem(evening: Evening, source: ScoreSource, capacity: Ints, demand: Ints, least: Ints | None = None) -> Problem:
    keys = evening.mentee_keys, evening.mentor_keys
    first, second = keys[::-1] if isinstance(source, Turned) else keys
    return Problem(source, capacity, demand, mentee_keys=first, mentor_keys=second, min_load=least)


def _limits(evening: Evening, side: int, level: int) -> tuple[Ints, Ints]:
    """Fewest and most conversations for each person of the longer side in the rounds still to come.

    If all can have what counting allows, nobody has so many that somebody else's place is taken.
    """
    most, had = _most(evening)[side], evening.met()[side]
    if level < _highest_level(evening):
        return _up_to(level, had, most), most
    ceiling, places = level, _places(evening, side)
    while _up_to(ceiling, had, most).sum() < min(places, most.sum()):
        ceiling += 1
    return _up_to(level, had, most), _up_to(ceiling, had, most)


def _highest_level(evening: Evening) -> int:
    """Conversations that everybody on the longer side could have, as far as counting goes."""
    side = _longer_side(evening)
    most, had = _most(evening)[side], evening.met()[side]
    level, places = 0, _places(evening, side)
    while _up_to(level, had, most).sum() < most.sum() and _up_to(level + 1, had, most).sum() <= places:
        level += 1
    return level


def _places(evening: Evening, side: int) -> int:
    """Conversations that the other side has room for in the rounds still to come."""
    return evening.left * int(evening.places()[1 - side].sum())


def _longer_side(evening: Evening) -> int:
    """0 if there are more mentees than seats in a round, so that mentees take breaks, else 1."""
    mentees, seats = evening.places()
    return 0 if mentees.sum() > seats.sum() else 1


def _most(evening: Evening) -> tuple[Ints, Ints]:
    """Conversations that each mentee and each mentor can have at most in the rounds still to come."""
    mentees, mentors = (
        np.minimum(evening.left * places, possible)
        for places, possible in zip(evening.places(), NewPairs(evening).possible(), strict=True)
    )
    return mentees, mentors


def _up_to(level: int, had: Ints, most: Ints) -> Ints:
    """How many more conversations bring everybody to this level, or as near to it as they can come."""
    return np.clip(level - had, 0, most)


def _into_rounds(evening: Evening, pairs: Ints) -> Ints:
    """A round for each pair, whatever the order of the input. A table of several seats is several mentors here."""
    assert evening.mentee_keys is not None
    assert evening.mentor_keys is not None
    pairs = pairs[np.lexsort((evening.mentee_keys[pairs[:, 0]], evening.mentor_keys[pairs[:, 1]]))]
    _, count = np.unique(evening.mentor_keys[pairs[:, 1]], return_counts=True)
    chairs = -(-count // evening.left)
    turn = np.arange(len(pairs)) - np.repeat(np.cumsum(count) - count, count)
    chair = np.repeat(np.cumsum(chairs) - chairs, count) + turn // evening.left
    _, mentee = np.unique(evening.mentee_keys[pairs[:, 0]], return_inverse=True)
    at = evening.over + color(mentee, chair, evening.left)
    meetings = np.column_stack([at, pairs])
    return meetings[np.lexsort(meetings.T[::-1])]
