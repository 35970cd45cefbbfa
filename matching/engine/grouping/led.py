"""Groups that mentors lead, of no mentee or at least so many: an assignment that is no flow any more.

Without the "at least", couples and overlapping quotas it is one, whose optimum no answer exceeds. Often that keeps to
them by luck; else mentors with too few are closed one by one for a first answer, and CP-SAT looks for a better one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.engine.errors import ProblemError
from matching.engine.given import counts, listed, numbers, shape_of
from matching.engine.grouping.exact import run
from matching.engine.problem import Keys, Problem, Quota, pairs_each
from matching.engine.progress import Watch
from matching.engine.result import Result
from matching.engine.scores import Ints, ScoreSource, blocks_of, exact_sum, read_block
from matching.engine.solver import solve
from matching.engine.stability.market import scores_of

MOST_PAIRS = 100_000


@dataclass(frozen=True, eq=False)
class Led:
    """Each mentor leads a group of `least` to `capacity` mentees, or none; each mentee is in one group at most.

    source: scores, mentees × mentors, whose sum is maximized; capacity, least: (mentors,). together: pairs of mentees
    who are in one group, or both in none. quotas: ceilings on the pairs of some people; they may overlap here.
    mentee_keys, mentor_keys: stable identities, None is the position. Raises ProblemError naming the person, and
    wherever scores are read if the source breaks its promise.
    """

    source: ScoreSource
    capacity: Ints
    least: Ints
    together: Sequence[tuple[int, int]] = ()
    quotas: Sequence[Quota] = ()
    mentee_keys: Keys | None = None
    mentor_keys: Keys | None = None

    def __post_init__(self) -> None:
        mentees, mentors = shape_of(self.source)
        least = counts("least", self.least, "mentor", mentors)
        given_quotas = listed(self.quotas, "Quotas")
        quotas = [
            quota for given in given_quotas for quota in Problem(self.source, self.capacity, quotas=[given]).quotas
        ]
        problem = Problem(self.source, self.capacity, mentee_keys=self.mentee_keys, mentor_keys=self.mentor_keys)
        for mentor in np.flatnonzero((least > problem.capacity) & (problem.capacity > 0))[:1]:
            raise ProblemError(
                f"The group of mentor {mentor} has at least {least[mentor]} mentees and {problem.capacity[mentor]} "
                "places.",
                mentor=int(mentor),
            )
        object.__setattr__(self, "together", numbers(self.together, "Those to be together", "pair to be together", 2))
        for first, second in self.together:
            if not (0 <= first < mentees and 0 <= second < mentees):
                raise ProblemError(f"Mentees {first} and {second} are to be together, and there are {mentees}.")
        for name in ("mentee_keys", "mentor_keys", "capacity"):
            object.__setattr__(self, name, getattr(problem, name))
        object.__setattr__(self, "least", least)
        object.__setattr__(self, "quotas", tuple(quotas))

    def relaxed(self, closed: Sequence[int] = ()) -> Problem:
        """The flow that is left without "at least", couples and quotas, and with some mentors, by position, closed."""
        capacity = self.capacity.copy()
        capacity[list(closed)] = 0
        return Problem(self.source, capacity, mentee_keys=self.mentee_keys, mentor_keys=self.mentor_keys)

    def broken_by(self, pairs: Ints) -> str | None:
        """What these pairs do not keep to, in words; None if they keep to everything."""
        given, load = pairs_each(pairs, self.source.shape)
        for mentee in np.flatnonzero(given > 1)[:1]:
            return f"mentee {mentee} is in {given[mentee]} groups"
        for mentor in np.flatnonzero((load > self.capacity) | ((load > 0) & (load < self.least)))[:1]:
            return f"the group of mentor {mentor} has {load[mentor]} mentees"
        for mentee, mentor in pairs[scores_of(self.source, pairs[:, 0], pairs[:, 1]) < 0][:1]:
            return f"a hard rule forbids mentee {mentee} with mentor {mentor}"
        group = np.full(len(given), -1)
        group[pairs[:, 0]] = pairs[:, 1]
        for first, second in self.together:
            if group[first] != group[second]:
                return f"mentees {first} and {second} are not together"
        for number, quota in enumerate(self.quotas):
            column = pairs[:, 0 if quota.side == "mentee" else 1]
            if np.isin(column, quota.members).sum() > quota.most:
                return f"quota {number} is exceeded"
        return None

    def total(self, pairs: Ints) -> int:
        """The sum of the pairs' scores."""
        return exact_sum(scores_of(self.source, pairs[:, 0], pairs[:, 1]))


