"""Why this pair, and why not that one: facts for staff. The words, and what a participant may see, are somebody else's.

What a change costs is exact: forcing a pair, or forbidding one, moves along a shortest path of the residual network
(Ahuja, Magnanti & Orlin 1993, chapter 9). Reduced costs bound it from below at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from matching.engine import asked
from matching.engine.aspects import charge
from matching.engine.errors import ProblemError
from matching.engine.given import switch
from matching.engine.parts import Share, rules_against, shares
from matching.engine.paths import Move, Residual, Standing
from matching.engine.pool import impossible
from matching.engine.problem import Problem
from matching.engine.progress import Progress, Watch
from matching.engine.result import Result
from matching.engine.scores import FORBIDDEN, Ints, read_block

EXACT_UP_TO = 250
Reason = Literal[
    "paired", "forbidden", "below_floor", "no_place", "minimum", "tie", "aspect", "full", "elsewhere", "cap", "quota"
]


@dataclass(frozen=True)
class Loss:
    """What a change costs the program, exactly.

    value: in the objective's units, 0 if another answer is as good; pairs, points: how many pairs and points of score
    there would be fewer, below zero if more; moves: all that would change, the change asked about first.
    """

    value: int
    pairs: int
    points: int
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Explanation:
    """The facts of one pair. Positions are those of the problem's input, scores and margins in points.

    rank: 1 + how many mentors whom the mentee may have score higher; eligible: how many the mentee may have.
    runner_up: who scores highest of those the mentee was not given, None if there is nobody.
    at_least: what would be lost if the pair was forbidden is no less than this, by its prices; margin: the loss itself,
    None if it was not asked for, if the pair is pinned, or if nothing without the pair keeps to all limits.
    parts: what each criterion gives, which adds up to the score; None if the scores' source cannot say.
    """

    mentee: int
    mentor: int
    score: int
    pinned: bool
    rank: int
    eligible: int
    runner_up: int | None
    runner_up_score: int | None
    at_least: int
    margin: Loss | None
    parts: Mapping[str, Share] | None = None


@dataclass(frozen=True)
class WhyNot:
    """Why a mentee was not given a mentor.

    reason: "paired", they were; "forbidden" by a hard rule; "below_floor"; "no_place" beside the pins; "minimum",
    another place that must be filled would stay empty; "tie", an answer with the pair is as good, and fewer pairs,
    more changes to what was published or the lot decided against it (`loss.pairs` tells the first); else the pair
    would cost more than it brings: "aspect", the mentor helps the same person with another aspect (a pin, if there is
    no loss); "full", the mentor's places are better used; "elsewhere", the mentee is of more use with somebody else;
    "cap" or "quota", another pair would have to go.
    bound: at least this much would be lost, by the prices alone; loss: what exactly, None unless the pair is
    possible.
    rules: ids of the hard rules that forbid the pair, as far as the scores' source can say.
    """

    mentee: int
    mentor: int
    reason: Reason
    score: int | None
    bound: int | None = None
    loss: Loss | None = None
    rules: tuple[str, ...] = ()


def explain(
    result: Result, problem: Problem, *, pairs: Sequence[tuple[int, int]] | None = None, exact: bool | None = None
) -> list[Explanation]:
    """Explainer(result, problem).explain(...), for those who ask once. Raises ProblemError and CertificateError as that
    does. Source: as why_not()."""
    return Explainer(result, problem).explain(pairs, exact=exact)


def why_not(result: Result, problem: Problem, mentee: int, mentor: int) -> WhyNot:
    """Explainer(result, problem).why_not(...), for those who ask once: at least what the prices say, exactly what a
    shortest residual path costs. Raises ProblemError and CertificateError as that does.

    Source: Ahuja, Magnanti & Orlin 1993, chapter 9.
    """
    return Explainer(result, problem).why_not(mentee, mentor)


class Explainer:
    """Answers questions about one result. The first one that needs a path looks at every pair; later ones are quick.

    progress: called between blocks of that look; what it raises stops it, and the next question begins it again.
    Raises ProblemError if the result is another problem's, or no result.
    """

    def __init__(
        self, result: Result, problem: Problem, *, progress: Callable[[Progress], object] | None = None
    ) -> None:
        asked.answered(result, problem)
        asked.listener(progress)
        self.watch = Watch(progress)
        self.result, self.standing = result, Standing(result, problem)
        self.problem, self.pool = problem, self.standing.pool
        self.pairs = [(mentee, mentor) for mentee, mentor in result.pairs.tolist()]

    @cached_property
    def residual(self) -> Residual:
        """All ways to change the result. Raises CertificateError if one of them would gain."""
        return Residual(self.standing, self.watch)

    def explain(
        self, pairs: Sequence[tuple[int, int]] | None = None, *, exact: bool | None = None
    ) -> list[Explanation]:
        """Facts of some of the result's pairs, all if None, in the given order.

        exact: whether to find margins beside their bounds; None does so for up to 250 pairs, as each takes a shortest
        path. Raises ProblemError for what is no pair of the result, CertificateError if the result is no best one.
        """
        wanted = self.pairs if pairs is None else asked.pairs(pairs, "The pairs to explain")
        for mentee, mentor in sorted(set(wanted) - set(self.pairs)):
            raise ProblemError(f"Mentee {mentee} and mentor {mentor} are no pair.", mentee=mentee, mentor=mentor)
        exact = len(wanted) <= EXACT_UP_TO if exact is None else switch(exact, "Whether margins are to be exact")
        return [self._explain(mentee, mentor, exact) for mentee, mentor in wanted]

    def why_not(self, mentee: int, mentor: int) -> WhyNot:
        """Why this mentee was not given this mentor, and what the program would lose if they were.

        Raises ProblemError if there is no such person, CertificateError if the result is no best one.
        """
        mentee, mentor = self._people(mentee, mentor)
        score = self.score(mentee, mentor)
        if (mentee, mentor) in self.pairs:
            return WhyNot(mentee, mentor, "paired", score)
        if score == FORBIDDEN:
            return WhyNot(mentee, mentor, "forbidden", None, rules=rules_against(self.problem.source, mentee, mentor))
        if score < self.pool.floor:
            return WhyNot(mentee, mentor, "below_floor", score)
        if [mentee, mentor] in self.problem.settled.tolist():
            return WhyNot(mentee, mentor, "aspect", score)
        if self.is_full(mentee, mentor):
            return WhyNot(mentee, mentor, "no_place", score)
        bound, loss = self.forced(mentee, mentor)
        reason = "minimum" if loss is None else self._costs_because(mentee, mentor, loss)
        return WhyNot(mentee, mentor, reason, score, bound, loss)

    def forced(self, mentee: int, mentor: int) -> tuple[int, Loss | None]:
        """What at least, and what exactly, would be lost if a pair left out was made, whatever it scores.

        None if nothing with the pair keeps to all limits. Below zero if only the floor kept the pair from being made.
        Raises ProblemError if there is no such person.
        """
        mentee, mentor = self._people(mentee, mentor)
        row, col = self._place(mentee, mentor)
        mentee_price, mentor_price = self.standing.price
        worth = self.pool.worth(np.array([self.score(mentee, mentor)]))
        bound = int(mentee_price[row] + mentor_price[col] - worth[0]) + self.residual.of_once(row, col)
        return bound, self._loss(Move(mentee, mentor, made=True), bound, self.residual.to_mentee(col, row))

    def is_full(self, mentee: int, mentor: int) -> bool:
        """Whether the pins alone leave no room for a pair of these two; ProblemError if there is no such person."""
        mentee, mentor = self._people(mentee, mentor)
        row, col = self._place(mentee, mentor)
        settled = [mentee, mentor] in self.problem.settled.tolist()
        return settled or 0 in (self.pool.demand[row], self.pool.capacity[col], self.pool.cap)

    def _costs_because(self, mentee: int, mentor: int, loss: Loss) -> Reason:
        """Which limit stands between two people, nearest first."""
        row, col = self._place(mentee, mentor)
        chosen = self.standing.chosen
        if loss.value == 0:
            return "tie"
        if mentor in self._mentors_of_person(mentee):
            return "aspect"
        if np.count_nonzero(chosen.col == col) == self.pool.capacity[col]:
            return "full"
        if np.count_nonzero(chosen.row == row) == self.pool.demand[row]:
            return "elsewhere"
        return "cap" if len(chosen.row) == self.pool.cap else "quota"

    def _explain(self, mentee: int, mentor: int, exact: bool) -> Explanation:
        pool, (row, col) = self.pool, self._place(mentee, mentor)
        scores = read_block(self.problem.source, np.array([mentee]), pool.mentors)[0]
        may, others = scores >= pool.floor, scores.copy()
        others[~may] = FORBIDDEN
        others[self.standing.col[self._mentors_of_person(mentee)]] = FORBIDDEN
        best = int(others.argmax())
        pinned = (mentee, mentor) in self.problem.pins
        surplus, at_least = self._bounds(row, col)
        path = self.residual.to_mentor(row, col) if exact and not pinned else None
        return Explanation(
            mentee=mentee,
            mentor=mentor,
            score=int(scores[col]),
            pinned=pinned,
            rank=1 + int(np.count_nonzero(scores[may] > scores[col])),
            eligible=int(np.count_nonzero(may)),
            runner_up=None if others[best] == FORBIDDEN else int(pool.mentors[best]),
            runner_up_score=None if others[best] == FORBIDDEN else int(others[best]),
            at_least=0 if pinned else at_least,
            margin=self._loss(Move(mentee, mentor, made=False), surplus, path),
            parts=shares(self.problem.source, mentee, mentor),
        )

    def _bounds(self, row: int, col: int) -> tuple[int, int]:
        """What the pair gains over its prices, and that plus the least that the mentee's next step can cost."""
        standing = self.standing
        gains = self.pool.gains(np.array([row]), *standing.price)[0]
        surplus = int(gains[col])
        charge(self.pool, np.array([row]), gains[None], self.result.once_prices)
        net = int(gains[col])
        gains[self._mentors_of(row, col)] = impossible(gains)
        without = standing.potential[standing.shape.mentee.above[row]] - standing.potential[row]
        return surplus, net + min(int(without), -int(gains.max()))

    def _mentors_of(self, row: int, col: int) -> Ints:
        """The mentors whom this mentee was given, col (a pin, maybe) among them."""
        chosen = self.standing.chosen
        return np.append(chosen.col[chosen.first[row] : chosen.first[row + 1]], col)

    def _mentors_of_person(self, mentee: int) -> Ints:
        """Positions of the mentors whom the mentee's person was given, for whatever aspect."""
        pairs, persons = self.result.pairs, self.problem.persons
        mentors: Ints = pairs[persons[pairs[:, 0]] == persons[mentee], 1]
        return mentors

    def _loss(self, change: Move, bound: int, path: tuple[int, list[Move]] | None) -> Loss | None:
        """What the change and the moves after it cost; None if nothing keeps to all limits."""
        if path is None:
            return None
        moves = (change, *path[1])
        pairs = sum(-1 if move.made else 1 for move in moves)
        points = sum(self.score(move.mentee, move.mentor) * (-1 if move.made else 1) for move in moves)
        value = points + (self.pool.bonus - self.problem.floor) * pairs
        # A path that leaves a place empty which must be filled costs more than its pairs are worth.
        return Loss(value, pairs, points, moves) if value == bound + path[0] else None

    def _people(self, mentee: int, mentor: int) -> tuple[int, int]:
        mentees, mentors = self.problem.shape
        return asked.person(mentee, "mentee", mentees), asked.person(mentor, "mentor", mentors)

    def _place(self, mentee: int, mentor: int) -> tuple[int, int]:
        return int(self.standing.row[mentee]), int(self.standing.col[mentor])

    def score(self, mentee: int, mentor: int) -> int:
        """Points of any two people, -1 if a rule forbids the pair. Raises ProblemError if there is no such person."""
        mentee, mentor = self._people(mentee, mentor)
        return int(read_block(self.problem.source, np.array([mentee]), np.array([mentor]))[0, 0])
