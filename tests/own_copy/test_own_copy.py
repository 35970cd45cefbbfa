"""Everything that is kept of somebody, for them alone."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from chiron.kernel import clock
from programs.agreements.models import Agreed
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Meeting, Mentorship, Participation
from programs.mentorships.services import answer_yes
from tenants.models import Society
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import Both, proposed


@pytest.fixture
def introduced(sierra: Society) -> Both:
    mentor, mentee = proposed("both")
    for place, heritage in ((mentor, "Hmong"), (mentee, "Samoan")):
        answers = place.enrollment.answers | {"heritage": heritage, "goals": [f"The goal of the {place.role}"]}
        Enrollment.objects.filter(pk=place.enrollment_id).update(answers=answers)
        answer_yes(participation=place)
    Meeting.objects.create(
        mentorship=mentor.mentorship, met_on=date(2027, 3, 9), activity="Lunch", noted_at=clock.now()
    )
    Agreed.objects.create(
        person=mentee.person,
        program=mentee.mentorship.cycle.program,
        session="Spring",
        role=mentee.role,
        name="conduct",
        title="Respect",
        text="We bring tea.",
        version=1,
        kind="agreement",
        digest="0" * 64,
        how=Agreed.How.SIGN_UP,
        agreed_at=clock.now(),
    )
    return mentor, mentee


def read(place: Participation, society: Society, name: str = "own_copy:copy") -> str:
    return browser_of(place.person, society).get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["own_copy:copy", "own_copy:file"])
def test_everybody_reads_all_of_their_own_and_nothing_of_the_other(
    sierra: Society, introduced: Both, name: str
) -> None:
    mentor, mentee = introduced
    text = read(mentee, sierra, name)
    for own in (
        mentee.person.name, mentee.person.email, "The goal of the mentee", "Samoan",
        "We bring tea.", mentor.person.name, "March 9, 2027", "Lunch",
    ):  # fmt: skip
        assert own in text
    for foreign in ("Hmong", "The goal of the mentor", mentor.person.email):
        assert foreign not in text
    assert "We bring tea" not in read(mentor, sierra, name)


def test_who_was_never_introduced_is_told_of_no_mentorship(sierra: Society) -> None:
    mentor, mentee = proposed("mentor")
    assert mentor.person.name not in read(mentee, sierra)


def test_a_certificate_is_for_ones_own_mentorship_that_ran(sierra: Society, introduced: Both) -> None:
    mentor, mentee = introduced
    at = reverse("own_copy:certificate", args=[mentor.mentorship_id])
    mine = browser_of(mentor.person, sierra).get(at)
    assert (mine.status_code, mine["Content-Type"], mine.content[:5]) == (200, "application/pdf", b"%PDF-")
    stranger = browser_of(make_staff(), sierra)
    assert stranger.get(at).status_code == 404
    Mentorship.objects.update(state=Mentorship.State.PROPOSED, introduced_at=None)
    assert browser_of(mentee.person, sierra).get(at).status_code == 404