@dataclass(frozen=True, eq=False)
class Lead:
    """The best answer found, what none exceeds, and the flow that proves it, unless only the search says so."""

    pairs: Ints
    bound: int
    relaxation: Result
    searched: bool


def lead(led: Led, work: float, seed: int, watch: Watch) -> Lead:
    """See Led; work is CP-SAT's deterministic time."""
    relaxation = solve(led.relaxed(), seed=seed, progress=watch.callback)
    bound = relaxation.total
    start = _closed_one_by_one(led, relaxation, seed, watch)
    if led.total(start) == bound:
        return Lead(start, bound, relaxation, searched=False)
    pairs, searched = _search(led, start, work, seed, watch)
    if searched is None or searched >= bound:
        return Lead(pairs, bound, relaxation, searched=False)
    return Lead(pairs, searched, relaxation, searched=True)


def _closed_one_by_one(led: Led, relaxation: Result, seed: int, watch: Watch) -> Ints:
    """An answer: whoever lacks most mentees is closed until nobody lacks any. No groups at all if more is broken."""
    closed, pairs = list[int](), relaxation.pairs
    assert led.mentor_keys is not None
    while True:
        load = pairs_each(pairs, led.source.shape)[1]
        lacking = np.flatnonzero((load > 0) & (load < led.least))
        if not len(lacking):
            break
        closed.append(int(lacking[np.lexsort((led.mentor_keys[lacking], load[lacking] - led.least[lacking]))[0]]))
        pairs = solve(led.relaxed(closed), seed=seed, progress=watch.callback).pairs
    return pairs[:0] if led.broken_by(pairs) else pairs


def _search(led: Led, start: Ints, work: float, seed: int, watch: Watch) -> tuple[Ints, int | None]:
    """The best answer that CP-SAT finds, and its bound; those given, and None, if there are too many pairs to try."""
    from ortools.sat.python import cp_model

    pairs = _possible(led)
    if len(pairs) > MOST_PAIRS:
        return start, None
    model = cp_model.CpModel()
    made: dict[tuple[int, int], Any] = {(a, b): model.new_bool_var(f"{a} {b}") for a, b in pairs.tolist()}
    for mentee in range(led.source.shape[0]):
        model.add_at_most_one(made[pair] for pair in made if pair[0] == mentee)
    score = scores_of(led.source, pairs[:, 0], pairs[:, 1])
    _limit_groups(model, led, made)
    model.maximize(sum(int(points) * one for points, one in zip(score, made.values(), strict=True)))
    chosen = {(mentee, mentor) for mentee, mentor in start.tolist()}
    for pair, one in made.items():
        model.add_hint(one, pair in chosen)
    solver, status = run(model, work, seed, watch)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return start, None
    found = np.array(sorted(pair for pair, one in made.items() if solver.value(one)), np.int64).reshape(-1, 2)
    best = found if led.total(found) > led.total(start) else start
    return best, int(np.floor(solver.best_objective_bound + 1e-3))


def _limit_groups(model: Any, led: Led, made: dict[tuple[int, int], Any]) -> None:
    """Sizes, couples and quotas."""
    for mentor, (least, most) in enumerate(zip(led.least.tolist(), led.capacity.tolist(), strict=True)):
        group = [one for pair, one in made.items() if pair[1] == mentor]
        leads = model.new_bool_var(f"leads {mentor}")
        model.add(sum(group) <= most * leads)
        model.add(sum(group) >= least * leads)
        for one in group:
            model.add_implication(one, leads)
    for first, second in led.together:
        for mentor in range(len(led.capacity)):
            model.add(made.get((first, mentor), 0) == made.get((second, mentor), 0))
    for quota in led.quotas:
        side, members = 0 if quota.side == "mentee" else 1, set(quota.members)
        model.add(sum(one for pair, one in made.items() if pair[side] in members) <= quota.most)


def _possible(led: Led) -> Ints:
    """(n, 2) all pairs that may be, by keys, so that the order of the input does not count."""
    assert led.mentee_keys is not None
    assert led.mentor_keys is not None
    found = [np.zeros((0, 2), np.int64)]
    for rows in blocks_of(np.arange(led.source.shape[0]), led.source.shape[1]):
        row, col = np.nonzero((read_block(led.source, rows) >= 0) & (led.capacity > 0))
        found.append(np.column_stack([rows[row], col]))
    pairs = np.concatenate(found)
    return pairs[np.lexsort((led.mentor_keys[pairs[:, 1]], led.mentee_keys[pairs[:, 0]]))]
