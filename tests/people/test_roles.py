"""Who may do what: given and ended by owners, for the whole society or one program, until a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import context
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.due import cancel
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people import due, services
from tenants.people.access import may, programs_of, roles_of
from tenants.people.models import Person, StaffRole
from tenants.people.services import end_role, grant_role
from tests.factories.programs import make_cycle, make_person

pytestmark = pytest.mark.django_db
Kind = StaffRole.Kind
PAGE = "/staff/settings/people-and-roles/"


@pytest.fixture
def owner(sierra: Society) -> Person:
    """Somebody who owns Sierra and has an account."""
    account = Account.objects.create(email="own.er@example.org")
    person = make_person("Own", "Er", account=account)
    grant_role(person=person, kind=Kind.OWNER, by=None)
    return person


@pytest.fixture
def client_of_owner(owner: Person, sierra: Society, visitor: Callable[[str], Client]) -> Client:
    client = visitor(sierra.host)
    client.force_login(owner.account)
    return client


def again(person: Person) -> Person:
    """The person as the next request finds them."""
    return Person.objects.get(pk=person.pk)


def test_a_role_for_one_program_opens_that_program_alone(sierra: Society) -> None:
    person, mine, other = make_person(), uuid4(), uuid4()
    grant_role(person=person, kind=Kind.MANAGER, program_id=mine, by=None)
    assert may(person, Kind.MANAGER, program_id=mine)
    assert not may(person, Kind.MANAGER, program_id=other)
    assert not may(person, Kind.MANAGER)
    assert programs_of(person, Kind.MANAGER) == {mine}


def test_a_role_holds_through_its_last_day(sierra: Society) -> None:
    person = make_person()
    last_day = clock.today(sierra.zone) + timedelta(days=3)
    grant_role(person=person, kind=Kind.SUPPORT, ends_on=last_day, by=None)
    with clock.moved_by(timedelta(days=3)):
        assert [role.kind for role in roles_of(again(person))] == ["support"]
    with clock.moved_by(timedelta(days=4)):
        assert roles_of(again(person)) == []
        grant_role(person=person, kind=Kind.SUPPORT, by=None)
    assert StaffRole.objects.get().ends_on is None


def test_a_role_is_held_once(sierra: Society) -> None:
    person = make_person()
    grant_role(person=person, kind=Kind.SUPPORT, by=None)
    with pytest.raises(DomainError, match="Ada Rivera has this role already"):
        grant_role(person=person, kind=Kind.SUPPORT, by=None)
    grant_role(person=person, kind=Kind.SUPPORT, program_id=uuid4(), by=None)
    assert StaffRole.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"kind": Kind.OWNER, "program_id": uuid4()}, "An owner owns the whole society"),
        ({"kind": Kind.OWNER, "ends_on": clock.today() + timedelta(days=9)}, "An owner stays until"),
        ({"kind": Kind.SUPPORT, "ends_on": clock.today() - timedelta(days=9)}, "This day is over"),
        ({"kind": Kind.SUPPORT, "institution": "Lakes University"}, "can only be a program manager"),
        ({"kind": Kind.MANAGER, "institution": "Lakes University"}, "Choose the program"),
        ({"kind": Kind.MANAGER, "institution": "Lakes University", "program_id": uuid4()}, "Choose the last day"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(sierra: Society, more: dict[str, object], sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        grant_role(person=make_person(), by=None, **more)  # type: ignore[arg-type]
    assert not StaffRole.objects.exists()


def test_there_is_always_an_owner(owner: Person) -> None:
    first = StaffRole.objects.get()
    with pytest.raises(DomainError, match="A society needs an owner"):
        end_role(role=first, by=owner)
    second = grant_role(person=make_person(), kind=Kind.OWNER, by=owner)
    end_role(role=first, by=owner)
    assert list(StaffRole.objects.all()) == [second]
    assert [entry.verb for entry in Entry.objects.order_by("id")] == ["staff_role.granted"] * 2 + ["staff_role.ended"]


def test_the_page_gives_a_role_to_somebody_known_and_writes_to_them(client_of_owner: Client, owner: Person) -> None:
    program = make_cycle().program
    person = make_person()
    day = clock.today() + timedelta(days=30)
    response = client_of_owner.post(
        PAGE,
        {"email": "Ada.Rivera@example.org", "kind": "manager", "program_id": str(program.pk), "ends_on": str(day)},
    )
    assert (response.status_code, response["Location"]) == (302, PAGE)
    role = StaffRole.objects.get(person=person)
    assert (role.kind, role.program_id, role.ends_on) == ("manager", program.pk, day)
    assert Entry.objects.get(verb="staff_role.granted", subject_id=str(role.pk)).actor_id == owner.pk
    mail = OutboxMail.objects.get(recipient=person.email)
    assert mail.subject == "Sierra Medical Society: your role, Program manager"
    assert "/staff/" in mail.text
    page = client_of_owner.get(PAGE).content.decode()
    assert program.name in page
    assert "Ada Rivera" in page


def test_somebody_new_needs_a_name(client_of_owner: Client) -> None:
    asked = {"email": "new@example.org", "kind": "support"}
    response = client_of_owner.post(PAGE, asked)
    assert response.status_code == 422
    assert "Type a name, and they become known." in response.content.decode()
    assert not Person.objects.filter(email="new@example.org").exists()
    client_of_owner.post(PAGE, {**asked, "given_name": "Nia", "family_name": "Okoye"})
    assert Person.objects.get(email="new@example.org").staff_roles.get().kind == "support"


def test_no_program_of_another_society_can_be_named(client_of_owner: Client) -> None:
    make_person()
    response = client_of_owner.post(
        PAGE, {"email": "ada.rivera@example.org", "kind": "manager", "program_id": str(uuid4())}
    )
    assert response.status_code == 422
    assert StaffRole.objects.count() == 1


def test_the_page_ends_a_role_and_keeps_the_last_owner(client_of_owner: Client, owner: Person) -> None:
    other = grant_role(person=make_person(), kind=Kind.MANAGER, by=owner)
    page = client_of_owner.post(f"{PAGE}{other.pk}/end/", follow=True).content.decode()
    assert "Ada Rivera: no longer Program manager." in page
    last = StaffRole.objects.get()
    again = client_of_owner.post(f"{PAGE}{other.pk}/end/", follow=True)  # a double click
    assert again.status_code == 200
    assert "This role has ended." in again.content.decode()
    page = client_of_owner.post(f"{PAGE}{last.pk}/end/", follow=True).content.decode()
    assert "A society needs an owner." in page
    assert list(StaffRole.objects.all()) == [last]


def make_partner(owner: Person | None = None, *, days: int = 30) -> StaffRole:
    """Somebody of elsewhere who runs one program for so many days more."""
    return grant_role(
        person=make_person("Pat", "Ner"),
        kind=Kind.MANAGER,
        program_id=make_cycle().program_id,
        ends_on=this_day() + timedelta(days=days),
        institution="Lakes University",
        by=owner,
    )


def this_day() -> date:
    """The day where the society is."""
    society = context.current()
    assert society is not None
    return clock.today(society.zone)


def do_what_is_due() -> None:
    """What the worker does, as of the clock."""
    with context.platform():
        kinds = [services.ENDS_SOON, services.OVER]
        found = list(Due.objects.filter(kind__in=kinds, due_at__lte=clock.now()).order_by("due_at"))
    handlers = {services.ENDS_SOON: due.tell_of_end, services.OVER: due.close_role}
    for row in found:
        handlers[row.kind](row.ref)
        cancel(row.kind, row.ref)


def test_a_week_before_the_end_the_partner_and_the_owner_are_told_once(sierra: Society, owner: Person) -> None:
    role = make_partner(owner)
    with clock.moved_by(timedelta(days=22)):
        do_what_is_due()
    assert not OutboxMail.objects.exists()
    with clock.moved_by(timedelta(days=23, hours=23)):
        do_what_is_due()
        do_what_is_due()
    mails = {mail.recipient: mail for mail in OutboxMail.objects.all()}
    assert OutboxMail.objects.count() == len(mails) == 2
    assert f"ends on {role.ends_on:%B} {role.ends_on.day}" in mails["pat.ner@example.org"].subject  # type: ignore[union-attr]
    assert f"{PAGE}{role.pk}/until/" in mails[owner.email].text
    assert "Lakes University" in mails[owner.email].text


def test_a_role_ends_by_itself_and_the_trail_has_it(sierra: Society, owner: Person) -> None:
    role = make_partner(owner)
    with clock.moved_by(timedelta(days=30)):
        assert may(again(role.person), Kind.MANAGER, program_id=role.program_id)
    with clock.moved_by(timedelta(days=32)):
        assert not may(again(role.person), Kind.MANAGER, program_id=role.program_id)  # before any worker came
        do_what_is_due()
    assert not StaffRole.objects.filter(pk=role.pk).exists()
    entry = Entry.objects.get(verb="staff_role.ran_out")
    assert (entry.actor_kind, entry.subject_id, entry.facts["person"]) == ("system", str(role.pk), str(role.person_id))


def test_an_owner_lets_a_role_last_longer(sierra: Society, owner: Person, client_of_owner: Client) -> None:
    role = make_partner(owner, days=3)
    assert "ends soon" in client_of_owner.get(PAGE).content.decode()
    day = this_day() + timedelta(days=90)
    page = f"{PAGE}{role.pk}/until/"
    assert "Lakes University" in client_of_owner.get(page).content.decode()
    for _twice in range(2):
        assert client_of_owner.post(page, {"ends_on": str(day)})["Location"] == PAGE
    assert "ends soon" not in client_of_owner.get(PAGE).content.decode()
    entry = Entry.objects.get(verb="staff_role.end_moved")
    assert (entry.actor_id, entry.facts["before"], entry.facts["ends_on"]) == (owner.pk, str(role.ends_on), str(day))
    (mail,) = OutboxMail.objects.filter(template="staff_role_end_moved")
    assert mail.recipient == role.person.email
    with clock.moved_by(timedelta(days=10)):
        do_what_is_due()
        assert may(again(role.person), Kind.MANAGER, program_id=role.program_id)


def test_a_partner_keeps_a_last_day(sierra: Society, owner: Person, client_of_owner: Client) -> None:
    role = make_partner(owner)
    reply = client_of_owner.post(f"{PAGE}{role.pk}/until/", {"ends_on": ""})
    assert reply.status_code == 422
    assert "Choose the last day" in reply.content.decode()
    reply = client_of_owner.post(f"{PAGE}{role.pk}/until/", {"ends_on": str(this_day() - timedelta(days=1))})
    assert "This day is over" in reply.content.decode()
    assert StaffRole.objects.get(pk=role.pk).ends_on == role.ends_on


def test_the_page_makes_a_partner_organizer(client_of_owner: Client) -> None:
    program, day = make_cycle().program, this_day() + timedelta(days=30)
    asked = {
        "email": "pat@lakes.example.edu",
        "given_name": "Pat",
        "kind": "manager",
        "institution": "Lakes University",
    }
    refused = client_of_owner.post(PAGE, asked)
    assert refused.status_code == 422
    assert not Person.objects.filter(email="pat@lakes.example.edu").exists()
    client_of_owner.post(PAGE, {**asked, "program_id": str(program.pk), "ends_on": str(day)})
    page = client_of_owner.get(PAGE).content.decode()
    assert "Partner organizer" in page
    mail = OutboxMail.objects.get(recipient="pat@lakes.example.edu")
    assert "Partner organizer" in mail.subject
    assert program.name in mail.text


def test_ending_a_role_forgets_what_was_due_about_it(owner: Person) -> None:
    role = make_partner(owner)
    end_role(role=role, by=owner)
    with context.platform():
        assert not Due.objects.filter(ref=str(role.pk)).exists()


def test_its_queries_do_not_grow_with_the_roles(client_of_owner: Client) -> None:
    counts = []
    for number in range(3):
        grant_role(person=make_person(f"Kim{number}"), kind=Kind.SUPPORT, by=None)
        with CaptureQueriesContext(connection) as queries:
            client_of_owner.get(PAGE)
        counts.append(len(queries))
    assert counts[1:] == [counts[1]] * 2  # the first one also warms what this process remembers
