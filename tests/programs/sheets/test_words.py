"""How people write what we have one word for."""

from __future__ import annotations

import pytest

from programs.enrollment.importing.sheets import loose, words
from programs.enrollment.importing.sheets.faults import Noted
from programs.surveys.specialties import SPECIALTIES, usual_name


@pytest.mark.parametrize(
    ("phrase", "stage"),
    [
        ("Pre-med / undergraduate", "pre-med"),
        ("premed", "pre-med"),
        ("College student", "pre-med"),
        ("Med student", "medical student"),
        ("MS3", "medical student"),
        ("Medical school, 2nd year", "medical student"),
        ("PGY-2", "resident"),
        ("Resident", "resident"),
        ("Fellow", "fellow"),
        ("In practice, under 7 years", "early career"),
        ("In practice, 7-20 years", "mid career"),
        ("In practice, over 20 years", "late career"),
        ("20+ years", "late career"),
        ("< 5 yrs", "early career"),
        ("Early career", "early career"),
        ("Senior physician", "late career"),
        ("Retired", "retired"),
        ("Emeritus professor", "retired"),
    ],
)
def test_stages(phrase: str, stage: str) -> None:
    assert words.stage(phrase) == stage


def test_a_stage_that_could_be_two_is_noted() -> None:
    assert words.stage("Resident or fellow") == Noted("resident", "“Resident or fellow” was read as “resident”.")
    with pytest.raises(ValueError, match="“Astronaut” is not a stage of a career"):
        words.stage("Astronaut")


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("OB/GYN", "Obstetrics & Gynecology"),
        ("ob-gyn", "Obstetrics & Gynecology"),
        ("Obstetrics and Gynecology", "Obstetrics & Gynecology"),
        ("IM", "Internal Medicine"),
        ("em", "Emergency Medicine"),
        ("FM", "Family Medicine"),
        ("Peds", "Pediatrics"),
        ("PHYSICAL MEDICINE & REHABILITATION", "Physical Medicine & Rehabilitation"),
        ("Orthopedic  surgery", "Orthopaedic Surgery"),
        ("Heme/Onc", "Oncology"),
        ("Space Medicine", "Space Medicine"),
        ("SPACE MEDICINE", "Space Medicine"),
    ],
)
def test_specialties(phrase: str, name: str) -> None:
    assert usual_name(phrase) == name


def test_no_abbreviation_stands_for_two_specialties() -> None:
    others = [other for name, others in SPECIALTIES.items() for other in (name.casefold(), *others)]
    assert len(others) == len(set(others))


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Allison Brown, MD", ("Allison", "Brown")),
        ("Dr. Allison Brown", ("Allison", "Brown")),
        ("Brown, Allison", ("Allison", "Brown")),
        ("Allison Brown MD PhD", ("Allison", "Brown")),
        ("Ludwig van Beethoven", ("Ludwig", "van Beethoven")),
        ("Linh Do", ("Linh", "Do")),
        ("LINH DO", ("LINH", "DO")),
        ("Mary Ann Cruz", ("Mary Ann", "Cruz")),
        ("Cher", ("Cher", "")),
    ],
)
def test_names(cell: str, names: tuple[str, str]) -> None:
    assert words.split_name(cell) == names


def test_a_family_name_that_looks_like_a_degree_stays() -> None:
    assert [words.without_titles(name) for name in ("Do", "Ma", "Soto; MD")] == ["Do", "Ma", "Soto"]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("2", 2), ("two", 2), ("Three", 3), ("", None), ("n/a", None), ("up to 2", Noted(2, "“up to 2” was read as 2."))],
)
def test_numbers(cell: str, number: int | Noted[int] | None) -> None:
    assert loose.number(cell) == number


@pytest.mark.parametrize("cell", ["2-3", "one or two", "many", "someone"])
def test_what_is_not_one_number_is_said_so(cell: str) -> None:
    with pytest.raises(ValueError, match="does not say one number"):
        loose.number(cell)


@pytest.mark.parametrize(
    ("cell", "mode"),
    [
        ("Either is fine", "either"),
        ("In person", "in person"),
        ("in-person only", "in person"),
        ("Face to face", "in person"),
        ("Online", "virtual"),
        ("Zoom", "virtual"),
        ("Zoom or in person", "either"),
        ("No preference", "either"),
    ],
)
def test_ways_to_meet(cell: str, mode: str) -> None:
    assert loose.meeting_mode(cell) == mode


@pytest.mark.parametrize(
    ("cell", "code"),
    [("95968-1234", "95968"), ("95968", "95968"), ("959681234", "95968"), ("95968.0", "95968"), ("TBD", None)],
)
def test_zip_codes(cell: str, code: str | None) -> None:
    assert loose.zip_code(cell) == code


def test_choices_come_in_the_words_of_our_vocabularies() -> None:
    assert loose.choices("Work-life balance, img pathway; LGBTQ Health\nmon evening, N/A") == (
        "work-life balance",
        "IMG pathway",
        "LGBTQ health",
        "Mon evening",
    )


@pytest.mark.parametrize(
    ("cell", "roles"),
    [
        ("I want a mentor", {"mentee"}),
        ("I would like to have a mentor", {"mentee"}),
        ("Looking for mentors", {"mentee"}),
        ("be matched with a mentor", {"mentee"}),
        ("I need mentoring", {"mentee"}),
        ("Protégé", {"mentee"}),
        ("Mentor", {"mentor"}),
        ("I would like to be a mentor", {"mentor"}),
        ("Happy to mentor", {"mentor"}),
        ("I like mentoring", {"mentor"}),
        ("I need a mentor and can mentor students", {"mentee", "mentor"}),
        ("Both", {"mentee", "mentor"}),
        ("Observer", set()),
    ],
)
def test_who_wants_a_mentor_is_none(cell: str, roles: set[str]) -> None:
    assert words.roles(cell) == roles


@pytest.mark.parametrize("phrase", ["4th year", "attending"])
def test_a_stage_that_could_be_any_is_said_so(phrase: str) -> None:
    with pytest.raises(ValueError, match="is not a stage of a career"):
        words.stage(phrase)


@pytest.mark.parametrize(
    ("cell", "called", "roles"),
    [
        ("Mentor and mentee", {"mentor": "Mentor", "mentee": "Mentee"}, ("mentor", "mentee")),
        ("I would like a mentor", {"mentor": "Mentor", "mentee": "Member of the group"}, ("mentee",)),
        ("Member of the group", {"mentor": "Mentor", "mentee": "Member of the group"}, ("mentee",)),
        ("Mentor seeker", {"mentor": "Mentor", "mentee": "Mentor seeker"}, ("mentee",)),
        ("Coach & Pupil", {"mentor": "Coach", "mentee": "Pupil"}, ("mentor", "mentee")),
        ("mentor", {"mentor": "Coach", "mentee": "Pupil"}, ("mentor",)),
        ("An elder", {"early": "Newcomer", "middle": "Bridge", "senior": "Elder"}, ("senior",)),
        ("mid-career", {"early": "Newcomer", "middle": "Bridge", "senior": "Elder"}, ("middle",)),
        ("senior or middle", {"early": "Early", "middle": "Middle", "senior": "Senior"}, ("middle", "senior")),
        ("mentor", {"peer": "Peer"}, ()),
        ("C++ (lead", {"mentor": "C++ (lead", "mentee": "Mentee"}, ("mentor",)),
    ],
)
def test_a_role_goes_by_the_name_that_the_session_gives_it(
    cell: str, called: dict[str, str], roles: tuple[str, ...]
) -> None:
    assert words.roles_of(cell, called) == roles
