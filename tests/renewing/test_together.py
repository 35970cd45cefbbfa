"""Pairs who go on: each is asked alone, only a yes of both is told, and places, ceilings and suggestions know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.services import suggest_pairs
from programs.enrollment.ceiling import set_most_at_once
from programs.enrollment.models import Enrollment
from programs.mentorships import room
from programs.mentorships.content.writing import add_goal
from programs.mentorships.models import Goal, Mentorship, Participation
from programs.mentorships.services import Proposal, answer_yes, mentor_and_mentee, propose
from programs.mentorships.touch import asking
from programs.policy.models import Cycle
from programs.policy.services import change_state, move_dates
from programs.renewing import due, together
from programs.renewing.answering import ask_me_next_time, come_again, not_this_time, take_back
from programs.renewing.links import link_together
from programs.renewing.models import GoingOn, Renewal, Wish
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.enrollment.test_waiting_pages import read
from tests.factories.staff import browser_of, make_staff
from tests.renewing.making import (
    IN_AUGUST,
    MENTEE,
    MENTOR,
    asked,
    asked_all,
    fresh,
    mails,
    newer,
    next_of,
    path,
    place,
    running,
    when,
)


@pytest.fixture
def renewal(sierra: Society) -> Iterator[Renewal]:
    """Mentor0 and Mentee0 are a pair, Mentor1 and Mentee1 are not; all were asked in August."""
    with running(mentors=2, mentees=2, at=IN_AUGUST) as last:
        pair(last, "Mentor0", "Mentee0")
        yield asked_all(last)


@pytest.fixture
def anybody(sierra: Society) -> Client:
    return Client(headers={"host": sierra.host})


def pair(last: Cycle, mentor: str, mentee: str) -> Mentorship:
    """Two who said yes."""
    made = propose(cycle=last, proposal=Proposal(place(last, mentor), place(last, mentee), [], ["a"], ["b"]), by=None)
    for mine in mentor_and_mentee(made):
        answer_yes(participation=Participation.objects.get(pk=mine.pk))
    return made


def page_of(given: str, sierra: Society) -> str:
    return path(link_together(asked(given), Mentorship.objects.get(goes_on_from=None)), sierra)


def says(client: Client, given: str, wish: str, sierra: Society) -> str:
    reply = client.post(page_of(given, sierra), {"wish": wish}, follow=True)
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def after_the_wait() -> None:
    """What a worker does ten minutes after a yes, twice."""
    at = when(together.KIND)
    assert at is not None
    with clock.moved_to(at + timedelta(seconds=1)):
        for _twice in range(2):
            due.settle(str(Mentorship.objects.get(goes_on_from=None).pk))


def test_a_mail_asks_each_of_a_pair_and_opening_its_link_changes_nothing(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    mail = OutboxMail.objects.get(template="next_session", recipient__startswith="mentor0")
    assert "You and Dr. Mentee0 Vega: would you like to go on together?" in mail.text
    assert "go on together" not in OutboxMail.objects.get(recipient__startswith="mentor1", template="next_session").text
    assert "Go on with Dr. Mentee0 Vega?" in read(anybody, page_of("Mentor0", sierra))
    assert not Wish.objects.exists()
    assert asked("Mentor0").answer == ""


def test_both_wish_it_and_go_on_with_their_places_kept(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    for _twice in range(2):
        assert "Noted: you would like to go on together." in says(anybody, "Mentor0", "yes", sierra) + read(
            anybody, page_of("Mentor0", sierra)
        )
    after_the_wait()
    assert not GoingOn.objects.exists(), "one yes alone does nothing"
    says(anybody, "Mentee0", "yes", sierra)
    assert not GoingOn.objects.exists(), "and the second can still be taken back"
    after_the_wait()
    gone_on = GoingOn.objects.select_related("new__cycle").get()
    assert (gone_on.new.cycle, gone_on.new.state) == (renewal.coming, "active")
    mentor, mentee = mentor_and_mentee(gone_on.new)
    assert {mentor.enrollment.state, mentee.enrollment.state} == {"matched"}
    assert (mentor.enrollment.cycle, mentor.why, mentee.why) == (renewal.coming, ["a"], ["b"])
    assert mails("going_on_together") == ["mentee0", "mentor0"]
    asked_first = when(asking.KIND, str(gone_on.new_id))
    assert asked_first is not None
    assert asked_first.date() == renewal.coming.starts_on + timedelta(days=30), "not before the session starts"
    assert "You both wished to go on together, and so you do." in read(anybody, page_of("Mentee0", sierra))
    assert room.places_left(renewal.coming, [mentor.enrollment, mentee.enrollment]) == {
        mentor.enrollment_id: 0,
        mentee.enrollment_id: 0,
    }
    for given in ("Mentor1", "Mentee1"):
        come_again(asked=asked(given))
    coming = change_state(cycle=fresh(renewal.coming), to=Cycle.State.MATCHING, by=None)
    suggested = suggest_pairs(cycle=coming, by=None).pairs.values_list(
        "mentor__person__given_name", "mentee__person__given_name"
    )
    assert list(suggested) == [("Mentor1", "Mentee1")], "matching leaves them alone"
    text = read(browser_of(make_staff(), sierra), reverse("next_session:answers", args=[renewal.last_id]))
    assert "1 pair goes on together" in text
    assert "Mentor0 Vega · Mentee0 Vega" in text


def test_a_no_is_read_by_nobody(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    says(anybody, "Mentor0", "yes", sierra)
    before = read(anybody, page_of("Mentor0", sierra))
    assert "Nobody else learns this." in says(anybody, "Mentee0", "no", sierra)
    after_the_wait()
    assert read(anybody, page_of("Mentor0", sierra)) == before
    assert mails("going_on_together") == []
    staff = read(browser_of(make_staff(), sierra), reverse("next_session:answers", args=[renewal.last_id]))
    assert "together" not in staff
    wished = Entry.objects.filter(verb="next_session.wished")
    assert {str(entry.facts) for entry in wished} == {"{}"}, "the trail knows that something was said, and not what"
    says(anybody, "Mentee0", "undo", sierra)
    says(anybody, "Mentee0", "yes", sierra)
    after_the_wait()
    assert GoingOn.objects.exists(), "who thinks again can still say yes"


def test_a_yes_is_taken_back_before_it_is_settled_and_not_after(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    for given in ("Mentor0", "Mentee0"):
        says(anybody, given, "yes", sierra)
    says(anybody, "Mentee0", "undo", sierra)
    after_the_wait()
    assert not GoingOn.objects.exists()
    says(anybody, "Mentee0", "yes", sierra)
    after_the_wait()
    with pytest.raises(DomainError, match="and you do"):
        together.wish(asked=asked("Mentee0"), mentorship=GoingOn.objects.get().old, yes=None)
    with pytest.raises(DomainError, match="You have been matched"):
        take_back(asked=asked("Mentee0"))
    assert asked("Mentee0").answer == "again"


@pytest.mark.parametrize("instead", [not_this_time, ask_me_next_time, take_back])
def test_the_last_word_counts_so_who_does_not_come_again_goes_on_with_nobody(
    renewal: Renewal, anybody: Client, sierra: Society, instead: Callable[..., object]
) -> None:
    for given in ("Mentor0", "Mentee0"):
        says(anybody, given, "yes", sierra)
    instead(asked=asked("Mentee0"))
    assert [wish.asked.person.given_name for wish in Wish.objects.all()] == ["Mentor0"]
    assert "Go on with Dr. Mentor0 Vega?" in read(anybody, page_of("Mentee0", sierra)), "it is asked anew"
    after_the_wait()
    come_again(asked=asked("Mentee0"))
    after_the_wait()
    assert not GoingOn.objects.exists(), "coming again says nothing of going on with somebody"
    says(anybody, "Mentee0", "yes", sierra)
    after_the_wait()
    assert GoingOn.objects.exists()


def test_whom_the_rules_refuse_waits_for_staff(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    for given in ("Mentor0", "Mentee0"):
        says(anybody, given, "yes", sierra)
    there = Enrollment.objects.get(cycle=renewal.coming, role=MENTEE)
    Enrollment.objects.filter(pk=there.pk).update(state="not_eligible")
    after_the_wait()
    assert not GoingOn.objects.exists()
    staff = read(browser_of(make_staff(), sierra), reverse("next_session:answers", args=[renewal.last_id]))
    assert "Both wish it, and it follows once both are signed up, can take part and have a place" in staff
    Enrollment.objects.filter(pk=there.pk).update(state="eligible")
    after_the_wait()
    assert GoingOn.objects.exists()


def test_two_mentorships_of_one_pair_count_once_in_a_ceiling(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    mentor = asked("Mentor0").person
    set_most_at_once(person=mentor, most=1, by=mentor)
    for given in ("Mentor0", "Mentee0"):
        says(anybody, given, "yes", sierra)
    after_the_wait()
    assert GoingOn.objects.exists(), "who has one mentee, and wishes for no more than one, may keep that one"
    set_most_at_once(person=mentor, most=2, by=mentor)
    there = Enrollment.objects.select_related("person", "cycle__version").get(cycle=renewal.coming, role=MENTOR)
    assert room.left_of_ceiling(there) == 1


def test_the_old_mentorship_ends_on_the_day_on_which_the_new_session_starts(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    for given in ("Mentor0", "Mentee0"):
        says(anybody, given, "yes", sierra)
    after_the_wait()
    old = GoingOn.objects.get().old
    add_goal(participation=old.participations.all()[0], text="Write it up")
    move_dates(cycle=renewal.coming, by=None, starts_on=renewal.coming.starts_on + timedelta(days=7))
    at = when(together.HAND_OVER)
    assert at is not None
    with clock.moved_to(at + timedelta(minutes=1)):
        due.hand_over(str(old.pk))
        old.refresh_from_db()
        assert old.state == "active", "the day was moved on"
    at = when(together.HAND_OVER)
    assert at is not None
    with clock.moved_to(at + timedelta(minutes=1)):
        for _twice in range(2):
            due.hand_over(str(old.pk))
    old.refresh_from_db()
    assert old.state == "ended"
    assert set(old.participations.values_list("enrollment__state", flat=True)) == {"finished"}
    assert GoingOn.objects.get().new.state == "active"
    assert Goal.objects.get().mentorship == GoingOn.objects.get().new, "what the two wrote goes on with them"


def test_a_program_in_which_nobody_goes_on_does_not_ask(sierra: Society) -> None:
    with running(at=IN_AUGUST) as last:
        pair(last, "Mentor0", "Mentee0")
        newer(last, lambda _document, part: part["mentorship"]["ends"].update(continue_if_both_wish=False))
        asked_all(last)
        assert "go on together" not in OutboxMail.objects.filter(template="next_session")[0].text


def test_staff_read_beforehand_how_many_pairs_are_asked(sierra: Society) -> None:
    with running(at=IN_AUGUST) as last:
        pair(last, "Mentor0", "Mentee0")
        manager = browser_of(make_staff(), sierra)
        address = reverse("next_session:prepare", args=[last.pk])
        text = read(manager, address)
        assert "1 pair is asked whether they would like to go on together" in text
        assert "What Mentee0 Vega reads" in text
        assert "You and Dr. Mentor0 Vega: would you like to go on together?" in text
        next_of(last, write=False)
        answers = reverse("next_session:answers", args=[last.pk])
        assert "1 pair is asked" in read(manager, answers)


def test_no_wish_without_a_pair(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    theirs = path(link_together(asked("Mentor1"), Mentorship.objects.get()), sierra)
    assert anybody.post(theirs, {"wish": "yes"}).status_code == 302
    assert not Wish.objects.exists()
    Person.objects.filter(given_name="Mentor0").update(stage="retired")
    Mentorship.objects.update(state="ended", ended_on=clock.today())
    assert anybody.get(page_of("Mentor0", sierra)).status_code == 302
