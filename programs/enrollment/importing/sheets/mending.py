"""The rows that could not be taken as they are, as a sheet with what is wrong: to be mended and brought again."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterable, Sequence

from programs.enrollment.importing.sheets.faults import Fault
from programs.enrollment.importing.sheets.harmless import harmless
from programs.enrollment.importing.sheets.table import WHAT_IS_WRONG, Record


class Mender:
    """Collects rows to mend, compressed as they come, for in the worst case it is the whole sheet."""

    def __init__(self, headings: Sequence[str]) -> None:
        self._compressor = zlib.compressobj()
        self._parts = [self._compressor.compress(b"\xef\xbb\xbf")]
        self._has_column = any(heading.strip().casefold() == WHAT_IS_WRONG for heading in headings)
        self.rows = 0
        self._write([*([] if self._has_column else [WHAT_IS_WRONG]), *headings])
        self._at = next((i for i, heading in enumerate(headings) if heading.strip().casefold() == WHAT_IS_WRONG), 0)

    def add(self, record: Record, faults: Iterable[Fault]) -> None:
        """A row as it stands in the sheet, with what is wrong with it."""
        said = " ".join(_sentence(fault) for fault in faults if fault.loses)
        cells = [*record.cells]
        if self._has_column:
            cells[self._at : self._at + 1] = [said]
        else:
            cells.insert(0, said)
        self.rows += 1
        self._write(cells)

    def finish(self) -> bytes | None:
        """The sheet, compressed; nothing if there is nothing to mend."""
        return b"".join([*self._parts, self._compressor.flush()]) if self.rows else None

    def _write(self, cells: Sequence[str]) -> None:
        out = io.StringIO()
        csv.writer(out).writerow([harmless(cell) for cell in cells])
        self._parts.append(self._compressor.compress(out.getvalue().encode("utf-8", errors="replace")))


def _sentence(fault: Fault) -> str:
    return f"{fault.column}: {fault.message}" if fault.column else fault.message


def unpacked(sheet: bytes) -> bytes:
    """A sheet to mend as a file."""
    return zlib.decompress(sheet)
