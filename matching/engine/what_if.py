"""What if: the same pool with something changed, solved anew, and what that would do to whom.

It solves again rather than mending the result, because only a solve can tell which of several best answers is nearest
to the result: among equals it keeps the pairs that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from matching.engine.asked import answered, pairs, people, problem_of
from matching.engine.asked import person as person_of
from matching.engine.errors import ProblemError
from matching.engine.given import MOST_PLACES, listed, switch
from matching.engine.parts import Blocked, Reweighed, Weights, without
from matching.engine.problem import Pin, Problem, Side
from matching.engine.progress import Progress
from matching.engine.result import Result
from matching.engine.scores import FORBIDDEN, Ints, ScoreSource, read_block
from matching.engine.solver import solve

Pair = tuple[int, int]


@dataclass(frozen=True)
class Changes:
    """What to change. People are positions in the problem, pairs (mentee, mentor); all of it at once. what_if() raises
    ProblemError for what cannot be.

    places, wishes: so many places more at a mentor, or mentors more for a mentee; fewer if below zero. Somebody who
    may join stands in the problem without a place or a wish, and gets one here.
    mentees_leave, mentors_leave: who withdraws, with their pins and the places that they had to fill.
    pin, unpin, block: pairs that must be, need not be any more, or may not be.
    weights: other weights by criterion, or blind_to: criteria whose weight falls to the others in proportion; both only
    where the scores' source says what its scores are made of. source: other scores altogether, before those.
    floor, max_pairs: other limits; None leaves them, and uncapped takes the cap away.
    """

    places: Mapping[int, int] = field(default_factory=dict)
    wishes: Mapping[int, int] = field(default_factory=dict)
    mentees_leave: Collection[int] = ()
    mentors_leave: Collection[int] = ()
    pin: Collection[Pair] = ()
    unpin: Collection[Pair] = ()
    block: Collection[Pair] = ()
    weights: Weights | None = None
    blind_to: Collection[str] = ()
    source: ScoreSource | None = None
    floor: int | None = None
    max_pairs: int | None = None
    uncapped: bool = False


@dataclass(frozen=True, eq=False)
class Delta:
    """What a change does. Scores are those of the problem before it, so that there is one measure for both answers.

    gone, come: pairs, sorted; pairs, points: how many more, and how many points of score more, below zero if fewer.
    mentees: by position, how many points more those who stay have with all their mentors together, those for whom
    nothing changes left out; gain and lose split them.
    problem, result: the changed problem and its answer, to be verified, explained or changed again.
    """

    gone: tuple[Pair, ...]
    come: tuple[Pair, ...]
    pairs: int
    points: int
    mentees: Mapping[int, int]
    problem: Problem
    result: Result

    @property
    def gain(self) -> list[int]:
        """Mentees who have more points than before."""
        return [mentee for mentee, points in self.mentees.items() if points > 0]

    @property
    def lose(self) -> list[int]:
        """Mentees who have fewer."""
        return [mentee for mentee, points in self.mentees.items() if points < 0]


def what_if(
    result: Result,
    problem: Problem,
    changes: Changes,
    *,
    progress: Callable[[Progress], object] | None = None,
) -> Delta:
    """What a change of the problem would change of its result; both stay as they are.

    Exact: the changed problem is solved with the result's objective and seed, and of its best answers the one with the
    fewest changes is taken, so a change that makes nothing better changes nothing. Raises ProblemError as Problem and
    solve() do, naming what does not fit: a pair that a rule forbids cannot be pinned, a place that is not there cannot
    be taken. progress: as for solve().
    Source: solved as solve() does; the fewest changes as a second optimum on the tight pairs.
    """
    answered(result, problem)
    changed = changed_problem(problem, changes)
    answer = solve(changed, objective=result.objective, seed=result.seed, published=result.pairs, progress=progress)
    return compare(result, problem, answer, changed, leaving=changes.mentees_leave)


def compare(
    before: Result, problem: Problem, after: Result, changed: Problem, *, leaving: Collection[int] = ()
) -> Delta:
    """The difference of two answers for the same people, in points of the first problem; leaving: positions of mentees
    who withdraw, whose loss is no part of `mentees`.

    Raises ProblemError if a result is not of its problem, or the two problems are not of the same people.
    """
    answered(before, problem)
    answered(after, changed)
    if problem.shape != changed.shape:
        raise ProblemError(f"Answers of {problem.shape} and of {changed.shape} people cannot be compared.")
    apart = set(people(leaving, "mentee", problem.shape[0]))
    was, now = (frozenset(map(tuple, result.pairs.tolist())) for result in (before, after))
    scores = {pair: _score(problem.source, *pair) for pair in was ^ now}
    mentees: dict[int, int] = {}
    for pair in sorted(was ^ now):
        mentees[pair[0]] = mentees.get(pair[0], 0) + (scores[pair] if pair in now else -scores[pair])
    return Delta(
        gone=tuple(sorted(was - now)),
        come=tuple(sorted(now - was)),
        pairs=len(now) - len(was),
        points=sum(mentees.values()),
        mentees={mentee: points for mentee, points in mentees.items() if points and mentee not in apart},
        problem=changed,
        result=after,
    )


def changed_problem(problem: Problem, changes: Changes) -> Problem:
    """The problem with all changes made. Raises ProblemError naming what does not fit."""
    mentees, mentors = problem_of(problem).shape
    if not isinstance(changes, Changes):
        raise ProblemError(f"What to change must be Changes, not {type(changes).__name__}.")
    left = sorted(set(people(changes.mentees_leave, "mentee", mentees)))
    gone = sorted(set(people(changes.mentors_leave, "mentor", mentors)))
    capacity = _moved(problem.capacity, changes.places, "mentor")
    demand = _moved(problem.wanted, changes.wishes, "mentee")
    needed = problem.needed.copy()
    capacity[gone] = demand[left] = needed[gone] = 0
    unpinned = _unpinned(problem, changes)
    pins = [pin for pin in problem.pins if pin not in unpinned and pin[0] not in left and pin[1] not in gone]
    pinned = [Pin.of(pin) for pin in listed(changes.pin, "The pairs to pin")]
    return replace(
        problem,
        source=_source(problem.source, changes),
        capacity=capacity,
        demand=demand,
        min_load=needed,
        pins=[*pins, *(pair for pair in dict.fromkeys(pinned) if pair not in pins)],
        floor=problem.floor if changes.floor is None else changes.floor,
        max_pairs=_cap(problem, changes),
    )


def _source(source: ScoreSource, changes: Changes) -> ScoreSource:
    source = source if changes.source is None else changes.source
    if changes.weights is not None:
        if not isinstance(changes.weights, Mapping):
            raise ProblemError(f"Weights must be numbers by criterion, not {changes.weights!r}.")
        source = Reweighed(source, changes.weights)
    if blind_to := list(listed(changes.blind_to, "The criteria not to be seen")):
        source = without(source, blind_to)
    block = pairs(changes.block, "The pairs to block")
    return Blocked(source, block) if block else source


def _cap(problem: Problem, changes: Changes) -> int | None:
    if switch(changes.uncapped, "Whether the cap goes"):
        return None
    return problem.max_pairs if changes.max_pairs is None else changes.max_pairs


def _unpinned(problem: Problem, changes: Changes) -> Collection[Pair]:
    unpinned = pairs(changes.unpin, "The pairs to unpin")
    for mentee, mentor in sorted(set(unpinned) - set(problem.pins)):
        raise ProblemError(f"Mentee {mentee} is not pinned to mentor {mentor}.", mentee=mentee, mentor=mentor)
    return unpinned


def _moved(column: Ints, by: Mapping[int, int], who: Side) -> Ints:
    """The column with some counts changed."""
    moved = column.copy()
    if not isinstance(by, Mapping):
        raise ProblemError(f"What changes at {who}s must be numbers by position, not {by!r}.")
    for given, more in by.items():
        person = person_of(given, who, len(column))
        if isinstance(more, bool) or not isinstance(more, int | np.integer) or abs(int(more)) > MOST_PLACES:
            raise ProblemError(f"The change at {who} {person} must be a whole number of places, not {more!r}.")
        moved[person] += more
        if moved[person] < 0:
            has = "places" if who == "mentor" else "wishes"
            at: dict[str, Any] = {who: person}
            raise ProblemError(
                f"{who.capitalize()} {person} has {column[person]} {has}; {-more} fewer cannot be.", **at
            )
    return moved


def _score(source: ScoreSource, mentee: int, mentor: int) -> int:
    """0 for a pair that may not be: only an overriding pin or other scores can make it."""
    score = int(read_block(source, np.array([mentee]), np.array([mentor]))[0, 0])
    return 0 if score == FORBIDDEN else score
