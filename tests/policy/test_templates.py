"""The policies that ship: they load, they say what their sources say, and the rest is marked as ours."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from chiron.kernel.errors import DomainError
from programs.policy import templates
from programs.policy.document import Part, Policy
from programs.policy.document.library import Shelf, shipped
from programs.policy.rules import decide
from programs.policy.words import STAGES
from tests.policy.people import person

PROGRAMS = [
    "mentorship-in-medicine",
    "one-to-one-mentoring",
    "physician-to-physician",
    "physician-to-physician-pilot",
    "premed-mentorship",
    "primary-care",
]
ONE_TO_ONE = "One-to-one"


def points(part: Part) -> dict[str, int]:
    return {name: weight.points for name, weight in part.matching.weights.items()}


def answer(policy: Policy, role: str, part: str = ONE_TO_ONE, **said: Any) -> str:
    on = policy.first_cycle.starts if policy.first_cycle else date.max
    return decide(policy.part(part).eligible.get(role), person(role=role, **said), on).answer


def test_their_names() -> None:
    assert templates.names() == PROGRAMS
    with pytest.raises(DomainError, match="Did you mean “premed-mentorship”"):
        templates.load("premed-mentoring")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_template_is_complete(name: str) -> None:
    policy = templates.load(name)
    assert policy.source is not None
    assert policy.source.ours
    assert policy.first_cycle is not None
    for part in policy.parts:
        assert sum(points(part).values()) == 1000
        assert part.matching.aim == "most_pairs"
        assert part.agree
        assert part.intake
        assert part.surveys
        assert part.mentorship.prompts
        assert {"blocked_by_either"} <= set(part.matching.never)
        assert all(role.places.most <= 2 for role in part.roles.values())


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_stage_that_can_sign_up_finds_something_of_its_own(name: str) -> None:
    policy = templates.load(name)
    part = policy.parts[0]
    for stage in STAGES:
        if answer(policy, "mentee", part.name, stage=stage) == "no":
            continue
        assert any(prompt.for_ and prompt.is_for(role="mentee", stage=stage) for prompt in part.mentorship.prompts)
        assert any(activity.is_for(role="mentee", stage=stage) for activity in part.mentorship.activities)
        assert any(choice.is_for(role="mentee", stage=stage) for choice in policy.choices.aspects)
        assert list(part.questions("mentee", stage))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"membership_status": "active"}, "yes"),
        ({"membership_status": "retired", "stage": "retired"}, "yes"),
        ({"membership_status": "lapsed"}, "no"),
        ({"membership_status": "student"}, "no"),
        ({}, "unknown"),
    ],
)
def test_mentors_of_the_county_society_are_members(said: dict[str, Any], expected: str) -> None:
    policy = templates.load("mentorship-in-medicine")
    assert answer(policy, "mentor", **said) == expected
    assert answer(policy, "mentor", "Speed-mentoring evening", **said) == expected


@pytest.mark.parametrize(
    ("stage", "one_to_one", "evening"),
    [
        ("pre-med", "yes", "yes"),
        ("medical student", "yes", "yes"),
        ("resident", "yes", "no"),
        ("fellow", "yes", "no"),
        ("early career", "yes", "no"),
        ("mid career", "yes", "no"),
        ("late career", "no", "no"),
        ("retired", "no", "no"),
        (None, "unknown", "unknown"),
    ],
)
def test_mentees_of_the_county_society(stage: str | None, one_to_one: str, evening: str) -> None:
    policy = templates.load("mentorship-in-medicine")
    assert answer(policy, "mentee", stage=stage) == one_to_one
    assert answer(policy, "mentee", "Speed-mentoring evening", stage=stage) == evening


def test_the_county_society() -> None:
    policy = templates.load("mentorship-in-medicine")
    part, evening = policy.parts
    assert [str(day) for day in policy.calendar.starts] == ["February 15", "September 15"]
    assert str(policy.calendar.runs_for) == "5 months"
    assert points(part) == {
        "shared_interests": 300,
        "near_each_other": 250,
        "aspects_covered": 250,
        "specialty": 150,
        "free_at_the_same_time": 50,
    }
    assert str(part.mentorship.meetings.at_least) == "monthly"
    assert "same_employer" not in part.matching.never
    assert evening.evening is not None
    assert (evening.evening.rounds, evening.evening.minutes, evening.evening.change) == (6, 8, 2)
    assert len(evening.evening.breaks) == 1
    asked = {question.ask for each in policy.parts for questions in each.intake.values() for question in questions}
    assert not asked & {"identity_if_i_wish", "preferences"}
    assert policy.interest is not None
    assert "retired" in policy.interest.open_to


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"stage": "mid career", "attests": True}, "yes"),
        ({"stage": "resident", "attests": True}, "yes"),
        ({"stage": "mid career", "attests": False}, "no"),
        ({"stage": "mid career"}, "unknown"),
        ({"stage": "medical student", "attests": True}, "no"),
        ({"attests": True}, "unknown"),
    ],
)
def test_mentors_of_premed_students_attest_to_the_values(said: dict[str, Any], expected: str) -> None:
    policy = templates.load("premed-mentorship")
    assert answer(policy, "mentor", **said) == expected
    [values] = [agreement for agreement in policy.parts[0].agree if agreement.attests_values]
    assert values.by == ("mentor",)


def test_the_premed_program() -> None:
    policy = templates.load("premed-mentorship")
    part = policy.part(ONE_TO_ONE)
    assert (policy.calendar.rolling, str(policy.calendar.runs_for)) == (True, "12 months")
    assert len(policy.partners) == 2
    assert points(part) == {
        "aspects_covered": 400,
        "my_own_preference": 200,
        "shared_interests": 200,
        "free_at_the_same_time": 200,
    }
    assert part.matching.by == ("hand", "solver")
    assert str(part.matching.offer_waits) == "7 days"
    assert part.mentorship.meetings.at_least is None
    assert str(part.mentorship.meetings.ideal) == "every 1 to 2 months"
    assert part.mentorship.keeping_in_touch == ("question to both",)
    assert [(survey.wave, str(survey.after)) for survey in part.surveys] == [
        ("midpoint", "6 months"),
        ("end", "12 months"),
    ]
    assert answer(policy, "mentee", stage="pre-med") == "yes"
    assert answer(policy, "mentee", stage="resident") == "no"


GRADUATE = {"membership_status": "active", "stage": "early career", "training_state": "MA", "zip": "01970"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"training_completed_on": date(2025, 3, 1)}, "yes"),
        ({"training_completed_on": date(2025, 2, 28)}, "no"),
        ({"training_completed_on": date(2026, 6, 30), "membership_status": None}, "unknown"),
        ({"training_completed_on": date(2026, 6, 30), "membership_status": "lapsed"}, "no"),
        ({"training_completed_on": date(2026, 6, 30), "training_state": "OH"}, "no"),
        ({"training_completed_on": date(2026, 6, 30), "zip": "55001"}, "no"),
        ({"training_completed_on": date(2026, 6, 30), "zip": None}, "unknown"),
        ({"training_completed_on": None}, "unknown"),
        ({"training_completed_on": None, "training_state": "OH"}, "no"),
    ],
)
def test_mentees_of_the_pilot(said: dict[str, Any], expected: str) -> None:
    assert answer(templates.load("physician-to-physician-pilot"), "mentee", **{**GRADUATE, **said}) == expected


def test_the_pilot() -> None:
    policy = templates.load("physician-to-physician-pilot")
    part = policy.part(ONE_TO_ONE)
    assert (part.cap.pairs, part.cap.beyond) == (24, "waitlist")
    assert (part.way_in("mentor"), part.way_in("mentee")) == ("invitation", "invitation")
    assert points(part) == {
        "lived_my_challenge": 270,
        "aspects_covered": 220,
        "near_each_other": 200,
        "specialty": 120,
        "shared_interests": 80,
        "my_own_preference": 60,
        "free_at_the_same_time": 50,
    }
    assert "same_employer" in part.matching.never
    assert part.matching.council is not None
    assert len(part.matching.council.seats) == 9
    assert policy.calendar.dates_from(date(2027, 3, 1)).ends == date(2027, 7, 12)
    assert policy.is_ours(ONE_TO_ONE, "matching", "weights")
    assert not policy.is_ours(ONE_TO_ONE, "cap", "pairs")
    assert not policy.is_ours(ONE_TO_ONE, "eligible", "mentee")


def test_primary_care() -> None:
    menu, group, circle = templates.load("primary-care").parts
    assert (menu.format, group.format, circle.format) == ("one_to_one", "group", "peer_circle")
    assert menu.roles["mentee"].mentors.most == 3, "several mentors at once, each for an aspect"
    assert menu.matching.by == ("directory", "solver")
    five = ("reciprocity", "mutual respect", "clear expectations", "personal connection", "shared values")
    assert {part.mentorship.check_in.asks for part in (menu, group, circle)} == {five}
    assert menu.mentorship.keeping_in_touch[0] == "words for the mentee"
    assert menu.mentorship.ends.pay_it_forward
    assert [survey.instrument for survey in menu.surveys if survey.to == ("mentor",)] == ["what mentors gained"]


@pytest.mark.parametrize("shelf", ["agreements", "prompts", "activities", "guidelines", "questions"])
def test_no_shipped_text_is_idle(shelf: Shelf) -> None:
    used: set[str | None] = set()
    for part in [part for template in PROGRAMS for part in templates.load(template).parts]:
        frame = part.mentorship
        used |= {agreement.name for agreement in part.agree}
        used |= {text.name for texts in (frame.prompts, frame.activities, frame.guidelines) for text in texts}
        used |= {question.ask for questions in part.intake.values() for question in questions}
    assert shipped(shelf).keys() <= used


def test_policies_need_no_django() -> None:
    program = (
        "import sys; from programs.policy import templates; from programs.policy.document import diff, dump_policy; "
        "from programs.policy.rules import decide; templates.load('premed-mentorship'); "
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
