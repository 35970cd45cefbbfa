"""verify(): an audit of a result that shares nothing with the solver but the source of scores.

The conditions are those of linear programming duality (Schrijver 1986, chapter 7) for the assignment polytope with
places and a cap: if a set of pairs keeps to every limit, and prices exist under which no other pair would gain and
everything priced is used up, then both have the same value and the pairs are a best set. All of it is checked in
integers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import CertificateError
from matching.engine.problem import Problem
from matching.engine.result import OBJECTIVES, VERSION, Certificate, Result
from matching.engine.scores import SCORE_LIMIT, Ints, read_block, row_blocks

PRICE_LIMIT = 2**60


def verify(result: Result, problem: Problem) -> Certificate:
    """Prove, by pricing every pair again, that the result is a best answer to the problem.

    Raises CertificateError naming the first condition that fails: the pairs keep to demand, places, cap, floor, hard
    rules and pins; no price is below zero; nobody priced above zero has a place left; no pair left out would gain,
    none chosen would lose; people without a place left are priced at exactly what one more would gain; both sides
    have one value.
    """
    _check_form(result, problem)
    audit = _Audit(result, problem)
    audit.check_limits()
    audit.check_prices()
    for rows in row_blocks(problem.shape):
        audit.price(rows)
    certificate = audit.conclude()
    _hold(result.certificate == certificate, f"it claims {result.certificate}, but {certificate} is true")
    return certificate


def _hold(condition: bool | np.bool_, otherwise: str) -> None:
    if not condition:
        raise CertificateError(f"The result is not proven: {otherwise}.")


def _check_form(result: Result, problem: Problem) -> None:
    mentees, mentors = problem.shape
    _hold(result.version == VERSION, f"it was written by version {result.version} of the engine, and this is {VERSION}")
    _hold(result.objective in OBJECTIVES, f"there is no objective {result.objective!r}")
    _hold(result.mentee_duals.shape == (mentees,), "there must be one dual for each mentee")
    _hold(result.mentor_prices.shape == (mentors,), "there must be one price for each mentor")
    pairs = result.pairs
    _hold(pairs.ndim == 2 and pairs.shape[1] == 2, "the pairs must be two columns")
    _hold(((pairs >= 0) & (pairs < [mentees, mentors])).all(), "a pair names somebody who is not there")
    _hold((np.diff(pairs[:, 0] * mentors + pairs[:, 1]) > 0).all(), "the pairs must be sorted, each of them once")


class _Audit:
    """The checks of one result, and what they add up from block to block."""

    def __init__(self, result: Result, problem: Problem) -> None:
        self.result, self.problem = result, problem
        pins = set(problem.pins)
        self.pinned = np.array([tuple(pair) in pins for pair in result.pairs.tolist()], np.bool_)
        _hold(self.pinned.sum() == len(pins), "a pinned pair is missing")
        mentees, mentors = problem.shape
        self.demand = problem.wanted - np.bincount([mentee for mentee, _ in pins], minlength=mentees)
        self.places = problem.capacity - np.bincount([mentor for _, mentor in pins], minlength=mentors)
        self.best_of_mentor = np.full(mentors, -PRICE_LIMIT, np.int64)
        self.total = self.value = self.surplus = 0

    def check_limits(self) -> None:
        """Nobody has more than there is room for."""
        given, load = self._used(self.result.pairs)
        for mentee in np.flatnonzero(given > self.problem.wanted):
            _hold(False, f"mentee {mentee} has {given[mentee]} mentors and wanted {self.problem.wanted[mentee]}")
        for mentor in np.flatnonzero(load > self.problem.capacity):
            _hold(False, f"mentor {mentor} has {load[mentor]} mentees and {self.problem.capacity[mentor]} places")
        cap = self.problem.max_pairs
        _hold(cap is None or len(self.result.pairs) <= cap, f"there are {len(self.result.pairs)} pairs, above the cap")

    def check_prices(self) -> None:
        """Prices are not below zero, and above it only where nothing is left; a bonus outweighs all scores together."""
        result = self.result
        given, load = self._used(result.pairs[~self.pinned])
        for prices, left, who in (
            (result.mentee_duals, self.demand - given, "mentee"),
            (result.mentor_prices, self.places - load, "mentor"),
        ):
            for position in np.flatnonzero((prices < 0) | (prices > PRICE_LIMIT)):
                _hold(False, f"the price {prices[position]} of {who} {position} is out of range")
            for position in np.flatnonzero((prices > 0) & (left > 0)):
                _hold(False, f"{who} {position} has a price above zero and a place left")
        full = len(result.pairs) == self.problem.max_pairs
        _hold(0 <= result.cap_price <= PRICE_LIMIT, f"the price {result.cap_price} of the cap is out of range")
        _hold(result.cap_price == 0 or full, "the cap has a price above zero and is not reached")
        most = min(int(self.demand.sum()), int(np.minimum(self.places, len(self.demand)).sum()))
        if self.problem.max_pairs is not None:
            most = min(most, self.problem.max_pairs - int(self.pinned.sum()))
        if result.objective == "most_pairs":
            _hold(most * SCORE_LIMIT < result.bonus <= PRICE_LIMIT, f"the bonus of {result.bonus} is out of range")
        else:
            _hold(result.bonus == 0, "this objective has no bonus")

    def price(self, rows: Ints) -> None:
        """Every pair of these mentees: made only if it may be, left out only if it would not gain."""
        result = self.result
        scores = read_block(self.problem.source, rows)
        first, last = np.searchsorted(result.pairs[:, 0], [rows[0], rows[-1] + 1])
        row, col = result.pairs[first:last, 0] - rows[0], result.pairs[first:last, 1]
        free = ~self.pinned[first:last]
        for made in np.flatnonzero(scores[row, col] < np.where(free, self.problem.floor, 0)):
            _hold(False, f"mentee {row[made] + rows[0]} and mentor {col[made]} score {scores[row[made], col[made]]}")
        self.total += int(scores[row, col].sum(dtype=np.int64))
        gain = scores + (result.bonus - self.problem.floor - result.cap_price - result.mentor_prices)
        gain -= result.mentee_duals[rows, None]
        mine = gain[row[free], col[free]]
        for loss in np.flatnonzero(mine < 0):
            _hold(False, f"mentee {row[free][loss] + rows[0]} would do better without mentor {col[free][loss]}")
        self.surplus += _exact(mine)
        self.value += _exact(scores[row, col][free] + (result.bonus - self.problem.floor))
        gain[scores < self.problem.floor] = -PRICE_LIMIT
        gain[row, col] = -PRICE_LIMIT
        self._check_left_out(rows, gain)

    def _check_left_out(self, rows: Ints, gain: Ints) -> None:
        shut_row, shut_col = self.demand[rows] == 0, self.places == 0
        gain[np.ix_(shut_row, shut_col)] = -PRICE_LIMIT
        if gain.size and gain.max() > 0:
            row, col = np.unravel_index(int(gain.argmax()), gain.shape)
            _hold(False, f"mentee {rows[row]} with mentor {col} would gain {gain[row, col]}")
        best = gain.max(axis=1, initial=-PRICE_LIMIT)
        for mentee in rows[shut_row & (best < 0) & (self.result.mentee_duals[rows] > 0)]:
            _hold(False, f"the dual of mentee {mentee} is above what one more mentor would gain")
        np.maximum(self.best_of_mentor, gain.max(axis=0, initial=-PRICE_LIMIT), out=self.best_of_mentor)

    def conclude(self) -> Certificate:
        """Strong duality: what the pairs are worth is what the prices allow."""
        result = self.result
        unearned = (self.places == 0) & (self.best_of_mentor < 0) & (result.mentor_prices > 0)
        for mentor in np.flatnonzero(unearned):
            _hold(False, f"the price of mentor {mentor} is above what one more place would gain")
        cap = 0 if self.problem.max_pairs is None else self.problem.max_pairs - int(self.pinned.sum())
        bound = self.surplus + cap * result.cap_price
        bound += _exact(self.demand, result.mentee_duals) + _exact(self.places, result.mentor_prices)
        _hold(self.total == result.total, f"its total is {self.total} and it says {result.total}")
        _hold(self.value == bound, f"its pairs are worth {self.value} and its prices allow {bound}")
        return Certificate(pairs=len(result.pairs), total=self.total, value=self.value, bound=bound)

    def _used(self, pairs: Ints) -> tuple[Ints, Ints]:
        """Pairs per mentee and per mentor."""
        mentees, mentors = self.problem.shape
        return np.bincount(pairs[:, 0], minlength=mentees), np.bincount(pairs[:, 1], minlength=mentors)


def _exact(numbers: NDArray[np.signedinteger], times: Ints | int = 1) -> int:
    """A sum, or a dot product, in Python's integers, which do not overflow."""
    return int((numbers.astype(object) * times).sum()) if len(numbers) else 0
