"""The command `chiron roster`."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chiron.kernel.errors import DomainError
from tenants.commanding import AS_JSON, count, say_json, with_database

if TYPE_CHECKING:
    from programs.enrollment.importing.plans import Plan
    from programs.enrollment.models import SheetImport
    from programs.policy.models import Cycle

SOME_LEFT_OUT = 3


@click.group()
def roster() -> None:
    """Bring a society's sheets in."""


@roster.command("import")
@click.option("--society", required=True, metavar="SLUG", help="Whose sheet it is.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind",
    type=click.Choice(["members", "signups", "pairs"]),
    default="members",
    show_default=True,
    help="What it holds: the membership list, sign-ups to a session, or pairs that exist already.",
)
@click.option("--session", metavar="NAME", help="To which session, by its name or id, if several are open.")
@click.option(
    "--role",
    type=click.Choice(["mentor", "mentee", "early", "middle", "senior", "peer"]),
    help="Who signs up, if the sheet does not say it row by row.",
)
@click.option("--dry-run", is_flag=True, help="Only say what it would do; keep nothing.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where the rows with something wrong go, as a sheet to mend and bring again.",
)
@AS_JSON
@with_database
def import_roster(
    *,
    society: str,
    file: Path,
    kind: str,
    session: str | None,
    role: str | None,
    dry_run: bool,
    rejects: Path | None,
    as_json: bool,
) -> None:
    """Take a sheet into a society: every row that can be read, all in one transaction.

    The columns mean what the society said of such headings before, else what they sound like. What is wrong with a row
    is told by line, column and value; a row may be taken without a cell that cannot be read. People are found by member
    number, else by mail address. The same sheet twice changes nothing, nobody is removed, and nobody is written to.

    With --json: rows is how many rows the sheet has; created, updated and unchanged count rows that were taken;
    rejected lists what was not taken, rows and single cells, each with line, column, value and reason.

    \b
    Example: chiron roster import --society sierra members.csv --dry-run
    Exit status: 0 all is well · 1 nothing could be done · 2 wrong usage · 3 something was left out
    """
    from django.db import transaction

    from programs.enrollment.importing.imports import LARGEST, look_at_sheet, table_of, take_sheet
    from programs.enrollment.importing.kinds import looks_like_another
    from programs.enrollment.importing.sheets.packing import unpacked
    from tenants import context
    from tenants.models import Society

    with context.platform():
        found = Society.objects.filter(slug=society).first()
    if found is None:
        raise DomainError(f"There is no society “{society}”. `chiron society list` shows those there are.")
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    with context.society(found):
        cycle = None if kind == "members" else _session(kind, session)
        kept, plan = look_at_sheet(kind=_kind(kind, role), content=content, file_name=file.name, by=None, cycle=cycle)
        hint = looks_like_another(kept, table_of(kept))
        if dry_run:
            transaction.set_rollback(True)
        else:
            kept = take_sheet(sheet_import=kept, by=None)
    if rejects is not None:
        rejects.write_bytes(unpacked(bytes(kept.to_mend)) if kept.to_mend else b"")
    if hint:
        click.echo(hint, err=True)
    if as_json:
        say_json(_summary(plan))
    else:
        _say(kept, plan, taken=not dry_run)
    if any(fault.loses for fault in plan.faults):
        sys.exit(SOME_LEFT_OUT)


def _kind(kind: str, role: str | None) -> SheetImport.Kind:
    from programs.enrollment.importing.kinds import OF_ROLE
    from programs.enrollment.models import SheetImport

    return {
        "members": SheetImport.Kind.ROSTER,
        "pairs": SheetImport.Kind.PAIRS,
        "signups": OF_ROLE[role] if role else SheetImport.Kind.FORM,
    }[kind]


def _session(kind: str, wanted: str | None) -> Cycle:
    """The session that is meant: the one that was named, else the only one that can take such a sheet."""
    from programs.policy.models import Cycle

    cycles = list(Cycle.objects.select_related("program", "version").exclude(state=Cycle.State.CLOSED))
    if wanted is not None:
        named = [each for each in cycles if wanted in (each.name, str(each.pk), f"{each.program.slug}/{each.name}")]
    else:
        named = [each for each in cycles if kind == "pairs" or _takes_sign_ups(each)]
    if len(named) == 1:
        return named[0]
    if not named:
        raise DomainError(
            f"There is no session “{wanted}”." if wanted else "No session takes sign-ups now. Open one first."
        )
    names = ", ".join(f"“{cycle.program.slug}/{cycle.name}”" for cycle in named)
    raise DomainError(f"Say which session is meant, with --session: {names}.")


def _takes_sign_ups(cycle: Cycle) -> bool:
    from programs.enrollment.services import check_takes_sign_ups

    with suppress(DomainError):
        check_takes_sign_ups(cycle)
        return True
    return False


def _summary(plan: Plan) -> dict[str, Any]:
    return {
        "rows": plan.rows,
        "created": plan.count("added"),
        "updated": plan.count("changed"),
        "unchanged": plan.count("same"),
        "rejected": [
            {"line": fault.line, "column": fault.column, "value": fault.value, "reason": fault.message}
            for fault in plan.faults
            if fault.loses or fault.unread
        ],
    }


def _say(sheet: SheetImport, plan: Plan, *, taken: bool) -> None:
    for fault in plan.faults:
        click.echo(f"  {fault}", err=True)
    said = f"{sheet.rows_added} added, {sheet.rows_changed} changed, {sheet.rows_same} as they were"
    click.echo(
        f"{sheet.file_name}: {said}." if taken else f"{sheet.file_name} would do this: {said}. Nothing was kept."
    )
    if plan.left_out:
        click.echo(f"Left out: {count(plan.left_out, 'row')}. Mend the file and run this again.", err=True)
