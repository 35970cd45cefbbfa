"""Staff of a society, and browsers that are signed in."""

from __future__ import annotations

from django.test import Client

from tenants.accounts.models import Account
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tests.factories.programs import make_person


def make_staff(kind: StaffRole.Kind = StaffRole.Kind.MANAGER, given: str = "Dana", **role: object) -> Person:
    """Somebody with a role, for the whole society unless said otherwise."""
    person = make_person(given, "Whitfield")
    StaffRole.objects.create(person=person, kind=kind, created_at=person.created_at, **role)
    return person


def browser_of(person: Person, society: Society) -> Client:
    """A browser on the society's host in which this person is signed in."""
    account = Account.objects.filter(email=person.email).first() or Account.objects.create_user(person.email)
    Person.objects.filter(pk=person.pk).update(account=account)
    client = Client(headers={"host": society.host})
    client.force_login(account)
    return client
