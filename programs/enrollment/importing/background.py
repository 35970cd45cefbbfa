"""Large sheets: looked at, taken and taken back by a worker, each in one transaction."""

from __future__ import annotations

from django.db import transaction

from programs.enrollment import working
from programs.enrollment.importing.imports import look_again, take_sheet
from programs.enrollment.importing.taking_back import take_back
from programs.enrollment.models import SheetImport
from programs.enrollment.working import Notice
from tenants import due
from tenants.people.models import Person

KIND = "sheet.work"
Work = SheetImport.Work


@transaction.atomic
def ask(*, sheet_import: SheetImport, work: SheetImport.Work, by: Person | None) -> None:
    """Leave work on a sheet to a worker; nothing if one is at it already."""
    locked = SheetImport.objects.select_for_update(of=["self"]).get(pk=sheet_import.pk)
    if locked.work:
        return
    locked.work, locked.trouble, locked.brought_by = work, "", by or locked.brought_by
    locked.save(update_fields=["work", "trouble", "brought_by"])
    working.leave(KIND, locked.pk)


@transaction.atomic
def take_up_again(*, sheet_import: SheetImport) -> None:
    """Give work of which nothing is heard to another worker now."""
    if sheet_import.work:
        working.leave_again(KIND, sheet_import.pk)


@due.handler(KIND)
def do(ref: str) -> None:
    """Do what a sheet was asked for. What is refused or stopped leaves the sheet as it was, and says why."""
    sheet_import = SheetImport.objects.select_related("cycle__version", "brought_by").filter(pk=ref).first()
    if sheet_import is None or not sheet_import.work:
        return
    trouble = working.attempt(sheet_import.pk, lambda notice: _do(sheet_import, notice))
    SheetImport.objects.filter(pk=sheet_import.pk).update(work=Work.NOTHING, trouble=trouble)


def _do(sheet_import: SheetImport, notice: Notice) -> None:
    if sheet_import.work == Work.LOOKING:
        look_again(sheet_import=sheet_import, notice=notice)
    elif sheet_import.work == Work.TAKING:
        take_sheet(sheet_import=sheet_import, by=sheet_import.brought_by, notice=notice)
    else:
        take_back(sheet_import=sheet_import, by=sheet_import.brought_by, notice=notice)


@transaction.atomic
def stop(*, sheet_import: SheetImport) -> None:
    """Have the work on a sheet stop, and nothing of it stay: at its next step, or at once where no worker is at it."""
    free = SheetImport.objects.select_for_update(of=["self"], skip_locked=True).exclude(work="")
    if working.stop(KIND, sheet_import.pk) and (locked := free.filter(pk=sheet_import.pk).first()):
        locked.work = Work.NOTHING
        locked.save(update_fields=["work"])
