"""The membership list: who is a member, and what the society knows of them."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import fields, replace
from datetime import date
from typing import Any

from chiron.kernel import clock
from programs.enrollment.importing.plans import (
    Does,
    Known,
    Step,
    Thing,
    What,
    changed,
    heading_of,
    made,
    under_another_name,
)
from programs.enrollment.importing.sheets import Fault, Member
from programs.enrollment.importing.sheets.layout import Layout
from programs.enrollment.importing.sheets.reading import Reading
from programs.enrollment.importing.sheets.table import Table
from tenants.people.models import Person

# These have columns of their own; everything else that a list says is kept beside them.
COLUMNS = ("stage", "specialty", "membership_status")
NAMES = frozenset({"name", "given_name", "family_name"})
ALL = ("member_id", "given_name", "family_name", "email", *COLUMNS, "roster", "on_roster_since")
# One column of a list fills both.
TRAINING = {"training_completed_on": "training_completed", "training_completed_latest": "training_completed"}


class Roster:
    """Plans the rows of a membership list. What the list does not speak of stays as it is."""

    def __init__(self, table: Table, layout: Layout) -> None:
        self._table, self._layout, self._known = table, layout, Known()

    def closing_faults(self) -> list[Fault]:
        """Nothing: each row says all by itself."""
        return []

    def plan(self, readings: Sequence[Reading], faults: list[Fault]) -> list[Step]:
        """What some rows would do; faults are added to."""
        members = [(reading, member) for reading in readings for member in reading.gives if isinstance(member, Member)]
        self._known.load(numbers=(each.key for _, each in members), mails=(each.email for _, each in members))
        steps = (self._step(reading, member, faults) for reading, member in members)
        return [step for step in steps if step is not None]

    def _step(self, reading: Reading, member: Member, faults: list[Fault]) -> Step | None:
        person = self._known.find(member_id=member.key, email=member.email)
        if person is None and not member.given_name:
            faults.append(
                Fault(self._table.name, reading.line, None, "The name is missing.", value=member.key or member.email)
            )
            return None
        if person is not None and (
            message := under_another_name(person, member.key, member.given_name, member.family_name)
        ):
            faults.append(replace(self._fault(reading.line, ("key",), message, member.key), row_taken=True))
        spoken = self._layout.fields - reading.unread
        values = _values(member, person, spoken)
        owner = person or Person(created_at=clock.now())
        self._settle_address(owner, member, values, reading.line, faults)
        thing = self._thing(owner, values, is_new=person is None)
        self._known.bring(owner)
        does: Does = "same" if thing is None else "added" if person is None else "changed"
        return Step(reading.line, owner.name, does, [thing] if thing else ())

    def _thing(self, person: Person, values: dict[str, Any], *, is_new: bool) -> Thing | None:
        values["on_roster_since"] = person.on_roster_since or clock.now()
        if not is_new:
            return changed(What.PERSON, person, values)
        for name, value in values.items():
            setattr(person, name, value)
        return made(What.PERSON, person, *ALL)

    def _settle_address(
        self, person: Person, member: Member, values: dict[str, Any], line: int, faults: list[Fault]
    ) -> None:
        """An address belongs to one person, and nobody loses the one with which they sign in."""
        email = values.pop("email", "")
        if not email or email.lower() == person.email.lower():
            return
        if other := self._known.has_address(person, email):
            message = f"{email} is {other.name}'s address already, so it was left out here."
        elif person.account_id is not None:
            message = f"{person.name} signs in with another address, which stays."
        else:
            values["email"] = email
            return
        faults.append(replace(self._fault(line, ("email",), message, email), row_taken=True, cell_lost=True))

    def _fault(self, line: int, fields: tuple[str, ...], message: str, value: str) -> Fault:
        return Fault(self._table.name, line, heading_of(self._table, self._layout, *fields), message, value=value)


def _values(member: Member, person: Person | None, spoken: Set[str]) -> dict[str, Any]:
    """What the row says of a person's columns, and what is kept of the list beside them."""
    told_of = ((each.name, getattr(member, each.name)) for each in fields(Member))
    said = {name: _stored(value) for name, value in told_of if value not in (None, "", (), {})}
    values: dict[str, Any] = {name: said.get(name, "") for name in COLUMNS if name in spoken or person is None}
    if member.given_name and spoken & NAMES:
        values |= {"given_name": member.given_name, "family_name": member.family_name}
    if member.key:
        values["member_id"] = member.key
    values["email"] = member.email
    before = person.roster if person is not None else {}
    kept = {name: value for name, value in before.items() if TRAINING.get(name, name) not in spoken}
    told = {name: value for name, value in said.items() if name not in ("key", "given_name", "family_name", "email")}
    values["roster"] = kept | told
    return values


def _stored(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
