"""Pages of a mentorship that goes on: links change nothing by being opened, and each button has a way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment.models import Enrollment
from programs.mentorships import leaving
from programs.mentorships.circles import Place, introduce_group, others_in
from programs.mentorships.leaving import Case
from programs.mentorships.links import link_for
from programs.mentorships.models import Meeting, Mentorship, Participation, Word
from programs.mentorships.room import given
from programs.mentorships.selectors import mentorships_of
from programs.mentorships.services import mentor_and_mentee
from programs.mentorships.touch.asking import ask_if_due
from programs.mentorships.touch.links import word_link
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.design.words import found
from tests.desk.making import small_cycle
from tests.desk.test_groups import cycle_of
from tests.factories.staff import browser_of
from tests.mentorships.making import asked_first, proposed

Visitor = Callable[[str], Client]
Said = Word.Said


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def text(reply: object) -> str:
    words: str = reply.content.decode()  # type: ignore[attr-defined]
    return " ".join(words.split())


@pytest.mark.parametrize("said", Said)
def test_an_answer_of_a_mail_is_given_by_its_button_and_taken_back_by_undo(
    sierra: Society, visitor: Visitor, said: Word.Said
) -> None:
    _mentor, mentee = proposed("nobody")
    link, browser = path(word_link(mentee, said)), visitor(sierra.host)
    for method in ("get", "head"):
        opened = getattr(browser, method)(link)
        assert opened.status_code == 200
        assert not Word.objects.exists()
    assert "Have you two met since" in text(browser.get(link))
    for _twice in range(2):
        noted = text(browser.post(link, {"on": clock.today(sierra.zone).isoformat()}, follow=True))
    assert "Noted" in noted
    assert list(Word.objects.values_list("said", "person_id")) == [(said, mentee.person_id)]
    assert "Noted" in text(browser.get(link)), "opened again it tells what was said"
    undone = text(browser.post(f"{link}undo/", follow=True))
    assert "Noted" not in undone
    assert (Word.objects.count(), Meeting.objects.count()) == (0, 0)


def test_a_wrong_day_is_said_at_its_field(sierra: Society, visitor: Visitor) -> None:
    _mentor, mentee = proposed("nobody")
    tomorrow = clock.today(sierra.zone) + timedelta(days=1)
    reply = visitor(sierra.host).post(path(word_link(mentee, Said.MET)), {"on": tomorrow.isoformat()})
    assert reply.status_code == 422
    assert "still to come" in text(reply)
    assert visitor(sierra.host).post(path(word_link(mentee, Said.MET)), {"on": "soon"}).status_code == 422


def test_a_link_is_for_one_person_one_answer_and_its_session(sierra: Society, visitor: Visitor) -> None:
    mentor, mentee = proposed("nobody")
    link = path(word_link(mentor, Said.MET))
    assert visitor(sierra.host).get(link[:-3] + "xx/").status_code == 404
    assert visitor(sierra.host.replace("sierra", "northstar")).get(link).status_code == 404
    by_mail = path(link_for(mentor)).rstrip("/").rpartition("/")[2]
    assert visitor(sierra.host).get(f"/mentorships/word/{by_mail}/").status_code == 404
    with clock.moved_by(mentor.mentorship.cycle.ends_on - clock.today() + timedelta(days=40)):
        assert visitor(sierra.host).get(link).status_code == 410
    leaving.end(participation=mentee, case=Case.UNSAID)
    over = visitor(sierra.host).get(link, follow=True)
    assert "This mentorship is over" in text(over)


def test_we_met_is_one_page_with_the_day_filled_in(sierra: Society, visitor: Visitor) -> None:
    mentor, mentee = proposed("nobody")
    today = clock.today(sierra.zone)
    browser = browser_of(mentee.person, sierra)
    where = reverse("mentorships:met", args=[mentee.mentorship_id])
    assert f'value="{today.isoformat()}"' in text(browser.get(where))
    answers = {"met_on": today.isoformat(), "mode": "virtual", "activity": "Lunch"}
    for _twice in range(2):
        page = text(browser.post(where, answers, follow=True))
    assert "Online · Lunch" in page.replace("online", "Online")
    assert "Take out" in page
    assert Meeting.objects.count() == 1
    other = visitor(sierra.host).get(path(link_for(mentor)))
    assert "Take out" not in text(other), "only who noted it takes it out"
    meeting = Meeting.objects.get()
    theirs = reverse("mentorships:not_met", args=[mentor.mentorship_id])
    browser_of(mentor.person, sierra).post(theirs, {"meeting": meeting.pk})
    assert Meeting.objects.exists()
    for _twice in range(2):
        browser.post(theirs, {"meeting": meeting.pk})
    assert (Meeting.objects.count(), Word.objects.count()) == (0, 0)


def test_home_says_when_they_meet_next(sierra: Society) -> None:
    _mentor, mentee = proposed("nobody")
    browser, day = browser_of(mentee.person, sierra), clock.today(sierra.zone) + timedelta(days=9)
    where = reverse("mentorships:met", args=[mentee.mentorship_id])
    browser.post(where, {"met_on": clock.today(sierra.zone).isoformat(), "next_on": day.isoformat()})
    said = f"you meet on {day:%B} {day.day}"
    assert said in text(browser.get("/"))
    with clock.moved_by(timedelta(days=10)):
        assert said not in text(browser.get("/"))


def test_a_pause_by_the_page_and_back(sierra: Society, visitor: Visitor) -> None:
    mentor, _mentee = proposed("nobody")
    link, browser = path(link_for(mentor)), visitor(sierra.host)
    until = clock.today(sierra.zone) + timedelta(days=30)
    assert browser.post(f"{link}pause/", {"until": "2001-01-01"}).status_code == 422
    page = text(browser.post(f"{link}pause/", {"until": until.isoformat()}, follow=True))
    assert f"You pause until {until:%B} {until.day}" in page
    assert "You pause until" not in text(browser.post(f"{link}back/", follow=True))
    assert [entry.verb for entry in Entry.objects.filter(verb__startswith="mentorship.").order_by("id")][-2:] == [
        "mentorship.paused",
        "mentorship.came_back",
    ]


def test_advice_goes_to_the_coordinator_and_the_other_side_never_hears_of_it(sierra: Society) -> None:
    mentor, mentee = proposed("nobody")
    browser, before = browser_of(mentee.person, sierra), OutboxMail.objects.count()
    where = reverse("mentorships:not_working", args=[mentee.mentorship_id])
    assert browser.post(where, {}).status_code == 422
    browser.post(where, {"what": "advice", "case": "fit", "words": "He talks of himself alone."})
    (mail,) = OutboxMail.objects.order_by("id")[before:]
    assert (mail.recipient, mail.reply_to) == (mentor.mentorship.cycle.program.contact, mentee.person.email)
    assert "He talks of himself alone." in mail.text
    assert Mentorship.objects.get().state == Mentorship.State.ACTIVE
    assert "himself" not in str(list(Entry.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize("case", [Case.TIME, Case.UNSAID])
def test_the_other_is_told_in_words_that_suit_the_case_and_both_can_be_matched_again(
    sierra: Society, case: Case
) -> None:
    mentor, mentee = proposed("nobody")
    before = OutboxMail.objects.count()
    where = reverse("mentorships:not_working", args=[mentee.mentorship_id])
    data = {"what": "end", "case": case.value, "words": "", "again": "on"}
    for _twice in range(2):
        page = text(browser_of(mentee.person, sierra).post(where, data, follow=True))
    assert "This mentorship is over" in page
    assert "you can be matched with somebody else" in page
    (mail,) = OutboxMail.objects.order_by("id")[before:]
    assert mail.recipient == mentor.person.email
    assert leaving.kind_words(case, mentee.person) in " ".join(mail.text.split())
    assert "Your place is free again" in mail.text
    said = [leaving.kind_words(each, mentee.person) for each in Case]
    assert len(set(said)) == len(Case)
    assert set(Enrollment.objects.values_list("state", flat=True)) == {Enrollment.State.ELIGIBLE}


def test_whoever_looks_for_nobody_else_pauses_and_their_words_reach_the_coordinator_alone(sierra: Society) -> None:
    mentor, mentee = proposed("nobody")
    leaving.end(participation=mentee, case=Case.TIME, words="My mother is ill.", again=False)
    states = dict(Enrollment.objects.values_list("role", "state"))
    assert states == {"mentor": Enrollment.State.ELIGIBLE, "mentee": Enrollment.State.PAUSED}
    for mail in OutboxMail.objects.all():
        assert ("mother" in mail.text) is (mail.recipient == mentor.mentorship.cycle.program.contact)
    assert "mother" not in Mentorship.objects.get().ended_because


def test_somebody_leaves_a_group_and_the_group_goes_on(sierra: Society) -> None:
    cycle = cycle_of("Peer circle", peer=4)
    people = list(cycle.enrollments.order_by("pk"))
    group = introduce_group(cycle=cycle, places=[Place(each) for each in people], by=None)
    places = list(group.participations.select_related("person", "enrollment", "mentorship").order_by("pk"))
    leaver, stays = places[0], places[1]
    for _twice in range(2):
        leaving.end(participation=leaver, case=Case.TIME)
    group.refresh_from_db()
    assert group.state == Mentorship.State.ACTIVE
    assert OutboxMail.objects.filter(template="mentorship_ended").count() == 3
    assert leaver.person not in [each.other for each in others_in(Participation.objects.get(pk=stays.pk))]
    assert given([leaver.enrollment, stays.enrollment]) == {stays.enrollment_id: 1}
    assert not mentorships_of(leaver.person).exists()
    page = browser_of(leaver.person, sierra).get(reverse("mentorships:detail", args=[group.pk]))
    assert "You have left this group" in text(page)
    page = browser_of(stays.person, sierra).get(reverse("mentorships:detail", args=[group.pk]))
    assert leaver.person.address_name not in text(page)
    with clock.moved_by(cycle.starts_on - clock.today() + timedelta(days=45)):
        ask_if_due(mentorship=group)
    asked = {mail.recipient for mail in OutboxMail.objects.filter(template="mentorship_question")}
    assert asked == {each.person.email for each in places[1:]}


def test_pages_speak_in_the_words_of_people(sierra: Society) -> None:
    mentor, _mentee = proposed("nobody")
    browser = browser_of(mentor.person, sierra)
    for name in ("detail", "met", "pause", "not_working"):
        page = text(browser.get(reverse(f"mentorships:{name}", args=[mentor.mentorship_id])))
        assert found(page.split("<main", 1)[1].split("</main>")[0]) == []


def test_whoever_has_not_agreed_does_so_first(sierra: Society) -> None:
    cycle = asked_first(small_cycle(mentors=1, mentees=1, agrees=False), "nobody")
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    mentor, _mentee = mentor_and_mentee(Mentorship.objects.get())
    for name in ("met", "pause", "not_working"):
        reply = browser_of(mentor.person, sierra).get(reverse(f"mentorships:{name}", args=[mentor.mentorship_id]))
        assert reply.headers["location"].endswith("/agree/")


def test_a_date_without_a_day_is_not_thanked_for_its_day(sierra: Society, visitor: Visitor) -> None:
    _mentor, mentee = proposed("nobody")
    link, browser = path(word_link(mentee, Said.DATE)), visitor(sierra.host)
    assert "after that day" not in text(browser.post(link, follow=True))
    browser.post(f"{link}undo/")
    day = clock.today(sierra.zone) + timedelta(days=1)
    assert "We ask after that day" in text(browser.post(link, {"on": day.isoformat()}, follow=True))


def test_a_day_to_come_is_refused_without_naming_what_the_page_does_not_have(sierra: Society, visitor: Visitor) -> None:
    _mentor, mentee = proposed("nobody")
    tomorrow = clock.today(sierra.zone) + timedelta(days=1)
    reply = visitor(sierra.host).post(f"{path(link_for(mentee))}met/", {"met_on": tomorrow.isoformat()})
    assert reply.status_code == 422
    assert "still to come" in text(reply)
    assert "we have a date" not in text(reply)


def test_who_ends_it_reads_beforehand_what_the_other_learns(sierra: Society, visitor: Visitor) -> None:
    mentor, mentee = proposed("nobody")
    page = text(visitor(sierra.host).get(f"{path(link_for(mentee))}not-working/"))
    assert "never reads your words" in page
    assert "Send it" in page
    assert "Go on" not in page, "which is what a pair does that does not end"
    assert "They suit the reason that you choose; with “I would rather not say” they give none." in page
    leaving.end(participation=mentee, case=Case.FIT, words="Between us")
    to_the_other = OutboxMail.objects.get(template="mentorship_ended", recipient=mentor.person.email)
    assert "look for different things" in to_the_other.text
    assert "Between us" not in to_the_other.text
    to_staff = OutboxMail.objects.get(template="mentorship_talk_to_us")
    assert "has ended a mentorship" in to_staff.subject
    assert "would like to talk" not in to_staff.text
