"""The command `chiron roster`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chiron.kernel.errors import DomainError
from tenants.commanding import AS_JSON, count, say_json, with_database

if TYPE_CHECKING:
    from programs.enrollment.models import SheetImport
    from programs.enrollment.plans import Plan

SOME_LEFT_OUT = 3


@click.group()
def roster() -> None:
    """Bring a society's membership list in."""


@roster.command("import")
@click.argument("society")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--look", is_flag=True, help="Only say what it would do; keep nothing.")
@AS_JSON
@with_database
def import_roster(*, society: str, file: Path, look: bool, as_json: bool) -> None:
    """Take a membership list, a CSV file, into the society with the slug SOCIETY.

    Every row that can be read is taken, all in one transaction; what is wrong with the others is told by line and
    column. People are found by member number, else by mail address. The same list twice changes nothing, and nobody
    is removed.

    \b
    Example: chiron roster import sierra members.csv --look
    Exit status: 0 all is well · 1 nothing could be done · 3 some rows were left out
    """
    from django.db import transaction

    from programs.enrollment.imports import LARGEST, look_at_sheet, take_sheet
    from programs.enrollment.models import SheetImport
    from tenants import context
    from tenants.models import Society

    with context.platform():
        found = Society.objects.filter(slug=society).first()
    if found is None:
        raise DomainError(f"There is no society “{society}”. `chiron society list` shows those there are.")
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    with context.society(found):
        kept, plan = look_at_sheet(kind=SheetImport.Kind.ROSTER, content=content, file_name=file.name, by=None)
        if look:
            transaction.set_rollback(True)
        else:
            kept = take_sheet(sheet_import=kept, by=None)
    if as_json:
        say_json(_summary(kept, plan, taken=not look))
    else:
        _say(kept, plan, taken=not look)
    if any(not fault.row_taken for fault in plan.faults):
        sys.exit(SOME_LEFT_OUT)


def _summary(sheet: SheetImport, plan: Plan, *, taken: bool) -> dict[str, Any]:
    return {
        "taken": taken,
        "added": sheet.rows_added,
        "changed": sheet.rows_changed,
        "same": sheet.rows_same,
        "faults": sheet.faults,
    }


def _say(sheet: SheetImport, plan: Plan, *, taken: bool) -> None:
    for fault in plan.faults:
        click.echo(f"  {fault}", err=True)
    said = f"{sheet.rows_added} added, {sheet.rows_changed} changed, {sheet.rows_same} as they were"
    click.echo(
        f"{sheet.file_name}: {said}." if taken else f"{sheet.file_name} would do this: {said}. Nothing was kept."
    )
    left_out = sum(not fault.row_taken for fault in plan.faults)
    if left_out:
        click.echo(f"Left out: {count(left_out, 'row')}. Mend the file and run this again.", err=True)
