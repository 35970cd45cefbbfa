"""One part that brings people together in groups: who can be in one, the question to the engine, and who is left.

Pure, as `matching.solving.part` is for pairs. Groups are of three kinds: circles of peers, threes of somebody early,
in the middle and late in a career, and groups that one mentor leads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from chiron.kernel.errors import DomainError
from matching.criteria import Scores
from matching.engine import Circles, Groups, Led, MatrixSource, Progress, groups, verify_groups
from matching.solving.part import FORBIDDEN
from matching.solving.problems import keys_of
from programs.policy.document import Part
from programs.policy.document.roles import Size
from programs.policy.participant import Participant
from programs.policy.words import ROLES_OF

LeftBecause = Literal["beyond_cap", "forbidden", "too_few", "not_needed"]
Matrix = NDArray[np.int32]
# Where a program does not say how many people a group has.
USUAL: Final = {"peer_circle": Size(at_least=4, most=6), "group": Size(at_least=4, most=8)}
THREE: Final = Size(at_least=3, most=3)
# Among those who stand at the same moment nobody is further along.
NOT_AMONG_EQUALS: Final = "mentor_not_further_along"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A sign-up that could be in a group: its role in the part, and what it says."""

    role: str
    said: Participant


@dataclass(frozen=True)
class Gathered:
    """The question, whose positions are those of `members` and `leaders`, and who is not part of it."""

    question: Circles | Led
    scores: Matrix
    members: Sequence[Somebody]
    leaders: Sequence[Somebody]
    left: Sequence[tuple[Somebody, LeftBecause]]


@dataclass(frozen=True)
class Together:
    """One group that was found: its people, the mentor first where there is one, and how well two of it fit."""

    people: Sequence[Somebody]
    score: int


@dataclass(frozen=True)
class Grouped:
    """An answered question."""

    gathered: Gathered
    result: Groups

    @cached_property
    def found(self) -> list[Together]:
        """The groups, the best first."""
        asked = self.gathered
        made = []
        for number, members in enumerate(self.result.members):
            people = [asked.members[place] for place in members]
            leader = self.result.leaders[number] if self.result.leaders else None
            if leader is not None:
                people.insert(0, asked.leaders[leader])
            made.append(Together(people, fit(asked.scores, members, leader)))
        return sorted(made, key=lambda each: (-each.score, each.people[0].said.key))

    @property
    def left(self) -> list[tuple[Somebody, LeftBecause]]:
        """Everybody who is in no group, and why."""
        asked, placed = self.gathered, {place for members in self.result.members for place in members}
        idle = [each for place, each in enumerate(asked.leaders) if place not in self.result.leaders]
        alone = [each for place, each in enumerate(asked.members) if place not in placed]
        return [*asked.left, *((each, "not_needed") for each in idle), *((each, "too_few") for each in alone)]


# In a three the one who is earlier is the other's mentee, never the other way round: that half is worth nothing.
NO_DIRECTION: Final = -2


def fit(scores: Matrix, members: Sequence[int], leader: int | None = None) -> int:
    """How well two of a group fit on average; of one that is led, each of its members and who leads it."""
    if leader is not None:
        fits = [int(scores[place, leader]) for place in members]
    else:
        both = [(one, other) for one in members for other in members if one != other]
        fits = [int(scores[pair]) for pair in both if scores[pair] != NO_DIRECTION]
    return sum(fits) // max(1, len(fits))


def group_people(
    part: Part,
    people: Sequence[Somebody],
    *,
    standing: int = 0,
    seed: int = 0,
    progress: Callable[[Progress], object] | None = None,
) -> Grouped:
    """Good groups of these people, who come in the order of their sign-up, with what none exceed.

    `standing` groups were made before and count against the part's ceiling. Whoever signed up last waits where not
    everybody can be in a group. DomainError if there are too few people for one.
    """
    gathered = gather(part, people, standing)
    result = groups(gathered.question, seed=seed, progress=progress)
    if not result.members:
        raise DomainError(f"The rules of “{part.name}” leave nobody for a group. Look at them, and at who signed up.")
    return Grouped(gathered, result)


def check(grouped: Grouped) -> None:
    """Check the answer against the question once more; CertificateError if it does not hold."""
    verify_groups(grouped.result, grouped.gathered.question)


def gather(part: Part, people: Sequence[Somebody], standing: int = 0) -> Gathered:
    """The question to the engine. DomainError if there are too few people for a group."""
    most = None if part.cap.pairs is None else max(0, part.cap.pairs - standing)
    if not part.matching.weights:
        raise DomainError(f"The part “{part.name}” does not say what matters in a match, so nobody can be suggested.")
    if part.format == "group":
        return _led(part, people, most)
    return _seated(part, people, most)


def kept_apart(part: Part, people: Sequence[Somebody]) -> tuple[Somebody, Somebody] | None:
    """The first two of these who may not be in one group, by the part's rules or because both have the one role."""
    if part.format == "group":
        leaders = [each for each in people if each.role == "mentor"]
        if len(leaders) > 1:
            return leaders[0], leaders[1]
        members = [each for each in people if each.role != "mentor"]
        scores = _matrix(Scores([each.said for each in members], [each.said for each in leaders], part.matching))
        return next(((members[one], leaders[0]) for one in range(len(members)) if scores[one, 0] == FORBIDDEN), None)
    scores = _in_threes(part, people) if part.format == "triad" else _among_equals(part, people)
    never = scores == FORBIDDEN
    np.fill_diagonal(never, val=False)
    found = np.argwhere(never | never.T)
    return (people[found[0][0]], people[found[0][1]]) if len(found) else None


