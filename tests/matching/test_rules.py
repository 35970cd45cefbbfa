"""Hard rules: each alone, on facts alone; unknown never forbids but is flagged."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from matching.criteria import Flag, Known, Scores
from matching.criteria.rules import SAME_PERSON
from programs.policy.words import STAGES
from tests.matching.people import matters, mentee, mentor, scores_of

ALONG, EMPLOYER, LANGUAGE, MODES = (
    "mentor_not_further_along",
    "same_employer",
    "no_common_language",
    "meeting_modes_clash",
)


def judged(rule: str, mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """What one rule says of a pair: allowed, forbidden or unsure."""
    scores = scores_of(mentee(**mine), mentor(**theirs), never=[rule])
    forbidden, flags = scores.forbidden_by(0, 0), scores.flags(0, 0)
    assert forbidden in ([], [rule])
    assert flags in ([], [Flag(rule, "cannot tell")])
    assert not (forbidden and flags)
    assert (scores.block(np.array([0]))[0, 0] == -1) == bool(forbidden)
    return "forbidden" if forbidden else "unsure" if flags else "allowed"


@pytest.mark.parametrize("mine", STAGES)
@pytest.mark.parametrize("theirs", STAGES)
def test_a_later_stage_is_further_along(mine: str, theirs: str) -> None:
    ahead = STAGES.index(theirs) - STAGES.index(mine)
    expected = "allowed" if ahead > 0 else "forbidden" if ahead < 0 else "unsure"
    assert judged(ALONG, {"stage": mine}, {"stage": theirs}) == expected


@pytest.mark.parametrize("stage", ["early career", None])
@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (date(2022, 6, 30), date(2021, 6, 30), "allowed"),
        (date(2022, 6, 30), date(2021, 7, 1), "forbidden"),
        (date(2022, 6, 30), date(2022, 6, 30), "forbidden"),
        (date(2022, 6, 30), date(2023, 6, 30), "forbidden"),
        (date(2021, 2, 28), date(2020, 2, 29), "forbidden"),
        (date(2022, 6, 30), None, "unsure"),
        (None, date(2021, 6, 30), "unsure"),
        (None, None, "unsure"),
    ],
)
def test_at_the_same_stage_a_year_of_training_decides(
    stage: str | None, mine: date | None, theirs: date | None, expected: str
) -> None:
    one, other = {"stage": stage, "training_completed_on": mine}, {"stage": stage, "training_completed_on": theirs}
    assert judged(ALONG, one, other) == expected


def test_the_stage_counts_before_the_dates() -> None:
    young, old = {"training_completed_on": date(2024, 1, 1)}, {"training_completed_on": date(1990, 1, 1)}
    assert judged(ALONG, {"stage": "fellow", **old}, {"stage": "early career", **young}) == "allowed"
    assert judged(ALONG, {"stage": "retired", **young}, {"stage": "late career", **old}) == "forbidden"


@pytest.mark.parametrize(
    ("theirs", "expected"), [(2019, "allowed"), (2020, "unsure"), (2021, "forbidden"), (2022, "forbidden")]
)
def test_a_year_alone_decides_only_where_every_day_of_it_would(theirs: int, expected: str) -> None:
    def year(number: int) -> dict[str, Any]:
        return {"training_completed_on": date(number, 1, 1), "training_completed_latest": date(number, 12, 31)}

    assert judged(ALONG, year(2021), year(theirs)) == expected


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("Health System A", "Health System A", "forbidden"),
        ("Health System A", " health  system a. ", "forbidden"),
        ("The Mercy Clinic", "Mercy Clinic", "forbidden"),
        ("Health System A", "Health System B", "allowed"),
        ("Health System A", "Private practice", "allowed"),
        ("Private practice", "private practice", "unsure"),
        ("University hospital", "University hospital", "unsure"),
        ("County clinic", "County clinic", "unsure"),
        ("University hospital", "County clinic", "allowed"),
        ("Retired", "Retired", "allowed"),
        ("Retired", None, "allowed"),
        ("Health System A", None, "unsure"),
        ("", "Health System A", "unsure"),
    ],
)
def test_same_employer_fires_on_names_not_on_kinds(mine: str | None, theirs: str | None, expected: str) -> None:
    assert judged(EMPLOYER, {"employer": mine}, {"employer": theirs}) == expected
    assert judged(EMPLOYER, {"employer": theirs}, {"employer": mine}) == expected


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (("English", "Hmong"), ("hmong",), "allowed"),
        (("English",), ("Spanish", "Hindi"), "forbidden"),
        ((), ("Spanish",), "unsure"),
        (("English",), (), "unsure"),
        ((), (), "unsure"),
    ],
)
def test_no_common_language(mine: tuple[str, ...], theirs: tuple[str, ...], expected: str) -> None:
    assert judged(LANGUAGE, {"languages": mine}, {"languages": theirs}) == expected


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("in person", "in person", "allowed"),
        ("in person", "virtual", "forbidden"),
        ("virtual", "in person", "forbidden"),
        ("either", "virtual", "allowed"),
        ("in person", None, "unsure"),
        (None, "virtual", "unsure"),
        (None, None, "unsure"),
        (None, "either", "allowed"),
    ],
)
def test_meeting_modes_clash(mine: str | None, theirs: str | None, expected: str) -> None:
    assert judged(MODES, {"meeting_mode": mine}, {"meeting_mode": theirs}) == expected


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("reporting_line", "reporting_lines"),
        ("blocked_by_either", "blocked"),
        ("ended_early_before", "ended_early"),
    ],
)
@pytest.mark.parametrize("named", [("E1", "M2"), ("M2", "E1")])
def test_listed_pairs_are_forbidden_whoever_was_named_first(rule: str, field: str, named: tuple[str, str]) -> None:
    known = Known(**{field: [named, ("E1", "stranger")]})  # type: ignore[arg-type]
    scores = Scores([mentee("E1"), mentee("E2")], [mentor("M1"), mentor("M2")], matters(never=[rule]), known)
    assert scores.block(np.arange(2)).tolist() == [[500_000, -1], [500_000, 500_000]]
    assert scores.forbidden_by(0, 1) == [rule]
    assert scores.block(np.array([1, 0, 0]), np.array([1, 1])).tolist() == [[500_000, 500_000], [-1, -1], [-1, -1]]
    without = Scores([mentee("E1")], [mentor("M2")], matters(), known)
    assert without.forbidden_by(0, 0) == []


def test_nobody_is_their_own_mentor() -> None:
    scores = scores_of(mentee("X"), mentor("X"))
    assert scores.forbidden_by(0, 0) == [SAME_PERSON]


def test_rules_add_up_and_are_counted() -> None:
    one = mentee(stage="resident", languages=("English",), meeting_mode="virtual")
    others = [
        mentor("M1", stage="pre-med", languages=("Hindi",), meeting_mode="in person"),
        mentor("M2", stage="retired", languages=("Hindi",), meeting_mode="either"),
        mentor("M3", stage="retired", languages=("English",), meeting_mode="either"),
    ]
    scores = Scores([one], others, matters(never=[ALONG, LANGUAGE, MODES]))
    assert scores.forbidden_by(0, 0) == [ALONG, LANGUAGE, MODES]
    assert scores.forbidden_counts(0) == {ALONG: 1, LANGUAGE: 2, MODES: 1}
    assert (scores.block(np.array([0]))[0] == -1).tolist() == [True, True, False]


def test_a_rule_that_only_flags_does_not_forbid() -> None:
    one, other = mentee(employer="Mercy"), mentor(employer="Mercy")
    scores = scores_of(one, other, flag=[EMPLOYER])
    assert scores.forbidden_by(0, 0) == []
    assert scores.flags(0, 0) == [Flag(EMPLOYER, "holds")]
