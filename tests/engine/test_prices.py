"""Prices say what people and places are worth: exactly what solving again with one more or one less finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import solve
from tests.engine.problems import Case, cases, examples


def value(case: Case) -> int:
    return solve(case.problem).certificate.value


@examples(26)
@given(cases(7, plain=True), st.data())
def test_a_mentor_s_price_is_what_one_more_place_adds(case: Case, data: st.DataObject) -> None:
    mentor = data.draw(st.integers(0, case.problem.shape[1] - 1))
    more = case.changed(capacity=case.problem.capacity + (np.arange(case.problem.shape[1]) == mentor))
    assert solve(case.problem).mentor_prices[mentor] == value(more) - value(case)


@examples(26)
@given(cases(7, plain=True), st.data())
def test_a_place_less_loses_at_least_the_price(case: Case, data: st.DataObject) -> None:
    some = np.flatnonzero(case.problem.capacity)
    assume(len(some))
    mentor = data.draw(st.sampled_from(some.tolist()))
    less = case.changed(capacity=case.problem.capacity - (np.arange(case.problem.shape[1]) == mentor))
    assert solve(case.problem).mentor_prices[mentor] <= value(case) - value(less)


@examples(26)
@given(cases(7, plain=True), st.integers(0, 5), st.data())
def test_a_mentee_s_price_is_what_would_be_lost_without_them(case: Case, cap: int, data: st.DataObject) -> None:
    case = case.changed(demand=np.minimum(case.problem.wanted, 1), max_pairs=cap or None)
    assume(case.problem.wanted.any())
    mentee = data.draw(st.sampled_from(np.flatnonzero(case.problem.wanted).tolist()))
    without = case.problem.wanted - (np.arange(case.problem.shape[0]) == mentee)
    result = solve(case.problem)
    assert result.mentee_duals[mentee] == value(case) - value(case.changed(demand=without))


@examples(26)
@given(cases(7, plain=True), st.integers(0, 6))
def test_the_cap_s_price_is_what_one_more_pair_adds(case: Case, cap: int) -> None:
    capped, wider = case.changed(max_pairs=cap), case.changed(max_pairs=cap + 1)
    assert solve(capped.problem).cap_price == value(wider) - value(capped)


@examples(26)
@given(cases(6), st.data())
def test_with_limits_around_it_a_place_adds_no_more_than_its_price(case: Case, data: st.DataObject) -> None:
    case = case.changed(min_load=None)
    mentor = data.draw(st.integers(0, case.problem.shape[1] - 1))
    more = case.changed(capacity=case.problem.capacity + (np.arange(case.problem.shape[1]) == mentor))
    result = solve(case.problem)
    around = [
        price
        for quota, price in zip(case.problem.quotas, result.quota_prices, strict=True)
        if quota.side == "mentor" and mentor in quota.members
    ]
    assert value(more) - value(case) <= result.mentor_prices[mentor] + sum(around) + result.cap_price


def test_a_place_that_must_be_filled_at_a_loss_has_a_price_below_zero() -> None:
    case = Case.of([[9, 2], [8, 1]], capacity=[2, 2])
    assert solve(case.problem).mentor_prices.tolist() == [0, 0]
    must = replace(case.problem, min_load=np.array([0, 1]))
    assert solve(must).pairs.tolist() == [[0, 1], [1, 0]] or solve(must).pairs.tolist() == [[0, 0], [1, 1]]
    assert solve(must).mentor_prices.tolist() == [0, -7]
