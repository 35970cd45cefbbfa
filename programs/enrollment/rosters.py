"""The membership list: who is a member, and what the society knows of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

from chiron.kernel import clock
from programs.enrollment.plans import Does, Known, Plan, Step, under_another_name
from programs.enrollment.sheets import Fault, Member, Sheet, read_roster
from tenants.people.models import Person

# These have columns of their own; everything else that a list says is kept beside them.
COLUMNS = ("given_name", "family_name", "email", "stage", "specialty", "membership_status")


def plan_roster(content: bytes, file_name: str) -> Plan:
    """What a membership list would do: read as ours, or else in whatever shape a membership system exports."""
    sheet = read_roster(content, file_name)
    if not sheet.rows:
        sheet = read_roster(content, file_name, forgiving=True)
    known = Known.everybody()
    faults = list(sheet.faults)
    steps = [_step(line, member, known, sheet, faults) for line, member in sheet.rows]
    return Plan(steps, sorted(faults, key=lambda fault: fault.line))


def _step(line: int, member: Member, known: Known, sheet: Sheet[Member], faults: list[Fault]) -> Step:
    person = known.find(member_id=member.key, email=member.email)
    is_new = person is None
    person = person or Person(created_at=clock.now())
    if not is_new and (message := under_another_name(person, member.key, member.given_name, member.family_name)):
        faults.append(Fault(sheet.name, line, "member_id", message, row_taken=True))
    values = _values(member)
    if other := known.has_address(person, member.email):
        values["email"] = person.email
        message = f"{member.email} is {other.name}'s address already, so it was left out here."
        faults.append(Fault(sheet.name, line, "email", message, row_taken=True))
    differs = any(getattr(person, name) != value for name, value in values.items())
    does: Does = "added" if is_new else "changed" if differs or person.on_roster_since is None else "same"
    for name, value in values.items():
        setattr(person, name, value)
    known.add([person])
    return Step(line, person.name, does, partial(_save, person, does))


def _values(member: Member) -> dict[str, Any]:
    row = {name: value for name, value in asdict(member).items() if value not in (None, "", (), {})}
    columns = {name: row.get(name, "") for name in COLUMNS}
    roster = {
        name: _stored(value) for name, value in row.items() if name not in ("key", "given_name", "family_name", "email")
    }
    return {"member_id": member.key, **columns, "roster": roster}


def _stored(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _save(person: Person, does: Does) -> None:
    if does == "same":
        return
    person.on_roster_since = person.on_roster_since or clock.now()
    person.save()
