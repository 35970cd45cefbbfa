"""A small pool that says what its scores are made of, and why it forbids a pair: not ours, and nothing but tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Self

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.engine.scores import Ints
from tests.engine.drawn import Drawn, drawn


class Weighing:
    """weights and (mentees, mentors) points by criterion; forbidden pairs, each by a rule of its own."""

    def __init__(
        self, weights: Mapping[str, int], points: Mapping[str, Any], forbidden: Collection[tuple[int, int]] = ()
    ) -> None:
        self.weights = dict(weights)
        self.points = {name: np.array(table, np.int32) for name, table in points.items()}
        self.forbidden = sorted(forbidden)
        self.shape: tuple[int, int] = next(iter(self.points.values())).shape

    @property
    def scores(self) -> NDArray[np.int64]:
        """The whole table."""
        scores = np.zeros(self.shape, np.int64)
        for name, weight in self.weights.items():
            scores += weight * self.points[name]
        for pair in self.forbidden:
            scores[pair] = -1
        return scores

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        table = self.scores.astype(np.int32)[rows]
        return table if cols is None else table[:, cols]

    def parts(self, rows: Ints, cols: Ints | None = None) -> dict[str, NDArray[np.int32]]:
        return {name: table[rows] if cols is None else table[rows][:, cols] for name, table in self.points.items()}

    def forbidden_by(self, mentee: int, mentor: int) -> list[str]:
        return [f"rule {mentee}-{mentor}"] if (mentee, mentor) in self.forbidden else []

    def weighted(self, weights: Mapping[str, int]) -> Self:
        """The same pool under other weights."""
        return type(self)(weights, self.points, self.forbidden)

    def having(self, criterion: str, mentee: int, mentor: int, points: int) -> Self:
        """The same pool with other points of one pair."""
        changed = {name: table.copy() for name, table in self.points.items()}
        changed[criterion][mentee, mentor] = points
        return type(self)(self.weights, changed, self.forbidden)


def weighings(most: int = 4, whole: int = 12) -> st.SearchStrategy[Weighing]:
    """Pools with three criteria whose weights sum to `whole`."""
    return drawn(lambda choices: _weighing(choices, most, whole), 3 * most * most + 16)


def _weighing(choices: Drawn, most: int, whole: int) -> Weighing:
    shape = choices.number(1, most), choices.number(1, most)
    below = choices.one([2, 4, 11])
    names = ("topics", "closeness", "stage")
    points = {name: choices.numbers(shape[0] * shape[1], below).reshape(shape) for name in names}
    first = choices.number(0, whole)
    second = choices.number(0, whole - first)
    weights = dict(zip(names, (first, second, whole - first - second), strict=True))
    everybody = list(np.ndindex(shape))
    return Weighing(weights, points, {choices.one(everybody) for _ in range(choices.number(0, 3))})
