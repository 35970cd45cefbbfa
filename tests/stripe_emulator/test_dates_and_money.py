"""Ends of periods and shares of amounts: the arithmetic that everything rests on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator.dates import after, next_after
from stripe_emulator.money import percent, share, written


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("anchor", "interval", "count", "end"),
    [
        ("2026-01-31T09:30", "month", 1, "2026-02-28T09:30"),
        ("2028-01-31T09:30", "month", 1, "2028-02-29T09:30"),
        ("2026-01-31T09:30", "month", 3, "2026-04-30T09:30"),
        ("2028-02-29T00:00", "year", 1, "2029-02-28T00:00"),
        ("2026-12-15T00:00", "month", 1, "2027-01-15T00:00"),
        ("2026-12-15T00:00", "week", 2, "2026-12-29T00:00"),
        ("2026-12-31T00:00", "day", 1, "2027-01-01T00:00"),
    ],
)
def test_a_period_ends_on_its_day_or_on_the_months_last(anchor: str, interval: str, count: int, end: str) -> None:
    assert after(at(anchor), interval, count) == at(end)


def test_the_31st_comes_back_after_a_short_month() -> None:
    anchor = at("2026-01-31T00:00")
    ends, moment = [], anchor
    for _ in range(4):
        moment = next_after(anchor, "month", 1, moment)
        ends.append(datetime.fromtimestamp(moment, UTC).day)
    assert ends == [28, 31, 30, 31]


@settings(max_examples=40)
@given(
    anchor=st.integers(1_600_000_000, 2_000_000_000),
    later=st.integers(0, 300_000_000),
    interval=st.sampled_from(["day", "week", "month", "year"]),
    count=st.integers(1, 3),
)
def test_the_next_end_is_the_first_one_after_the_moment(anchor: int, later: int, interval: str, count: int) -> None:
    moment = anchor + later
    end = next_after(anchor, interval, count, moment)
    assert end > moment
    steps = 1
    while after(anchor, interval, count * steps) <= moment:
        steps += 1
    assert end == after(anchor, interval, count * steps)


@pytest.mark.parametrize(
    ("amount", "part", "whole", "expected"), [(5, 1, 2, 3), (-5, 1, 2, -3), (100, 1, 3, 33), (7, 0, 9, 0)]
)
def test_a_share_is_rounded_to_the_nearest_cent_and_half_of_one_away_from_nothing(
    amount: int, part: int, whole: int, expected: int
) -> None:
    assert share(amount, part, whole) == expected


def test_amounts_are_written_and_taken_parts_of() -> None:
    assert (percent(9_999, 12.5), written(-1_250_05, "usd"), written(99, "eur")) == (1_250, "-$1,250.05", "€0.99")
