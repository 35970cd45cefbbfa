"""What a result must look like before anything in it can be true."""

from __future__ import annotations

import numpy as np

from matching.engine.errors import CertificateError, ProblemError
from matching.engine.problem import Pin, Problem
from matching.engine.result import OBJECTIVES, VERSION, Certificate, Prices, Result
from matching.engine.scores import Ints

PRICE_LIMIT = 2**56
LARGEST = 2**61


def hold(condition: bool | np.bool_, otherwise: str) -> None:
    """Raise CertificateError with the rest of the sentence unless the condition holds."""
    if not condition:
        raise CertificateError(f"The result is not proven: {otherwise}.")


def check_form(result: Result, problem: Problem) -> None:
    """One price for each limit, and pairs of people who are there, nobody with one mentor twice."""
    _check_types(result, problem)
    hold(result.version == VERSION, f"it was written by version {result.version} of the engine, and this is {VERSION}")
    hold(result.objective in OBJECTIVES, f"there is no objective {result.objective!r}")
    for prices in (result.prices, *result.count_proofs):
        _check_prices(prices, problem)
    _check_pairs(result.pairs, problem)


def _check_types(result: Result, problem: Problem) -> None:
    """Whole numbers, and whole columns of them."""
    if not isinstance(problem, Problem):
        raise ProblemError(f"The problem must be a Problem, not {type(problem).__name__}.")
    hold(isinstance(result, Result), f"it must be a Result, not {type(result).__name__}")
    hold(isinstance(result.count_proofs, tuple), "the proofs of the number of pairs must be a tuple")
    hold(
        all(isinstance(proof, Prices) for proof in result.count_proofs), "a proof of the number of pairs has no prices"
    )
    hold(isinstance(result.certificate, Certificate), "there is no certificate")
    hold(isinstance(result.objective, str) and isinstance(result.seal, str), "objective and seal must be words")
    hold(isinstance(result.overrides, tuple), "the pins that break a hard rule must be a tuple")
    hold(all(isinstance(pin, Pin) for pin in result.overrides), "a pin that breaks a hard rule is no pin")
    for number in (result.version, result.total, result.seed, *vars(result.certificate).values()):
        hold(type(number) is int, f"{number!r} stands where a whole number is needed")
    numbers = [result.bonus] if result.worst_off is None else [result.bonus, result.worst_off]
    columns = [result.pairs]
    for prices in (result.prices, *result.count_proofs):
        numbers.append(prices.cap)
        columns += [prices.mentee, prices.mentor, prices.quota, prices.once]
    for number in numbers:
        hold(type(number) is int and abs(number) < LARGEST, f"{number!r} stands where a whole number is needed")
    for column in columns:
        plain = isinstance(column, np.ndarray) and not isinstance(column, np.ma.MaskedArray)
        hold(plain and column.dtype.kind == "i", "there must be columns of whole numbers")


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
