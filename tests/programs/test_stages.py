"""A stage ends some day: one question, or the society's list, moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.enrollment.services import sign_up
from programs.enrollment.stages import move_stage, note_end_of_stage, stage_is_over
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of
from tests.programs.answering import ANSWERS, WHO, agree_to_all, sign_up_by_pages
from tests.programs.test_member_pages import open_session, signed_in

Visitor = Callable[[str], Client]
DAY = date(2027, 6, 1)


def until(day: date = DAY, stage: str = "resident") -> Person:
    """Somebody whose stage is expected to end on a day."""
    person = make_person(stage=stage)
    note_end_of_stage(person, {"stage": stage, "stage_ends_on": day.isoformat()})
    person.save()
    return person


def test_on_the_day_and_not_before_somebody_is_asked(sierra: Society) -> None:
    person = until()
    assert [stage_is_over(person, DAY + timedelta(days=days)) for days in (-1, 0, 1)] == [False, True, True]


def test_who_never_said_when_is_never_asked(sierra: Society) -> None:
    assert not stage_is_over(make_person(stage="resident"), date(2099, 1, 1))


def test_the_societys_list_moves_it_without_a_question(sierra: Society) -> None:
    person = until()
    person.stage = "early career"
    assert not stage_is_over(person, DAY)


def test_signing_up_tells_when_a_stage_ends(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    sign_up_by_pages(client, f"/sessions/{cycle.pk}/sign-up/mentee/", ANSWERS, WHO | {"stage_ends_on": "6/2028"})
    person = Person.objects.get(email="bo.reed@example.org")
    assert (person.stage_ends_on, person.ending_stage) == (date(2028, 6, 1), "resident")
    assert Enrollment.objects.get().answers["stage_ends_on"] == "2028-06-01"


def test_one_question_moves_it_and_open_sign_ups_are_decided_anew(sierra: Society) -> None:
    yesterday = clock.today(sierra.zone) - timedelta(days=1)
    person = until(yesterday)
    cycle = make_cycle()
    enrollment = sign_up(cycle=cycle, person=person, role="mentee", answers={"stage": "resident"}, by=person)
    client = browser_of(person, sierra)
    for page in ("/", "/me/"):
        assert "Are you still here in your career: resident?" in client.get(page).content.decode()
    assert client.post("/me/stage/", {"stage": "early career"}).status_code == 302
    person.refresh_from_db()
    enrollment.refresh_from_db()
    assert (person.stage, person.stage_ends_on, person.ending_stage) == ("early career", None, "")
    assert enrollment.answers["stage"] == "early career"
    assert "Are you still" not in client.get("/me/").content.decode()


def test_a_stage_that_moved_does_not_come_back_with_the_answers(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    sign_up_by_pages(client, first, ANSWERS, WHO | {"stage_ends_on": "6/2028"})
    person = Person.objects.get(email="bo.reed@example.org")
    move_stage(person=person, stage="early career")
    agree_to_all(client, f"{first}check/")
    person.refresh_from_db()
    answers = Enrollment.objects.get().answers
    assert (person.stage, answers["stage"], "stage_ends_on" in answers) == ("early career", "early career", False)


def test_who_still_is_where_they_were_says_until_when(sierra: Society) -> None:
    today = clock.today(sierra.zone)
    person = until(today - timedelta(days=1))
    client = browser_of(person, sierra)
    assert client.post("/me/stage/", {"stage": "resident", "ends_on": "1/2020"}).status_code == 422
    assert client.post("/me/stage/", {"stage": "resident", "ends_on": f"1/{today.year + 2}"}).status_code == 302
    person.refresh_from_db()
    assert (person.stage, person.stage_ends_on) == ("resident", date(today.year + 2, 1, 1))
    assert not stage_is_over(person, today)


def test_pairs_that_are_published_keep_the_stage_of_their_sign_up(sierra: Society) -> None:
    person = until()
    enrollment = sign_up(cycle=make_cycle(), person=person, role="mentee", answers={"stage": "resident"}, by=person)
    Enrollment.objects.update(state="matched")
    move_stage(person=person, stage="fellow")
    enrollment.refresh_from_db()
    assert enrollment.answers["stage"] == "resident"
    with pytest.raises(DomainError, match="fits best"):
        move_stage(person=person, stage="wizard")
