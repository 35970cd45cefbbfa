"""Lengths, days, distances and rhythms: read as people write them, exact at the edges of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.policy.lengths import Before, Distance, Length, Rhythm, YearDay

LENGTHS = st.builds(Length, st.integers(0, 90), st.sampled_from(["day", "week", "month", "year"]))
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("day", "length", "later"),
    [
        (date(2025, 3, 1), "2 years", date(2027, 3, 1)),
        (date(2024, 2, 29), "1 year", date(2025, 2, 28)),
        (date(2024, 2, 29), "4 years", date(2028, 2, 29)),
        (date(2023, 2, 28), "1 year", date(2024, 2, 28)),
        (date(2026, 8, 31), "6 months", date(2027, 2, 28)),
        (date(2027, 1, 31), "1 month", date(2027, 2, 28)),
        (date(2026, 12, 31), "1 day", date(2027, 1, 1)),
        (date(2027, 3, 1), "19 weeks", date(2027, 7, 12)),
        (date(9999, 12, 31), "1 day", date.max),
        (date(9999, 6, 1), "7 months", date.max),
    ],
)
def test_a_length_after_a_day(day: date, length: str, later: date) -> None:
    assert Length.parse(length).after(day) == later


@pytest.mark.parametrize(
    ("day", "length", "earlier"),
    [
        (date(2027, 3, 1), "8 weeks before", date(2027, 1, 4)),
        (date(2027, 3, 31), "1 month before", date(2027, 2, 28)),
        (date(2028, 2, 29), "1 year before", date(2027, 2, 28)),
        (date(1, 1, 2), "1 week before", date.min),
        (date(1, 1, 2), "1 month before", date.min),
    ],
)
def test_a_length_before_a_day(day: date, length: str, earlier: date) -> None:
    assert Before.parse(length).of(day) == earlier


@given(DAYS, LENGTHS)
def test_later_days_never_come_first(day: date, length: Length) -> None:
    assert day <= length.after(day) <= length.after(day + timedelta(days=1))
    assert length.before(day) <= day


@given(DAYS, st.integers(0, 90))
def test_a_year_is_twelve_months(day: date, years: int) -> None:
    assert Length(years, "year").after(day) == Length(years * 12, "month").after(day)


@given(LENGTHS)
def test_lengths_read_back(length: Length) -> None:
    assert Length.parse(str(length)) == length


@pytest.mark.parametrize(
    "text", ["5", "months", "5 moons", "-1 week", "1.5 weeks", "", None, 5, ["5 weeks"], "101 years"]
)
def test_what_is_no_length_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"is not a length of time\. Write it like|is longer than 100 years"):
        Length.parse(text)


def test_before_needs_its_word() -> None:
    with pytest.raises(ValueError, match="like “8 weeks before”"):
        Before.parse("8 weeks")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("February", YearDay(2, 1)),
        ("mid-February", YearDay(2, 15)),
        ("Mid-september", YearDay(9, 15)),
        ("March 1", YearDay(3, 1)),
        ("December 31", YearDay(12, 31)),
    ],
)
def test_a_day_of_the_year(text: str, day: YearDay) -> None:
    assert YearDay.parse(text) == day
    assert YearDay.parse(str(day)) == day


@pytest.mark.parametrize(
    "text", ["Febuary", "mid-March 3", "2027-03-01", "", None, 3, "February 29", "April 31", "May 0"]
)
def test_what_is_no_day_of_the_year_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"is not a day of the year|does not come every year"):
        YearDay.parse(text)


def test_the_next_start_is_always_later() -> None:
    day = YearDay(2, 15)
    assert day.next_after(date(2027, 2, 14)) == date(2027, 2, 15)
    assert day.next_after(date(2027, 2, 15)) == date(2028, 2, 15)


@pytest.mark.parametrize(
    ("text", "miles"),
    [("12 mi", 12.0), ("12mi", 12.0), ("7.5 miles", 7.5), ("20 km", 12.427424), ("1 kilometer", 0.621371)],
)
def test_distances_in_miles_or_kilometers(text: str, miles: float) -> None:
    distance = Distance.parse(text)
    assert distance.miles == pytest.approx(miles, abs=1e-6)
    assert Distance.parse(str(distance)) == distance


@pytest.mark.parametrize("text", ["12", "12 m", "0 mi", "-3 km", "far", None, 12])
def test_what_is_no_distance_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="Write it like “12 mi” or “20 km”"):
        Distance.parse(text)


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("monthly", Rhythm(1, 1, "month")),
        ("every month", Rhythm(1, 1, "month")),
        ("every 2 weeks", Rhythm(2, 2, "week")),
        ("every 1 to 2 months", Rhythm(1, 2, "month")),
        ("quarterly", Rhythm(3, 3, "month")),
        ("every day", Rhythm(1, 1, "day")),
    ],
)
def test_a_rhythm(text: str, rhythm: Rhythm) -> None:
    assert Rhythm.parse(text) == rhythm
    assert Rhythm.parse(str(rhythm)) == rhythm


@pytest.mark.parametrize("text", ["often", "every 0 weeks", "every 3 to 2 weeks", "", None, 3])
def test_what_is_no_rhythm_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="is not how often"):
        Rhythm.parse(text)
