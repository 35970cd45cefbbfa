"""Bringing spreadsheets in: a look first, then the whole sheet in one transaction, or nothing.

The plan is made anew when it is carried out, from the file that was kept and under a lock: two tabs and a double click
do no harm. Large sheets go through row by row, some hundreds at a time, and never stand in memory as a whole.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import many, services, waiting
from programs.enrollment.importing import remembering
from programs.enrollment.importing.fates import Fates
from programs.enrollment.importing.keeping import LOOKED, keep_counts, save_unless_taken
from programs.enrollment.importing.kinds import (
    ROLES,
    TELLING,
    check_session,
    role_of,
    roles_of,
    sheet_kind,
    vocabulary_of,
)
from programs.enrollment.importing.pairing import Pairs
from programs.enrollment.importing.plans import Plan, Step
from programs.enrollment.importing.rosters import Roster
from programs.enrollment.importing.sheets import Fault, workbook
from programs.enrollment.importing.sheets.layout import Layout, is_own, propose, what_is_missing
from programs.enrollment.importing.sheets.mending import Mender
from programs.enrollment.importing.sheets.reading import Reader, Reading
from programs.enrollment.importing.sheets.table import Table, read_table
from programs.enrollment.importing.sign_up_sheets import SignUps
from programs.enrollment.importing.writing import write_steps
from programs.enrollment.models import SheetImport
from programs.enrollment.working import Notice
from programs.policy.models import Cycle
from tenants import audit, context
from tenants.people.models import Person

LARGEST = 40 * 1024 * 1024
# More lines than these are a worker's work, not a request's.
LARGE = 2_000
# No society has so many people; a worker would be at more of them, or at so many broken ones, for minutes.
MOST_LINES = 500_000
AT_ONCE = 1_000
SAMPLE = 200
# A file whose headings nobody knows is a sheet with so many columns and different rows; and what a page can ask about.
FEWEST, MOST_COLUMNS = 2, 300
# No column is called so.
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
Kind = SheetImport.Kind


class Planner(Protocol):
    """Plans the rows of one kind of sheet."""

    def plan(self, readings: Sequence[Reading], faults: list[Fault]) -> list[Step]:
        """What some rows would do; faults are added to."""

    def closing_faults(self) -> list[Fault]:
        """What only the whole sheet could tell."""


@transaction.atomic
def receive_sheet(
    *, kind: SheetImport.Kind, content: bytes, file_name: str, by: Person | None, cycle: Cycle | None = None
) -> SheetImport:
    """Keep a sheet with a proposal of what its columns mean; nothing of it is taken yet.

    DomainError if it is no sheet at all, or if the session takes no sign-ups.
    """
    check_session(kind, cycle)
    if len(content) > LARGEST:
        raise DomainError(_("This file is larger than 40 MB. A sheet of people is far smaller: is it the right file?"))
    content = _unzipped(content, file_name)
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_LINES:
        raise DomainError(_("This file has more than 500,000 lines. Bring it in several files."))
    sheet_import = SheetImport(
        kind=kind,
        cycle=cycle,
        file_name=file_name[:200],
        digest=hashlib.sha256(content).hexdigest(),
        content=zlib.compress(content, 1),
        is_large=content.count(b"\n") + content.count(b"\r") > LARGE * 2,
        brought_by=by,
        created_at=clock.now(),
    )
    table = table_of(sheet_import)
    if not table.is_readable:
        raise DomainError(_nothing(table.faults))
    if len(table.headings) > MOST_COLUMNS:
        raise DomainError(
            _("This sheet has more columns than %(most)d. Take out those that say nothing of people.")
            % {"most": MOST_COLUMNS}
        )
    _check_telling(sheet_import, table)
    if any(MAIL.fullmatch(heading.strip()) for heading in table.headings):
        message = "The first line must name the columns; here it holds a person."
        raise DomainError(_nothing([_of_headings(table, message)]))
    rows = sample(table)
    layout = propose(
        table,
        sheet_kind(sheet_import),
        remembered=remembering.headings(sheet_import),
        sample=rows,
        roles=roles_of(cycle),
    )
    if not layout.fields and min(len(table.headings), len(set(map(tuple, rows)))) < FEWEST:
        raise DomainError(_nothing([_of_headings(table, "No heading says what stands under it.")]))
    keep_layout(sheet_import, remembering.with_choices(sheet_import, table, layout))
    sheet_import.save()
    return sheet_import


@transaction.atomic
def look_at_sheet(
    *, kind: SheetImport.Kind, content: bytes, file_name: str, by: Person | None, cycle: Cycle | None = None
) -> tuple[SheetImport, Plan]:
    """Keep a sheet as it is proposed to be read, and look at what it would do; nothing of it is taken yet.

    DomainError if it is no sheet at all, if nobody could be told from anybody else, or if the session takes no
    sign-ups.
    """
    sheet_import = receive_sheet(kind=kind, content=content, file_name=file_name, by=by, cycle=cycle)
    return sheet_import, look_again(sheet_import=sheet_import)


@transaction.atomic
def look_again(*, sheet_import: SheetImport, notice: Notice | None = None) -> Plan:
    """What a sheet that is kept would do if it were taken now; DomainError if its columns say too little."""
    plan = _go_through(sheet_import, notice=notice)
    if not plan.rows:
        only_headings = Fault(sheet_import.file_name, 1, None, "There are headings, and no row under them.")
        raise DomainError(_nothing([*plan.faults, only_headings]))
    sheet_import.looked_at = clock.now()
    save_unless_taken(sheet_import, *LOOKED)
    return plan


@transaction.atomic
def say_columns(*, sheet_import: SheetImport, layout: Layout) -> None:
    """Keep what the columns of a sheet mean, whether or not it can be read so; it has to be looked at anew."""
    keep_layout(sheet_import, layout)
    sheet_import.looked_at = None
    save_unless_taken(sheet_import, "layout", "looked_at")


def seal_of(sheet_import: SheetImport) -> str:
    """Tells one meaning of a sheet's columns from another, so that nothing is taken otherwise than it was shown."""
    return hashlib.sha256(json.dumps(sheet_import.layout, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def take_sheet(*, sheet_import: SheetImport, by: Person | None, notice: Notice | None = None) -> SheetImport:
    """Take every row that could be read, all in one; taking a sheet twice changes nothing.

    A membership list may settle what the rules could not tell, so they are asked again. Nobody is written to.
    """
    locked = SheetImport.objects.select_for_update(of=["self"]).get(pk=sheet_import.pk)
    if locked.applied_at is not None:
        return locked
    check_session(Kind(locked.kind), locked.cycle)
    try:
        with transaction.atomic():
            waiting.hold(*_decides_in(locked))
            _go_through(locked, write=True, notice=notice)
            if locked.cycle is not None:
                waiting.fill(locked.cycle)
            many.check_references(anew=True)
    except IntegrityError:
        raise DomainError(_("Somebody else changed these people at the same moment. Take the sheet again.")) from None
    locked.content, locked.applied_at, locked.work = None, clock.now(), SheetImport.Work.NOTHING
    locked.save()
    counts = {"added": locked.rows_added, "changed": locked.rows_changed, "faults": locked.fault_count}
    audit.record("sheet.taken", subject=locked, actor=by, kind=locked.kind, **counts)
    return locked


def _decides_in(sheet_import: SheetImport) -> list[Cycle]:
    """The sessions in which a sheet may give or free places."""
    if sheet_import.cycle is not None:
        return [sheet_import.cycle]
    return list(Cycle.objects.filter(state__in=services.TAKES_SIGN_UPS).select_related("version"))


def _unzipped(content: bytes, file_name: str) -> bytes:
    """A workbook as CSV; anything else as it is."""
    if not workbook.is_zipped(content):
        return content
    try:
        return workbook.as_csv(content)
    except ValueError as error:
        raise DomainError(_nothing([Fault(file_name, 1, None, str(error))])) from None


def table_of(sheet_import: SheetImport) -> Table:
    """The sheet itself, as long as it is kept."""
    content = zlib.decompress(bytes(sheet_import.content)) if sheet_import.content else b""
    return read_table(content, sheet_import.file_name, forgiving=True)


def layout_of(sheet_import: SheetImport) -> Layout:
    """What its columns mean, as it stands."""
    kept = sheet_import.layout
    choices = {int(index): said for index, said in kept.get("choices", {}).items()}
    return Layout(sheet_kind(sheet_import), tuple(kept.get("targets", ())), choices)


def keep_layout(sheet_import: SheetImport, layout: Layout) -> None:
    """Write on a sheet what its columns mean; whoever calls saves it."""
    choices = {str(index): dict(said) for index, said in layout.choices.items() if said}
    sheet_import.layout = {"targets": list(layout.targets), "choices": choices}


def sample(table: Table) -> list[Sequence[str]]:
    """The cells of the first rows."""
    return [record.cells for record in itertools.islice(table.records(), SAMPLE) if record.usable]


def missing_in(sheet_import: SheetImport, table: Table, layout: Layout) -> str | None:
    """The sentence for a layout by which the sheet cannot be read."""
    return what_is_missing(layout, role_is_known=role_of(sheet_import, table) is not None)


def is_certain(sheet_import: SheetImport, table: Table, layout: Layout) -> bool:
    """Whether all headings are our own or were said before, so that nobody need be asked what they mean."""
    known = remembering.headings(sheet_import).keys()
    return missing_in(sheet_import, table, layout) is None and all(
        heading.casefold() in known or is_own(heading, layout.kind) for heading in table.headings if heading
    )


def _go_through(sheet_import: SheetImport, *, write: bool = False, notice: Notice | None = None) -> Plan:
    table, layout = table_of(sheet_import), layout_of(sheet_import)
    if missing := missing_in(sheet_import, table, layout):
        raise DomainError(_nothing([Fault(table.name, table.headings_line, None, missing)]))
    society = context.current()
    assert society is not None
    cycle = sheet_import.cycle
    reader = Reader(
        table, layout, role_of(sheet_import, table), society.zone, vocabulary_of(cycle), roles=roles_of(cycle)
    )
    planner = _planner(sheet_import, table, layout)
    plan, mender, fates = Plan(faults=list(table.faults)), Mender(table.headings), Fates(layout)
    lines = table.data.count(b"\n") or 1
    for readings in _batched(reader, AT_ONCE):
        _take_some(sheet_import, planner, readings, plan, (mender, fates), write=write)
        if notice:
            notice(min(readings[-1].line, lines), lines)
    plan.faults += planner.closing_faults()
    plan.faults.sort(key=lambda fault: fault.line)
    keep_counts(sheet_import, plan)
    sheet_import.to_mend, sheet_import.fates = mender.finish(), fates.finish()
    return plan


def _planner(sheet_import: SheetImport, table: Table, layout: Layout) -> Planner:
    if layout.kind == "members":
        return Roster(table, layout)
    if layout.kind == "pairs":
        return Pairs(table, layout, sheet_import)
    return SignUps(table, layout, sheet_import)


def _take_some(
    sheet_import: SheetImport,
    planner: Planner,
    readings: Sequence[Reading],
    plan: Plan,
    sheets: tuple[Mender, Fates],
    *,
    write: bool,
) -> None:
    faults: list[Fault] = []
    steps = planner.plan(readings, faults)
    mender, fates = sheets
    taken = {step.line: step for step in steps}
    planned: dict[int, list[Fault]] = {}
    for fault in faults:
        planned.setdefault(fault.line, []).append(fault)
    plan.rows += len(readings)
    for step in steps:
        plan.add(step)
    for reading in readings:
        mine = [*reading.faults, *planned.get(reading.line, [])]
        if reading.line not in taken:
            plan.left_out += 1
            mine = [replace(fault, row_taken=False) for fault in mine if fault.loses]
        plan.faults += mine
        fates.add(reading, taken.get(reading.line), mine)
        if any(fault.loses for fault in mine):
            mender.add(reading.record, mine)
    if write:
        write_steps(sheet_import, steps)


def _batched(readings: Iterable[Reading], size: int) -> Iterable[Sequence[Reading]]:
    source = iter(readings)
    while batch := list(itertools.islice(source, size)):
        yield batch


def _check_telling(sheet_import: SheetImport, table: Table) -> None:
    """Mentors are not mentees, whatever was ticked."""
    role = ROLES.get(sheet_import.kind)
    other = {"mentor": "mentee", "mentee": "mentor"}.get(role or "")
    if other and TELLING[other] in map(str.lower, table.headings):
        message = f"This looks like a sheet of {other}s."
        raise DomainError(_nothing([Fault(table.name, table.headings_line, TELLING[other], message)]))


def _of_headings(table: Table, message: str) -> Fault:
    return Fault(table.name, table.headings_line, None, message)


def _nothing(faults: Sequence[Fault]) -> str:
    first = str(faults[0]) if faults else ""
    return _("Nothing in this file could be read as a sheet of people. %(fault)s") % {"fault": first}
