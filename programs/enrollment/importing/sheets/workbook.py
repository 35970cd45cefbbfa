"""Spreadsheet files (XLSX) as the CSV that they would be saved as: the first sheet in which anything stands."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from programs.enrollment.importing.sheets.table import BREAK

MAGIC: Final = b"PK\x03\x04"
# A workbook unpacks to some ten times its size; more than this is no honest one.
MOST_UNPACKED, MOST_TIMES = 400 * 1024 * 1024, 200
MOST_COLUMNS = 500


def is_zipped(data: bytes) -> bool:
    """Whether a file is a workbook, or some other kind of ZIP file."""
    return data.startswith(MAGIC)


def as_csv(data: bytes) -> bytes:
    """The workbook's first sheet that is not empty; ValueError with a sentence if this is no workbook.

    A line of the CSV is a row of the workbook, for breaks inside cells do not end lines.
    """
    _check(data)
    import openpyxl  # here, for every process would start a third slower with it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, of which nothing is read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                return next(filter(None, map(_sheet, book.worksheets)), b"")
            finally:
                book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError, EOFError) as error:
        raise ValueError("This spreadsheet file is damaged. Save it as “CSV UTF-8” and use that file.") from error


def _check(data: bytes) -> None:
    """Refuse what is no workbook, and what unpacks to far more than it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError):
        raise ValueError("This is a damaged ZIP file, not a sheet.") from None
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise ValueError("This is a ZIP file, not a sheet. Unpack it first, and use the sheet in it.")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > min(MOST_UNPACKED, MOST_TIMES * len(data)):
        raise ValueError("This spreadsheet file is far larger than it looks. Save it as “CSV UTF-8” and use that file.")


def _sheet(sheet: Any) -> bytes:
    """One sheet as CSV, nothing if it is empty. Its own word on how large it is may be wrong."""
    sheet.reset_dimensions()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    some = False
    width = 0
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        cells = _without_empty_end(_cell(value) for value in row)
        width = width or len(cells)
        some = some or bool(cells)
        writer.writerow([*cells, *[""] * (width - len(cells))] or [""])
    return out.getvalue().encode() if some else b""


def _without_empty_end(cells: Iterable[str]) -> Sequence[str]:
    found = list(cells)
    while found and not found[-1].strip():
        found.pop()
    return found


def _cell(value: Any) -> str:
    """A value as people would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\n", BREAK)
