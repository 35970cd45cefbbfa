"""Small problems of every kind, and two independent ways to solve them: by listing all answers, and by HiGHS."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from matching.engine import MatrixSource, Objective, Problem, ProblemError, Quota, Result, solve
from tests.engine.drawn import Drawn, drawn

Pairs = tuple[tuple[int, int], ...]
OBJECTIVES: list[Objective] = ["total", "most_pairs", "worst_off_first"]


def examples(most: int) -> settings:
    """So many examples, the same ones on every run; THOROUGHLY=5 in the environment makes it five times as many."""
    return settings(
        max_examples=most * int(os.environ.get("THOROUGHLY", "1")),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


@dataclass(frozen=True)
class Case:
    """A problem and its whole matrix of scores."""

    problem: Problem
    scores: NDArray[np.int64]

    @classmethod
    def of(cls, scores: Any, capacity: Any, **limits: Any) -> Case:
        """A case written out."""
        return cls(Problem(MatrixSource(scores), np.array(capacity), **limits), np.array(scores))

    def changed(self, scores: NDArray[np.int64] | None = None, **changes: Any) -> Case:
        """The same with other scores or another limit."""
        scores = self.scores if scores is None else scores
        return Case(replace(self.problem, source=MatrixSource(scores), **changes), scores)

    def free(self, pairs: Pairs) -> list[int]:
        """Scores of those pairs that are not pinned."""
        return [int(self.scores[pair]) for pair in pairs if pair not in self.problem.pins]

    def total(self, pairs: Pairs) -> int:
        """Points of these pairs."""
        return sum(int(self.scores[pair]) for pair in pairs)

    def worth(self, pairs: Pairs) -> int:
        """What the objective "total" makes of these pairs."""
        return self.total(pairs) - self.problem.floor * len(pairs)


def solved(case: Case, objective: Objective = "total", seed: int = 0) -> Result:
    """The result of a case; one that has none is no example."""
    try:
        return solve(case.problem, objective=objective, seed=seed)
    except ProblemError:
        assume(False)
        raise


def cases(most: int = 4, *, plain: bool = False) -> st.SearchStrategy[Case]:
    """Problems of up to `most` people on a side. plain: without pins, floor, cap, minimum load, quotas and aspects."""
    return drawn(lambda choices: _case(choices, most, plain), most * most + 8 * most + 24)


def _case(choices: Drawn, most: int, plain: bool) -> Case | None:
    mentees, mentors = choices.number(1, most), choices.number(1, most)
    scores = choices.scores(mentees, mentors, choices.one([0, 2, 20, 1000]))
    capacity = choices.some(mentors, [1, 1, 0, 2, 3])
    demand = np.minimum(choices.some(mentees, [1, 1, 1, 0, 2, 3]), mentors)
    limits: dict[str, Any] = {} if plain else _limits(choices, scores, capacity)
    try:
        return Case(Problem(MatrixSource(scores), capacity, demand, **limits), scores)
    except ProblemError:
        return None


def aspect_cases(most: int = 4) -> st.SearchStrategy[Case]:
    """Problems in which people want a mentor for each of two or three aspects, and mentors are few."""
    return drawn(lambda choices: _aspect_case(choices, most), most * most + 8 * most + 26)


def _aspect_case(choices: Drawn, most: int) -> Case | None:
    case = _case(choices, most, plain=False)
    if case is None:
        return None
    people = np.arange(case.problem.shape[0]) // choices.number(2, 3)
    try:
        return case.changed(person_of=people, capacity=case.problem.capacity + choices.number(0, 1))
    except ProblemError:
        return None


def wide_cases() -> st.SearchStrategy[Case]:
    """Problems of up to 25 people on a side with many ties, so that the flow sees but a part of the pairs at first."""
    return st.integers(0, 2**32 - 1).map(_wide_case)


def _wide_case(seed: int) -> Case:
    random = np.random.default_rng(seed)
    mentees, mentors = random.integers(8, 26, 2)
    popular = random.integers(0, 4, mentors)
    scores = random.integers(-1, random.choice([2, 6, 30]), (mentees, mentors)) + popular
    cap = random.choice([0, mentees // 2]) or None
    demand, people = random.integers(0, 3, mentees), random.integers(0, random.choice([mentees, 10 * mentees]), mentees)
    return Case.of(scores, random.integers(0, 3, mentors), demand=demand, max_pairs=cap, person_of=people)


def _limits(choices: Drawn, scores: NDArray[np.int64], capacity: NDArray[np.int64]) -> dict[str, Any]:
    mentees, mentors = scores.shape
    allowed = [(mentee, mentor) for mentee, mentor in np.argwhere(scores >= 0).tolist()]
    pins = {choices.one(allowed) for _ in range(choices.number(0, 2))} if allowed else set()
    loads = choices.some(mentors, choices.one([[0], [0, 0, 0, 1, 2]]))
    return {
        "pins": sorted(pins),
        "min_load": np.minimum(np.minimum(capacity, mentees), loads),
        "floor": choices.one([0, 0, 0, 1, 10]),
        "max_pairs": choices.one([None, choices.number(0, mentees + 1)]),
        "quotas": [*_nested(choices, "mentee", mentees), *_nested(choices, "mentor", mentors)],
        # Some people have several rows, wherever these stand.
        "person_of": choices.one([None, choices.numbers(mentees, mentees // 2 + 1)]),
    }


def _nested(choices: Drawn, side: Any, people: int) -> list[Quota]:
    """Up to three groups of one side: an outer one, one within it, and one apart from it."""
    order, outer = choices.order(people), choices.number(0, people)
    groups = [order[:outer], order[: choices.number(0, outer)], order[outer:]]
    return [Quota(side, group, choices.number(0, 4)) for group in groups[: choices.one([0, 0, 0, 1, 2, 3])]]


def every_answer(problem: Problem, scores: NDArray[np.int64], floor: int | None = None) -> Iterator[Pairs]:
    """All sets of pairs that keep to all limits, found by trying everything."""
    least = problem.floor if floor is None else floor
    pins = set(problem.pins)

    def choices(mentee: int) -> Iterator[Pairs]:
        fixed = tuple(pair for pair in problem.pins if pair[0] == mentee)
        free = [(mentee, mentor) for mentor in range(problem.shape[1]) if scores[mentee, mentor] >= least]
        free = [pair for pair in free if pair not in pins]
        for count in range(int(problem.wanted[mentee]) - len(fixed) + 1):
            yield from (fixed + some for some in combinations(free, count))

    def extend(mentee: int, pairs: Pairs) -> Iterator[Pairs]:
        if mentee == problem.shape[0]:
            yield pairs
            return
        for more in choices(mentee):
            load = np.bincount([mentor for _, mentor in pairs + more], minlength=problem.shape[1])
            if (load <= problem.capacity).all():
                yield from extend(mentee + 1, pairs + more)

    return (tuple(sorted(pairs)) for pairs in extend(0, ()) if _keeps_to_the_rest(problem, pairs))


def _keeps_to_the_rest(problem: Problem, pairs: Pairs) -> bool:
    load = np.bincount([mentor for _, mentor in pairs], minlength=problem.shape[1])
    within = all(
        sum(pair[0 if quota.side == "mentee" else 1] in quota.members for pair in pairs) <= quota.most
        for quota in problem.quotas
    )
    capped = problem.max_pairs is None or len(pairs) <= problem.max_pairs
    within &= len({(problem.persons[mentee], mentor) for mentee, mentor in pairs}) == len(pairs)
    return within and capped and bool((load >= problem.needed).all())


def best_answer(case: Case, value: Callable[[Pairs], Any], floor: int | None = None) -> Pairs | None:
    """An answer of the highest value, None if nothing keeps to all limits."""
    return max(every_answer(case.problem, case.scores, floor), key=value, default=None)


def by_highs(case: Case, bonus: int = 0) -> int | None:
    """The highest sum of score - floor + bonus over all answers, by integer programming; None if there is no answer."""
    problem, scores = case.problem, case.scores
    mentees, mentors = scores.shape
    chosen = np.zeros((mentees, mentors))
    rows: list[NDArray[np.float64]] = []
    least: list[float] = []
    most: list[float] = []

    def limit(members: Any, lower: float, upper: float) -> None:
        row = chosen.copy()
        row[members] = 1
        rows.append(row.ravel())
        least.append(lower)
        most.append(upper)

    for mentee in range(mentees):
        limit(mentee, 0, problem.wanted[mentee])
    for mentor in range(mentors):
        limit((slice(None), mentor), problem.needed[mentor], problem.capacity[mentor])
    for quota in problem.quotas:
        members = list(quota.members)
        limit(members if quota.side == "mentee" else (slice(None), members), 0, quota.most)
    for person in np.unique(problem.persons):
        for mentor in range(mentors):
            limit((problem.persons == person, mentor), 0, 1)
    limit(slice(None), 0, mentees * mentors if problem.max_pairs is None else problem.max_pairs)
    pinned = chosen.copy()
    for pin in problem.pins:
        pinned[pin] = 1
    worth = scores - problem.floor + bonus
    allowed = np.maximum(scores >= problem.floor, pinned)
    answer = milp(
        -worth.ravel().astype(float),
        constraints=LinearConstraint(np.array(rows), least, most),
        integrality=np.ones(mentees * mentors),
        bounds=Bounds(pinned.ravel(), allowed.ravel()),
        options={"mip_rel_gap": 0},
    )
    return round(float((worth.ravel() * np.round(answer.x)).sum())) if answer.success else None
