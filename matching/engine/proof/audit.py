"""The checks of one result, pair by pair and limit by limit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Pin, Problem
from matching.engine.proof.form import hold
from matching.engine.proof.limits import Left, check_signs, every_row, in_quota
from matching.engine.result import Certificate, Result
from matching.engine.scores import SCORE_LIMIT, Ints, exact_sum, read_block

NEVER = -(2**62)


class Audit:
    """The checks of one result, and what they add up from block to block."""

    def __init__(self, result: Result, problem: Problem) -> None:
        self.result, self.problem, self.left = result, problem, Left(problem)
        self.reasons = {tuple(pin): pin.because for pin in problem.kept}
        pins, number = np.array(list(self.reasons), np.int64).reshape(-1, 2), (problem.shape[1], 1)
        self.pinned = np.isin(result.pairs @ number, pins @ number)
        hold(self.pinned.sum() == len(pins), "a pinned pair is missing")
        self.floor = problem.floor if result.worst_off is None else result.worst_off
        self.mentee_price, self.mentor_price = self.left.of_pairs(result.prices)
        self.best_of_mentor = np.full(problem.shape[1], NEVER)
        self.gain_of_pair = np.full(len(self.pinned), -NEVER)
        self.once = self._once_of_pairs()
        self.rival_of_pair = np.full(len(self.pinned), NEVER)
        self.rival_row, self.rival_pair = self._rivals()
        self.overrides: list[Pin] = []
        self.total = self.value = 0

    def check_limits(self) -> None:
        """Nobody has more than there is room for, or less than there must be."""
        pairs, problem = self.result.pairs, self.problem
        given, load = self._used(pairs)
        for mentee in np.flatnonzero(given > problem.wanted):
            hold(False, f"mentee {mentee} has {given[mentee]} mentors and wanted {problem.wanted[mentee]}")
        for mentor in np.flatnonzero((load > problem.capacity) | (load < problem.needed)):
            limits = f"must have {problem.needed[mentor]} to {problem.capacity[mentor]}"
            hold(False, f"mentor {mentor} has {load[mentor]} mentees and {limits}")
        cap = problem.max_pairs
        hold(cap is None or len(pairs) <= cap, f"there are {len(pairs)} pairs, above the cap")
        for number, quota in enumerate(problem.quotas):
            hold(in_quota(quota, pairs) <= quota.most, f"quota {number} is exceeded")

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
                hold(False, f"{who} {position} has a price above zero and a place left")
        for quota, most, price in zip(self.problem.quotas, left.quota, result.quota_prices, strict=True):
            used_up = most > 0 and in_quota(quota, free) == most
            hold(price <= 0 or used_up, "a quota has a price and a pair left, or none to begin with")
        hold(result.cap_price <= 0 or len(free) == left.cap, "the cap has a price and is not reached")
        check_signs(result.prices, np.where(load == left.need, left.need, 0), left)
        bonus = 0 if result.objective == "total" else (left.most_pairs() + 1) * SCORE_LIMIT
        hold(result.bonus == bonus, f"the bonus of a pair is {result.bonus} and must be {bonus}")

    def price(self, rows: Ints) -> None:
        """Every pair of these mentees: made only if it may be, left out only if it would not gain."""
        scores = read_block(self.problem.source, rows)
        first, last = np.searchsorted(self.result.pairs[:, 0], [rows[0], rows[-1] + 1])
        row, col = self.result.pairs[first:last, 0] - rows[0], self.result.pairs[first:last, 1]
        free = ~self.pinned[first:last]
        made = scores[row, col].astype(np.int64)
        for place in np.flatnonzero(made < 0):
            pair = int(rows[row[place]]), int(col[place])
            if reason := self.reasons.get(pair):
                self.overrides.append(Pin(*pair, reason))
                made[place] = 0
        for wrong in np.flatnonzero(made < np.where(free, self.floor, 0)):
            hold(False, f"mentee {rows[row[wrong]]} and mentor {col[wrong]} score {made[wrong]}, which is not allowed")
        worth = made[free] - self.problem.floor + self.result.bonus
        gain = worth - self.mentee_price[rows[row[free]]] - self.mentor_price[col[free]] - self.once[first:last][free]
        for wrong in np.flatnonzero(gain < 0):
            hold(False, f"mentee {rows[row[free][wrong]]} would do better without mentor {col[free][wrong]}")
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
        rival = self._price_rivals(rows, gain)
        best = gain.max(axis=1, initial=NEVER)
        for row in np.flatnonzero(best > 0):
            col = int(gain[row].argmax())
            hold(False, f"mentee {rows[row]} with mentor {col} would gain {best[row]}")
        for mentee in rows[shut & (best < 0) & (result.mentee_duals[rows] > 0)]:
            hold(False, f"the price of mentee {mentee} is above what one more mentor would add")
        gain[rival] = NEVER
        np.maximum(self.best_of_mentor, gain.max(axis=0, initial=NEVER), out=self.best_of_mentor)

    def conclude(self) -> Certificate:
        """Strong duality: what the pairs are worth is what the limits cost."""
        result, left = self.result, self.left
        bound = exact_sum(self.gain_of_pair[~self.pinned]) + left.cost(result.prices)
        named = [(*pin, pin.because) for pin in result.overrides]
        hold(named == [(*pin, pin.because) for pin in self.overrides], "the pins that break a hard rule are others")
        hold(self.total == result.total, f"its total is {self.total} and it says {result.total}")
        hold(self.value == bound, f"its pairs are worth {self.value} and its prices allow {bound}")
        return Certificate(pairs=len(result.pairs), total=self.total, value=self.value, bound=bound)

    def check_worth(self) -> None:
        """Each price is exactly what it stands for, so there is one true set of prices: the least for mentors.

        Mentees, and groups of mentees, who have all that they may have are priced at what their last pair adds; a
        mentor above zero at what the best pair left out would add; a cap that allows nothing, at what the first one
        would; having a mentor once, at what the best other row of the person would add with them.
        """
        result, left, pairs = self.result, self.left, self.result.pairs
        for wrong in np.flatnonzero(self.once != np.maximum(0, self.rival_of_pair)):
            mentee, mentor = pairs[wrong]
            hold(
                False, f"the price of having mentor {mentor} once is not what another row of mentee {mentee} would add"
            )
        given = np.bincount(pairs[~self.pinned, 0], minlength=len(left.demand))
        least = np.full(len(given), -NEVER)
        np.minimum.at(least, pairs[:, 0], self.gain_of_pair)
        for mentee in np.flatnonzero((given == left.demand) & ~left.shut_mentee & (least != 0)):
            hold(False, f"the price of mentee {mentee} is below what their last pair adds")
        for number, (quota, most) in enumerate(zip(self.problem.quotas, left.quota, strict=True)):
            members = list(quota.members)
            if quota.side == "mentee" and 0 < most == given[members].sum():
                hold(least[members].min() == 0, f"the price of quota {number} is below what its last pair adds")
        lowest = -4 * (left.most_pairs() + 1) * SCORE_LIMIT
        idle = (self.best_of_mentor < 0) & (result.mentor_prices != 0) & (result.mentor_prices != lowest)
        for mentor in np.flatnonzero(idle):
            hold(False, f"the price of mentor {mentor} is above what one more place would add")
        best = self.best_of_mentor[~left.shut_mentor].max(initial=NEVER)
        hold(left.cap != 0 or result.cap_price == 0 or best == 0, "the price of the cap is above what a pair would add")

    def _once_of_pairs(self) -> Ints:
        """(pairs,) what having the mentor once costs each pair."""
        whom = {(person, mentor): price for person, mentor, price in self.result.once_prices.tolist()}
        persons, free = self.problem.persons[self.result.pairs[:, 0]], ~self.pinned
        keys = zip(persons[free].tolist(), self.result.pairs[free, 1].tolist(), strict=True)
        once = np.zeros(len(free), np.int64)
        once[free] = [whom.pop(key, 0) for key in keys]
        for person, mentor in whom:
            hold(False, f"having mentor {mentor} once has a price for person {person}, who does not have them")
        return once

    def _rivals(self) -> tuple[Ints, Ints]:
        """Other rows of people who have a mentor, sorted, and which pair stands in the way of each."""
        mentee = self.result.pairs[:, 0]
        if not self.problem.aspects:
            return mentee[:0], mentee[:0]
        row, pair = every_row(self.problem, self.problem.persons[mentee])
        other = row != mentee[pair]
        return row[other], pair[other]

    def _price_rivals(self, rows: Ints, gain: Ints) -> tuple[Ints, Ints]:
        """Where the gains are of a mentor whom the person has: these cost the price of once besides, and the highest
        is remembered. With a pinned mentor there is nothing to gain."""
        first, last = np.searchsorted(self.rival_row, [rows[0], rows[-1] + 1])
        row, pair = self.rival_row[first:last] - rows[0], self.rival_pair[first:last]
        col = self.result.pairs[pair, 1]
        gain[row[self.pinned[pair]], col[self.pinned[pair]]] = NEVER
        seen = ~self.left.shut_mentee[rows[row]]
        np.maximum.at(self.rival_of_pair, pair[seen], gain[row, col][seen])
        gain[row, col] -= self.once[pair]
        return row, col

    def _used(self, pairs: Ints) -> tuple[Ints, Ints]:
        """Pairs per mentee and per mentor."""
        mentees, mentors = self.problem.shape
        return np.bincount(pairs[:, 0], minlength=mentees), np.bincount(pairs[:, 1], minlength=mentors)
