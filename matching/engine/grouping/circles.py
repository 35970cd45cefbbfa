"""The question of peer circles: who could sit with whom, and what each circle must be like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.given import MOST_PLACES, integer, listed, numbers, shape_of, whole
from matching.engine.problem import Keys, Problem
from matching.engine.scores import SCORE_LIMIT, Ints, ScoreSource, blocks_of, read_block

MOST_PEOPLE = 2000


@dataclass(frozen=True)
class Spread:
    """A trait that circles should be mixed in: points taken off for any two in one circle with the same label.

    labels: (people,) whole numbers, below zero for unknown, which is like nobody else's. points: 0 … 2**20 - 1.
    Circles checks both, and raises ProblemError for others.
    """

    labels: Sequence[int]
    points: int


@dataclass(frozen=True, eq=False)
class Circles:
    """Everybody sits in exactly one circle of `least` to `most` people.

    source: scores, people × people, what each makes of each other's company; -1, from either, keeps two apart. What is
    maximized is the sum over all two in one circle of both scores, less what `spread` takes off.
    apart: pairs of positions that must not share a circle; keys: stable identities, None is the position.
    Raises ProblemError, naming the person, for what cannot be; not every impossible case is seen before the search.
    """

    source: ScoreSource
    least: int
    most: int
    keys: Keys | None = None
    apart: Sequence[tuple[int, int]] = ()
    spread: Sequence[Spread] = ()

    def __post_init__(self) -> None:
        people, others = shape_of(self.source)
        for name, what in (("least", "The fewest people of a circle"), ("most", "The most people of a circle")):
            object.__setattr__(self, name, whole(getattr(self, name), what))
        if people != others:
            raise ProblemError(f"Circles need scores of people by people, not {people} by {others}.")
        if people > MOST_PEOPLE:
            raise ProblemError(f"Circles can be made of {MOST_PEOPLE} people at most, not of {people}.")
        if not 1 <= self.least <= self.most:
            raise ProblemError(f"Circles of at least {self.least} and at most {self.most} people cannot be.")
        if not self.counts:
            raise ProblemError(f"{people} people cannot be split into circles of {self.least} to {self.most}.")
        checked = Problem(self.source, np.zeros(people, np.int64), mentee_keys=self.keys)
        object.__setattr__(self, "keys", checked.mentee_keys)
        object.__setattr__(self, "most", max(self.least, min(self.most, people)))
        object.__setattr__(self, "apart", numbers(self.apart, "Those to be kept apart", "pair to be kept apart", 2))
        object.__setattr__(self, "spread", tuple(_checked(spread, people) for spread in listed(self.spread, "Traits")))
        for first, second in self.apart:
            if not (0 <= first < people and 0 <= second < people):
                raise ProblemError(f"People {first} and {second} are to be kept apart, and there are {people}.")
            if first == second:
                raise ProblemError(f"Person {first} cannot be kept apart from themselves.")
        for person in np.flatnonzero(self.may.sum(axis=1) < self.least - 1)[:1]:
            raise ProblemError(
                f"Person {person} may share a circle with {self.may[person].sum()} others, and a circle has at least "
                f"{self.least} people.",
                mentee=int(person),
            )

    def in_order(self, order: Ints) -> Circles:
        """The same with people numbered by their places in this order."""
        assert self.keys is not None
        place = np.argsort(order)
        return replace(
            self,
            source=_Ordered(self.source, order),
            keys=self.keys[order],
            apart=[(int(place[first]), int(place[second])) for first, second in self.apart],
            spread=[Spread(np.asarray(spread.labels)[order].tolist(), spread.points) for spread in self.spread],
        )

    @property
    def people(self) -> int:
        """How many there are."""
        return self.source.shape[0]

    @property
    def counts(self) -> range:
        """How many circles there could be."""
        return range(-(-self.people // self.most), self.people // self.least + 1)

    @cached_property
    def may(self) -> NDArray[np.bool_]:
        """(people, people) whether two may share a circle."""
        may = self._scores >= 0
        may &= may.T
        for first, second in self.apart:
            may[first, second] = may[second, first] = False
        np.fill_diagonal(may, False)
        return may

    @cached_property
    def worth(self) -> Ints:
        """(people, people) what it is worth that two share a circle; 0 where they may not."""
        worth: Ints = self._scores + self._scores.T
        for spread in self.spread:
            labels = np.asarray(spread.labels)
            worth -= spread.points * ((labels[:, None] == labels) & (labels >= 0))
        return np.where(self.may, worth, 0)

    @cached_property
    def _scores(self) -> Ints:
        blocks = [read_block(self.source, rows) for rows in blocks_of(np.arange(self.people), self.people)]
        return np.concatenate([np.zeros((0, self.people), np.int64), *blocks])


def _checked(spread: Spread, people: int) -> Spread:
    """The trait with a whole number for each label. Raises ProblemError for anything else."""
    if not isinstance(spread, Spread):
        raise ProblemError(f"A trait must be a Spread, not {spread!r}.")
    named = listed(spread.labels, "The labels of a trait")
    labels = tuple(integer(label, "A label of a trait", MOST_PLACES) for label in named)
    if len(labels) != people:
        raise ProblemError(f"A trait has {len(labels)} labels, and there are {people} people.")
    return Spread(labels, whole(spread.points, "The number of points that a trait takes off", SCORE_LIMIT - 1))


@dataclass(frozen=True)
class _Ordered:
    """Scores of the same people in another order."""

    source: ScoreSource
    order: Ints

    @property
    def shape(self) -> tuple[int, int]:
        """People by people."""
        return self.source.shape

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores of rows × cols, everybody if None."""
        return read_block(self.source, self.order[rows], self.order if cols is None else self.order[cols])
