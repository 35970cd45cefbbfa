"""Who may do what: given and ended by owners, for the whole society or one program, until a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
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
    page = client_of_owner.post(f"{PAGE}{last.pk}/end/", follow=True).content.decode()
    assert "A society needs an owner." in page
    assert list(StaffRole.objects.all()) == [last]


def test_its_queries_do_not_grow_with_the_roles(client_of_owner: Client) -> None:
    counts = []
    for number in range(3):
        grant_role(person=make_person(f"Kim{number}"), kind=Kind.SUPPORT, by=None)
        with CaptureQueriesContext(connection) as queries:
            client_of_owner.get(PAGE)
        counts.append(len(queries))
    assert counts[1:] == [counts[1]] * 2  # the first one also warms what this process remembers
