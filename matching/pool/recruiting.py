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
from matching.engine import Changes, Delta, Problem, ProblemError, Progress, Result, solve, what_if
from matching.pool.kinds import Kind, kinds_for
from matching.pool.supply import Supply
from matching.services import seed_of
from matching.solving import SCORE_PER_POINT, Pool, problem_of
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
        problem = people.problem()
        result = solve(
            problem,
            objective=supply.cycle.settings.matching.aim,
            seed=seed_of(supply.cycle),
            progress=progress,
        )
    except ProblemError:
        raise DomainError(
            _("The pairs that you keep cannot all be any more: somebody changed an answer. Look through them again.")
        ) from None
    places = _places(people, result, problem, progress)
    return Worth(_kinds(people, result, problem, progress), places)


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

    def problem(self) -> Problem:
        waiting, part = self.supply.waiting, self.supply.cycle.settings
        mentors = [*self.mentors, *(kind.participant(number) for number, kind in enumerate(self.kinds))]
        scores = Scores(self.mentees, mentors, part.matching, waiting.known)
        return problem_of(part, Pool(self.mentees, mentors, []), scores, waiting.keep, waiting.standing)

    def step(self, before: Result, delta: Delta, **more: Any) -> Step:
        had = {mentee for mentee, _mentor in before.pairs.tolist()}
        new = sorted({mentee for mentee, _mentor in delta.come if mentee not in had})
        gain = [mentee for mentee in delta.gain if mentee in had]
        gain.sort(key=lambda mentee: (-delta.mentees[mentee], mentee))
        return Step(delta.pairs, delta.points, self._named(new), self._named(gain), **more)

    def _named(self, mentees: Sequence[int]) -> list[tuple[str, str]]:
        return [(self.ids[self.mentees[each].key, Role.MENTEE], self.mentees[each].name) for each in mentees]


def _kinds(
    people: _People, result: Result, problem: Problem, progress: Callable[[Progress], object] | None
) -> list[Step]:
    steps: list[Step] = []
    while len(steps) < MOST_STEPS and people.mentees:
        best = _best(people, result)
        if best is None:
            break
        position = len(people.mentors) + best
        delta = what_if(result, problem, Changes(places={position: 1}), progress=progress)
        if not _is_worth_it(delta):
            break
        steps.append(people.step(result, delta, kind=people.kinds[best]))
        result, problem = delta.result, delta.problem
    return steps


def _best(people: _People, result: Result) -> int | None:
    """The kind that brings most, and of those that bring nearly as much one that is the least narrow."""
    first = len(people.mentors)
    prices = result.mentor_prices[first : first + len(people.kinds)].tolist()
    worths = [_decoded(result, price) for price in prices]
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


def _places(
    people: _People, result: Result, problem: Problem, progress: Callable[[Progress], object] | None
) -> list[Step]:
    """Those of the mentors at whom one more place would bring most, if the program and they themselves allow it."""
    allowed = people.supply.cycle.settings.roles["mentor"].places.most
    there = {str(one.enrollment.pk): one.enrollment for one in people.supply.people}
    prices = result.mentor_prices[: len(people.mentors)].tolist()
    steps: list[Step] = []
    for position in sorted(range(len(prices)), key=lambda each: (-prices[each], each)):
        if prices[position] <= 0 or len(steps) == MOST_ASKED:
            break
        mentor = people.mentors[position]
        enrollment = there[people.ids[mentor.key, Role.MENTOR]]
        if places_of(enrollment) >= allowed or enrollment.person.most_at_once is not None:
            continue
        delta = what_if(result, problem, Changes(places={position: 1}), progress=progress)
        if _is_worth_it(delta):
            steps.append(people.step(result, delta, mentor=str(enrollment.pk), name=mentor.name))
    return steps


def _is_worth_it(delta: Delta) -> bool:
    return delta.pairs > 0 or (delta.pairs == 0 and delta.points >= WORTH_IT)
