"""From the bytes of a CSV file to records of cells, each knowing the physical line on which it stands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from programs.enrollment.sheets.faults import Fault

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
NOT_CSV = {
    b"PK\x03\x04": "This is a spreadsheet file, not CSV. Save it as “CSV UTF-8” and use that file.",
    b"\xd0\xcf\x11\xe0": "This is an old spreadsheet file, not CSV. Save it as “CSV UTF-8” and use that file.",
    b"%PDF": "This is a PDF file, not CSV.",
}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
LINE_BREAK = re.compile(r"\r\n|\r|\n")
NOT_TEXT = re.compile("[\0\udc80-\udcff]")  # null, and bytes that are not UTF-8 (PEP 383)
TOTAL = re.compile(r"((grand |sub)?totals?|count|sum)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its cells and the line on which it begins. A cell may lie further down, after quoted line breaks."""

    line: int
    cells: Sequence[str]

    def line_of(self, index: int) -> int:
        """The physical line on which a cell begins."""
        return self.line + sum(len(LINE_BREAK.findall(cell)) for cell in self.cells[:index])

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in any cell."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(slots=True)
class Table:
    """Headings, the records that have a cell for each of them, and the faults of everything else."""

    name: str
    headings: Sequence[str] = ()
    headings_line: int = 1
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, column: str | None, message: str, *, row_taken: bool = False) -> None:
        """Note a fault of this sheet."""
        self.faults.append(Fault(self.name, line, column, message, row_taken))


def read_table(data: bytes, name: str, *, forgiving: bool = False) -> Table:
    """Split a file into records; blank rows are left out.

    A plain table is UTF-8 with commas; whatever differs is a fault. A forgiving one finds out the encoding and the
    separator by itself, takes rows with another separator and leaves out rows of totals, with a remark for each.
    """
    table = Table(name)
    text = _decode(data, table, forgiving=forgiving)
    if text is None:
        return table
    delimiter = _delimiter(text) if forgiving else ","
    for record in _records(text, delimiter, table):
        if record.is_blank:
            continue
        if not table.headings:
            if not _take_headings(record, table):
                return table
        elif (taken := _fit(record, table, forgiving=forgiving)) and not _has_foreign_bytes(taken, table):
            table.records.append(taken)
    if not table.headings and not table.faults:
        table.fault(1, None, "The sheet is empty. Its first line must name the columns.")
    return table


def _decode(data: bytes, table: Table, *, forgiving: bool) -> str | None:
    for magic, message in NOT_CSV.items():
        if data.startswith(magic):
            table.fault(1, None, message)
            return None
    if data.startswith(UTF_16) and not forgiving:
        table.fault(1, None, "The sheet is in UTF-16. Save it as “CSV UTF-8”.")
        return None
    if data.startswith(UTF_16):
        return data.decode("utf-16", errors="replace")
    if not forgiving:
        return data.decode("utf-8-sig", errors="surrogateescape")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        table.fault(1, None, "The sheet is not UTF-8; it was read as Windows-1252.", row_taken=True)
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The separator that splits the headings into the most cells."""
    headings = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", headings)
    return max(DELIMITERS, key=unquoted.count)


def _records(text: str, delimiter: str, table: Table) -> Iterator[Record]:
    """All records up to the first one whose quotation marks do not pair up."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _broken(text, delimiter, line, reader.line_num, str(error), table)
            return
        yield Record(line, cells)
        line = reader.line_num + 1


def _broken(text: str, delimiter: str, first: int, last: int, error: str, table: Table) -> None:
    """Point at the first cell of a record that is not well-formed (RFC 4180)."""
    record = "".join(io.StringIO(text, newline="").readlines()[first - 1 : last])
    mark = re.escape(delimiter)
    cell = re.compile(rf'(?:"(?:[^"]|"")*"|(?!")[^{mark}\r\n]*)(?:{mark}|\r?\n|\r|\Z)')
    index, position = 0, 0
    while (found := cell.match(record, position)) and found.end() > position:
        index, position = index + 1, found.end()
    line = first + len(LINE_BREAK.findall(record[:position]))
    column = table.headings[index] if index < len(table.headings) else str(index + 1)
    if "field limit" in error:
        table.fault(line, column, "This cell is too long. Is a quotation mark missing at its end?")
    else:
        table.fault(
            line,
            column,
            "The quotation marks do not pair up, so nothing from this line on was read. "
            "A quotation mark inside a cell is written twice.",
        )


def _take_headings(record: Record, table: Table) -> bool:
    cells = [cell.strip() for cell in record.cells]
    if len(cells) == 1:
        for mark, words in DELIMITERS.items():
            if cells[0].count(mark) > 1:
                table.fault(
                    record.line,
                    None,
                    f"The columns are separated by {words}; commas are needed. Save it as “CSV UTF-8”.",
                )
                return False
    if _has_foreign_bytes(record, table, names=[str(number) for number in range(1, len(cells) + 1)]):
        return False
    seen: set[str] = set()
    for index, heading in enumerate(cells):
        if heading and heading.casefold() in seen:
            table.fault(record.line_of(index), heading, "This heading stands twice. Each column needs its own.")
        seen.add(heading.casefold())
    table.headings, table.headings_line = cells, record.line
    return not table.faults or all(fault.row_taken for fault in table.faults)


def _fit(record: Record, table: Table, *, forgiving: bool) -> Record | None:
    """The record with as many cells as there are headings, or None and a fault."""
    wanted, given = len(table.headings), len(record.cells)
    if forgiving and _is_total(record):
        table.fault(record.line, None, "This looks like a total, not a person; it was left out.")
        return None
    if given == wanted:
        return record
    if forgiving and (other := _split_otherwise(record, wanted)):
        table.fault(
            record.line, None, "This row has another separator than the rest; it was read all the same.", row_taken=True
        )
        return other
    if given < wanted:
        column = table.headings[given] or str(given + 1)
        message = f"The row ends before this column: it has {_cells(given)}, the headings have {wanted}."
        table.fault(record.line, column, message)
    else:
        message = (
            f"The row has {_cells(given)}, the headings have {wanted}. Is a cell with a comma not in quotation marks?"
        )
        table.fault(record.line, str(wanted + 1), message)
    return None


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _is_total(record: Record) -> bool:
    filled = [cell.strip() for cell in record.cells if cell.strip()]
    return len(filled) <= max(2, len(record.cells) // 3) and bool(TOTAL.match(filled[0]))


def _split_otherwise(record: Record, wanted: int) -> Record | None:
    if len(record.cells) != 1 or LINE_BREAK.search(record.cells[0]):
        return None
    splits = (next(csv.reader(record.cells, delimiter=mark), []) for mark in DELIMITERS)
    return next((Record(record.line, cells) for cells in splits if len(cells) == wanted), None)


def _has_foreign_bytes(record: Record, table: Table, names: Sequence[str] = ()) -> bool:
    foreign = [index for index, cell in enumerate(record.cells) if NOT_TEXT.search(cell)]
    for index in foreign:
        column = (names or table.headings)[index] or str(index + 1)
        table.fault(record.line_of(index), column, "This is not UTF-8 text. Save the sheet as “CSV UTF-8”.")
    return bool(foreign)
