"""Scores of a whole pool from its criteria: those that are products in one matrix product, tables, and masks of rules.

The product is of float32 and exact: every sum in it is an integer of at most 1,000,000, which is checked at set-up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.engine.bounds import WHOLE, Bounds
from matching.engine.errors import ProblemError
from matching.engine.given import listed, whole
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
    The same integers come out whatever is asked for at once. Raises ProblemError if the weights do not sum to 1000, if
    a part is missing or something else, or if a criterion gives a pair anything but whole points from 0 to 1000: here
    for factors, in `block` and `parts` for tables.
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
        self.shape = _shape(shape)
        self._bounds = Bounds(*_names(names, self.shape))
        self.weights: Weights = _weights(weights)
        self.rules = _rules(rules)
        self._tables = _criteria(tables, "tables", lambda table: callable(getattr(table, "block", None)), self.weights)
        products = _criteria(factors, "factors", lambda pair: isinstance(pair, tuple) and len(pair) == 2, self.weights)
        for name in self.weights:
            if (name in self._tables) == (name in products):
                raise ProblemError(f"The criterion {name!r} needs either factors or a table.")
        self._join(products)

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

    def forbidden_counts(self, mentee: int | Sequence[int]) -> dict[str, int]:
        """How many mentors each hard rule forbids to one mentee, in all of their rows if there are several; rules that
        forbid none left out."""
        here, everybody = np.atleast_1d(np.array(mentee, np.int64)), np.arange(self.shape[1])
        counts = {rule.id: int(rule.mask(here, everybody).all(axis=0).sum()) for rule in self.rules}
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


def _shape(given: Any) -> tuple[int, int]:
    if len(numbers := [whole(one, "The number of people on a side") for one in listed(given, "A shape")]) != 2:
        raise ProblemError(f"A shape is how many mentees and how many mentors, not {given!r}.")
    return numbers[0], numbers[1]


def _names(given: Any, shape: tuple[int, int]) -> list[Sequence[Any]]:
    """What both sides are called; positions, if that is not said."""
    names = [range(there) for there in shape] if given is None else list(listed(given, "Names"))
    names = [some if isinstance(some, Sequence) else list(listed(some, "Names")) for some in names]
    if [len(some) for some in names] != list(shape):
        raise ProblemError(f"There are names for {[len(some) for some in names]}, and there are {shape} people.")
    return names


def _weights(given: Any) -> dict[str, int]:
    """The weights that count."""
    if not isinstance(given, Mapping):
        raise ProblemError(f"Weights must be whole numbers by criterion, not {given!r}.")
    weights = {name: whole(weight, f"The weight of {name!r}") for name, weight in given.items()}
    if sum(weights.values()) != WHOLE:
        raise ProblemError(f"Weights must sum to {WHOLE}; these sum to {sum(weights.values())}.")
    return {name: weight for name, weight in weights.items() if weight}


def _criteria(given: Any, what: str, fits: Callable[[Any], bool], weights: Weights) -> dict[str, Any]:
    """Those that have a weight."""
    if not isinstance(given, Mapping):
        raise ProblemError(f"The {what} must be given by criterion, not as {given!r}.")
    for name, each in given.items():
        if not fits(each):
            raise ProblemError(f"The criterion {name!r} has {each!r} among the {what}, which is none.")
    return {name: each for name, each in given.items() if name in weights}


def _rules(given: Any) -> list[Rule]:
    rules = list(listed(given, "Rules"))
    for rule in rules:
        if not isinstance(getattr(rule, "id", None), str) or not callable(getattr(rule, "mask", None)):
            raise ProblemError(f"A rule must have an id, a word, and a mask; {rule!r} has not.")
    return rules
