"""The most that somebody takes at once, in all programs together: asked, kept, and held wherever a place is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.models import MatchRun
from matching.publishing.services import publish
from matching.services import decide_pair, suggest_pairs
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.ceiling import set_most_at_once
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship, Wish
from programs.mentorships.requests import ask
from programs.mentorships.room import left
from programs.mentorships.services import Proposal, answer_yes, mentor_and_mentee, propose
from programs.policy.models import Cycle
from programs.policy.services import change_state, open_cycle
from programs.surveys.models import Response
from tenants import context
from tenants.models import Society
from tenants.people.models import Person
from tests.desk.making import KEEP, MENTEE, MENTOR, small_cycle
from tests.desk.test_publishing import together
from tests.enrollment.test_waiting_pages import read
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.test_requests import asked, finding_cycle, people, place
from tests.programs.answering import ANSWERS, sign_up_by_pages
from tests.programs.answering import MENTOR as OFFERS
from tests.programs.test_member_pages import open_session, signed_in


def next_session(cycle: Cycle, mentor: Person) -> Cycle:
    """Another session of the same program with the same mentor and a mentee of its own, ready for suggestions."""
    later = cycle.starts_on.replace(year=cycle.starts_on.year + 1)
    other = open_cycle(program=cycle.program, part=cycle.part, starts_on=later, today=cycle.starts_on, by=None)
    for to in (Cycle.State.RECRUITING, Cycle.State.MATCHING):
        other = change_state(cycle=other, to=to, by=None)
    sign_ups: list[tuple[Person, Role, dict[str, Any]]] = [
        (mentor, Role.MENTOR, MENTOR | {"places": 2}),
        (make_person("Later"), Role.MENTEE, MENTEE),
    ]
    now = clock.now()
    for person, role, answers in sign_ups:
        made = Enrollment.objects.create(
            cycle=other, person=person, role=role, answers=answers, state="eligible", signed_up_at=now, changed_at=now
        )
        agree(enrollment=made, agreed=owed_for(made).agreements)
    return Cycle.objects.select_related("version", "program").get(pk=other.pk)


def two_sessions() -> tuple[Cycle, Cycle, Person]:
    """Two sessions in which one mentor has a place each, and takes one mentee at once."""
    first = small_cycle(mentors=1, mentees=1)
    mentor = first.enrollments.get(role=Role.MENTOR).person
    second = next_session(first, mentor)
    set_most_at_once(person=mentor, most=1, by=mentor)
    return first, second, mentor


def proposed_in(cycle: Cycle) -> Mentorship:
    mentor, mentee = cycle.enrollments.get(role=Role.MENTOR), cycle.enrollments.get(role=Role.MENTEE)
    proposal = Proposal(mentor=mentor, mentee=mentee, aspects=[], why_for_mentor=[], why_for_mentee=[])
    return propose(cycle=cycle, proposal=proposal, by=None)


def test_a_pair_that_goes_on_elsewhere_counts_in_the_next_session_s_suggestion(sierra: Society) -> None:
    first, second, _mentor = two_sessions()
    publish(run=suggest_pairs(cycle=first, by=None), by=None)
    with pytest.raises(DomainError, match="nobody to match"):
        suggest_pairs(cycle=second, by=None)


def test_a_suggestion_gives_no_more_than_what_is_left(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=3, places=2)
    mentor = cycle.enrollments.get(role=Role.MENTOR)
    assert left([mentor])[mentor.pk] == 2
    set_most_at_once(person=mentor.person, most=1, by=None)
    assert suggest_pairs(cycle=cycle, by=None).pairs.count() == 1
    set_most_at_once(person=mentor.person, most=None, by=None)
    assert suggest_pairs(cycle=cycle, by=None).pairs.count() == 2


def test_a_draft_that_gives_too_many_by_now_is_not_published(sierra: Society) -> None:
    first, second, _mentor = two_sessions()
    runs = [suggest_pairs(cycle=cycle, by=None) for cycle in (first, second)]
    publish(run=runs[0], by=None)
    with pytest.raises(DomainError, match="1 person of this draft has changed something"):
        publish(run=runs[1], by=None)


def test_a_pair_by_hand_is_no_way_around_it(sierra: Society) -> None:
    first, second, _mentor = two_sessions()
    publish(run=suggest_pairs(cycle=first, by=None), by=None)
    mentor, mentee = second.enrollments.get(role=Role.MENTOR), second.enrollments.get(role=Role.MENTEE)
    with pytest.raises(DomainError, match="has no place left for this pair"):
        decide_pair(cycle=second, mentee=mentee, mentor=mentor, kind=KEEP, reason="", by=make_staff())


def test_at_the_yes_it_is_told_to_oneself_as_what_one_said_and_to_the_other_as_no_place(sierra: Society) -> None:
    first, second, mentor = two_sessions()
    offers = [proposed_in(cycle) for cycle in (first, second)]
    answer_yes(participation=mentor_and_mentee(offers[0])[0])
    with pytest.raises(DomainError, match="You said that you take no more than 1 at once"):
        answer_yes(participation=mentor_and_mentee(offers[1])[0])
    set_most_at_once(person=mentor, most=2, by=mentor)
    answer_yes(participation=mentor_and_mentee(offers[1])[0])
    set_most_at_once(person=mentor, most=1, by=mentor)
    with pytest.raises(DomainError, match="has no place left by now") as told:
        answer_yes(participation=mentor_and_mentee(offers[1])[1])
    assert "at once" not in told.value.message, "what somebody said of themselves is nobody else's"


def test_in_the_directory_nobody_is_asked_beyond_it_and_ones_own_questions_wait_in_line(sierra: Society) -> None:
    cycle = finding_cycle(mentors=1, mentees=3)
    Enrollment.objects.filter(role=Role.MENTOR).update(answers=MENTOR | {"places": 2})
    (mentor,), (one, two, three) = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)
    set_most_at_once(person=mentor.person, most=1, by=None)
    (mentor,) = people(cycle, Role.MENTOR)
    answer_yes(participation=place(asked(one, mentor), mentor))
    with pytest.raises(DomainError, match="has no place left by now"):
        ask(mine=two, other=mentor)
    assert isinstance(ask(mine=mentor, other=three), Wish)


def test_as_a_mentee_one_is_bound_by_the_program_alone(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=1)
    mentee = cycle.enrollments.get(role=Role.MENTEE)
    set_most_at_once(person=mentee.person, most=1, by=None)
    Mentorship.objects.all().delete()
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    answer_yes(participation=mentor_and_mentee(Mentorship.objects.get())[0])
    answer_yes(participation=mentor_and_mentee(Mentorship.objects.get())[1])
    assert Mentorship.objects.get().state == Mentorship.State.ACTIVE


def test_it_is_asked_at_sign_up_kept_with_the_person_and_never_brought_back(sierra: Society) -> None:
    cycle = open_session(sierra)
    client = signed_in(Client(headers={"host": sierra.host}), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentor/"
    offers = ANSWERS | OFFERS
    sign_up_by_pages(client, first, offers | {"most_at_once": "2"})
    person = Person.objects.get(email="bo.reed@example.org")
    assert person.most_at_once == 2
    assert "most_at_once" not in Enrollment.objects.get().answers["extra"]
    address = reverse("enrollment:availability")
    assert 'value="2"' in client.get(address).content.decode()
    assert client.post(reverse("enrollment:most"), {"most": "0"}).status_code == 422
    assert client.post(reverse("enrollment:most"), {"most": "1"}).status_code == 302
    (kept,) = Response.objects.filter(person=person)
    assert kept.answers["places_offered"]["most_at_once"] == 1
    sign_up_by_pages(client, first, offers)
    person.refresh_from_db()
    assert person.most_at_once == 1, "sending the form again says what was said last"
    client.post(reverse("enrollment:most"), {"most": ""})
    person.refresh_from_db()
    assert person.most_at_once is None


def test_staff_read_it_with_the_sign_up(sierra: Society) -> None:
    mentor = small_cycle(mentors=1, mentees=0).enrollments.get()
    set_most_at_once(person=mentor.person, most=3, by=None)
    text = read(browser_of(make_staff(), sierra), reverse("sessions:sign_up", args=[mentor.pk]))
    assert "3, in all programs together" in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["accepted", "published"])
def test_two_sessions_at_the_same_moment_give_one_mentee(societies: dict[str, Society], way: str) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        cycles = two_sessions()[:2]
        works: list[Callable[[], object]]
        if way == "accepted":
            places = [mentor_and_mentee(proposed_in(cycle))[0] for cycle in cycles]
            works = [lambda mine=mine: answer_yes(participation=mine) for mine in places]  # type: ignore[misc]
        else:
            runs = [suggest_pairs(cycle=cycle, by=None) for cycle in cycles]
            works = [lambda run=run: publish(run=run, by=None) for run in runs]  # type: ignore[misc]
    refused = together(2, lambda number: works[number](), sierra)
    assert sorted(error is None for error in refused) == [False, True]
    with context.society(sierra):
        if way == "published":
            assert sorted(MatchRun.objects.values_list("state", flat=True)) == ["draft", "published"]
            assert Mentorship.objects.count() == 1
