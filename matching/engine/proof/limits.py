"""What the pins leave of every limit, and what that costs at given prices."""

from __future__ import annotations

import numpy as np

from matching.engine.problem import Problem, Quota
from matching.engine.proof.form import hold
from matching.engine.result import Prices
from matching.engine.scores import Ints, exact_sum


class Left:
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
        cost += sum(int(most * price) for most, price in zip(self.quota, prices.quota, strict=True))
        return cost + exact_sum(prices.once[:, 2])

    def of_pairs(self, prices: Prices) -> tuple[Ints, Ints]:
        """What a pair costs on its mentee's side and on its mentor's, with all limits around them but for `once`."""
        mentee, mentor = prices.mentee.copy(), prices.mentor + prices.cap
        for quota, price in zip(self.problem.quotas, prices.quota, strict=True):
            side = mentee if quota.side == "mentee" else mentor
            side[list(quota.members)] += price
        return mentee, mentor


def in_quota(quota: Quota, pairs: Ints) -> int:
    """How many of the pairs count in it."""
    return int(np.isin(pairs[:, 0 if quota.side == "mentee" else 1], list(quota.members)).sum())


def check_signs(prices: Prices, need: Ints, left: Left) -> None:
    """Prices of ceilings are not below zero, nor those of mentors but where `need` says that places must be filled."""
    for mentee in np.flatnonzero(prices.mentee < 0):
        hold(False, f"the price of mentee {mentee} is below zero")
    for mentor in np.flatnonzero((prices.mentor < 0) & (need == 0)):
        hold(False, f"the price of mentor {mentor} is below zero")
    hold((prices.quota >= 0).all() and prices.cap >= 0, "the price of a quota or of the cap is below zero")
    hold(left.cap is not None or prices.cap == 0, "there is no cap, so it has no price")


def every_row(problem: Problem, persons: Ints) -> tuple[Ints, Ints]:
    """All rows of each of these persons, in order, and for each row the index of the person in the list."""
    order = np.argsort(problem.persons, kind="stable")
    first, last = (np.searchsorted(problem.persons[order], persons, side=side) for side in ("left", "right"))
    places = [np.arange(*ends) for ends in zip(first, last, strict=True)]
    row = order[np.concatenate([np.zeros(0, np.int64), *places])]
    index = np.repeat(np.arange(len(persons)), last - first)
    sort = np.argsort(row, kind="stable")
    return row[sort], index[sort]
