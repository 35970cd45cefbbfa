"""What `chiron match` reads: the policy, its part, the first day, and the people of both sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.criteria import Known
from programs.enrollment.importing.sheets import Fault, Sheet, SheetError, read_signups
from programs.policy.document import Part, Policy, load_policy, policy_hash
from programs.policy.participant import Participant, RoleName

# Columns that a sheet may have besides: ids, separated by “; ”, of people with whom a hard rule forbids a pair.
IDS_OF_OTHERS = ("reports_to", "blocked", "ended_early_with")

AGE = range(1950, 2101)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a match on files starts from."""

    policy: Policy
    policy_hash: str
    part: Part
    starts: date
    starts_from: str
    people: Sequence[Participant]
    known: Known
    unused: Sequence[str]
    """Columns that nothing reads, with the name of their sheet."""


def read_inputs(policy: Path, mentors: Path, mentees: Path, *, part: str | None, starts: date | None) -> Inputs:
    """Read everything or raise DomainError with all that is wrong, by file, line and column."""
    document = load_policy(_bytes(policy), name=str(policy))
    sheets = [_sheet(mentors, "mentor"), _sheet(mentees, "mentee")]
    if faults := [fault for sheet in sheets for fault in sheet.faults]:
        raise SheetError(faults, lead=_lead(faults))
    people = [person for sheet in sheets for person in sheet.values]
    day, reason = _first_day(document, starts)
    return Inputs(
        policy=document,
        policy_hash=policy_hash(document),
        part=_part(document, part),
        starts=day,
        starts_from=reason,
        people=people,
        known=_known(people),
        unused=[f"{name} ({sheet.name})" for sheet in sheets for name in sheet.unused if name not in IDS_OF_OTHERS],
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DomainError(f"{path} cannot be read: {error.strerror}.") from None


def _sheet(path: Path, role: RoleName) -> Sheet[Participant]:
    return read_signups(_bytes(path), str(path), role=role)


def _lead(faults: Sequence[Fault]) -> str:
    return f"{'1 fault' if len(faults) == 1 else f'{len(faults)} faults'} in the sheets, so nothing was written."


def _first_day(policy: Policy, starts: date | None) -> tuple[date, str]:
    if starts:
        if starts.year not in AGE:
            raise DomainError(f"--starts is {starts}; a session starts between {AGE[0]} and {AGE[-1]}.")
        return starts, "given with --starts"
    if policy.first_cycle:
        return policy.first_cycle.starts, "the policy's first_cycle"
    return clock.today(), "today, for the policy has no first_cycle"


def _part(policy: Policy, name: str | None) -> Part:
    if name is None:
        if part := policy.first_one_to_one():
            return part
        raise DomainError(f"“{policy.title}” has no part that pairs people one to one.")
    for part in policy.parts:
        if part.name.casefold() == name.casefold():
            return part
    there_are = ", ".join(f"“{part.name}”" for part in policy.parts)
    raise DomainError(f"“{policy.title}” has no part “{name}”. It has {there_are}.")


def _known(people: Sequence[Participant]) -> Known:
    return Known(
        reporting_lines=list(_others(people, "reports_to")),
        blocked=list(_others(people, "blocked")),
        ended_early=list(_others(people, "ended_early_with")),
    )


def _others(people: Sequence[Participant], column: str) -> Iterator[tuple[str, str]]:
    for person in people:
        for key in str(person.extra.get(column, "")).split(";"):
            if key.strip():
                yield person.key, key.strip()
