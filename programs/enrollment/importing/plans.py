"""What a sheet would do, row by row, before anything is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from programs.enrollment.importing.sheets import Fault
from programs.enrollment.importing.sheets.layout import Layout
from programs.enrollment.importing.sheets.table import Table
from programs.enrollment.models import Enrollment, TouchedRow
from programs.policy.models import Cycle
from tenants.people.models import Person

Does = Literal["added", "changed", "same"]
What = TouchedRow.What
# Pages show the first of a long list, and say how many there are.
SHOWN = 200


class Touched(Protocol):
    """A row of ours that has an id before it is saved."""

    @property
    def pk(self) -> UUID:
        """Its id."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A row of ours that a row of a sheet makes or changes: what it was, by field, and what it becomes."""

    what: TouchedRow.What
    row: Touched
    before: dict[str, Any] | None
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What one row of a sheet would do."""

    line: int
    name: str
    does: Does
    things: Sequence[Thing] = ()


@dataclass
class Plan:
    """What every row would do, counted, and what is wrong."""

    rows: int = 0
    faults: list[Fault] = field(default_factory=list)
    left_out: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, step: Step) -> None:
        """Count a step."""
        self.counts[step.does] += 1

    def count(self, does: Does) -> int:
        """How many rows would do this."""
        return self.counts[does]

    @property
    def taken(self) -> int:
        """How many rows would be taken, changed or not."""
        return self.counts.total()


@dataclass
class Known:
    """The society's people as far as some rows of a sheet speak of them, found by number or by mail address.

    It remembers whom earlier rows would bring, for when a sheet is looked at these are nowhere else.
    """

    by_member_id: dict[str, Person] = field(default_factory=dict)
    by_mail: dict[str, Person] = field(default_factory=dict)
    _brought: dict[str, tuple[str, str]] = field(default_factory=dict)

    def load(self, *, numbers: Iterable[str], mails: Iterable[str]) -> None:
        """Find the people of the next rows, in one query."""
        self.by_member_id, self.by_mail = {}, {}
        numbers, mails = {number for number in numbers if number}, {mail.lower() for mail in mails if mail}
        found = Person.objects.alias(mail=Lower("email")).filter(
            (Q(member_id__in=numbers) & ~Q(member_id="")) | (Q(mail__in=mails) & ~Q(email=""))
        )
        for person in found.order_by():
            self._add(person)

    def bring(self, person: Person) -> None:
        """Remember somebody whom a row brings or changes."""
        self._add(person)
        if person.email:
            self._brought[person.email.lower()] = (person.member_id, person.name)

    def _add(self, person: Person) -> None:
        if person.member_id:
            self.by_member_id[person.member_id] = person
        if person.email:
            self.by_mail[person.email.lower()] = person

    def find(self, *, member_id: str, email: str) -> Person | None:
        """By number first; by address only somebody whose number is not another one than was said."""
        if found := self.by_member_id.get(member_id):
            return found
        same_mail = self._by_address(email)
        differs = same_mail is not None and member_id and same_mail.member_id not in ("", member_id)
        return None if differs else same_mail

    def has_address(self, person: Person, email: str) -> Person | None:
        """Somebody else who has this address already."""
        other = self._by_address(email)
        if other is None or other.pk == person.pk or (person.member_id and other.member_id == person.member_id):
            return None
        return other

    def _by_address(self, email: str) -> Person | None:
        mail = email.lower()
        if not mail or mail in self.by_mail:
            return self.by_mail.get(mail)
        if mail in self._brought:
            member_id, name = self._brought[mail]
            return Person(member_id=member_id, given_name=name, email=email)
        return None


def made(what: TouchedRow.What, row: Touched, *fields: str) -> Thing:
    """A new row, with the values by which it can be told later whether somebody changed it."""
    return Thing(what, row, None, {name: plain(getattr(row, name)) for name in fields})


def changed(what: TouchedRow.What, row: Touched, values: Mapping[str, Any]) -> Thing | None:
    """Set what differs; None if nothing does."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not differing:
        return None
    before = {name: plain(getattr(row, name)) for name in differing}
    for name, value in differing.items():
        setattr(row, name, value)
    return Thing(what, row, before, {name: plain(value) for name, value in differing.items()})


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def share_cycles(enrollments: Collection[Enrollment]) -> None:
    """Give sign-ups of one session the same session: each of its own would bring all the program's settings along."""
    ids = {enrollment.cycle_id for enrollment in enrollments}
    cycles = Cycle.objects.select_related("program", "version").in_bulk(ids)
    for enrollment in enrollments:
        enrollment.cycle = cycles[enrollment.cycle_id]


def heading_of(table: Table, layout: Layout, *fields: str) -> str | None:
    """The heading of the first of some fields that a sheet has."""
    targets = layout.targets
    return next((table.headings[targets.index(field)] for field in fields if field in targets), None)


def under_another_name(person: Person, member_id: str, given_name: str, family_name: str) -> str | None:
    """The sentence for a row whose number is that of somebody who shares neither name with it."""
    said = (given_name, family_name)
    known = (person.given_name, person.family_name)
    if not any(said) or person.member_id != member_id:
        return None
    if any(a.casefold() == b.casefold() for a, b in zip(said, known, strict=True)):
        return None
    name = " ".join(said).strip()
    return f"The society knows {member_id} as {person.name}; this row says {name}. Is the number right?"
