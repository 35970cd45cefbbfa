"""First mentors before second ones: two proven answers, the second among the places that the first leaves.

The first answer is the one that there would be if nobody could have more than one mentor: as many people as possible
have one, then by the objective. Its pairs stand; who wants more is given more of what is left, by the objective too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching.engine.asked import problem_of
from matching.engine.errors import ProblemError
from matching.engine.fairness import Fairness, Label, fairness
from matching.engine.problem import Problem, Quota, pairs_each, rows_of
from matching.engine.progress import Progress
from matching.engine.proof import verify
from matching.engine.proof.form import hold
from matching.engine.result import Certificate, Objective, Result
from matching.engine.scores import Ints
from matching.engine.solver import solve
from matching.engine.what_if import Changes, Delta, changed_problem, compare

Tell = Callable[[Progress], object]


@dataclass(frozen=True, eq=False)
class Round:
    """A problem and its answer."""

    problem: Problem
    result: Result


@dataclass(frozen=True, eq=False)
class Rounds:
    """A problem as it was asked, and its answer in one round or two.

    asked: the problem; served: persons, by their numbers in it, who have a mentor already, so that any they get is one
    more; None where everything is settled at once. first: the first mentors, pinned in the problem of `last`; None in
    one round. last: all pairs.
    """

    asked: Problem
    last: Round
    first: Round | None = None
    served: tuple[int, ...] | None = None

    @classmethod
    def of(
        cls,
        asked: Problem,
        *,
        objective: Objective = "total",
        served: Collection[int] | None = None,
        seed: int = 0,
        published: Any = (),
        progress: Tell | None = None,
    ) -> Rounds:
        """Solve it, in two rounds unless served is None. Raises ProblemError as solve() does, and Cancelled."""

        def solved(problem: Problem, aim: Objective) -> Round:
            found = solve(problem, objective=aim, seed=seed, published=published, progress=progress)
            return Round(problem, found)

        whose = tuple(sorted(set(served or ())))
        if served is None or not seconds_wanted(problem_of(asked), whose):
            return cls(asked, solved(asked, objective))
        first = solved(first_round(asked, whose), first_aim(objective))
        return cls(asked, solved(second_round(asked, first.result), objective), first, whose)

    @classmethod
    def restored(
        cls, asked: Problem, result: Result, first: Result | None = None, served: Collection[int] | None = None
    ) -> Rounds:
        """The answer that was kept as its results; verify() says whether it is one.

        Raises ProblemError if what is asked makes no sense.
        """
        if first is None:
            return cls(asked, Round(asked, result))
        whose = tuple(sorted(set(served or ())))
        return cls(asked, Round(second_round(asked, first), result), Round(first_round(asked, whose), first), whose)

    @property
    def result(self) -> Result:
        """All pairs."""
        return self.last.result

    @property
    def problem(self) -> Problem:
        """What `result` answers: the problem as it was asked, the first mentors pinned."""
        return self.last.problem

    @property
    def rounds(self) -> tuple[Round, ...]:
        """One, or the first mentors and then all."""
        return (self.last,) if self.first is None else (self.first, self.last)

    def verify(self, progress: Tell | None = None) -> Certificate:
        """That of all pairs; the first mentors are verified before. Raises CertificateError.

        Proven: no answer gives more people a first mentor; of those that give as many, none is better by the objective;
        and beside these pairs no set of further ones is better by the objective.
        """
        if self.first is not None:
            verify(self.first.result, self.first.problem, progress=progress)
            aim = first_aim(self.last.result.objective)
            hold(self.first.result.objective == aim, "the first round does not count people before points")
        return verify(self.last.result, self.last.problem, progress=progress)

    def again(self, changes: Changes, progress: Tell | None = None) -> tuple[Rounds, Delta]:
        """The same with something changed, in as many rounds, and what that does. Raises ProblemError as what_if()."""
        before = self.last.result
        found = Rounds.of(
            changed_problem(self.asked, changes),
            objective=before.objective,
            served=self.served,
            seed=before.seed,
            published=before.pairs,
            progress=progress,
        )
        return found, compare(before, self.asked, found.result, found.asked, leaving=changes.mentees_leave)

    def fairness(self, groups: list[Label] | None = None, progress: Tell | None = None) -> Fairness:
        """Figures of all pairs against what was asked, so that the price has in it what the two rounds cost.

        Raises ProblemError if the labels do not fit the people.
        """
        return fairness(self.last.result, self.asked, groups, progress=progress)


def first_aim(objective: Objective) -> Objective:
    """What the first round aims for: people before points, whatever comes then."""
    return "most_pairs" if objective == "total" else objective


def seconds_wanted(problem: Problem, served: Collection[int] = ()) -> bool:
    """Whether anybody may be given a mentor who is not their first."""
    has = np.isin(np.unique(problem.persons), list(served))
    return bool((wanted_each(problem) + has > 1).any())


def wanted_each(problem: Problem) -> Ints:
    """(persons,) the most mentors that each person, in the order of their numbers, may have over all their rows.

    A quota over somebody's rows alone is their own; others are of no concern here.
    """
    numbers, person = np.unique(problem.persons, return_inverse=True)
    wanted = np.bincount(person, weights=problem.wanted, minlength=len(numbers)).astype(np.int64)
    for quota in problem.quotas:
        whose = set(person[list(quota.members)].tolist()) if quota.side == "mentee" else set()
        if len(whose) == 1 and (person == (one := whose.pop())).sum() == len(quota.members):
            wanted[one] = min(wanted[one], quota.most)
    return wanted


def first_round(problem: Problem, served: Collection[int] = ()) -> Problem:
    """The same with one mentor at most for each person: none beside those pinned, nor for those who have one already.

    Raises ProblemError if a quota takes some of a person's rows and leaves others, or if places must be filled: whether
    first or second mentors fill them is not to be said before.
    """
    if problem.needed.any():
        raise ProblemError("Places that must be filled do not go with first mentors before second ones.")
    numbers, person = np.unique(problem.persons, return_inverse=True)
    pinned, _load = pairs_each(problem.pins, problem.shape)
    used = np.bincount(person, weights=pinned, minlength=len(numbers)).astype(np.int64)
    allowed = np.maximum(used, ~np.isin(numbers, list(served)))
    rows = np.bincount(person, minlength=len(numbers))
    demand = np.minimum(problem.wanted, np.where(rows[person] == 1, allowed[person], problem.wanted))
    shared = np.flatnonzero(rows > 1)
    row, index = rows_of(person, shared)
    members: list[list[int]] = [[] for _each in shared]
    for each, which in zip(row.tolist(), index.tolist(), strict=True):
        members[which].append(each)
    ceilings = [Quota("mentee", some, int(allowed[one])) for some, one in zip(members, shared.tolist(), strict=True)]
    return replace(problem, demand=demand, quotas=[*problem.quotas, *ceilings])


def second_round(problem: Problem, first: Result) -> Problem:
    """The same with the first mentors pinned. Raises ProblemError if they cannot be."""
    there = set(problem.pins)
    found = [pair for pair in map(tuple, first.pairs.tolist()) if pair not in there]
    if not there <= set(map(tuple, first.pairs.tolist())):
        raise ProblemError("A pair that must be is none of the first mentors.")
    return replace(problem, pins=[*problem.pins, *found])
