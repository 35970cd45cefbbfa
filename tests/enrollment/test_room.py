"""“I have room for so many now”: what oneself, others and staff read is true at that moment."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel.errors import DomainError
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment.ceiling import set_most_at_once
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.pausing import pause
from programs.enrollment.room import room_of, say_room
from programs.mentorships.models import Mentorship
from programs.mentorships.services import answer_no, answer_yes, mentor_and_mentee
from tenants.audit.models import Entry
from tenants.models import Society
from tests.desk.making import MENTOR, small_cycle
from tests.enrollment.test_waiting_pages import read
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.test_requests import PEOPLE, asked, finding_cycle, people, place


def now(enrollment: Enrollment) -> int:
    there = Enrollment.objects.select_related("person", "cycle__version").get(pk=enrollment.pk)
    return room_of([there])[there.pk]


def test_room_is_what_is_offered_less_what_runs(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=1, places=2)
    mentor = cycle.enrollments.get(role=Role.MENTOR)
    assert now(mentor) == 2
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    assert now(mentor) == 1, "a question that waits holds its place"
    answer_no(participation=mentor_and_mentee(Mentorship.objects.get())[0])
    assert now(mentor) == 2


def test_saying_it_sets_the_places_and_takes_none_back(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=1, places=2)
    mentor = cycle.enrollments.get(role=Role.MENTOR)
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    for _twice in range(2):
        assert say_room(enrollment=mentor, room=0).answers["places"] == 1
    assert (now(mentor), Entry.objects.filter(verb="sign_up.room_said").count()) == (0, 1)
    assert Mentorship.objects.get().state == Mentorship.State.PROPOSED
    for wrong in (2, -1):
        with pytest.raises(DomainError, match="allows 2 at most, and 1 place is given"):
            say_room(enrollment=mentor, room=wrong)
    assert say_room(enrollment=mentor, room=1).answers["places"] == 2


def test_who_pauses_or_waits_has_no_room(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=0)
    mentor = cycle.enrollments.get()
    pause(person=mentor.person, enrollments=[mentor], until=None)
    assert now(mentor) == 0
    with pytest.raises(DomainError, match="takes nobody now"):
        say_room(enrollment=mentor, room=1)


def test_the_directory_and_staff_read_what_is_true_now(sierra: Society) -> None:
    cycle = finding_cycle(mentors=1, mentees=2)
    Enrollment.objects.filter(role=Role.MENTOR).update(answers=MENTOR | {"places": 2})
    (mentor,), (one, two) = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)
    looking, staff = browser_of(two.person, sierra), browser_of(make_staff(), sierra)
    detail = reverse("directory_of_people:person", args=[mentor.pk])
    sign_up, listing = reverse("sessions:sign_up", args=[mentor.pk]), reverse("sessions:people", args=[cycle.pk])
    assert "Room for 2 more now" in read(looking, PEOPLE)
    assert "Room for 2 more now" in read(looking, detail)
    assert "Room now for 2 more" in read(staff, sign_up)
    answer_yes(participation=place(asked(one, mentor), mentor))
    assert "Room for 1 more now" in read(looking, detail)
    say_room(enrollment=mentor, room=0)
    assert "No room just now" in read(looking, PEOPLE)
    assert "Room now none" in read(staff, sign_up)
    row = read(staff, f"{listing}?role=mentor")
    assert "Room now" in row


def test_one_says_it_on_ones_own_page(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=0, places=1)
    mentor = cycle.enrollments.get()
    client: Client = browser_of(mentor.person, sierra)
    address = reverse("enrollment:availability")
    assert "You have room for 1 more mentee now." in read(client, address)
    say = reverse("enrollment:say_room")
    for _twice in range(2):
        assert client.post(say, {"sign_up": mentor.pk, "room": "2"}).headers["Location"] == address
    assert "You have room for 2 more mentees now." in read(client, address)
    for nonsense in ("", "two", "-1", "99", "9" * 5000, "²"):
        client.post(say, {"sign_up": mentor.pk, "room": nonsense})
    assert now(mentor) == 2
    set_most_at_once(person=mentor.person, most=1, by=None)
    text = read(client, address)
    assert "You have room for 1 more mentee now." in text
    assert "the most that you take in all programs together holds it back" in text
    stranger = browser_of(make_staff(given="Eve"), sierra)
    stranger.post(say, {"sign_up": mentor.pk, "room": "0"})
    assert now(mentor) == 1, "nobody says it for somebody else"
