"""Pairs that exist already: who they are and since when. The room that knows what a pair is makes them of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import blake2b
from typing import Any, Protocol, cast
from uuid import UUID

from django.db.models import QuerySet

from chiron.kernel import clock
from chiron.kernel.ids import uuid7
from programs.enrollment.importing.plans import Known, Step, Thing, What, changed, heading_of, made
from programs.enrollment.importing.sheets import ExistingPair, Fault
from programs.enrollment.importing.sheets.layout import Layout
from programs.enrollment.importing.sheets.reading import Reading
from programs.enrollment.importing.sheets.table import Table
from programs.enrollment.importing.sheets.words import shown, split_name
from programs.enrollment.models import Enrollment, Role, SheetImport
from programs.policy.models import Cycle
from tenants import context
from tenants.people.models import WHOLE_NAME, Person

PERSON = ("given_name", "family_name", "email")


@dataclass(frozen=True)
class RunningPair:
    """A mentor and a mentee of a session who have met before; `pk` becomes that of what is made of them."""

    mentor: Enrollment
    mentee: Enrollment
    since: datetime
    pk: UUID = field(default_factory=uuid7)


class MakesPairs(Protocol):
    """What the room above offers: pairs that stand, making such that run, and taking those back."""

    def standing(self, cycle: Cycle) -> Iterable[tuple[UUID, UUID]]:
        """The people (mentor, mentee) of all pairs of a session that stand."""

    def make(self, cycle: Cycle, pairs: Sequence[RunningPair]) -> None:
        """Make pairs that run since a day; nobody is written to."""

    def staying(self, made: QuerySet[Any, Any]) -> Mapping[UUID, str]:
        """Hold pairs that `make` made, by a query of their ids; returns why, for each of those that must stay."""

    def remove(self, ids: Collection[UUID]) -> None:
        """Undo `make` for pairs that are held and need not stay."""


_makers: list[MakesPairs] = []


def offer(maker: MakesPairs) -> None:
    """Registered by the room that knows what a pair is, when it is ready."""
    _makers[:] = [maker]


def maker() -> MakesPairs:
    """Who makes pairs here."""
    return _makers[0]


class Pairs:
    """Plans the rows of a list of pairs."""

    def __init__(self, table: Table, layout: Layout, sheet_import: SheetImport) -> None:
        assert sheet_import.cycle is not None, "Pairs are of a session."
        self._table, self._layout, self._import = table, layout, sheet_import
        self._cycle: Cycle = sheet_import.cycle
        self._known = Known()
        # Whom earlier rows bring, and all pairs: a hundred thousand, so they stand here as bytes.
        self._brought: dict[bytes, bytes] = {}
        self._standing = {_both(*people) for people in maker().standing(self._cycle)}

    def closing_faults(self) -> list[Fault]:
        """Nothing: each row says all by itself."""
        return []

    def plan(self, readings: Sequence[Reading], faults: list[Fault]) -> list[Step]:
        """What some rows would do; faults are added to."""
        found = [(each, cast(ExistingPair, each.gives[0])) for each in readings if each.gives]
        self._known.load(numbers=(), mails=(mail for _, p in found for mail in (p.mentor_email, p.mentee_email)))
        self._called = _people_called({name for _, pair in found for name in (pair.mentor, pair.mentee)})
        people = [person.pk for person in self._known.by_mail.values()]
        people += [person.pk for namesakes in self._called.values() for person in namesakes]
        there = {
            (each.person_id, each.role): each
            for each in Enrollment.objects.filter(cycle=self._cycle, person_id__in=people)
        }
        steps = (self._step(reading, pair, there, faults) for reading, pair in found)
        return [step for step in steps if step is not None]

    def _step(
        self, reading: Reading, pair: ExistingPair, there: dict[tuple[Any, str], Enrollment], faults: list[Fault]
    ) -> Step | None:
        things: list[Thing] = []
        both = []
        for role, name, email in (
            (Role.MENTOR, pair.mentor, pair.mentor_email),
            (Role.MENTEE, pair.mentee, pair.mentee_email),
        ):
            person = self._person(name, email, things)
            if person is None:
                message = f"Several people are called {shown(name)}. Add the mail address of the one who is meant."
                column = heading_of(self._table, self._layout, role.value)
                faults.append(Fault(self._table.name, reading.line, column, message, value=name))
                return None
            both.append(person)
        mentor, mentee = both
        if mentor.pk == mentee.pk:
            column = heading_of(self._table, self._layout, "mentee")
            message = "This is one and the same person."
            faults.append(Fault(self._table.name, reading.line, column, message, value=mentee.name))
            return None
        name = f"{mentor.name} – {mentee.name}"
        both_ids = _both(mentor.pk, mentee.pk)
        if both_ids in self._standing:
            return Step(reading.line, name, "same")
        self._standing.add(both_ids)
        since = _moment(pair.since) if pair.since else clock.now()
        notes = self._notes(pair)
        places = [
            self._place(person, role, (since, notes), there, things)
            for person, role in zip(both, (Role.MENTOR, Role.MENTEE), strict=True)
        ]
        running = RunningPair(places[0], places[1], min(since, clock.now()))
        things.append(Thing(What.PAIR, running, None, {}))
        return Step(reading.line, name, "added", things)

    def _notes(self, pair: ExistingPair) -> dict[str, Any]:
        """What a list says beside, and a start in words that are no date."""
        said = dict(pair.extra)
        if pair.since is None and pair.since_said:
            said[heading_of(self._table, self._layout, "since") or ""] = pair.since_said
        return {"extra": said} if said else {}

    def _person(self, name: str, email: str, things: list[Thing]) -> Person | None:
        """Whoever has this address, or else this name alone; nobody if several have it."""
        if known := self._known.by_mail.get(email.lower()):
            return known
        key = blake2b((email.lower() or name.casefold()).encode(), digest_size=16).digest()
        given, family = split_name(name)
        if pk := self._brought.get(key):
            return Person(pk=UUID(bytes=pk), given_name=given, family_name=family, email=email)
        namesakes = [each for each in self._called.get(name.casefold(), ()) if not email or not each.email]
        if len(namesakes) > 1:
            return None
        if namesakes:
            return namesakes[0]
        person = Person(given_name=given, family_name=family, email=email, created_at=clock.now())
        self._brought[key] = person.pk.bytes
        things.append(made(What.PERSON, person, *PERSON))
        return person

    def _place(
        self,
        person: Person,
        role: Role,
        said: tuple[datetime, dict[str, Any]],
        there: dict[tuple[Any, str], Enrollment],
        things: list[Thing],
    ) -> Enrollment:
        """The person's sign-up, which has its pair; made here for who has none."""
        since, notes = said
        enrollment = there.get((person.pk, role))
        matched = Enrollment.State.MATCHED
        if enrollment is None:
            now = clock.now()
            enrollment = Enrollment(
                cycle=self._cycle,
                person=person,
                role=role,
                state=matched,
                answers=notes,
                source=self._import,
                signed_up_at=min(since, now),
                changed_at=now,
            )
            there[person.pk, role] = enrollment
            things.append(made(What.SIGN_UP, enrollment, "answers"))
        else:
            enrollment.person, enrollment.cycle = person, self._cycle
            things += filter(None, [changed(What.SIGN_UP, enrollment, {"state": matched})])
        return enrollment


def _both(mentor: UUID, mentee: UUID) -> bytes:
    return mentor.bytes + mentee.bytes


def _people_called(names: Collection[str]) -> dict[str, list[Person]]:
    """People by their whole name in lower case."""
    found: dict[str, list[Person]] = {}
    called = Person.objects.alias(whole=WHOLE_NAME).filter(whole__in=[name.casefold() for name in names])
    for person in called.order_by():
        found.setdefault(person.name.casefold(), []).append(person)
    return found


def _moment(day: date) -> datetime:
    """A day of the society as a moment: its noon."""
    society = context.current()
    assert society is not None
    return datetime.combine(day, time(12), tzinfo=society.zone)
