"""The staff whom a demonstration's visitor may become."""

from __future__ import annotations

from functools import partial

from tenants.accounts import demonstration
from tenants.accounts.demonstration import Somebody
from tenants.people.models import Person, StaffRole


def offer_staff() -> None:
    """One person of each kind of staff."""
    for kind in StaffRole.Kind:
        demonstration.offer(kind.value, kind.label, partial(_first, kind), opens="/staff/")


def somebody(person: Person | None) -> Somebody | None:
    """A person as an offer names them; None without an address, for one signs in with that."""
    return Somebody(person.address_name, person.email) if person is not None and person.email else None


def _first(kind: StaffRole.Kind) -> Somebody | None:
    return somebody(Person.objects.filter(staff_roles__kind=kind).exclude(email="").order_by("pk").first())
