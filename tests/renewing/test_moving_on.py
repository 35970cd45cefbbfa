"""Mentees who moved on a stage are asked to mentor; others, where the program wishes it, to mentor one day."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel.errors import DomainError
from programs.policy.models import Cycle, Interest
from programs.renewing.answering import come_again, mentor
from programs.renewing.links import link_for
from programs.renewing.models import Renewal
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.enrollment.test_waiting_pages import read
from tests.factories.staff import browser_of, make_staff
from tests.programs.answering import MENTOR as FORM
from tests.programs.answering import agree_to_all, answer_questions
from tests.renewing.making import IN_AUGUST, asked, asked_all, link_of, newer, path, place, running


@pytest.fixture
def anybody(sierra: Society) -> Client:
    return Client(headers={"host": sierra.host})


def moved_on(last: Cycle) -> Renewal:
    """Mentee0, a resident when they signed up, works now; Mentee1 is a resident still."""
    Person.objects.filter(given_name="Mentee0").update(stage="early career")
    return asked_all(last)


def mail_of(given: str) -> OutboxMail:
    return OutboxMail.objects.get(template="next_session", recipient__startswith=given.lower())


def test_a_mentee_who_moved_on_is_asked_to_mentor_and_signs_up_as_one(anybody: Client, sierra: Society) -> None:
    with running(mentees=2, at=IN_AUGUST) as last:
        renewal = moved_on(last)
        assert "I would like to mentor" not in mail_of("Mentee1").text
        link = link_of(mail_of("Mentee0"), "mentor", sierra)
        assert "whoever is where you were then could use somebody like you" in read(anybody, link)
        for _twice in range(2):
            noted = anybody.post(link, {"answer": "mentor"}, follow=True).content.decode()
            assert "The mentors’ form stands ready" in noted
        first = reverse("enrollment:who", args=[renewal.coming_id, "mentor"])
        assert f"{first}questions/" in noted
        client = browser_of(asked("Mentee0").person, sierra)
        came = answer_questions(client, first, {**FORM, "zip": "95814", "languages": ["English"]})
        assert {"aspects_offered", "places_offered"} <= set(came)
        assert "languages" not in came, "known from the last time"
        agree_to_all(client, f"{first}check/")
        there = place(renewal.coming, "Mentee0")
        assert (there.role, there.answers["stage"]) == ("mentor", "early career")
        staff = read(browser_of(make_staff(), sierra), reverse("next_session:answers", args=[last.pk]))
        assert "I would like to mentor 1" in staff


def test_whoever_has_not_moved_on_or_may_not_mentor_is_not_asked(anybody: Client, sierra: Society) -> None:
    with running(mentees=2, at=IN_AUGUST) as last:
        newer(last, lambda _document, part: part["eligible"].update(mentor="stage is retired"))
        moved_on(last)
        for given in ("Mentee0", "Mentee1"):
            assert "I would like to mentor" not in mail_of(given).text
            with pytest.raises(DomainError, match="Write to us"):
                mentor(asked=asked(given))


def test_staff_read_beforehand_how_many_are_asked_to_mentor(sierra: Society) -> None:
    with running(mentees=2, at=IN_AUGUST) as last:
        Person.objects.filter(given_name="Mentee0").update(stage="early career")
        text = read(browser_of(make_staff(), sierra), reverse("next_session:prepare", args=[last.pk]))
        assert "1 mentee has moved on in their career, and is asked to mentor too." in text


def test_where_mentors_come_by_invitation_having_been_asked_is_one(anybody: Client, sierra: Society) -> None:
    with running(at=IN_AUGUST) as last:
        newer(last, lambda _document, part: part.update(enter=dict.fromkeys(("mentor", "mentee"), "by invitation")))
        renewal = moved_on(last)
        first = reverse("enrollment:who", args=[renewal.coming_id, "mentor"])
        client = browser_of(asked("Mentee0").person, sierra)
        assert client.get(first).status_code == 404
        mentor(asked=asked("Mentee0"))
        assert client.get(first).status_code == 200


def test_where_the_program_wishes_it_mentees_are_asked_to_mentor_one_day(anybody: Client, sierra: Society) -> None:
    with running(mentees=2, at=IN_AUGUST) as last:
        newer(last, lambda _document, part: part["mentorship"]["ends"].update(pay_it_forward=True))
        asked_all(last)
        come_again(asked=asked("Mentee0"))
        page = path(link_for(asked("Mentee0")), sierra)
        assert "Would you like to give yours one day" in read(anybody, page)
        for _twice in range(2):
            anybody.post(page, {"one_day": "yes"})
        assert list(Interest.objects.values_list("email", "role")) == [("mentee0.vega@example.org", "mentor")]
        assert "you would like to be a mentor one day" in read(anybody, page)
        for _twice in range(2):
            anybody.post(page, {"one_day": "no"})
        assert not Interest.objects.exists()
        assert asked("Mentee0").answer == "again", "the answer stays"
        mentors = path(link_for(asked("Mentor0")), sierra)
        anybody.post(mentors, {"one_day": "yes"})
        assert not Interest.objects.exists(), "a mentor is not asked"


def test_a_program_that_does_not_wish_it_asks_nobody(anybody: Client, sierra: Society) -> None:
    with running(at=IN_AUGUST) as last:
        asked_all(last)
        come_again(asked=asked("Mentee0"))
        assert "one day" not in read(anybody, path(link_for(asked("Mentee0")), sierra))
