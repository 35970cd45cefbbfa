"""What a look leaves on a sheet: its counts, the first of what is wrong, and the sheets to take home."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.enrollment.importing.plans import Plan
from programs.enrollment.models import SheetImport

MOST_KEPT = 500
# What a look finds out.
LOOKED = (
    *("looked_at", "rows", "rows_added", "rows_changed", "rows_same", "rows_left_out"),
    *("faults", "fault_count", "to_mend", "fates"),
)


def keep_counts(sheet_import: SheetImport, plan: Plan) -> None:
    """Write on a sheet what its rows would do and what is wrong; whoever calls saves it."""
    sheet_import.rows = plan.rows
    sheet_import.rows_added, sheet_import.rows_changed = plan.count("added"), plan.count("changed")
    sheet_import.rows_same, sheet_import.rows_left_out = plan.count("same"), plan.left_out
    sheet_import.fault_count = len(plan.faults)
    sheet_import.faults = [
        {
            "line": fault.line,
            "column": fault.column,
            "value": _plain(fault.value[:200]),
            "message": _plain(fault.message),
            "row_taken": fault.row_taken,
            "cell_lost": fault.cell_lost,
        }
        for fault in plan.faults[:MOST_KEPT]
    ]


def save_unless_taken(sheet_import: SheetImport, *names: str) -> None:
    """Save what a look found; DomainError if the sheet was taken in the meantime, which then stays as it is."""
    there = SheetImport.objects.filter(pk=sheet_import.pk, applied_at=None)
    if not there.update(**{name: getattr(sheet_import, name) for name in names}):
        raise DomainError(_("This sheet was taken meanwhile."))


def _plain(text: str) -> str:
    """Text that a database can hold: a null is shown as a dot."""
    return text.replace("\0", "·")
