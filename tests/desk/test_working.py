"""A session too large for one request: a worker suggests, and the desk shows how far it is."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.ids import uuid7
from matching import working
from matching.engine import Progress
from matching.models import MatchRun
from matching.tasks import suggest_in_background
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.people.models import Person
from tests.desk.making import MENTEE, MENTOR, small_cycle
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def manager(sierra: Society) -> Person:
    return make_staff()


def desk(client: Client, cycle: Cycle) -> str:
    return client.get(reverse("desk:pairs", args=[cycle.pk]), follow=True).content.decode()


def many(cycle: Cycle, count: int) -> None:
    """So many more mentors, and mentees."""
    now = clock.now()
    for role, answers in ((Role.MENTOR, MENTOR), (Role.MENTEE, MENTEE)):
        people = [Person(id=uuid7(), given_name=f"{role} {number}", created_at=now) for number in range(count)]
        Person.objects.bulk_create(people)
        Enrollment.objects.bulk_create(
            Enrollment(
                cycle=cycle,
                person=person,
                role=role,
                answers=answers,
                state=Enrollment.State.ELIGIBLE,
                signed_up_at=now,
                changed_at=now,
            )
            for person in people
        )


def test_a_large_session_is_left_to_a_worker(sierra: Society, manager: Person) -> None:
    cycle = small_cycle()
    many(cycle, 300)
    client = browser_of(manager, sierra)
    reply = client.post(reverse("desk:suggest", args=[cycle.pk]), follow=True)
    assert "Looking at every possible pair" in reply.content.decode()
    assert not MatchRun.objects.exists()
    working.note_progress(cycle, Progress("pairs", 3, 8))
    assert 'value="3"' in desk(client, cycle)
    asks = partial(client.get, reverse("desk:pairs", args=[cycle.pk]), headers={"hx-request": "true"})
    assert "HX-Refresh" not in asks().headers
    working.end(cycle)
    assert asks().headers["HX-Refresh"] == "true"


def test_the_worker_makes_the_draft_and_the_desk_shows_it(sierra: Society, manager: Person) -> None:
    cycle = small_cycle()
    working.note(cycle, working.Working())
    suggest_in_background(cycle_id=cycle.pk, by_id=manager.pk)
    assert MatchRun.objects.get().created_by == manager
    assert "checked: no better set of pairs exists" in desk(browser_of(manager, sierra), cycle)


def test_what_the_worker_was_refused_is_told_once(sierra: Society, manager: Person) -> None:
    cycle = small_cycle(mentors=0)
    suggest_in_background(cycle_id=cycle.pk, by_id=manager.pk)
    client = browser_of(manager, sierra)
    assert "There is nobody to match" in desk(client, cycle)
    assert "There is nobody to match" not in desk(client, cycle)
