"""Sheets of sign-ups: people the society may not have heard of, and what they answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from chiron.kernel import clock
from programs.enrollment.answers import answers_of
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
from programs.enrollment.importing.sheets import Fault
from programs.enrollment.importing.sheets.layout import Layout
from programs.enrollment.importing.sheets.reading import Reading
from programs.enrollment.importing.sheets.table import Table
from programs.enrollment.models import Enrollment, SheetImport
from programs.enrollment.services import settle
from programs.policy.models import Cycle
from programs.policy.participant import Participant
from tenants.people.models import Person

PERSON = ("member_id", "given_name", "family_name", "email", "stage", "specialty", "biosketch")
# One column of a sheet fills both.
FILLED_BY = {"training_completed_on": "training_completed", "training_completed_latest": "training_completed"}


class SignUps:
    """Plans the rows of a sheet of sign-ups. What the sheet does not speak of stays as people answered it."""

    def __init__(self, table: Table, layout: Layout, sheet_import: SheetImport) -> None:
        assert sheet_import.cycle is not None, "Sign-ups are to a session."
        self._table, self._layout, self._import = table, layout, sheet_import
        self._cycle: Cycle = sheet_import.cycle
        self._known = Known()
        self._ahead: list[int] = []
        self._now = clock.now()

    def plan(self, readings: Sequence[Reading], faults: list[Fault]) -> list[Step]:
        """What some rows would do; faults are added to."""
        self._now = clock.now()
        found = [(each, cast(Sequence[Participant], each.gives)) for each in readings if each.gives]
        people = [person for _, both in found for person in both]
        numbers = (each.key for each in people if each.key != each.email)
        self._known.load(numbers=numbers, mails=(each.email for each in people))
        ids = {person.pk for person in (*self._known.by_member_id.values(), *self._known.by_mail.values())}
        there = {
            (each.person_id, each.role): each
            for each in Enrollment.objects.filter(cycle=self._cycle, person_id__in=ids)
        }
        steps = (self._step(reading, both, there, faults) for reading, both in found)
        return [step for step in steps if step is not None]

    def closing_faults(self) -> list[Fault]:
        """What only the whole sheet could tell."""
        if not self._ahead:
            return []
        many = "1 row is" if len(self._ahead) == 1 else f"{len(self._ahead)} rows are"
        message = f"{many} dated after today, the first one here. They count as signed up now."
        return [self._fault(self._ahead[0], ("signed_up_at",), message, "", taken=True)]

    def _fault(self, line: int, fields: tuple[str, ...], message: str, value: str, *, taken: bool = False) -> Fault:
        column = heading_of(self._table, self._layout, *fields)
        return Fault(self._table.name, line, column, message, row_taken=taken, value=value)

    def _step(
        self,
        reading: Reading,
        both: Sequence[Participant],
        there: dict[tuple[Any, str], Enrollment],
        faults: list[Fault],
    ) -> Step | None:
        first = both[0]
        # Web forms know people by their address alone.
        number = "" if first.key == first.email else first.key
        person = self._known.find(member_id=number, email=first.email)
        if person is None and not first.given_name:
            faults.append(self._fault(reading.line, ("name", "given_name"), "The name is missing.", ""))
            return None
        things: list[Thing] = []
        if person is None:
            person = self._new_person(first)
            things.append(made(What.PERSON, person, *PERSON))
        else:
            faults += self._differing(person, first, reading.line)
            if first.biosketch and not person.biosketch:
                things += filter(None, [changed(What.PERSON, person, {"biosketch": first.biosketch})])
        if first.signed_up_at and first.signed_up_at > self._now:
            self._ahead.append(reading.line)
        does: list[Does] = []
        for participant in both:
            before = there.get((person.pk, participant.role))
            thing, what = self._sign_up(person, participant, before, reading)
            does.append(what)
            if thing is not None:
                there[person.pk, participant.role] = cast(Enrollment, thing.row)
                things.append(thing)
        said: Does = "added" if "added" in does else "changed" if "changed" in does else "same"
        return Step(reading.line, person.name, said, things if said != "same" else ())

    def _sign_up(
        self, person: Person, participant: Participant, before: Enrollment | None, reading: Reading
    ) -> tuple[Thing | None, Does]:
        now = self._now
        answers = answers_of(participant)
        if before is None:
            at = participant.signed_up_at
            enrollment = Enrollment(
                cycle=self._cycle,
                person=person,
                role=participant.role,
                answers=answers,
                source=self._import,
                signed_up_at=at if at and at <= now else now,
                changed_at=now,
            )
            settle(enrollment)
            return made(What.SIGN_UP, enrollment, "answers"), "added"
        # Who left stays away, whatever an older sheet says: to come back is theirs to say.
        if before.state == Enrollment.State.WITHDRAWN:
            return None, "same"
        spoken = self._layout.fields - reading.unread
        kept = {
            name: value
            for name, value in before.answers.items()
            if FILLED_BY.get(name, name) not in spoken and not (name == "extra" and "extra" in answers)
        }
        before.person, before.cycle = person, self._cycle
        thing = changed(What.SIGN_UP, before, {"answers": kept | answers})
        if thing is None:
            return None, "same"
        before.changed_at = now
        settle(before)
        return thing, "changed"

    def _new_person(self, participant: Participant) -> Person:
        """Somebody of whom the society had not heard; an address that is another's already stays with that one."""
        person = Person(
            given_name=participant.given_name,
            family_name=participant.family_name,
            # Web forms know people by their address; the society's own number comes with its list.
            member_id="" if participant.key == participant.email else participant.key,
            stage=participant.stage or "",
            specialty=participant.specialty or "",
            biosketch=participant.biosketch,
            created_at=self._now,
        )
        if self._known.has_address(person, participant.email) is None:
            person.email = participant.email
        self._known.bring(person)
        return person

    def _differing(self, person: Person, participant: Participant, line: int) -> list[Fault]:
        """What the society knows of somebody otherwise than a sign-up says."""
        said = []
        if message := under_another_name(person, participant.key, participant.given_name, participant.family_name):
            said.append(self._fault(line, ("member_id",), message, participant.key, taken=True))
        if participant.email and person.email.lower() != participant.email.lower():
            message = f"The society knows {person.name} by another address. Mail goes to that one."
            said.append(self._fault(line, ("email",), message, participant.email, taken=True))
        return said
