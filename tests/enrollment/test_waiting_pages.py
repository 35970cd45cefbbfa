"""What people who wait and their staff read of the list, by plain forms."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.enrollment import waiting
from programs.enrollment.models import Enrollment, Lot
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.people.models import StaffRole
from tests.design import words
from tests.enrollment.making import capped, mentees, set_cap, states
from tests.factories.staff import browser_of, make_staff
from tests.programs.answering import WHO
from tests.programs.test_member_pages import open_session, signed_in


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def read(client: Client, address: str) -> str:
    """What a person reads on a page."""
    reply = client.get(address)
    assert reply.status_code == 200, reply
    text = " ".join(re.sub(r"<[^>]+>", " ", reply.content.decode()).split())
    assert words.found(text) == []
    return text


def done(enrollment: Enrollment) -> str:
    return reverse("enrollment:signed_up", args=[enrollment.cycle_id, enrollment.role])


def test_who_waits_reads_their_number_why_and_what_makes_the_order(sierra: Society) -> None:
    cycle = capped(1)
    _ada, _bo, cy = mentees(cycle, "Ada", "Bo", "Cy")
    text = read(browser_of(cy.person, sierra), done(cy))
    assert "You are on the waiting list" in text
    assert "The only place for this role (Mentee) is taken. You can take part, and wait" in text
    assert "You are number 2 of 2." in text
    assert "Whoever signed up first is first." in text
    assert "not who you are, and not what you answered" in text
    assert "you lose your place on the list" in text, "said before it is taken back"
    assert "Bo" not in text.replace("About", "")


def test_where_a_lot_is_drawn_its_day_is_told_and_why_it_was_drawn_again(sierra: Society) -> None:
    cycle = capped(1, order="lot")
    _ada, bo, _cy = mentees(cycle, "Ada", "Bo", "Cy")
    client = browser_of(bo.person, sierra)
    assert "A lot says who is first. It was drawn on" in read(client, done(bo))
    assert "you lose your place" not in read(client, done(bo)), "the lot puts them where they were"
    waiting.draw_again(cycle=cycle, reason="Somebody had been forgotten.", by=make_staff())
    assert "It was drawn again, and why: Somebody had been forgotten." in read(client, done(bo))


def test_staff_see_the_list_in_its_order_and_move_somebody_up_once(sierra: Society, manager: Client) -> None:
    cycle = capped(1)
    _ada, _bo, cy = mentees(cycle, "Ada", "Bo", "Cy")
    board = manager.get(reverse("sessions:board", args=[cycle.pk])).content.decode()
    address = reverse("sessions:waiting", args=[cycle.pk])
    assert f'href="{address}?role=mentee"' in board
    people = reverse("sessions:people", args=[cycle.pk])
    assert "In the order of the list" in read(manager, f"{people}?state=waitlisted&role=mentee")
    text = read(manager, address)
    assert text.index("Bo Rivera") < text.index("Cy Rivera")
    assert "Ada Rivera" not in text
    assert "Waits for a place, as number 2 of 2." in read(manager, reverse("sessions:sign_up", args=[cy.pk]))
    up = reverse("sessions:move_up", args=[cy.pk])
    assert "1 of 1 places are taken; this one comes on top." in read(manager, up)
    assert manager.post(up, {"reason": ""}).status_code == 422
    assert "Cy Rivera has a place now." in manager.post(up, {"reason": "Moves in May"}, follow=True).content.decode()
    again = manager.post(up, {"reason": "Moves in May"}, follow=True).content.decode()
    assert "does not wait on the list any more" in again
    assert states(cycle)["Cy"] == "eligible"
    assert "Moves in May" in again
    assert "Nobody waits" in read(manager, f"{address}?role=mentor")


def test_staff_draw_again_once_however_often_they_press(sierra: Society, manager: Client) -> None:
    cycle = capped(1, order="lot")
    mentees(cycle, *"ABCD")
    address = reverse("sessions:draw", args=[cycle.pk])
    assert "3 people wait. All of them get a new number" in read(manager, address)
    form = {"reason": "Drawn before sign-up closed", "lot": manager.get(address).context["form"]["lot"].value()}
    assert manager.post(address, form | {"reason": ""}).status_code == 422
    for _twice in range(2):
        assert manager.post(address, form).status_code == 302
    assert Lot.objects.count() == 2
    text = read(manager, reverse("sessions:waiting", args=[cycle.pk]))
    assert "Drawn before sign-up closed" in text
    assert all(f"number {lot.seed}" in text for lot in Lot.objects.all())


def test_support_reads_the_list_and_a_committee_does_not(sierra: Society) -> None:
    cycle = capped(1)
    _ada, bo = mentees(cycle, "Ada", "Bo")
    support = browser_of(make_staff(StaffRole.Kind.SUPPORT, given="Sue"), sierra)
    committee = browser_of(make_staff(StaffRole.Kind.COMMITTEE, given="Cam"), sierra)
    address = reverse("sessions:waiting", args=[cycle.pk])
    text = read(support, address)
    assert "Bo Rivera" in text
    assert "Move up" not in text
    assert committee.get(address).status_code == 404
    assert support.post(reverse("sessions:move_up", args=[bo.pk]), {"reason": "x"}).status_code == 404


def test_the_list_asks_as_many_questions_however_long_it_is(sierra: Society, manager: Client) -> None:
    cycle = capped(1)
    mentees(cycle, "Ada", "Bo")
    address = reverse("sessions:waiting", args=[cycle.pk])
    manager.get(address)
    counts = []
    for names in ((), ("Cy", "Di", "Eve")):
        mentees(cycle, *names)
        with CaptureQueriesContext(connection) as found:
            manager.get(address)
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("beyond", "told"), [("waitlist", "you wait on a list"), ("refuse", "we write when there is")])
def test_the_first_page_says_that_all_places_are_taken(sierra: Society, beyond: str, told: str) -> None:
    cycle = open_session(sierra)
    set_cap(cycle, 1, beyond=beyond)
    cycle = Cycle.objects.get(pk=cycle.pk)
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    client = signed_in(Client(headers={"host": sierra.host}), "bo.reed@example.org")
    assert "is taken" not in read(client, first)
    mentees(cycle, "Ada")
    text = read(client, first)
    assert "The only place for this role (Mentee) is taken." in text
    assert told in text
    reply = client.post(first, WHO)
    if beyond == "refuse":
        assert reply.status_code == 422 or "is taken" in reply.content.decode()
        assert list(states(cycle)) == ["Ada"]
    else:
        assert reply.status_code == 302
