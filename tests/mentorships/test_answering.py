"""From the question over the yes of both to the introduction; and what a no leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.due import remind
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.room import places_left
from programs.mentorships.selectors import declined, mentorships_of, unanswered
from programs.mentorships.services import Proposal, answer_no, answer_yes, mentor_and_mentee, propose
from programs.policy.models import Cycle
from tenants import context
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.desk.making import small_cycle, take_part
from tests.desk.test_publishing import together
from tests.mentorships.making import proposed

Answer = Participation.Answer


def mails() -> list[tuple[str, str]]:
    """Template and reader of every mail, in the order in which they were written."""
    return [(mail.template, mail.recipient_name) for mail in OutboxMail.objects.order_by("id")]


def names(mentor: Participation, mentee: Participation) -> tuple[str, str]:
    return mentor.person.name, mentee.person.name


def test_the_mentee_hears_after_the_mentor_s_yes_and_two_yes_introduce_them(sierra: Society) -> None:
    mentor, mentee = proposed()
    his, hers = names(mentor, mentee)
    assert mails() == [("mentorship_asked", his)]
    assert not mentorships_of(mentee.person).exists()
    answer_yes(participation=mentor)
    assert mails()[1:] == [("mentorship_asked", hers)]
    mentorship = answer_yes(participation=mentee)
    assert mentorship.state == Mentorship.State.ACTIVE
    assert sorted(mails()[2:]) == sorted([("mentorship_introduced", his), ("mentorship_introduced", hers)])
    to_mentee = OutboxMail.objects.get(template="mentorship_introduced", recipient=mentee.person.email)
    assert mentor.person.email in to_mentee.text
    assert "three sentences" in to_mentee.text


def test_saying_yes_twice_changes_nothing(sierra: Society) -> None:
    mentor, mentee = proposed()
    for place in (mentor, mentor, mentee, mentee, mentor):
        answer_yes(participation=place)
    assert len(mails()) == 4
    assert Mentorship.objects.get().state == Mentorship.State.ACTIVE


def test_the_mentee_never_hears_of_a_no_and_both_wait_again(sierra: Society) -> None:
    mentor, mentee = proposed()
    for _twice in range(2):
        answer_no(participation=mentor, reason="No time")
    assert mails() == [("mentorship_asked", mentor.person.name)]
    assert set(Enrollment.objects.values_list("state", flat=True)) == {Enrollment.State.ELIGIBLE}
    assert [place.decline_reason for place in mentor_and_mentee(declined(mentor.mentorship.cycle).get())] == [
        "No time",
        "",
    ]
    with pytest.raises(DomainError, match="no longer open"):
        answer_yes(participation=mentee)


def test_whoever_said_yes_learns_that_it_will_be_somebody_else_and_not_why(sierra: Society) -> None:
    mentor, mentee = proposed()
    answer_yes(participation=mentor)
    answer_no(participation=mentee, reason="He frightens me")
    told = OutboxMail.objects.get(template="mentorship_not_this_one")
    assert told.recipient == mentor.person.email
    assert "frightens" not in told.text + told.html


def test_a_yes_may_be_taken_back_until_the_other_said_yes(sierra: Society) -> None:
    mentor, mentee = proposed()
    answer_yes(participation=mentor)
    answer_no(participation=mentor)
    assert mails()[-1] == ("mentorship_not_this_one", mentee.person.name), "the mentee was asked, so is told"
    assert Mentorship.objects.get().state == Mentorship.State.DECLINED


def test_after_the_introduction_there_is_nothing_to_decline(sierra: Society) -> None:
    mentor, _mentee = proposed("nobody")
    with pytest.raises(DomainError, match="introduced already"):
        answer_no(participation=mentor)
    assert Mentorship.objects.get().state == Mentorship.State.ACTIVE


def test_where_nobody_is_asked_both_are_introduced_at_once(sierra: Society) -> None:
    proposed("nobody")
    assert [template for template, _reader in mails()] == ["mentorship_introduced"] * 2
    assert not OutboxMail.objects.filter(text__contains="both said yes").exists()


def test_both_can_be_asked_at_the_same_time(sierra: Society) -> None:
    mentor, mentee = proposed("both")
    assert sorted(mails()) == sorted(("mentorship_asked", name) for name in names(mentor, mentee))
    assert not OutboxMail.objects.filter(text__contains="would be glad").exists(), "neither has said so yet"
    answer_no(participation=mentor)
    assert mails()[-1] == ("mentorship_not_this_one", mentee.person.name)


def test_a_place_that_is_gone_is_noticed_at_the_moment_of_acceptance(sierra: Society) -> None:
    mentor, _mentee = proposed()
    cycle, enrollment = mentor.mentorship.cycle, mentor.enrollment
    late = take_part_now(cycle, "Late")
    other = propose(
        cycle=cycle,
        proposal=Proposal(mentor=enrollment, mentee=late, aspects=[], why_for_mentor=[], why_for_mentee=[]),
        by=None,
    )
    answer_yes(participation=mentor)
    with pytest.raises(DomainError, match="has no place left by now"):
        answer_yes(participation=mentor_and_mentee(other)[0])
    assert places_left(cycle, [enrollment]) == {enrollment.pk: 0}


def take_part_now(cycle: Cycle, given: str) -> Enrollment:
    """A mentee who joins a session that runs already."""

    state, cycle.state = cycle.state, Cycle.State.RECRUITING
    enrollment = take_part(cycle, Role.MENTEE, given)
    cycle.state = state
    return enrollment


def test_the_reminder_comes_once_two_days_before_and_only_if_the_answer_is_wanted(sierra: Society) -> None:
    mentor, _mentee = proposed()
    with context.platform():
        due = Due.objects.get(kind="mentorship.reminder")
        assert (mentor.mentorship.answer_by - due.due_at.astimezone(sierra.zone).date()).days == 2
        assert due.due_at.astimezone(sierra.zone).hour == 9
    remind(str(mentor.pk))
    assert mails()[-1] == ("mentorship_reminder", mentor.person.name)
    answer_yes(participation=mentor)
    before = len(mails())
    remind(str(mentor.pk))
    remind("01a20075-e3dc-7a3f-bbed-0c2b6a896c09")
    assert len(mails()) == before


def test_staff_see_whose_day_to_answer_is_over(sierra: Society) -> None:
    mentor, _mentee = proposed()
    last = mentor.mentorship.answer_by
    assert not unanswered(last).exists(), "the last day counts"
    assert list(unanswered(last + timedelta(days=1))) == [mentor]


def test_answers_are_counted_from_the_day_in_the_society_s_zone(sierra: Society) -> None:
    with clock.moved_to(clock.now().replace(hour=2)):  # still yesterday in California
        mentor, _mentee = proposed()
        assert (mentor.mentorship.answer_by - clock.today(sierra.zone)).days == 5


@pytest.mark.django_db(transaction=True)
def test_two_yes_at_the_same_moment_fill_one_place_once(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        cycle = small_cycle(mentors=1, mentees=2)
        mentor = cycle.enrollments.get(role=Role.MENTOR)
        offers = [
            propose(
                cycle=cycle,
                proposal=Proposal(mentor=mentor, mentee=mentee, aspects=[], why_for_mentor=[], why_for_mentee=[]),
                by=None,
            )
            for mentee in cycle.enrollments.filter(role=Role.MENTEE)
        ]
        places = [mentor_and_mentee(offer)[0] for offer in offers]
    refused = together(2, lambda number: answer_yes(participation=places[number]), sierra)
    assert sorted(error is None for error in refused) == [False, True]
    with context.society(sierra):
        assert Participation.objects.filter(enrollment=mentor, answer=Answer.YES).count() == 1
        assert OutboxMail.objects.filter(template="mentorship_asked").count() == 3, "two mentors' and one mentee's"


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_no_at_the_same_moment_leave_one_story(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        mentor, mentee = proposed()
        answer_yes(participation=mentor)
    works = [lambda: answer_no(participation=mentor), lambda: answer_yes(participation=mentee)]
    refused = together(2, lambda number: works[number](), sierra)
    assert sorted(error is None for error in refused) == [False, True]
    with context.society(sierra):
        state, templates = Mentorship.objects.get().state, [template for template, _reader in mails()]
        assert ("mentorship_introduced" in templates) is (state == Mentorship.State.ACTIVE)
        assert ("mentorship_not_this_one" in templates) is (state == Mentorship.State.DECLINED)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_says_yes_once(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        mentor, _mentee = proposed()
    assert together(2, lambda number: answer_yes(participation=mentor), sierra) == [None, None]
    with context.society(sierra):
        assert len(mails()) == 2
