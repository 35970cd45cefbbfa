"""The rows that could not be taken as they are, as a sheet with what is wrong: to be mended and brought again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from programs.enrollment.importing.sheets.faults import Fault
from programs.enrollment.importing.sheets.packing import Packer
from programs.enrollment.importing.sheets.table import WHAT_IS_WRONG, Record


class Mender:
    """Collects rows to mend, compressed as they come, for in the worst case it is the whole sheet."""

    def __init__(self, headings: Sequence[str]) -> None:
        known = [heading.strip().casefold() for heading in headings]
        self._at = known.index(WHAT_IS_WRONG) if WHAT_IS_WRONG in known else None
        self._packer = Packer(headings if self._at is not None else [WHAT_IS_WRONG, *headings])
        self.rows = 0

    def add(self, record: Record, faults: Iterable[Fault]) -> None:
        """A row as it stands in the sheet, with what is wrong with it."""
        said = " ".join(sentence(fault) for fault in faults if fault.loses)
        cells = [*record.cells]
        if self._at is None:
            cells.insert(0, said)
        else:
            cells[self._at : self._at + 1] = [said]
        self.rows += 1
        self._packer.add(cells)

    def finish(self) -> bytes | None:
        """The sheet, compressed; nothing if there is nothing to mend."""
        return self._packer.finish() if self.rows else None


def sentence(fault: Fault) -> str:
    """What is wrong, with the column in which it is."""
    return f"{fault.column}: {fault.message}" if fault.column else fault.message
