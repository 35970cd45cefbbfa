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
from matching.engine.problem import Problem, Quota
from matching.engine.result import OBJECTIVES, VERSION, Certificate, Prices, Result
from matching.engine.scores import SCORE_LIMIT, Ints, blocks_of, exact_sum, read_block

PRICE_LIMIT = 2**56
NEVER = -(2**62)


def verify(result: Result, problem: Problem) -> Certificate:
    """Prove, by pricing every pair again, that the result is a best answer to the problem.

    Raises CertificateError naming the first condition that fails. The pairs keep to demand, places, cap, quotas,
    floor, hard rules and pins; no price is below zero but where a place must be filled, and nothing priced above zero
    is left over; no pair left out would gain, none chosen would lose; people without a place left are priced at
    exactly what one more would gain; both sides have one value; and where the worst-off come first, other prices
    prove their floor.
    """
    _check_form(result, problem)
    audit = _Audit(result, problem)
    audit.check_limits()
    for rows in blocks_of(np.arange(problem.shape[0]), problem.shape[1]):
        audit.price(rows)
    audit.check_prices()
    audit.check_worth()
    certificate = audit.conclude()
    _hold(result.certificate == certificate, f"it claims {result.certificate}, but {certificate} is true")
    if result.objective == "worst_off_first":
        audit.check_worst_off()
    return certificate


def _hold(condition: bool | np.bool_, otherwise: str) -> None:
    if not condition:
        raise CertificateError(f"The result is not proven: {otherwise}.")


def _check_form(result: Result, problem: Problem) -> None:
    mentees, mentors = problem.shape
    _hold(result.version == VERSION, f"it was written by version {result.version} of the engine, and this is {VERSION}")
    _hold(result.objective in OBJECTIVES, f"there is no objective {result.objective!r}")
    for prices in (result.prices, *result.count_proofs):
        shapes = prices.mentee.shape, prices.mentor.shape, prices.quota.shape
        _hold(shapes == ((mentees,), (mentors,), (len(problem.quotas),)), "there must be one price for each limit")
        columns = np.concatenate([prices.mentee, prices.mentor, prices.quota, [prices.cap]])
        _hold((np.abs(columns) <= PRICE_LIMIT).all(), "a price is out of range")
    pairs = result.pairs
    _hold(pairs.ndim == 2 and pairs.shape[1] == 2, "the pairs must be two columns")
    _hold(((pairs >= 0) & (pairs < [mentees, mentors])).all(), "a pair names somebody who is not there")
    _hold((np.diff(pairs[:, 0] * mentors + pairs[:, 1]) > 0).all(), "the pairs must be sorted, each of them once")


class _Left:
    """What the pins leave of every limit."""

    def __init__(self, problem: Problem) -> None:
        mentees, mentors = problem.shape
        self.problem = problem
        self.demand = problem.wanted - np.bincount([mentee for mentee, _ in problem.pins], minlength=mentees)
        load = np.bincount([mentor for _, mentor in problem.pins], minlength=mentors)
        self.places, self.need = problem.capacity - load, np.maximum(0, problem.needed - load)
        self.cap = None if problem.max_pairs is None else problem.max_pairs - len(problem.pins)
        pins = np.array(problem.pins, np.int64).reshape(-1, 2)
        self.quota = [quota.most - in_quota(quota, pins) for quota in problem.quotas]
        self.shut_mentee, self.shut_mentor = self.demand == 0, self.places == 0
        for quota, most in zip(problem.quotas, self.quota, strict=True):
            if most == 0:
                shut = self.shut_mentee if quota.side == "mentee" else self.shut_mentor
                shut[list(quota.members)] = True

    def most_pairs(self) -> int:
        """A number of pairs that these limits cannot be exceeded by."""
        demand = self.demand[~self.shut_mentee]
        places = np.minimum(self.places[~self.shut_mentor], len(self.demand))
        most = min(int(demand.sum()), int(places.sum()))
        return most if self.cap is None else min(most, self.cap)

    def cost(self, prices: Prices) -> int:
        """What everything that is left costs at these prices."""
        demand = np.where(self.shut_mentee, 0, self.demand)
        places = np.where(self.shut_mentor, 0, self.places)
        cost = exact_sum(demand, prices.mentee) + exact_sum(places, np.maximum(prices.mentor, 0))
        cost += exact_sum(self.need, np.minimum(prices.mentor, 0)) + (self.cap or 0) * prices.cap
        return cost + sum(int(most * price) for most, price in zip(self.quota, prices.quota, strict=True))

    def of_pairs(self, prices: Prices) -> tuple[Ints, Ints]:
        """What a pair costs on its mentee's side and on its mentor's, all limits around them included."""
        mentee, mentor = prices.mentee.copy(), prices.mentor + prices.cap
        for quota, price in zip(self.problem.quotas, prices.quota, strict=True):
            side = mentee if quota.side == "mentee" else mentor
            side[list(quota.members)] += price
        return mentee, mentor


