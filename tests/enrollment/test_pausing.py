"""Pausing and coming back, and taking a sign-up back in every state."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment import pausing
from programs.enrollment.due import ask_whether_back
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.pausing import come_back, pause
from programs.enrollment.services import withdraw
from programs.mentorships.models import Mentorship
from programs.mentorships.services import answer_no, mentor_and_mentee
from programs.policy.models import Cycle
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.desk.making import small_cycle
from tests.enrollment.making import capped, mentees, states
from tests.enrollment.test_waiting_pages import done, read
from tests.factories.staff import browser_of, make_staff

State = Enrollment.State


def paused(enrollment: Enrollment, until: date | None = None) -> Enrollment:
    (there,) = pause(person=enrollment.person, enrollments=[enrollment], until=until)
    return there


def back(enrollment: Enrollment) -> Enrollment:
    (there,) = come_back(person=enrollment.person, enrollments=[enrollment])
    return there


def in_days(count: int, society: Society) -> date:
    return clock.today(society.zone) + timedelta(days=count)


def questions() -> list[Due]:
    with context.platform():
        return list(Due.objects.filter(kind=pausing.KIND))


def test_whoever_pauses_is_left_out_of_suggestions_and_comes_back(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=2)
    first, second = cycle.enrollments.filter(role=Role.MENTEE).order_by("person__given_name")
    paused(first)
    assert [pair.mentee_id for pair in suggest_pairs(cycle=cycle, by=None).pairs.all()] == [second.pk]
    assert back(first).state == State.ELIGIBLE
    paused(second)
    assert [pair.mentee_id for pair in suggest_pairs(cycle=cycle, by=None).pairs.all()] == [first.pk]
    assert list(Entry.objects.filter(verb__contains="sign_up.").values_list("verb", flat=True))[-3:]
    assert come_back(person=first.person, enrollments=[first]) == [], "who is there comes back to nothing"


def test_a_draft_with_somebody_who_pauses_is_not_published(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=1)
    run = suggest_pairs(cycle=cycle, by=None)
    paused(cycle.enrollments.get(role=Role.MENTOR))
    with pytest.raises(DomainError, match="1 person of this draft has changed something"):
        publish(run=run, by=None)


def test_a_pair_that_runs_goes_on_and_its_end_is_told_to_who_comes_back(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=1)
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    mentor, mentee = mentor_and_mentee(Mentorship.objects.get())
    paused(mentor.enrollment)
    assert Mentorship.objects.get().state == Mentorship.State.PROPOSED
    assert back(mentor.enrollment).state == State.MATCHED
    paused(mentor.enrollment)
    answer_no(participation=mentor)
    mentor.enrollment.refresh_from_db()
    assert (mentor.enrollment.state, mentor.enrollment.before_pause) == (State.PAUSED, State.ELIGIBLE)
    assert back(mentor.enrollment).state == State.ELIGIBLE
    mentee.enrollment.refresh_from_db()
    assert mentee.enrollment.state == State.ELIGIBLE


def test_a_pause_gives_the_place_to_the_next_and_keeps_the_date_of_sign_up(sierra: Society) -> None:
    cycle = capped(1)
    ada, bo, _cy = mentees(cycle, "Ada", "Bo", "Cy")
    paused(ada)
    assert states(cycle) == {"Ada": "paused", "Bo": "eligible", "Cy": "waitlisted"}
    assert back(ada).state == State.WAITLISTED
    withdraw(enrollment=bo, by=bo.person)
    assert states(cycle) == {"Ada": "eligible", "Bo": "withdrawn", "Cy": "waitlisted"}
    _cy.refresh_from_db()
    paused(_cy)
    paused(cycle.enrollments.get(person=ada.person))
    assert states(cycle)["Cy"] == "paused", "a place that comes free is not for who pauses"
    assert back(_cy).state == State.ELIGIBLE


def test_the_rules_look_again_at_who_comes_back(sierra: Society) -> None:
    (ada,) = mentees(capped(None), "Ada")
    paused(ada)
    Enrollment.objects.filter(pk=ada.pk).update(answers={"stage": "late career"})
    assert back(ada).state == State.NOT_ELIGIBLE


def test_on_the_last_day_we_ask_once_in_one_mail(sierra: Society) -> None:
    (ada,) = mentees(capped(None), "Ada")
    day = in_days(30, sierra)
    paused(ada, in_days(10, sierra))
    paused(ada, day)
    (due,) = questions()
    local = due.due_at.astimezone(sierra.zone)
    assert (due.ref, local.date(), local.hour) == (str(ada.person_id), day, 9)
    ask_whether_back(due.ref)
    assert not OutboxMail.objects.exists(), "not before its day"
    with clock.moved_to(due.due_at + timedelta(minutes=1)):
        for _twice in range(2):
            ask_whether_back(due.ref)
    assert list(OutboxMail.objects.values_list("template", "recipient")) == [("pause_over", ada.person.email)]
    ada.refresh_from_db()
    assert (ada.state, ada.paused_until) == (State.PAUSED, None), "without an answer the pause goes on"
    assert questions() == []


def test_who_is_back_before_the_day_is_not_asked(sierra: Society) -> None:
    (ada,) = mentees(capped(None), "Ada")
    paused(ada, in_days(30, sierra))
    back(ada)
    assert questions() == []
    with clock.moved_by(timedelta(days=40)):
        ask_whether_back(str(ada.person_id))
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize(("days", "sentence"), [(0, "still to come"), (-1, "still to come"), (800, "two years")])
def test_a_pause_ends_on_a_day_to_come(sierra: Society, days: int, sentence: str) -> None:
    (ada,) = mentees(capped(None), "Ada")
    with pytest.raises(DomainError, match=sentence):
        paused(ada, in_days(days, sierra))


def test_nobody_pauses_for_somebody_else_nor_in_a_session_that_is_over(sierra: Society) -> None:
    ada, bo = mentees(capped(None), "Ada", "Bo")
    assert pause(person=bo.person, enrollments=[ada], until=None) == []
    Cycle.objects.update(state=Cycle.State.CLOSED)
    with pytest.raises(DomainError, match="cannot pause"):
        paused(ada)


@pytest.mark.parametrize(
    ("state", "before", "leaves"),
    [
        ("applied", "", True),
        ("eligible", "", True),
        ("to_check", "", True),
        ("not_eligible", "", True),
        ("waitlisted", "", True),
        ("paused", "eligible", True),
        ("paused", "waitlisted", True),
        ("paused", "matched", False),
        ("matched", "", False),
        ("finished", "", False),
    ],
)
def test_a_sign_up_is_taken_back_in_every_state_but_after_a_match(
    sierra: Society, state: str, before: str, leaves: bool
) -> None:
    (ada,) = mentees(capped(1), "Ada")
    Enrollment.objects.update(state=state, before_pause=before)
    client = browser_of(ada.person, sierra)
    offered = "Take my sign-up back" in read(client, done(ada))
    assert offered is (leaves and state != "not_eligible")
    if leaves:
        for _twice in range(2):
            assert withdraw(enrollment=ada, by=ada.person).state == State.WITHDRAWN
        ada.refresh_from_db()
        assert (ada.before_pause, ada.paused_until, ada.waiting_since) == ("", None, None)
    else:
        with pytest.raises(DomainError, match="You have been matched"):
            withdraw(enrollment=ada, by=ada.person)


def test_pausing_and_coming_back_by_plain_forms(sierra: Society) -> None:
    cycle = capped(None)
    (ada,) = mentees(cycle, "Ada")
    client = browser_of(ada.person, sierra)
    address = reverse("enrollment:availability")
    assert "While you pause you are left out of suggestions" in read(client, address)
    send = reverse("enrollment:pause")
    assert "Choose what you would like to pause." in client.post(send, {}).content.decode()
    wrong = client.post(send, {"which": [ada.pk], "until": "2020-01-01"})
    assert (wrong.status_code, "still to come" in wrong.content.decode()) == (422, True)
    day = in_days(20, sierra)
    for _twice in range(2):
        sent = client.post(send, {"which": [str(ada.pk)], "until": day.isoformat()})
        assert sent.status_code == 302, "a double click pauses, and does not complain"
    assert states(cycle) == {"Ada": "paused"}
    text = read(client, address)
    assert f"until {day:%B} {day.day}, {day.year}" in text
    assert "You pause" in read(client, done(ada))
    assert f'name="sign_up" value="{ada.pk}"' in client.get(done(ada)).content.decode()
    staff = browser_of(make_staff(), sierra)
    assert f"until {day:%B} {day.day}, {day.year} · before: Can take part" in read(
        staff, reverse("sessions:sign_up", args=[ada.pk])
    )
    for _twice in range(2):
        client.post(reverse("enrollment:back"), {"sign_up": ada.pk})
    assert states(cycle) == {"Ada": "eligible"}


def test_all_sign_ups_of_one_person_pause_together(sierra: Society) -> None:
    (ada,) = mentees(capped(None), "Ada")
    other = Enrollment.objects.create(
        cycle=ada.cycle, person=ada.person, role="mentor", state="eligible", signed_up_at=ada.signed_up_at,
        changed_at=ada.changed_at,
    )  # fmt: skip
    client = browser_of(ada.person, sierra)
    form = client.get(reverse("enrollment:availability")).context["form"]
    assert sorted(form.initial["which"]) == sorted([str(ada.pk), str(other.pk)])
    client.post(reverse("enrollment:pause"), {"which": form.initial["which"]})
    assert set(Enrollment.objects.values_list("state", flat=True)) == {"paused"}


def test_the_link_of_the_mail_changes_nothing_by_being_opened(sierra: Society) -> None:
    (ada,) = mentees(capped(None), "Ada")
    paused(ada, in_days(1, sierra))
    with clock.moved_by(timedelta(days=2)):
        ask_whether_back(str(ada.person_id))
    found = re.search(r"http://\S+/back/\S+/", OutboxMail.objects.get().text)
    assert found
    link = "/" + found.group().split("/", 3)[3]
    anybody = Client(headers={"host": sierra.host})
    assert "Are you back?" in read(anybody, link)
    assert "You stay paused" in anybody.post(link, {"answer": "stay"}).content.decode()
    ada.refresh_from_db()
    assert ada.state == State.PAUSED
    assert "Welcome back" in anybody.post(link, {"answer": "back"}).content.decode()
    ada.refresh_from_db()
    assert ada.state == State.ELIGIBLE
    assert "You are back already" in read(anybody, link)
    with clock.moved_by(timedelta(days=80)):
        assert "expired" in anybody.get(link).content.decode()
