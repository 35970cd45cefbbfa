"""The example that anybody may look over: everything can be seen, nothing can be changed, and nothing happens in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from chiron.kernel import clock
from programs.policy import templates
from programs.policy.services import create_program, show_program
from tenants import context, due, hosts, outbox
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.factories.programs import make_person
from tests.factories.staff import make_staff

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]


@pytest.fixture
def example(sierra: Society) -> Society:
    """Sierra with a manager, a program and a member, put on show ten days ago."""
    make_staff(StaffRole.Kind.MANAGER, "Theo")
    make_person("Maya", "Example", member_id="M1")
    show_program(program=create_program(policy=templates.load("mentorship-in-medicine"), by=None), by=None)
    with context.platform():
        sierra.on_show_at = clock.now() - timedelta(days=10)
        sierra.save(update_fields=["on_show_at"])
    hosts.forget()
    return sierra


def rows(society: Society) -> list[int]:
    with context.society(society):
        return [each.objects.count() for each in (Person, Account, StaffRole, OutboxMail, Entry)]


def test_staff_pages_are_open_to_everybody_and_the_way_in_stands_on_the_first_page(
    example: Society, visitor: Visitor
) -> None:
    nobody = visitor(example.host)
    page = nobody.get("/staff/people/").content.decode()
    assert "Maya Example" in page
    assert "An example: everybody here is invented" in page
    assert "Sign out" not in page
    seen = "/staff/programs/mentorship-in-medicine/view-as/0/mentee/programs/mentorship-in-medicine/"
    assert f'href="{seen}"' in page
    assert nobody.get(seen).status_code == 200
    assert nobody.get("/staff/programs/mentorship-in-medicine/").status_code == 200
    assert nobody.get("/staff/settings/").status_code == 404, "the owner's pages stay the owner's"
    seen_as_mentor = nobody.get("/staff/programs/mentorship-in-medicine/view-as/0/mentor/me/")
    assert seen_as_mentor.status_code == 200
    assert "Disallow: /\n" in nobody.get("/robots.txt").content.decode()
    assert f'href="{example.url("/staff/")}"' in visitor("localhost").get("/").content.decode()


def test_outside_of_the_staff_area_one_is_a_visitor(example: Society, visitor: Visitor) -> None:
    nobody = visitor(example.host)
    page = nobody.get("/programs/mentorship-in-medicine/")
    assert page.status_code == 200
    assert nobody.get("/me/")["Location"].startswith("/sign-in/")


def test_nothing_can_be_changed_and_no_trace_stays(example: Society, visitor: Visitor) -> None:
    before, nobody = rows(example), visitor(example.host)
    for path, form in (
        ("/sign-in/", {"email": "somebody@example.org"}),
        ("/staff/templates/premed-mentorship/", {"start": "yes"}),
        ("/staff/people/import/", {}),
        ("/sign-out/", {}),
    ):
        refused = nobody.post(path, form)
        assert refused.status_code == 422
        assert "You are only looking" in refused.content.decode()
    for path in ("/", "/staff/", "/staff/people/", "/staff/mail/", "/sign-in/"):
        assert nobody.get(path).status_code == 200
    assert not nobody.cookies
    part = nobody.post("/staff/templates/premed-mentorship/", {"start": "yes"}, headers={"hx-request": "true"})
    assert (part.status_code, part.content.decode().count("nothing is changed or sent"), b"<main" in part.content) == (
        200,
        1,
        False,
    )
    assert rows(example) == before


@pytest.mark.django_db(transaction=True)
def test_what_reading_writes_is_undone(societies: dict[str, Society], visitor: Visitor) -> None:
    """In a database where requests commit: to look as a mentor invents one, and a page keeps a session."""
    sierra = societies["sierra"]
    with context.society(sierra):
        make_staff(StaffRole.Kind.MANAGER, "Theo")
        create_program(policy=templates.load("mentorship-in-medicine"), by=None)
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(on_show_at=clock.now())
    hosts.forget()
    before, nobody = rows(sierra), visitor(sierra.host)
    for path in ("/staff/", "/staff/programs/mentorship-in-medicine/view-as/0/mentor/me/", "/sign-in/"):
        assert nobody.get(path).status_code == 200
    assert rows(sierra) == before
    assert not nobody.cookies


def test_its_clock_stands_and_nothing_happens_in_it(example: Society) -> None:
    with context.society(example):
        assert abs(clock.now() - example.on_show_at) < timedelta(seconds=5)
        (mail,) = outbox.mail("sign_in_unknown", to="jo@example.org")
    with clock.moved_by(timedelta(days=400)), context.society(example):
        assert abs(clock.now() - example.on_show_at) < timedelta(seconds=5)
    with context.platform():
        row = Due.objects.get(ref=str(mail.pk))
        due.run(due.take(row, clock.now()))
        row.refresh_from_db()
        assert row.due_at > clock.now()
    with context.society(example):
        assert OutboxMail.objects.get(pk=mail.pk).state == OutboxMail.State.WAITING


def test_whoever_looks_too_fast_is_asked_to_wait(example: Society, visitor: Visitor) -> None:
    nobody = visitor(example.host)
    answers = {nobody.get("/privacy/").status_code for _each in range(95)}
    assert answers == {200, 429}


def test_other_societies_are_as_they_were(example: Society, visitor: Visitor) -> None:
    assert visitor("commonwealth.localhost").get("/staff/").status_code == 302
    assert "An example" not in visitor("commonwealth.localhost").get("/").content.decode()