class _Audit:
    """The checks of one result, and what they add up from block to block."""

    def __init__(self, result: Result, problem: Problem) -> None:
        self.result, self.problem, self.left = result, problem, _Left(problem)
        pins = set(problem.pins)
        self.pinned = np.array([tuple(pair) in pins for pair in result.pairs.tolist()], np.bool_)
        _hold(self.pinned.sum() == len(pins), "a pinned pair is missing")
        self.floor = problem.floor if result.worst_off is None else result.worst_off
        self.mentee_price, self.mentor_price = self.left.of_pairs(result.prices)
        self.best_of_mentor = np.full(problem.shape[1], NEVER)
        self.gain_of_pair = np.full(len(result.pairs), -NEVER)
        self.total = self.value = 0

    def check_limits(self) -> None:
        """Nobody has more than there is room for, or less than there must be."""
        pairs, problem = self.result.pairs, self.problem
        given, load = self._used(pairs)
        for mentee in np.flatnonzero(given > problem.wanted):
            _hold(False, f"mentee {mentee} has {given[mentee]} mentors and wanted {problem.wanted[mentee]}")
        for mentor in np.flatnonzero((load > problem.capacity) | (load < problem.needed)):
            limits = f"must have {problem.needed[mentor]} to {problem.capacity[mentor]}"
            _hold(False, f"mentor {mentor} has {load[mentor]} mentees and {limits}")
        cap = problem.max_pairs
        _hold(cap is None or len(pairs) <= cap, f"there are {len(pairs)} pairs, above the cap")
        for number, quota in enumerate(problem.quotas):
            _hold(in_quota(quota, pairs) <= quota.most, f"quota {number} is exceeded")

    def check_prices(self) -> None:
        """Above zero only where nothing is left, below it only where a place must be filled; a bonus outweighs
        scores."""
        result, left = self.result, self.left
        free = result.pairs[~self.pinned]
        given, load = self._used(free)
        for prices, over, shut, who in (
            (result.mentee_duals, left.demand - given, left.shut_mentee, "mentee"),
            (result.mentor_prices, left.places - load, left.shut_mentor, "mentor"),
        ):
            for position in np.flatnonzero((prices > 0) & (over > 0) & ~shut):
                _hold(False, f"{who} {position} has a price above zero and a place left")
        for quota, most, price in zip(self.problem.quotas, left.quota, result.quota_prices, strict=True):
            used_up = most > 0 and in_quota(quota, free) == most
            _hold(price <= 0 or used_up, "a quota has a price and a pair left, or none to begin with")
        _hold(result.cap_price <= 0 or len(free) == left.cap, "the cap has a price and is not reached")
        _check_signs(result.prices, np.where(load == left.need, left.need, 0), left)
        bonus = 0 if result.objective == "total" else (left.most_pairs() + 1) * SCORE_LIMIT
        _hold(result.bonus == bonus, f"the bonus of a pair is {result.bonus} and must be {bonus}")

    def price(self, rows: Ints) -> None:
        """Every pair of these mentees: made only if it may be, left out only if it would not gain."""
        scores = read_block(self.problem.source, rows)
        first, last = np.searchsorted(self.result.pairs[:, 0], [rows[0], rows[-1] + 1])
        row, col = self.result.pairs[first:last, 0] - rows[0], self.result.pairs[first:last, 1]
        free = ~self.pinned[first:last]
        made = scores[row, col].astype(np.int64)
        for wrong in np.flatnonzero(made < np.where(free, self.floor, 0)):
            _hold(False, f"mentee {rows[row[wrong]]} and mentor {col[wrong]} score {made[wrong]}, which is not allowed")
        worth = made[free] - self.problem.floor + self.result.bonus
        gain = worth - self.mentee_price[rows[row[free]]] - self.mentor_price[col[free]]
        for wrong in np.flatnonzero(gain < 0):
            _hold(False, f"mentee {rows[row[free][wrong]]} would do better without mentor {col[free][wrong]}")
        self.total += exact_sum(made)
        self.value += exact_sum(worth)
        self.gain_of_pair[first:last][free] = gain
        self._check_left_out(rows, scores, (row, col))

    def _check_left_out(self, rows: Ints, scores: NDArray[np.int32], made: tuple[Ints, Ints]) -> None:
        left, result = self.left, self.result
        gain = scores - (self.mentor_price + (self.problem.floor - result.bonus))
        gain -= self.mentee_price[rows, None]
        gain[scores < self.floor] = NEVER
        gain[made] = NEVER
        shut = left.shut_mentee[rows]
        gain[np.ix_(shut, left.shut_mentor)] = NEVER
        best = gain.max(axis=1, initial=NEVER)
        for row in np.flatnonzero(best > 0):
            col = int(gain[row].argmax())
            _hold(False, f"mentee {rows[row]} with mentor {col} would gain {best[row]}")
        for mentee in rows[shut & (best < 0) & (result.mentee_duals[rows] > 0)]:
            _hold(False, f"the price of mentee {mentee} is above what one more mentor would add")
        np.maximum(self.best_of_mentor, gain.max(axis=0, initial=NEVER), out=self.best_of_mentor)

    def conclude(self) -> Certificate:
        """Strong duality: what the pairs are worth is what the limits cost."""
        result, left = self.result, self.left
        bound = exact_sum(self.gain_of_pair[~self.pinned]) + left.cost(result.prices)
        _hold(self.total == result.total, f"its total is {self.total} and it says {result.total}")
        _hold(self.value == bound, f"its pairs are worth {self.value} and its prices allow {bound}")
        return Certificate(pairs=len(result.pairs), total=self.total, value=self.value, bound=bound)

    def check_worth(self) -> None:
        """Each price is exactly what it stands for, so there is one true set of prices: the least for mentors.

        Mentees, and groups of mentees, who have all that they may have are priced at what their last pair adds; a
        mentor above zero at what the best pair left out would add; a cap that allows nothing, at what the first one
        would.
        """
        result, left, pairs = self.result, self.left, self.result.pairs
        given = np.bincount(pairs[~self.pinned, 0], minlength=len(left.demand))
        least = np.full(len(given), -NEVER)
        np.minimum.at(least, pairs[:, 0], self.gain_of_pair)
        for mentee in np.flatnonzero((given == left.demand) & ~left.shut_mentee & (least != 0)):
            _hold(False, f"the price of mentee {mentee} is below what their last pair adds")
        for number, (quota, most) in enumerate(zip(self.problem.quotas, left.quota, strict=True)):
            members = list(quota.members)
            if quota.side == "mentee" and 0 < most == given[members].sum():
                _hold(least[members].min() == 0, f"the price of quota {number} is below what its last pair adds")
        lowest = -4 * (left.most_pairs() + 1) * SCORE_LIMIT
        idle = (self.best_of_mentor < 0) & (result.mentor_prices != 0) & (result.mentor_prices != lowest)
        for mentor in np.flatnonzero(idle):
            _hold(False, f"the price of mentor {mentor} is above what one more place would add")
        best = self.best_of_mentor[~left.shut_mentor].max(initial=NEVER)
        _hold(
            left.cap != 0 or result.cap_price == 0 or best == 0, "the price of the cap is above what a pair would add"
        )

    def check_worst_off(self) -> None:
        """No answer has more pairs, and none as many above worst_off: weak duality with each pair worth 1."""
        count = int((~self.pinned).sum())
        if self.result.worst_off is None:
            # Then nothing could be made at any floor, which the prices of the pairs have shown.
            _hold(count == 0 and not self.result.count_proofs, "the worst-off pair is missing")
            return
        _hold(len(self.result.count_proofs) == 2, "there must be two proofs of the worst-off pair")
        most, fewer = self.result.count_proofs
        bound = _count_bound(most, self.left, self.problem.floor)
        _hold(bound == count, f"there may be {bound} pairs, and there are {count}")
        bound = _count_bound(fewer, self.left, self.floor + 1)
        _hold(bound < count, f"with each pair above {self.floor} there may still be {bound} pairs")

    def _used(self, pairs: Ints) -> tuple[Ints, Ints]:
        """Pairs per mentee and per mentor."""
        mentees, mentors = self.problem.shape
        return np.bincount(pairs[:, 0], minlength=mentees), np.bincount(pairs[:, 1], minlength=mentors)


