"""Why this pair, and why not that one: facts for staff. The words, and what a participant may see, are somebody else's.

What a change costs is exact: forcing a pair, or forbidding one, moves along a shortest path of the residual network
(Ahuja, Magnanti & Orlin 1993, chapter 9). Reduced costs bound it from below at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matching.engine.errors import ProblemError
from matching.engine.paths import Move, Residual, Standing
from matching.engine.pool import impossible
from matching.engine.problem import Problem
from matching.engine.result import Result
from matching.engine.scores import FORBIDDEN, read_block

EXACT_UP_TO = 250
Reason = Literal[
    "paired", "forbidden", "below_floor", "no_place", "minimum", "tie", "full", "elsewhere", "cap", "quota"
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


@dataclass(frozen=True)
class WhyNot:
    """Why a mentee was not given a mentor.

    reason: "paired", they were; "forbidden" by a hard rule; "below_floor"; "no_place" beside the pins; "minimum",
    another place that must be filled would stay empty; "tie", as good, and the lot fell otherwise; else the pair
    would cost more than it brings: "full", the mentor's places are better used; "elsewhere", the mentee is of more
    use with somebody else; "cap" or "quota", another pair would have to go.
    bound: at least this much would be lost, by the prices alone; loss: what exactly, None unless the pair is
    possible.
    """

    mentee: int
    mentor: int
    reason: Reason
    score: int | None
    bound: int | None = None
    loss: Loss | None = None


def explain(
    result: Result, problem: Problem, *, pairs: Sequence[tuple[int, int]] | None = None, exact: bool | None = None
) -> list[Explanation]:
    """Facts of some of the result's pairs, all if None, in the given order.

    exact: whether to find margins themselves beside their bounds; None does so for up to 250 pairs, for each takes a
    shortest path. Raises ProblemError for a pair that is not in the result, CertificateError if the result is no best
    one.
    """
    asked = [(int(mentee), int(mentor)) for mentee, mentor in (result.pairs if pairs is None else pairs)]
    given = {(mentee, mentor) for mentee, mentor in result.pairs.tolist()}
    for mentee, mentor in asked:
        if (mentee, mentor) not in given:
            raise ProblemError(f"Mentee {mentee} and mentor {mentor} are no pair.", mentee=mentee, mentor=mentor)
    standing = Standing(result, problem)
    residual = Residual(standing) if (len(asked) <= EXACT_UP_TO if exact is None else exact) else None
    return [_explained(standing, residual, mentee, mentor) for mentee, mentor in asked]


def why_not(result: Result, problem: Problem, mentee: int, mentor: int) -> WhyNot:
    """Why this mentee was not given this mentor, and what the program would lose if they were.

    Raises ProblemError if there is no such person, CertificateError if the result is no best one.
    """
    mentees, mentors = problem.shape
    if not (0 <= mentee < mentees and 0 <= mentor < mentors):
        raise ProblemError(f"There is no mentee {mentee} or no mentor {mentor}.")
    standing = Standing(result, problem)
    pool, row, col = standing.pool, int(standing.row[mentee]), int(standing.col[mentor])
    score = _score(problem, mentee, mentor)
    if (np.array([mentee, mentor]) == result.pairs).all(axis=1).any():
        return WhyNot(mentee, mentor, "paired", score)
    if score == FORBIDDEN:
        return WhyNot(mentee, mentor, "forbidden", None)
    if score < pool.floor:
        return WhyNot(mentee, mentor, "below_floor", score)
    if 0 in (pool.demand[row], pool.capacity[col], pool.cap):
        return WhyNot(mentee, mentor, "no_place", score)
    bound = -int(pool.gains(np.array([row]), *standing.price, np.array([col]))[0, 0])
    loss = _loss(standing, Move(mentee, mentor, made=True), bound, Residual(standing).to_mentee(col, row))
    reason = "minimum" if loss is None else _costs_because(standing, row, col, loss)
    return WhyNot(mentee, mentor, reason, score, bound, loss)


def _costs_because(standing: Standing, row: int, col: int, loss: Loss) -> Reason:
    """Which limit stands between two people, nearest first."""
    pool, chosen = standing.pool, standing.chosen
    if loss.value == 0:
        return "tie"
    if np.count_nonzero(chosen.col == col) == pool.capacity[col]:
        return "full"
    if np.count_nonzero(chosen.row == row) == pool.demand[row]:
        return "elsewhere"
    return "cap" if len(chosen.row) == pool.cap else "quota"


def _explained(standing: Standing, residual: Residual | None, mentee: int, mentor: int) -> Explanation:
    pool, row, col = standing.pool, int(standing.row[mentee]), int(standing.col[mentor])
    rows = np.array([row])
    scores = read_block(pool.problem.source, pool.mentees[rows], pool.mentors)[0]
    may = scores >= pool.floor
    gains = pool.gains(rows, *standing.price)[0]
    pinned = (mentee, mentor) in pool.problem.pins
    own = np.append(standing.chosen.col[standing.chosen.among(rows)[0]], col)
    surplus, gains[own] = int(gains[col]), impossible(gains)
    others = np.where(may, scores, FORBIDDEN)
    others[own] = FORBIDDEN
    next_best = int(others.argmax())
    dual = int(standing.potential[standing.shape.mentee.above[row]] + standing.price[0][row])
    path = None if pinned or residual is None else residual.to_mentor(row, col)
    return Explanation(
        mentee=mentee,
        mentor=mentor,
        score=int(scores[col]),
        pinned=pinned,
        rank=1 + int(np.count_nonzero(scores[may] > scores[col])),
        eligible=int(np.count_nonzero(may)),
        runner_up=None if others[next_best] == FORBIDDEN else int(pool.mentors[next_best]),
        runner_up_score=None if others[next_best] == FORBIDDEN else int(others[next_best]),
        at_least=0 if pinned else surplus + min(dual, -int(gains.max())),
        margin=_loss(standing, Move(mentee, mentor, made=False), surplus, path),
    )


def _loss(standing: Standing, change: Move, bound: int, path: tuple[int, list[Move]] | None) -> Loss | None:
    """What the change and the moves after it cost; None if nothing keeps to all limits."""
    if path is None:
        return None
    problem, moves = standing.pool.problem, (change, *path[1])
    pairs = sum(-1 if move.made else 1 for move in moves)
    points = sum(_score(problem, move.mentee, move.mentor) * (-1 if move.made else 1) for move in moves)
    value = points + (standing.pool.bonus - problem.floor) * pairs
    # A path that leaves a place empty which must be filled costs more than its pairs are worth.
    return Loss(value, pairs, points, moves) if value == bound + path[0] else None


def _score(problem: Problem, mentee: int, mentor: int) -> int:
    return int(read_block(problem.source, np.array([mentee]), np.array([mentor]))[0, 0])
