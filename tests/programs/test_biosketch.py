"""What others read of somebody."""

from __future__ import annotations

import pytest

from chiron.kernel import clock
from programs.enrollment.biosketch import biosketch_of, drafted, is_checked
from tenants.people.models import Person

FULL = {
    "stage": "early career",
    "specialty": "Obstetrics & Gynecology",
    "interests": ["rural health", "telehealth", "writing"],
    "aspects": ["research"],
    "challenges": ["debt", "first job"],
    "languages": ["English", "Hmong"],
    "meeting_mode": "in person",
    "employer": "Kaiser",
    "zip": "95608",
    "goals": ["Sleep"],
    "heritage": "Hmong",
    "gender": "woman",
    "extra": {
        "who_sees": {"heritage": "match", "gender": "preference"},
        "reports_to": "Dr. Nobody",
        "npi": "1234567893",
    },
}


def test_a_mentor_reads_as_one() -> None:
    assert drafted(FULL, "mentor") == (
        "I am a physician in obstetrics & gynecology, early in my career. "
        "I am interested in rural health, telehealth and writing. I am glad to help with research. "
        "I have been through this myself: debt and first job. I speak English and Hmong. I like to meet in person. "
        "About me: Hmong."
    )


def test_a_mentee_does_not_tell_what_is_hard() -> None:
    said = drafted(FULL, "mentee")
    assert "I would like help with research." in said
    assert "debt" not in said


@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_what_is_for_staff_or_nobody_stands_in_no_draft(role: str) -> None:
    said = drafted(FULL, role)
    for secret in ("Kaiser", "95608", "Sleep", "Nobody", "woman", "1234567893"):
        assert secret not in said


def test_who_somebody_is_stays_with_them_unless_they_say_otherwise() -> None:
    for who in ({}, {"heritage": "figures"}, {"heritage": "preference"}):
        assert drafted({"heritage": "Hmong", "extra": {"who_sees": who}}, "mentee") == ""


def test_a_draft_of_nothing_is_empty_and_own_words_go_before_any() -> None:
    assert drafted({}, "mentor") == ""
    person = Person(given_name="Bo")
    assert (biosketch_of(person, FULL, "mentee").own, biosketch_of(person, {}, "mentee").text) == (False, "")
    person.biosketch = "Mine."
    written = biosketch_of(person, FULL, "mentee")
    assert (written.text, written.own) == ("Mine.", True)


def test_an_npi_is_checked_where_the_societys_list_has_the_same() -> None:
    person = Person(given_name="Bo", roster={"npi": "1234567893"})
    assert not is_checked(person, FULL), "not on the list"
    person.on_roster_since = clock.now()
    assert is_checked(person, FULL)
    assert not is_checked(person, {"extra": {}})
    person.roster = {"npi": "1234567000"}
    assert not is_checked(person, FULL)
