"""What would have to be otherwise for a pair to be made: the smallest rise of its score, and who could give it.

The rise is the loss of forcing the pair (the two sides of one shortest path), and what the floor asks for besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from matching.engine import asked
from matching.engine.bounds import WHOLE
from matching.engine.errors import ProblemError
from matching.engine.explanation import Explainer, Reason
from matching.engine.parts import Weighed, shares
from matching.engine.problem import Problem
from matching.engine.result import Result
from matching.engine.scores import SCORE_LIMIT
from matching.engine.solver import solve

NEVER = SCORE_LIMIT


@dataclass(frozen=True)
class Room:
    """What a criterion could still give to a pair: it has `points` of at most `most`, each worth `weight`.

    needed: the points with which it alone would make the pair one of a best set; None if it cannot alone.
    """

    points: int
    most: int
    weight: int
    needed: int | None

    @property
    def could_add(self) -> int:
        """In points of score."""
        return self.weight * (self.most - self.points)


@dataclass(frozen=True)
class Counterfactual:
    """The smallest change of a pair's score that would put it into a best set, everything else as it is.

    reason: as why_not() gives it; score: None if the pair is forbidden.
    rise: by so many points the score must rise, and by fewer would not do. 0 if a best set has the pair already. None
    if no rise can: a rule forbids the pair, there is no place, or another pair would be lost that no score outweighs.
    criteria: who could give it, by criterion; empty if no rise can or the scores' source has no criteria.
    """

    mentee: int
    mentor: int
    reason: Reason
    score: int | None
    rise: int | None
    criteria: Mapping[str, Room] = field(default_factory=dict)

    @property
    def in_reach(self) -> bool:
        """Whether all criteria together could give the rise."""
        return self.rise is not None and self.rise <= sum(room.could_add for room in self.criteria.values())


def counterfactual(
    result: Result, problem: Problem, mentee: int, mentor: int, *, most: Mapping[str, int] | None = None
) -> Counterfactual:
    """smallest_rise(Explainer(result, problem), ...), for those who ask once. Raises ProblemError and CertificateError
    as that does. Source: as smallest_rise()."""
    return smallest_rise(Explainer(result, problem), mentee, mentor, most=most)


def smallest_rise(
    explainer: Explainer, mentee: int, mentor: int, *, most: Mapping[str, int] | None = None
) -> Counterfactual:
    """What the score of a pair would have to be for it to be made.

    most: the points that a criterion can have for these two at most, 1000 unless named: its present ones, say, where
    nothing can change. Raises ProblemError if there is no such person or criterion, CertificateError if the result is
    no best one.
    Source: the rise is the length of the shortest path that makes room for the pair (Ahuja, Magnanti & Orlin 1993,
    chapter 9), as far as points decide; with the worst-off first it is found by solving with the pair pinned.
    """
    if not isinstance(explainer, Explainer):
        raise ProblemError(f"A smallest rise is asked of an Explainer, not of {type(explainer).__name__}.")
    limits = _limits(explainer.problem, most)
    answer = explainer.why_not(mentee, mentor)
    mentee, mentor = answer.mentee, answer.mentor
    rise = _rise(explainer, mentee, mentor, answer.reason)
    if rise is not None and answer.score is not None and answer.score + rise >= NEVER:
        rise = None
    criteria = {} if rise is None else _rooms(explainer.problem, mentee, mentor, rise, limits)
    return Counterfactual(mentee, mentor, answer.reason, answer.score, rise, criteria)


def _rise(explainer: Explainer, mentee: int, mentor: int, reason: Reason) -> int | None:
    if reason in ("paired", "tie"):
        return 0
    if reason in ("forbidden", "no_place", "minimum") or explainer.is_full(mentee, mentor):
        return None
    if explainer.result.objective == "worst_off_first":
        return _rise_of_the_worst_off(explainer, mentee, mentor)
    return _rise_above(explainer, mentee, mentor, explainer.problem.floor)


def _rise_above(explainer: Explainer, mentee: int, mentor: int, floor: int) -> int | None:
    """Up to the floor, and to where making the pair costs nothing."""
    _, loss = explainer.forced(mentee, mentor)
    return None if loss is None else max(floor - explainer.score(mentee, mentor), loss.value, 0)


def _rise_of_the_worst_off(explainer: Explainer, mentee: int, mentor: int) -> int | None:
    """The same where the worst-off come first: the pair may win by points, or by not being the worst-off one.

    An answer that must have the pair says how far its other pairs are lifted, whatever this one scores.
    """
    result, problem = explainer.result, explainer.problem
    try:
        must = replace(problem, pins=(*problem.pins, (mentee, mentor)))
        with_it = solve(must, objective="worst_off_first", progress=explainer.watch.callback)
    except ProblemError:  # some limit leaves no room for it
        return None
    score = explainer.score(mentee, mentor)
    if len(with_it.pairs) > len(result.pairs):
        return problem.floor - score
    if len(with_it.pairs) < len(result.pairs) or result.worst_off is None:
        return None
    lifted = NEVER if with_it.worst_off is None else with_it.worst_off
    rises = [max(result.worst_off + 1 - score, 0)] if lifted > result.worst_off else []
    if lifted >= result.worst_off:
        by_points = _rise_above(explainer, mentee, mentor, result.worst_off)
        rises += [by_points] if by_points is not None else []
    return min(rises, default=None)


def _limits(problem: Problem, most: Mapping[str, int] | None) -> Mapping[str, int]:
    """The points that criteria can have at most, checked: of criteria that there are."""
    if most is None:
        return {}
    limits, names = asked.numbers_by_name(most, "The points that a criterion can have at most"), _criteria(problem)
    for name in limits:
        if name not in names:
            raise ProblemError(f"There is no criterion {name!r}; there are {', '.join(map(str, names)) or 'none'}.")
        if not 0 <= limits[name] <= SCORE_LIMIT:
            raise ProblemError(
                f"The criterion {name!r} can have at most 0 to {SCORE_LIMIT} points, not {limits[name]}."
            )
    return limits


def _criteria(problem: Problem) -> Sequence[str]:
    return list(problem.source.weights) if isinstance(problem.source, Weighed) else []


def _rooms(problem: Problem, mentee: int, mentor: int, rise: int, most: Mapping[str, int]) -> dict[str, Room]:
    rooms = {}
    for name, share in (shares(problem.source, mentee, mentor) or {}).items():
        limit = max(share.points, most.get(name, WHOLE))
        needed = share.points + -(-rise // share.weight) if share.weight else limit + 1
        rooms[name] = Room(share.points, limit, share.weight, needed if needed <= limit else None)
    return rooms
