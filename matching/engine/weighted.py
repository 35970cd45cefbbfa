"""Scores of a whole pool from its criteria: those that are products in one matrix product, tables, and masks of rules.

The product is of float32 and exact: every sum in it is an integer of at most 1,000,000, which is checked at set-up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.engine.bounds import WHOLE, Bounds
from matching.engine.errors import ProblemError
from matching.engine.parts import Weights
from matching.engine.scores import FORBIDDEN, Ints

NEUTRAL = 500
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Factors(NamedTuple):
    """A criterion as a product: wishes (mentees, k) in points times offers (mentors, k), usually 0 and 1; whole,
    at least zero, and at most 1000 points in all for any pair."""

    wishes: Floats
    offers: Floats


class Table(Protocol):
    """A criterion that is looked up block by block."""

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """0 … 1000 points of rows × cols, all mentors if cols is None."""
        ...


class Rule(Protocol):
    """A hard rule over all pairs of mentees and mentors."""

    @property
    def id(self) -> str:
        """What the rule is called wherever it is the reason."""
        ...

    def mask(self, rows: Ints, cols: Ints) -> Mask:
        """True where the rule forbids a pair of rows × cols."""
        ...


class WeightedSource:
    """A `ScoreSource` that can say what its scores are made of, and why a pair is forbidden.

    weights: whole numbers by criterion that sum to 1000, so that scores are 0 … 1,000,000; those of 0 count nowhere.
    factors, tables: the criteria; rules: what forbids a pair, in the order in which reasons are told.
    names: what faults call mentees and mentors; their positions if None.
    The same integers come out whatever is asked for at once. Raises ProblemError if the weights do not sum to 1000, or
    if a criterion gives a pair anything but whole points from 0 to 1000: here for factors, in `block` for tables.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        weights: Weights,
        *,
        factors: Mapping[str, Factors],
        tables: Mapping[str, Table],
        rules: Sequence[Rule],
        names: tuple[Sequence[Any], Sequence[Any]] | None = None,
    ) -> None:
        self.shape = shape
        self._bounds = Bounds(*(names or (range(shape[0]), range(shape[1]))))
        self.weights: Weights = {name: weight for name, weight in weights.items() if weight}
        if sum(self.weights.values()) != WHOLE:
            raise ProblemError(f"Weights must sum to {WHOLE}; these sum to {sum(self.weights.values())}.")
        self.rules = rules
        self._tables = {name: table for name, table in tables.items() if name in self.weights}
        self._join({name: factor for name, factor in factors.items() if name in self.weights})

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """Scores of rows × cols as int32, all mentors if cols is None; -1 where a hard rule forbids the pair."""
        theirs = np.arange(self.shape[1]) if cols is None else np.asarray(cols, np.int64)
        offers = self._offers if cols is None else self._offers[theirs]
        scores = (self._wishes[rows] @ offers.T).astype(np.int32)
        for name in self._tables:
            scores += self._looked_up(name, rows, cols) * np.int32(self.weights[name])
        forbidden = np.zeros(scores.shape, np.bool_)
        for rule in self.rules:
            forbidden |= rule.mask(rows, theirs)
        scores[forbidden] = FORBIDDEN
        return scores

    def parts(self, rows: Ints, cols: Ints | None = None) -> dict[str, NDArray[np.int32]]:
        """Points 0 … 1000 of rows × cols by criterion, the heaviest first; times their weights they add up to the
        score.

        What a rule forbids has points too: they say what the pair would be worth.
        """
        offers = self._offers if cols is None else self._offers[cols]
        found = {name: self._looked_up(name, rows, cols) for name in self._tables}
        for name, columns in self._columns.items():
            weighted = self._wishes[rows, columns] @ offers[:, columns].T
            found[name] = weighted.astype(np.int32) // np.int32(self.weights[name])
        return {name: found[name] for name in sorted(self.weights, key=lambda name: (-self.weights[name], name))}

    def forbidden_by(self, mentee: int, mentor: int) -> list[str]:
        """The ids of the hard rules that forbid a pair; none if it may be."""
        here, there = np.array([mentee]), np.array([mentor])
        return [rule.id for rule in self.rules if rule.mask(here, there)[0, 0]]

    def forbidden_counts(self, mentee: int) -> dict[str, int]:
        """How many mentors each hard rule forbids to one mentee, rules that forbid none left out."""
        here, everybody = np.array([mentee]), np.arange(self.shape[1])
        counts = {rule.id: int(rule.mask(here, everybody).sum()) for rule in self.rules}
        return {rule: count for rule, count in counts.items() if count}

    def _looked_up(self, name: str, rows: Ints, cols: Ints | None) -> NDArray[np.int32]:
        return self._bounds.check_points(name, np.asarray(self._tables[name].block(rows, cols)), rows, cols)

    def _join(self, given: Mapping[str, Factors]) -> None:
        """Lay all products side by side, weighted. None of their sums can pass what float32 holds exactly: they are of
        whole numbers from 0, and no criterion gives more than 1000 points."""
        factors = {name: Factors(*(np.asarray(side) for side in each)) for name, each in given.items()}
        for name, each in factors.items():
            self._bounds.check_factors(name, *each)
        widths = np.cumsum([0, *(each.wishes.shape[1] for each in factors.values())]).tolist()
        self._columns = {name: slice(*ends) for name, ends in zip(factors, pairwise(widths), strict=True)}
        mentees, mentors = self.shape
        self._wishes = np.zeros((mentees, widths[-1]), np.float32)
        self._offers = np.zeros((mentors, widths[-1]), np.float32)
        for name, columns in self._columns.items():
            self._wishes[:, columns] = factors[name].wishes * self.weights[name]
            self._offers[:, columns] = factors[name].offers