def size_of(part: Part) -> Size:
    """How many people a group has."""
    return THREE if part.format == "triad" else part.size or USUAL[part.format]


def _led(part: Part, people: Sequence[Somebody], most: int | None) -> Gathered:
    size = size_of(part)
    mentors = [each for each in people if each.role == "mentor"]
    leaders, beyond = mentors[:most], mentors[len(mentors[:most]) :]
    members = [each for each in people if each.role == "mentee"]
    least = max(1, size.at_least - 1)
    if not leaders or len(members) < least:
        raise DomainError(
            f"A group takes a mentor and {least} others at least; {len(mentors)} and {len(members)} of them wait."
        )
    asked, theirs = [each.said for each in members], [each.said for each in leaders]
    scores = _matrix(Scores(asked, theirs, part.matching))
    places = max(least, size.most - 1)
    question = Led(
        MatrixSource(scores),
        capacity=np.full(len(leaders), places),
        least=np.full(len(leaders), least),
        mentee_keys=keys_of(asked),
        mentor_keys=keys_of(theirs),
    )
    return Gathered(question, scores, members, leaders, [(each, "beyond_cap") for each in beyond])


@dataclass
class _Pool:
    """Those who can still be in a circle, by position, and who cannot and why."""

    part: Part
    people: Sequence[Somebody]
    may: NDArray[np.bool_]
    here: list[int]
    left: list[tuple[Somebody, LeftBecause]] = field(default_factory=list)

    def drop(self, places: Sequence[int], why: LeftBecause) -> None:
        """Have these wait."""
        self.here = [place for place in self.here if place not in set(places)]
        self.left += [(self.people[place], why) for place in places]

    def settle(self) -> None:
        """Drop people until those who are here can be split into circles, as far as can be told beforehand."""
        size = size_of(self.part)
        while self.here:
            mates = self.may[np.ix_(self.here, self.here)].sum(axis=1)
            lonely = [place for place, count in zip(self.here, mates, strict=True) if count < size.at_least - 1]
            if lonely and len(self.here) >= size.at_least:
                self.drop(lonely, "forbidden")
            elif not (spare := self._spare(size)):
                return
            else:
                self.drop(spare, "too_few")

    def _spare(self, size: Size) -> list[int]:
        """Who signed up last, where there is somebody too many: of a role, or for circles of these sizes."""
        if self.part.format == "triad":
            each = {role: [p for p in self.here if self.people[p].role == role] for role in ROLES_OF["triad"]}
            whole = min(map(len, each.values()))
            return [place for places in each.values() for place in places[whole:]]
        count = len(self.here)
        return [] if -(-count // size.most) <= count // size.at_least else self.here[-1:]


def _seated(part: Part, people: Sequence[Somebody], most: int | None) -> Gathered:
    size = size_of(part)
    scores = _in_threes(part, people) if part.format == "triad" else _among_equals(part, people)
    may = (scores != FORBIDDEN) & (scores.T != FORBIDDEN)
    np.fill_diagonal(may, val=False)
    pool = _Pool(part, people, may, list(range(len(people))))
    if most is not None:
        pool.drop(_beyond(people, most, size), "beyond_cap")
    pool.settle()
    if not pool.here:
        raise DomainError(
            f"A group takes {size.at_least} people who may be together, and there are not as many. "
            f"Signed up and waiting: {len(people)}."
        )
    members = [people[place] for place in pool.here]
    mine = scores[np.ix_(pool.here, pool.here)]
    question = Circles(
        MatrixSource(np.where(mine == NO_DIRECTION, 0, mine).astype(np.int32)),
        least=size.at_least,
        most=size.most,
        keys=keys_of([each.said for each in members]),
    )
    return Gathered(question, mine, members, (), pool.left)


def _beyond(people: Sequence[Somebody], most: int, size: Size) -> list[int]:
    """Those for whom no group is left under the ceiling, in the order of sign-up, each role by itself in threes."""
    places, taken, beyond = most * size.most, Counter[str](), []
    in_threes = size is THREE
    for place, each in enumerate(people):
        of = each.role if in_threes else ""
        if taken[of] >= (most if in_threes else places):
            beyond.append(place)
        taken[of] += 1
    return beyond


def _among_equals(part: Part, people: Sequence[Somebody]) -> Matrix:
    never = tuple(rule for rule in part.matching.never if rule != NOT_AMONG_EQUALS)
    said = [each.said for each in people]
    return _matrix(Scores(said, said, part.matching.model_copy(update={"never": never})))


def _in_threes(part: Part, people: Sequence[Somebody]) -> Matrix:
    """What the one who is earlier makes of the one who is later; nobody sits with somebody of their own role."""
    said, order = [each.said for each in people], ROLES_OF["triad"]
    both = _matrix(Scores(said, said, part.matching))
    rank = np.array([order.index(each.role) for each in people], np.int64)
    lower, same = rank[:, None] < rank, rank[:, None] == rank
    back = np.where(both.T == FORBIDDEN, FORBIDDEN, NO_DIRECTION)
    return np.where(same, FORBIDDEN, np.where(lower, both, back)).astype(np.int32)


def _matrix(scores: Scores) -> Matrix:
    return np.asarray(scores.block(np.arange(scores.shape[0])), np.int32)


def shared(people: Sequence[Somebody], of: Somebody) -> tuple[list[str], list[str]]:
    """What somebody of a group is interested in together with another of it, and when all of them are free."""
    others = [each.said for each in people if each.said.key != of.said.key]
    theirs = {interest for each in others for interest in each.interests}
    times = [time for time in of.said.availability if all(time in each.availability for each in others)]
    return [interest for interest in of.said.interests if interest in theirs], times
