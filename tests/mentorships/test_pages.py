"""A mentorship's pages: opening changes nothing, buttons do, and only the two find them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chiron.kernel import clock
from programs.mentorships.links import link_for
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import mentorships_of
from programs.mentorships.services import answer_no, answer_yes, mentor_and_mentee
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import StaffRole
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import proposed

Visitor = Callable[[str], Client]


def rows() -> list[tuple[object, object]]:
    """Everything that an answer changes."""
    return [
        *Mentorship.objects.order_by("id").values_list("state", "answer_by"),
        *Participation.objects.order_by("id").values_list("answer", "answered_at"),
        *OutboxMail.objects.order_by("id").values_list("template", "recipient"),
    ]


def address(name: str, place: Participation) -> str:
    return reverse(f"mentorships:{name}", args=[place.mentorship_id])


def path(place: Participation) -> str:
    return "/" + link_for(place).split("/", 3)[3]


def test_the_link_of_a_mail_shows_the_offer_without_signing_in_and_changes_nothing(
    sierra: Society, visitor: Visitor
) -> None:
    mentor, mentee = proposed()
    link = path(mentor)
    assert link in OutboxMail.objects.get().text
    before = rows()
    for opened in (link, link + "not-this-one/"):
        for method in ("get", "head"):
            assert getattr(visitor(sierra.host), method)(opened).status_code == 200
    assert visitor(sierra.host).get(link + "yes/").status_code == 405
    page = visitor(sierra.host).get(link).content.decode()
    assert "A mentee for you" in page
    assert mentee.person.name in page
    assert mentee.person.email not in page
    assert rows() == before


def test_the_link_s_buttons_answer_without_scripts(sierra: Society, visitor: Visitor) -> None:
    mentor, mentee = proposed()
    browser = Client(headers={"host": sierra.host}, enforce_csrf_checks=True)
    assert browser.post(path(mentor) + "yes/").status_code == 403
    token = browser.get(path(mentor)).context["csrf_token"]
    said = browser.post(path(mentor) + "yes/", {"csrfmiddlewaretoken": str(token)}, follow=True).content.decode()
    assert "Noted: you said yes" in said
    assert "already has" in visitor(sierra.host).get(path(mentee)).content.decode()
    said = visitor(sierra.host).post(path(mentee) + "yes/", follow=True).content.decode()
    assert f"You and {mentor.person.address_name}" in said
    assert mentor.person.email in said
    assert "Three sentences to begin with" in said


def test_declining_asks_why_and_takes_no_answer_for_an_answer(sierra: Society, visitor: Visitor) -> None:
    mentor, _mentee = proposed()
    said = visitor(sierra.host).post(path(mentor) + "not-this-one/", {"why": "", "more": ""}, follow=True)
    assert said.status_code == 200, said.content
    assert "Noted. It will be somebody else" in said.content.decode()
    assert Mentorship.objects.get().state == Mentorship.State.DECLINED


def test_a_reason_is_kept_for_staff(sierra: Society, visitor: Visitor) -> None:
    mentor, mentee = proposed()
    answer_yes(participation=mentor)
    data = {"why": "I have no time just now", "more": "Autumn would do"}
    visitor(sierra.host).post(path(mentee) + "not-this-one/", data)
    mentee.refresh_from_db()
    assert mentee.decline_reason == "I have no time just now · Autumn would do"
    page = visitor(sierra.host).get(path(mentor)).content.decode()
    assert "It will be somebody else" in page
    assert "Autumn" not in page


def test_whoever_is_too_late_reads_a_sentence(sierra: Society, visitor: Visitor) -> None:
    mentor, mentee = proposed("both")
    answer_no(participation=mentor)
    late = visitor(sierra.host).post(path(mentee) + "yes/")
    assert late.status_code == 422
    assert "no longer open" in late.content.decode()


def test_a_link_ends_with_the_session_and_offers_the_way_on(sierra: Society, visitor: Visitor) -> None:
    mentor, _mentee = proposed()
    link, over = path(mentor), mentor.mentorship.cycle.ends_on + timedelta(days=32)
    with clock.moved_by(over - clock.today(sierra.zone)):
        reply = visitor(sierra.host).get(link)
    assert reply.status_code == 410
    assert "This link has expired" in reply.content.decode()


def test_a_link_is_for_one_society_and_one_purpose(sierra: Society, visitor: Visitor) -> None:
    link = path(proposed()[0])
    assert visitor(sierra.host).get(link[:-3] + "xx/").status_code == 404
    assert visitor(sierra.host.replace("sierra", "northstar")).get(link).status_code == 404


def test_only_the_two_find_the_page_and_the_mentee_only_once_asked(sierra: Society, visitor: Visitor) -> None:
    mentor, mentee = proposed()
    owner = make_staff(StaffRole.Kind.OWNER)
    for person, status in ((mentor.person, 200), (mentee.person, 404), (make_person(), 404), (owner, 404)):
        client = browser_of(person, sierra)
        assert client.get(address("detail", mentor)).status_code == status
        assert client.get(address("no", mentor)).status_code == status
        if status == 404:
            assert client.post(address("yes", mentor)).status_code == status
    stranger = visitor(sierra.host).get(address("detail", mentor))
    assert (stranger.status_code, "/sign-in/" in stranger.headers["location"]) == (302, True)
    assert Mentorship.objects.get().state == Mentorship.State.PROPOSED


def test_signed_in_people_answer_on_the_same_page(sierra: Society) -> None:
    mentor, mentee = proposed()
    for place in (mentor, mentee):
        reply = browser_of(place.person, sierra).post(address("yes", place), follow=True)
        assert reply.status_code == 200
    page = browser_of(mentor.person, sierra).get(address("detail", mentor)).content.decode()
    assert "Your mentee" in page
    assert "Listen first" in page
    assert "Three sentences to begin with" not in page


def test_a_page_without_a_biosketch_is_kind_about_it(sierra: Society) -> None:
    mentor, mentee = proposed()
    type(mentee.person).objects.filter(pk=mentee.person_id).update(biosketch="")
    type(mentee.enrollment).objects.filter(pk=mentee.enrollment_id).update(answers={})
    page = browser_of(mentor.person, sierra).get(address("detail", mentor)).content.decode()
    assert "has not written about themselves yet" in page


def test_who_wrote_nothing_is_told_of_by_their_answers_and_the_page_says_so(sierra: Society) -> None:
    mentor, mentee = proposed()
    assert "In their own words" in browser_of(mentor.person, sierra).get(address("detail", mentor)).content.decode()
    type(mentee.person).objects.filter(pk=mentee.person_id).update(biosketch="")
    answers = {"stage": "resident", "specialty": "Neurology", "challenges": ["debt"], "interests": ["writing"]}
    type(mentee.enrollment).objects.filter(pk=mentee.enrollment_id).update(answers=answers)
    page = browser_of(mentor.person, sierra).get(address("detail", mentor)).content.decode()
    assert "From their sign-up" in page
    assert "In their own words" not in page
    assert "I am a resident in neurology. I am interested in writing." in page
    assert "debt" not in page


def test_a_mark_says_that_the_society_knows_the_other(sierra: Society) -> None:
    mentor, mentee = proposed()
    people, sign_ups = type(mentee.person).objects, type(mentee.enrollment).objects
    sign_ups.filter(pk=mentee.enrollment_id).update(answers={"extra": {"npi": "1234567893"}})
    where = address("detail", mentor)
    assert "Known to the society" not in browser_of(mentor.person, sierra).get(where).content.decode()
    people.filter(pk=mentee.person_id).update(roster={"npi": "1234567893"}, on_roster_since=clock.now())
    page = browser_of(mentor.person, sierra).get(where).content.decode()
    assert "Known to the society" in page
    assert "1234567893" not in page


def test_the_home_page_s_list_asks_the_same_number_of_questions_for_any_number(
    sierra: Society, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mentor, _mentee = proposed()
    with django_assert_num_queries(2):
        (place,) = mentorships_of(mentor.person)
        assert [each.person.name for each in place.mentorship.participations.all()]
        assert place.mentorship.cycle.program.name
    assert mentor_and_mentee(place.mentorship)[0] == mentor


def test_a_no_before_the_other_was_asked_is_never_heard_of_and_the_page_says_so(
    sierra: Society, visitor: Visitor
) -> None:
    mentor, mentee = proposed()
    first = visitor(sierra.host).get(path(mentor) + "not-this-one/").content.decode()
    assert "has not been asked and never hears of it" in first
    answer_yes(participation=mentor)
    for asked in (mentor, mentee):
        page = visitor(sierra.host).get(path(asked) + "not-this-one/").content.decode()
        assert "is not told why" in page
        assert "never hears of it" not in page


def test_where_both_are_asked_nobody_is_said_to_come_second(sierra: Society, visitor: Visitor) -> None:
    for asked in proposed("both"):
        page = visitor(sierra.host).get(path(asked)).content.decode()
        assert "is asked at the same time" in page
        assert "Then " not in page


def test_a_no_after_the_introduction_leads_to_the_page_that_helps(sierra: Society, visitor: Visitor) -> None:
    mentor, _mentee = proposed("nobody")
    late = visitor(sierra.host).post(path(mentor) + "not-this-one/", {"why": "", "then": "another"})
    assert late.status_code == 422
    assert "say so on the page of your mentorship" in late.content.decode()
    assert "This isn’t working" in visitor(sierra.host).get(path(mentor)).content.decode()
