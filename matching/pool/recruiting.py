"""What one more mentor would bring, and of which kind: a list to recruit by, each step on top of those before it.

Mentors of every kind stand in the problem without a place. The prices that prove an answer say exactly what a place at
each of them would bring; the best is taken up, its place is filled by solving again, and so on. Nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.criteria import Scores
from matching.engine import Changes, Delta, ProblemError, Progress, Result, Rounds
from matching.pool.kinds import Kind, kinds_for
from matching.pool.supply import Supply
from matching.services import seed_of
from matching.solving.problems import SCORE_PER_POINT, Pool, problem_of, rows_of, served_in
from programs.enrollment.models import Role
from programs.enrollment.selectors import places_of
from programs.policy.participant import Participant

MOST_STEPS: Final = 5
MOST_ASKED: Final = 3
# Less than this is no reason to look for anybody.
WORTH_IT: Final = 20 * SCORE_PER_POINT
# A kind that is less narrow is named instead, if it brings nearly as much.
NEARLY: Final = 0.9


@dataclass(frozen=True)
class Step:
    """One mentor more, or one place more at a mentor: how many more pairs and points, and which mentees gain.

    mentor: the sign-up whose place it is, empty for somebody new; mentees: (sign-up, name), those who would have a
    mentor at all first.
    """

    pairs: int
    points: int
    new: Sequence[Sequence[str]]
    better: Sequence[Sequence[str]]
    kind: Kind = field(default_factory=Kind)
    mentor: str = ""
    name: str = ""


@dataclass(frozen=True)
class Worth:
    """Kinds of mentors to look for, in this order; and mentors who could be asked for one more place, each alone."""

    kinds: Sequence[Step]
    places: Sequence[Step]


def worth(supply: Supply, progress: Callable[[Progress], object] | None = None) -> Worth:
    """Work it out. DomainError if the pairs that staff keep cannot all be any more."""
    people = _People.of(supply)
    try:
        answer = people.solve(progress)
    except ProblemError:
        raise DomainError(
            _("The pairs that you keep cannot all be any more: somebody changed an answer. Look through them again.")
        ) from None
    places = _places(people, answer, progress)
    return Worth(_kinds(people, answer, progress), places)


@dataclass(frozen=True)
class _People:
    """Everybody who waits, by key, and after the mentors one of each kind."""

    supply: Supply
    mentees: Sequence[Participant]
    mentors: Sequence[Participant]
    kinds: Sequence[Kind]
    ids: dict[tuple[str, str], str]

    @classmethod
    def of(cls, supply: Supply) -> _People:
        pool = supply.waiting.pool()
        kinds = kinds_for(pool.mentees, supply.cycle.settings.matching)
        return cls(supply, pool.mentees, pool.mentors, kinds, supply.waiting.enrollment_ids())

    def solve(self, progress: Callable[[Progress], object] | None) -> Rounds:
        waiting, part = self.supply.waiting, self.supply.cycle.settings
        mentors = [*self.mentors, *(kind.participant(number) for number, kind in enumerate(self.kinds))]
        pool, rows = Pool(self.mentees, mentors, []), rows_of(part, self.mentees)
        scores = Scores(rows, mentors, part.matching, waiting.known)
        return Rounds.of(
            problem_of(part, pool, rows, scores, waiting.keep, waiting.standing),
            objective=part.matching.aim,
            served=served_in(part, pool, waiting.served),
            seed=seed_of(self.supply.cycle),
            progress=progress,
        )

    def step(self, before: Rounds, delta: Delta, **more: Any) -> Step:
        whose = before.asked.persons.tolist()
        had = {whose[row] for row, _mentor in before.result.pairs.tolist()}
        new = sorted({whose[row] for row, _mentor in delta.come} - had)
        points = dict.fromkeys((whose[row] for row in delta.mentees), 0)
        for row, more_points in delta.mentees.items():
            points[whose[row]] += more_points
        gain = sorted((each for each in had if points.get(each, 0) > 0), key=lambda each: (-points[each], each))
        return Step(delta.pairs, delta.points, self._named(new), self._named(gain), **more)

    def _named(self, mentees: Sequence[int]) -> list[tuple[str, str]]:
        return [(self.ids[self.mentees[each].key, Role.MENTEE], self.mentees[each].name) for each in mentees]


def _kinds(people: _People, answer: Rounds, progress: Callable[[Progress], object] | None) -> list[Step]:
    steps: list[Step] = []
    while len(steps) < MOST_STEPS and people.mentees:
        best = _best(people, answer)
        if best is None:
            break
        position = len(people.mentors) + best
        after, delta = answer.again(Changes(places={position: 1}), progress)
        if not _is_worth_it(delta):
            break
        steps.append(people.step(answer, delta, kind=people.kinds[best]))
        answer = after
    return steps


def _best(people: _People, answer: Rounds) -> int | None:
    """The kind that brings most, and of those that bring nearly as much one that is the least narrow.

    In two rounds it is what it brings to the first mentors that counts; where that is nothing, to the others.
    """
    first = len(people.mentors)
    worths: list[tuple[int, int]] = []
    for each in answer.rounds:
        prices = each.result.mentor_prices[first : first + len(people.kinds)].tolist()
        worths = [_decoded(each.result, price) for price in prices]
        if max(worths, default=(0, 0)) > (0, 0):
            break
    most = max(worths, default=(0, 0))
    if most <= (0, 0):
        return None
    near = [
        number
        for number, (pairs, points) in enumerate(worths)
        if pairs == most[0] and points >= most[1] - (1 - NEARLY) * abs(most[1])
    ]
    return min(near, key=lambda number: (people.kinds[number].narrow, -worths[number][1], number))


def _decoded(result: Result, price: int) -> tuple[int, int]:
    """A price as pairs more and, beside their bonus, points more."""
    pairs = round(price / result.bonus) if result.bonus else 0
    return pairs, price - pairs * result.bonus


def _places(people: _People, answer: Rounds, progress: Callable[[Progress], object] | None) -> list[Step]:
    """Those of the mentors at whom one more place would bring most, if the program and they themselves allow it."""
    allowed = people.supply.cycle.settings.roles["mentor"].places.most
    there = {str(one.enrollment.pk): one.enrollment for one in people.supply.people}
    prices = [
        tuple(found) for found in zip(*(each.result.mentor_prices.tolist() for each in answer.rounds), strict=True)
    ]
    steps: list[Step] = []
    for position in sorted(range(len(people.mentors)), key=lambda each: prices[each], reverse=True):
        if max(prices[position]) <= 0 or len(steps) == MOST_ASKED:
            break
        mentor = people.mentors[position]
        enrollment = there[people.ids[mentor.key, Role.MENTOR]]
        if places_of(enrollment) >= allowed or enrollment.person.most_at_once is not None:
            continue
        _after, delta = answer.again(Changes(places={position: 1}), progress)
        if _is_worth_it(delta):
            steps.append(people.step(answer, delta, mentor=str(enrollment.pk), name=mentor.name))
    return steps


def _is_worth_it(delta: Delta) -> bool:
    return delta.pairs > 0 or (delta.pairs == 0 and delta.points >= WORTH_IT)
