"""Bringing spreadsheets in: a look first, then the whole sheet in one transaction, or nothing.

The plan is made anew when it is carried out, from the file that was kept and under a lock: two tabs and a double click
do no harm.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import services
from programs.enrollment.answers import answers_of
from programs.enrollment.models import Enrollment, SheetImport
from programs.enrollment.plans import Does, Known, Plan, Step, under_another_name
from programs.enrollment.rosters import plan_roster
from programs.enrollment.sheets import Fault, Sheet, read_form_export, read_signups
from programs.policy.models import Cycle
from programs.policy.participant import Participant
from tenants import audit, context
from tenants.people.models import Person

LARGEST = 5 * 1024 * 1024
Kind = SheetImport.Kind


@transaction.atomic
def look_at_sheet(
    *, kind: SheetImport.Kind, content: bytes, file_name: str, by: Person | None, cycle: Cycle | None = None
) -> tuple[SheetImport, Plan]:
    """Read a sheet and keep it for the decision; nothing of it is taken yet.

    DomainError if it is no sheet at all, or if the session takes no sign-ups.
    """
    if cycle is not None:
        services.check_takes_sign_ups(cycle)
    if len(content) > LARGEST:
        raise DomainError(_("This file is larger than 5 MB. A sheet of people is far smaller: is it the right file?"))
    sheet_import = SheetImport(
        kind=kind,
        cycle=cycle,
        file_name=file_name[:200],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        brought_by=by,
        created_at=clock.now(),
    )
    plan = _plan(sheet_import, by)
    if not plan.steps:
        first = str(plan.faults[0]) if plan.faults else ""
        raise DomainError(_("Nothing in this file could be read as a sheet of people. %(fault)s") % {"fault": first})
    _keep_counts(sheet_import, plan)
    sheet_import.save()
    return sheet_import, plan


@transaction.atomic
def take_sheet(*, sheet_import: SheetImport, by: Person | None) -> SheetImport:
    """Take every row that could be read, all in one; taking a sheet twice changes nothing.

    A membership list may settle what the rules could not tell, so they are asked again.
    """
    locked = SheetImport.objects.select_for_update(of=["self"]).get(pk=sheet_import.pk)
    if locked.applied_at is not None:
        return locked
    plan = _plan(locked, by)
    for step in plan.steps:
        step.carry_out()
    if locked.kind == Kind.ROSTER:
        services.apply_rules_everywhere()
    _keep_counts(locked, plan)
    locked.content, locked.applied_at = None, clock.now()
    locked.save()
    counts = {"added": locked.rows_added, "changed": locked.rows_changed, "faults": len(locked.faults)}
    audit.record("sheet.taken", subject=locked, actor=by, kind=locked.kind, **counts)
    return locked


def planned(sheet_import: SheetImport) -> Plan:
    """What a kept sheet would do if it were taken now."""
    return _plan(sheet_import, None)


def _plan(sheet_import: SheetImport, by: Person | None) -> Plan:
    content = bytes(sheet_import.content or b"")
    if sheet_import.kind == Kind.ROSTER:
        return plan_roster(content, sheet_import.file_name)
    return _plan_sign_ups(sheet_import, content, by)


def _plan_sign_ups(sheet_import: SheetImport, content: bytes, by: Person | None) -> Plan:
    sheet = _none_ahead_of_time(_sign_up_sheet(sheet_import, content))
    known, faults = Known.everybody(), list(sheet.faults)
    there = {(each.person_id, each.role): each for each in Enrollment.objects.filter(cycle=sheet_import.cycle_id)}
    steps = []
    for line, participant in sheet.rows:
        person = known.find(member_id=participant.key, email=participant.email)
        if person is None:
            person = _new_person(participant, known)
        else:
            differing = _differing(person, participant).items()
            faults += [Fault(sheet.name, line, column, message, row_taken=True) for column, message in differing]
        before = there.get((person.pk, participant.role))
        answers = answers_of(participant)
        does: Does = "added" if before is None else "same" if before.answers == answers else "changed"
        carry_out = partial(_sign_up, sheet_import, person, participant, answers, does, by)
        steps.append(Step(line, person.name, does, carry_out))
    return Plan(steps, sorted(faults, key=lambda fault: fault.line))


def _differing(person: Person, participant: Participant) -> dict[str, str]:
    """What the society knows of somebody otherwise than a sign-up says: a sentence by column."""
    said = {}
    if message := under_another_name(person, participant.key, participant.given_name, participant.family_name):
        said["member_id"] = message
    if participant.email and person.email.lower() != participant.email.lower():
        said["email"] = f"The society knows {person.name} by another address. Mail goes to that one."
    return said


def _sign_up_sheet(sheet_import: SheetImport, content: bytes) -> Sheet[Participant]:
    society = context.current()
    assert society is not None
    if sheet_import.kind == Kind.FORM:
        return read_form_export(content, sheet_import.file_name, zone=society.zone)
    role: Literal["mentor", "mentee"] = "mentor" if sheet_import.kind == Kind.MENTORS else "mentee"
    return read_signups(content, sheet_import.file_name, role=role, zone=society.zone)


def _none_ahead_of_time(sheet: Sheet[Participant]) -> Sheet[Participant]:
    """The sheet without dates that are still to come, which then count as now; one fault says how many they are."""
    now = clock.now()
    ahead = {line for line, each in sheet.rows if each.signed_up_at and each.signed_up_at > now}
    if not ahead:
        return sheet
    column = next((heading for heading, into in sheet.headings.items() if into == "signed_up_at"), None)
    many = "1 row is" if len(ahead) == 1 else f"{len(ahead)} rows are"
    message = f"{many} dated after today, the first one here. They count as signed up now."
    fault = Fault(sheet.name, min(ahead), column, message, row_taken=True)
    rows = [(line, replace(each, signed_up_at=None) if line in ahead else each) for line, each in sheet.rows]
    return replace(sheet, rows=rows, faults=[*sheet.faults, fault])


def _new_person(participant: Participant, known: Known) -> Person:
    """Somebody of whom the society had not heard; an address that is another's already stays with that one."""
    person = Person(
        given_name=participant.given_name,
        family_name=participant.family_name,
        # Web forms know people by their address; the society's own number comes with its list.
        member_id="" if participant.key == participant.email else participant.key,
        stage=participant.stage or "",
        specialty=participant.specialty or "",
        created_at=clock.now(),
    )
    if known.has_address(person, participant.email) is None:
        person.email = participant.email
    known.add([person])
    return person


def _sign_up(
    sheet_import: SheetImport,
    person: Person,
    participant: Participant,
    answers: dict[str, Any],
    does: Does,
    by: Person | None,
) -> None:
    if does == "same":
        return
    person.biosketch = person.biosketch or participant.biosketch
    person.save()
    assert sheet_import.cycle is not None
    services.sign_up(
        cycle=sheet_import.cycle,
        person=person,
        role=participant.role,
        answers=answers,
        by=by,
        at=participant.signed_up_at,
        source=sheet_import,
    )


def _keep_counts(sheet_import: SheetImport, plan: Plan) -> None:
    sheet_import.rows_added, sheet_import.rows_changed = plan.count("added"), plan.count("changed")
    sheet_import.rows_same = plan.count("same")
    sheet_import.faults = [
        {"line": fault.line, "column": fault.column, "message": fault.message, "row_taken": fault.row_taken}
        for fault in plan.faults
    ]
