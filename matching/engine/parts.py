"""What a source may tell beside its scores: which criteria they are the sum of, and which rules forbid a pair.

Both are optional. Whoever has them gets explanations by criterion, counterfactuals, weight ranges and other weights.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.scores import FORBIDDEN, Ints, ScoreSource, check_scores, read_block

Weights = Mapping[str, int]
BLOCKED = "blocked"


@runtime_checkable
class Weighed(Protocol):
    """A source whose scores are sums: weight × points over its criteria, wherever no rule forbids the pair."""

    @property
    def weights(self) -> Weights:
        """The integer weight of each criterion."""
        ...

    def parts(self, rows: Ints, cols: Ints | None = None) -> Mapping[str, NDArray[np.int32]]:
        """Points of rows × cols by criterion, all mentors if cols is None; forbidden pairs have some too."""
        ...


@runtime_checkable
class Ruled(Protocol):
    """A source that knows why it forbids a pair."""

    def forbidden_by(self, mentee: int, mentor: int) -> Sequence[str]:
        """The ids of the hard rules that forbid the pair; none if it may be."""
        ...


@dataclass(frozen=True)
class Share:
    """What one criterion gives to one pair: weight × points of its score."""

    points: int
    weight: int

    @property
    def score(self) -> int:
        """In points of score; those of all criteria add up to the pair's."""
        return self.points * self.weight


def weighed(source: ScoreSource) -> Weighed:
    """The source, if it says what its scores are made of; else ProblemError."""
    if not isinstance(source, Weighed):
        raise ProblemError("The scores' source does not say what its scores are made of: it has no weights and parts.")
    return source


def shares(source: ScoreSource, mentee: int, mentor: int) -> dict[str, Share] | None:
    """What each criterion gives to a pair, None if the source cannot say.

    Raises ProblemError if they do not add up to the score of a pair that may be.
    """
    if not isinstance(source, Weighed):
        return None
    row, col = np.array([mentee]), np.array([mentor])
    points = source.parts(row, col)
    found = {name: Share(int(points[name][0, 0]), int(weight)) for name, weight in source.weights.items()}
    score, total = int(read_block(source, row, col)[0, 0]), sum(share.score for share in found.values())
    if score not in (FORBIDDEN, total):
        raise ProblemError(
            f"The parts of mentee {mentee} with mentor {mentor} sum to {total}, and the score is {score}.",
            mentee=mentee,
            mentor=mentor,
        )
    return found


def rules_against(source: ScoreSource, mentee: int, mentor: int) -> tuple[str, ...]:
    """The ids of the rules that forbid a pair; none if it may be, or if the source cannot say."""
    return tuple(source.forbidden_by(mentee, mentor)) if isinstance(source, Ruled) else ()


class Reweighed:
    """The same pool under other weights; rules and points stay.

    weights: by criterion, those not named are 0. Raises ProblemError if the source is not a Weighed one, has no such
    criterion, or if the weights are not whole, are below zero or do not sum to what they did.
    """

    def __init__(self, source: ScoreSource, weights: Weights) -> None:
        self._source, self._parts = source, weighed(source).parts
        before = weighed(source).weights
        for name, weight in weights.items():
            if name not in before:
                raise ProblemError(f"There is no criterion {name!r}; there are {', '.join(before)}.")
            if isinstance(weight, bool) or not isinstance(weight, int | np.integer) or weight < 0:
                raise ProblemError(f"The weight of {name} must be a whole number from 0, not {weight}.")
        whole, total = sum(before.values()), sum(int(weight) for weight in weights.values())
        if total != whole:
            raise ProblemError(f"Weights must sum to {whole}; these sum to {total}.")
        self.weights: Weights = {name: int(weights.get(name, 0)) for name in before}

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        return self._source.shape

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores of rows × cols under these weights."""
        forbidden = read_block(self._source, rows, cols) == FORBIDDEN
        scores = np.zeros(forbidden.shape, np.int64)
        for name, points in self.parts(rows, cols).items():
            scores += points.astype(np.int64) * self.weights[name]
        scores[forbidden] = FORBIDDEN
        check_scores(scores, rows, cols)
        return scores.astype(np.int32)

    def parts(self, rows: Ints, cols: Ints | None = None) -> Mapping[str, NDArray[np.int32]]:
        """The points that the weights multiply."""
        return self._parts(rows, cols)

    def forbidden_by(self, mentee: int, mentor: int) -> Sequence[str]:
        """As without other weights."""
        return rules_against(self._source, mentee, mentor)


class Blocked:
    """The same scores, but some pairs (mentee, mentor) may not be. Tells whatever else the source tells."""

    def __init__(self, source: ScoreSource, pairs: Collection[tuple[int, int]]) -> None:
        mentees, mentors = source.shape
        for mentee, mentor in pairs:
            if not (0 <= mentee < mentees and 0 <= mentor < mentors):
                raise ProblemError(f"The blocked pair of mentee {mentee} and mentor {mentor} names nobody there is.")
        self._source, self._pairs = source, frozenset(pairs)
        self._rows, self._cols = np.array(sorted(self._pairs), np.int64).reshape(-1, 2).T

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors there are."""
        return self._source.shape

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # while it is being copied it has no source yet
            raise AttributeError(name)
        return getattr(self._source, name)

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores of rows × cols; -1 where a pair is blocked too."""
        scores = np.array(self._source.block(rows, cols))
        theirs = np.arange(self.shape[1]) if cols is None else cols
        here = np.flatnonzero(np.isin(self._rows, rows) & np.isin(self._cols, theirs))
        for row, col in zip(self._rows[here], self._cols[here], strict=True):
            scores[np.ix_(rows == row, theirs == col)] = FORBIDDEN
        return scores

    def forbidden_by(self, mentee: int, mentor: int) -> Sequence[str]:
        """ "blocked", and the rules that held before."""
        rules = rules_against(self._source, mentee, mentor)
        return (BLOCKED, *rules) if (mentee, mentor) in self._pairs else rules


def without(source: ScoreSource, criteria: Collection[str]) -> Reweighed:
    """The same pool, blind to these criteria: their weight falls to the others in proportion to what they have.

    Raises ProblemError if nothing is left to score by.
    """
    weights = weighed(source).weights
    criteria = [name if isinstance(name, str) else repr(name) for name in criteria]
    left = {name: weight for name, weight in weights.items() if name not in criteria}
    for name in criteria:
        if name in weights:
            continue
        raise ProblemError(f"There is no criterion {name!r}; there are {', '.join(weights)}.")
    if not any(left.values()):
        raise ProblemError("Nothing is left to score by.")
    return Reweighed(source, largest_remainder(left, sum(weights.values())))


def largest_remainder(wanted: Mapping[str, int | float], whole: int) -> dict[str, int]:
    """Whole numbers in proportion to these that sum to `whole`; what rounding leaves goes to the largest remainders,
    of equals to the first by name (Hamilton's method)."""
    shares = {name: Fraction(share) for name, share in wanted.items()}
    total = sum(shares.values())
    if not total > 0 or min(shares.values()) < 0:
        raise ProblemError("Weights must be at least zero, and not all of them zero.")
    exact = {name: share * whole / total for name, share in shares.items()}
    rounded = {name: int(share) for name, share in exact.items()}
    by_rest = sorted(exact, key=lambda name: (rounded[name] - exact[name], name))
    for name in by_rest[: whole - sum(rounded.values())]:
        rounded[name] += 1
    return rounded
