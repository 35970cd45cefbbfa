"""Large sheets: looked at, taken and taken back by a worker, each in one transaction.

The work is written down with what is due, so it is not lost with its worker: what had been done is rolled back with
it, and another one begins anew.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.importing import working
from programs.enrollment.importing.imports import look_again, take_sheet
from programs.enrollment.importing.taking_back import take_back
from programs.enrollment.models import SheetImport
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
    working.begin(locked.pk)
    due.schedule(KIND, str(locked.pk), at=clock.now())


@transaction.atomic
def take_up_again(*, sheet_import: SheetImport) -> None:
    """Give work of which nothing is heard to another worker now; by itself that comes when the first one's time is up.

    Should the first one live after all, the second waits for it, finds the sheet taken, and does nothing.
    """
    if sheet_import.work and working.is_silent(sheet_import.pk):
        working.begin(sheet_import.pk)
        due.schedule(KIND, str(sheet_import.pk), at=clock.now())


@due.handler(KIND)
def do(ref: str) -> None:
    """Do what a sheet was asked for. What is refused or stopped leaves the sheet as it was, and says why."""
    sheet_import = SheetImport.objects.select_related("cycle__version", "brought_by").filter(pk=ref).first()
    if sheet_import is None or not sheet_import.work:
        return
    trouble = ""
    try:
        with transaction.atomic():
            _do(sheet_import)
    except working.CancelledError:
        pass
    except DomainError as error:
        trouble = error.message
    SheetImport.objects.filter(pk=sheet_import.pk).update(work=Work.NOTHING, trouble=trouble)


def _do(sheet_import: SheetImport) -> None:
    notice = partial(working.note, sheet_import.pk)
    notice(0, 1)
    if sheet_import.work == Work.LOOKING:
        look_again(sheet_import=sheet_import, notice=notice)
    elif sheet_import.work == Work.TAKING:
        take_sheet(sheet_import=sheet_import, by=sheet_import.brought_by, notice=notice)
    else:
        take_back(sheet_import=sheet_import, by=sheet_import.brought_by, notice=notice)


def stop(*, sheet_import: SheetImport) -> None:
    """Have the work on a sheet stop; it ends at its next step, and nothing of it stays."""
    working.stop(sheet_import.pk)