def in_quota(quota: Quota, pairs: Ints) -> int:
    """How many of the pairs count in it."""
    return int(np.isin(pairs[:, 0 if quota.side == "mentee" else 1], list(quota.members)).sum())


def _check_signs(prices: Prices, need: Ints, left: _Left) -> None:
    """Prices of ceilings are not below zero, nor those of mentors but where `need` says that places must be filled."""
    for mentee in np.flatnonzero(prices.mentee < 0):
        _hold(False, f"the price of mentee {mentee} is below zero")
    for mentor in np.flatnonzero((prices.mentor < 0) & (need == 0)):
        _hold(False, f"the price of mentor {mentor} is below zero")
    _hold((prices.quota >= 0).all() and prices.cap >= 0, "the price of a quota or of the cap is below zero")
    _hold(left.cap is not None or prices.cap == 0, "there is no cap, so it has no price")


def _count_bound(prices: Prices, left: _Left, floor: int) -> int:
    """How many pairs of at least this score there can be at most, pins aside: any prices give a bound."""
    _check_signs(prices, left.need, left)
    mentee, mentor = left.of_pairs(prices)
    pins = np.array(left.problem.pins, np.int64).reshape(-1, 2)
    bound = left.cost(prices)
    for rows in blocks_of(np.flatnonzero(~left.shut_mentee), left.problem.shape[1]):
        scores = read_block(left.problem.source, rows)
        possible = (scores >= floor) & ~left.shut_mentor
        here = pins[np.isin(pins[:, 0], rows)]
        possible[np.searchsorted(rows, here[:, 0]), here[:, 1]] = False
        bound += int(np.maximum(1 - mentor - mentee[rows, None], 0)[possible].sum())
    return bound
