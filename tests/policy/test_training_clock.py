"""How long ago training was completed, counted on the day a session starts: exact to the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.policy.rules import decide, parse_rule
from tests.policy.people import person

ON = date(2027, 3, 1)


def answer(rule: str, *, on: date = ON, **said: Any) -> str:
    return decide(parse_rule(rule), person(**said), on).answer


@pytest.mark.parametrize(
    ("completed", "rule", "expected"),
    [
        (date(2025, 3, 2), "training.completed within 2 years", "yes"),
        (date(2025, 3, 1), "training.completed within 2 years", "yes"),  # the anniversary itself
        (date(2025, 2, 28), "training.completed within 2 years", "no"),
        (date(2027, 3, 1), "training.completed within 2 years", "yes"),  # completed that very day
        (date(2027, 3, 2), "training.completed within 2 years", "no"),  # not completed yet
        (date(2025, 3, 1), "training.completed not within 2 years", "no"),
        (date(2027, 3, 2), "training.completed not within 2 years", "yes"),
        (date(2019, 3, 1), "years_since_training at least 8", "yes"),
        (date(2019, 3, 2), "years_since_training at least 8", "no"),
        (date(2027, 3, 2), "years_since_training at least 0", "no"),
        (date(2027, 3, 1), "years_since_training at least 0", "yes"),
        (date(2021, 3, 2), "years_since_training at most 5", "yes"),
        (date(2021, 3, 1), "years_since_training at most 5", "no"),  # six years that day
        (date(2027, 3, 2), "years_since_training at most 5", "no"),
        (date(1960, 6, 30), "years_since_training at least 8", "yes"),
    ],
)
def test_the_day_before_the_day_and_the_day_after(completed: date, rule: str, expected: str) -> None:
    assert answer(rule, training_completed_on=completed) == expected


@pytest.mark.parametrize(
    ("completed", "on", "within", "at_least"),
    [
        (date(2024, 2, 29), date(2026, 2, 27), "yes", "no"),
        (date(2024, 2, 29), date(2026, 2, 28), "yes", "yes"),
        (date(2024, 2, 29), date(2026, 3, 1), "no", "yes"),
        (date(2026, 2, 28), date(2028, 2, 28), "yes", "yes"),
        (date(2026, 2, 28), date(2028, 2, 29), "no", "yes"),
    ],
)
def test_leap_days(completed: date, on: date, within: str, at_least: str) -> None:
    assert answer("training.completed within 2 years", on=on, training_completed_on=completed) == within
    assert answer("years_since_training at least 2", on=on, training_completed_on=completed) == at_least


@pytest.mark.parametrize(
    ("completed", "on", "expected"),
    [
        (date(2026, 8, 31), date(2027, 2, 28), "yes"),
        (date(2026, 8, 31), date(2027, 3, 1), "no"),
        (date(2026, 9, 1), date(2027, 3, 1), "yes"),
    ],
)
def test_months_that_are_too_short(completed: date, on: date, expected: str) -> None:
    assert answer("training.completed within 6 months", on=on, training_completed_on=completed) == expected


@pytest.mark.parametrize("stage", ["pre-med", "medical student", "resident", "fellow"])
@pytest.mark.parametrize(
    "rule", ["training.completed within 2 years", "years_since_training at least 8", "years_since_training at most 5"]
)
def test_who_is_still_in_training_has_not_completed_it(stage: str, rule: str) -> None:
    decision = decide(parse_rule(rule), person(stage=stage), ON)
    assert decision.answer == "no"
    assert str(decision.reasons[0].sentence) == f"Training is not completed yet: career stage is {stage}"


@pytest.mark.parametrize("stage", ["early career", "mid career", "late career", "retired", None])
def test_of_everybody_else_a_missing_date_is_not_known(stage: str | None) -> None:
    assert answer("training.completed within 2 years", stage=stage) == "unknown"
    assert answer("years_since_training at least 8", stage=stage) == "unknown"


def test_a_date_decides_whatever_the_stage_says() -> None:
    assert (
        answer("training.completed within 2 years", stage="resident", training_completed_on=date(2026, 6, 30)) == "yes"
    )


@pytest.mark.parametrize(
    ("earliest", "latest", "rule", "expected"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "training.completed within 2 years", "unknown"),
        (date(2025, 3, 1), date(2025, 3, 31), "training.completed within 2 years", "yes"),
        (date(2025, 2, 1), date(2025, 2, 28), "training.completed within 2 years", "no"),
        (date(2026, 1, 1), date(2026, 12, 31), "training.completed within 2 years", "yes"),
        (date(2027, 1, 1), date(2027, 12, 31), "training.completed within 2 years", "unknown"),
        (date(2020, 1, 1), date(2030, 12, 31), "training.completed within 2 years", "unknown"),
        (date(2028, 1, 1), date(2028, 12, 31), "training.completed within 2 years", "no"),
        (date(2018, 1, 1), date(2018, 12, 31), "years_since_training at least 8", "yes"),
        (date(2019, 1, 1), date(2019, 12, 31), "years_since_training at least 8", "unknown"),
        (date(2020, 1, 1), date(2030, 12, 31), "years_since_training at most 5", "unknown"),
    ],
)
def test_where_only_a_month_or_a_year_is_known(earliest: date, latest: date, rule: str, expected: str) -> None:
    assert answer(rule, training_completed_on=earliest, training_completed_latest=latest) == expected


@settings(deadline=None)  # the machine may be busy
@given(st.dates(date(1950, 1, 1), date(2040, 1, 1)), st.integers(0, 1000), st.integers(0, 60))
def test_a_span_is_known_only_if_all_its_days_agree(first: date, days: int, years: int) -> None:
    span = [first + timedelta(days=day) for day in range(days + 1)]
    for rule in (f"training.completed within {years} years", f"years_since_training at most {years}"):
        seen = {answer(rule, training_completed_on=day) for day in span}
        expected = seen.pop() if len(seen) == 1 else "unknown"
        assert answer(rule, training_completed_on=span[0], training_completed_latest=span[-1]) == expected


@settings(deadline=None)  # the machine may be busy
@given(st.dates(date(1950, 1, 1), ON), st.integers(1, 60))
def test_within_and_at_least_share_only_the_anniversary(completed: date, years: int) -> None:
    within = answer(f"training.completed within {years} years", training_completed_on=completed)
    at_least = answer(f"years_since_training at least {years}", training_completed_on=completed)
    at_most = answer(f"years_since_training at most {years - 1}", training_completed_on=completed)
    assert {within, at_least} == {"yes", "no"} or (within == at_least == "yes" and completed.month in (2, 3))
    assert at_most == ("no" if at_least == "yes" else "yes")


@pytest.mark.parametrize(
    ("rule", "said", "sentence"),
    [
        (
            "training.completed within 2 years",
            {"training_completed_on": date(2025, 7, 8)},
            "Completed training on July 8, 2025, within 2 years",
        ),
        (
            "training.completed within 2 years",
            {"training_completed_on": date(2024, 7, 8)},
            "Completed training on July 8, 2024, more than 2 years before March 1, 2027",
        ),
        (
            "training.completed not within 2 years",
            {"training_completed_on": date(2024, 7, 8)},
            "Completed training on July 8, 2024, more than 2 years before March 1, 2027",
        ),
        (
            "years_since_training at least 1",
            {"training_completed_on": date(2026, 7, 8)},
            "Completed training on July 8, 2026, less than 1 year before March 1, 2027",
        ),
        (
            "training.completed within 2 years",
            {"training_completed_on": date(2027, 6, 30)},
            "Training will be completed on June 30, 2027, after March 1, 2027",
        ),
        (
            "training.completed within 2 years",
            {"training_completed_on": date(2026, 6, 1), "training_completed_latest": date(2026, 6, 30)},
            "Completed training between June 1, 2026 and June 30, 2026, within 2 years",
        ),
        (
            "training.completed within 2 years",
            {"training_completed_on": date(2025, 1, 1), "training_completed_latest": date(2025, 12, 31)},
            "Training was completed between January 1, 2025 and December 31, 2025; the exact day decides",
        ),
        ("training.completed within 2 years", {}, "We don't know yet when you completed training"),
    ],
)
def test_what_the_clock_says(rule: str, said: dict[str, Any], sentence: str) -> None:
    [reason] = decide(parse_rule(rule), person(**said), ON).reasons
    assert str(reason.sentence) == sentence
