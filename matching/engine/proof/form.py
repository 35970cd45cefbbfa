"""What a result must look like before anything in it can be true."""

from __future__ import annotations

import numpy as np

from matching.engine.errors import CertificateError
from matching.engine.problem import Problem
from matching.engine.result import OBJECTIVES, VERSION, Prices, Result
from matching.engine.scores import Ints

PRICE_LIMIT = 2**56


def hold(condition: bool | np.bool_, otherwise: str) -> None:
    """Raise CertificateError with the rest of the sentence unless the condition holds."""
    if not condition:
        raise CertificateError(f"The result is not proven: {otherwise}.")


def check_form(result: Result, problem: Problem) -> None:
    """One price for each limit, and pairs of people who are there, nobody with one mentor twice."""
    hold(result.version == VERSION, f"it was written by version {result.version} of the engine, and this is {VERSION}")
    hold(result.objective in OBJECTIVES, f"there is no objective {result.objective!r}")
    for prices in (result.prices, *result.count_proofs):
        _check_prices(prices, problem)
    _check_pairs(result.pairs, problem)


def _check_prices(prices: Prices, problem: Problem) -> None:
    mentees, mentors = problem.shape
    shapes = prices.mentee.shape, prices.mentor.shape, prices.quota.shape
    hold(shapes == ((mentees,), (mentors,), (len(problem.quotas),)), "there must be one price for each limit")
    hold(prices.once.shape[1:] == (3,), "a price of having a mentor once must name a person and the mentor")
    columns = np.concatenate([prices.mentee, prices.mentor, prices.quota, [prices.cap], prices.once[:, 2]])
    hold((np.abs(columns) <= PRICE_LIMIT).all(), "a price is out of range")
    person, mentor, price = prices.once.T
    there = np.isin(person, problem.persons) & (mentor >= 0) & (mentor < mentors)
    hold(there.all(), "a price of having a mentor once names somebody who is not there")
    hold((price > 0).all(), "a price of having a mentor once is not above zero")
    after = (np.diff(person) > 0) | ((np.diff(person) == 0) & (np.diff(mentor) > 0))
    hold(after.all(), "the prices of having a mentor once must be sorted, each of them once")


def _check_pairs(pairs: Ints, problem: Problem) -> None:
    mentees, mentors = problem.shape
    hold(pairs.ndim == 2 and pairs.shape[1] == 2, "the pairs must be two columns")
    hold(((pairs >= 0) & (pairs < [mentees, mentors])).all(), "a pair names somebody who is not there")
    hold((np.diff(pairs[:, 0] * mentors + pairs[:, 1]) > 0).all(), "the pairs must be sorted, each of them once")
    person = problem.persons[pairs[:, 0]]
    order = np.lexsort((pairs[:, 1], person))
    again = (np.diff(person[order]) == 0) & (np.diff(pairs[order, 1]) == 0)
    for mentee, mentor in pairs[order][1:][again].tolist():
        hold(False, f"mentee {mentee} has mentor {mentor}, whom the same person has in another row")
