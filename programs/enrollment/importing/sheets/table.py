"""From the bytes of a CSV file to records of cells, each knowing the physical line on which it stands."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from programs.enrollment.importing.sheets.faults import Fault
from programs.enrollment.importing.sheets.harmless import as_it_was

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
NOT_CSV = {
    b"PK\x03\x04": "This is a spreadsheet file, not CSV. Save it as “CSV UTF-8” and use that file.",
    b"\xd0\xcf\x11\xe0": "This is an old spreadsheet file, not CSV. Save it as “CSV UTF-8” and use that file.",
    b"%PDF": "This is a PDF file, not CSV.",
}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# A line break inside a cell that does not end the line of the file (LINE SEPARATOR).
BREAK = "\u2028"
LINE_BREAK = re.compile(r"\r\n|\r|\n")
NOT_TEXT = re.compile("[\0\udc80-\udcff]")  # null, and bytes that are not UTF-8 (PEP 383)
BINARY = re.compile("[\0-\x08\x0e-\x1f]")
LOST = "\ufffd"
# The column that we add to rows that come back to be mended; in such a sheet cells are read back as they were.
WHAT_IS_WRONG = "what is wrong"
TOTAL = re.compile(r"((grand |sub)?totals?|count|sum)\b", re.IGNORECASE)
# A file with more rows than this whose quotation marks do not pair up is broken as a whole.
MOST_BROKEN = 200
# More rows than these above the headings are none.
MOST_TITLES = 12
BEGINNING, STEP = 4_000, 1 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its cells and the line on which it begins. A cell may lie further down, after quoted line breaks.

    `faults` are those of the row as such; the cells of one that is not `usable` are only there to be shown.
    """

    line: int
    cells: Sequence[str]
    faults: tuple[Fault, ...] = ()
    usable: bool = True

    def line_of(self, index: int) -> int:
        """The physical line on which a cell begins."""
        return self.line + sum(len(LINE_BREAK.findall(cell)) for cell in self.cells[:index])

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in any cell."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(slots=True)
class Table:
    """A sheet of which the headings are read, and the faults of the whole of it. Its records are read on demand."""

    name: str
    data: bytes = b""
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    forgiving: bool = False
    headings: Sequence[str] = ()
    headings_line: int = 1
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, column: str | None, message: str, *, row_taken: bool = False, value: str = "") -> None:
        """Note a fault of the sheet as a whole."""
        self.faults.append(Fault(self.name, line, column, message, row_taken, value))

    @property
    def is_readable(self) -> bool:
        """Whether there are headings, and nothing is wrong with them that would lose the rows."""
        return bool(self.headings) and all(fault.row_taken for fault in self.faults)

    def records(self) -> Iterator[Record]:
        """All rows under the headings, one after the other; blank ones are left out."""
        for record in _records(self):
            if record.line > self.headings_line and not record.is_blank:
                yield _fit(self._as_it_was(record), self) if record.usable else record

    @property
    def comes_back(self) -> bool:
        """Whether this is a sheet that we gave out to be mended."""
        return self.ours is not None

    @property
    def ours(self) -> int | None:
        """Which column we added to say what is wrong with a row."""
        return next((at for at, heading in enumerate(self.headings) if heading.casefold() == WHAT_IS_WRONG), None)

    def _as_it_was(self, record: Record) -> Record:
        return replace(record, cells=list(map(as_it_was, record.cells))) if self.comes_back else record


def read_table(data: bytes, name: str, *, forgiving: bool = False) -> Table:
    """Find out how a file is written, and read its headings.

    A plain table is UTF-8 with commas; whatever differs is a fault. A forgiving one finds out the encoding and the
    separator by itself, takes rows with another separator, tells columns of the same name apart and leaves out rows of
    totals, with a remark for each.
    """
    table = Table(name, data, forgiving=forgiving)
    if not _find_encoding(table):
        return table
    if forgiving:
        table.delimiter = _delimiter(_beginning(table))
    first = _headings_of(table)
    if first is None:
        table.fault(1, None, "The sheet is empty. Its first line must name the columns.")
    elif not first.usable:
        table.faults += first.faults
    else:
        _take_headings(first, table)
    return table


def _headings_of(table: Table) -> Record | None:
    """The row of the headings. A forgiving reading leaves out titles above it: rows with one cell, as people write."""
    beginning = [each for each in itertools.islice(_records(table), MOST_TITLES + 1) if not each.is_blank]
    wide = next((each for each in beginning if not each.usable or _filled(each) > 1), None)
    if not table.forgiving or wide is None:
        return next(iter(beginning), None)
    for title in beginning[: beginning.index(wide)]:
        message = "This looks like a title above the headings; it was left out."
        table.fault(title.line, None, message, row_taken=True, value=" ".join(title.cells).strip())
    return wide


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)


def _find_encoding(table: Table) -> bool:
    """How the file's bytes are text; False, with a fault, if they are none."""
    data = table.data
    for magic, message in NOT_CSV.items():
        if data.startswith(magic):
            table.fault(1, None, message)
            return False
    if data.startswith(UTF_16) or _looks_like_utf_16(data):
        table.encoding = "utf-16" if data.startswith(UTF_16) else "utf-16-le"
        if not table.forgiving:
            table.fault(1, None, "The sheet is in UTF-16. Save it as “CSV UTF-8”.")
            return False
    elif table.forgiving and not _is_utf_8(data):
        table.encoding = "cp1252"
        table.fault(1, None, "The sheet is not UTF-8; it was read as Windows-1252.", row_taken=True)
    if table.forgiving and _is_binary(table):
        table.faults.clear()
        table.fault(
            1, None, "This file is not text, so it is no sheet. Save the sheet as “CSV UTF-8” and use that file."
        )
        return False
    return True


def _looks_like_utf_16(data: bytes) -> bool:
    """Whether every other byte is null, as in English text that was saved as UTF-16 without saying so."""
    beginning = data[:200]
    return len(beginning) > 1 and beginning[1::2].count(0) > len(beginning) * 0.45


def _is_utf_8(data: bytes) -> bool:
    """Piece by piece, so that a large file does not stand in memory twice."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), STEP):
            decoder.decode(data[start : start + STEP], final=start + STEP >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _is_binary(table: Table) -> bool:
    """Whether much of it is no writing; in UTF-8 a lost character was lost before and stands there as itself."""
    beginning = _beginning(table)
    strange = len(BINARY.findall(beginning)) + (0 if table.encoding == "utf-8-sig" else beginning.count(LOST))
    return strange > len(beginning) / 20 + 5


def _stream(table: Table) -> io.TextIOWrapper:
    errors = "replace" if table.forgiving else "surrogateescape"
    return io.TextIOWrapper(io.BytesIO(table.data), encoding=table.encoding, errors=errors, newline="")


def _beginning(table: Table) -> str:
    with _stream(table) as stream:
        return stream.read(BEGINNING)


def _delimiter(text: str) -> str:
    """The separator that splits the headings into the most cells; titles above them have none of any."""
    unquoted = (re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:MOST_TITLES])
    counts = ([line.count(mark) for mark in DELIMITERS] for line in unquoted)
    headings = next((line for line in counts if any(line)), [1])
    return list(DELIMITERS)[headings.index(max(headings))]


class _Lines(Iterator[str]):
    """The physical lines of a file. Those of the record at hand are kept, so that they can be read once more."""

    def __init__(self, table: Table) -> None:
        self._stream = _stream(table)
        self._again: list[str] = []
        self.taken: list[str] = []

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._stream)
        self.taken.append(line)
        return line

    def back_to_the_second(self) -> None:
        """Give back all lines of the record but the first."""
        self._again += reversed(self.taken[1:])
        del self.taken[1:]


def _records(table: Table) -> Iterator[Record]:
    """All records. One whose quotation marks do not pair up is given up, and reading goes on at its next line."""
    lines = _Lines(table)
    reader = csv.reader(lines, delimiter=table.delimiter, strict=True)
    line, broken = 1, 0
    while True:
        lines.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            broken += 1
            fault = _broken("".join(lines.taken), line, table, too_long="field limit" in str(error))
            if broken > MOST_BROKEN or not table.headings:
                yield Record(
                    line, lines.taken[:1], (replace(fault, message=f"{fault.message} {GIVEN_UP}"),), usable=False
                )
                return
            lines.back_to_the_second()
            raw = lines.taken[0].rstrip("\r\n").split(table.delimiter)
            yield Record(line, raw, (fault,), usable=False)
        else:
            yield Record(line, cells)
        line += len(lines.taken)


GIVEN_UP = "Nothing from this line on was read."


def _broken(record: str, first: int, table: Table, *, too_long: bool) -> Fault:
    """Point at the first cell of a record that is not well-formed (RFC 4180), or that is too long."""
    mark = re.escape(table.delimiter)
    cell = re.compile(rf'(?:"[^"]*(?:""[^"]*)*"|(?!")[^{mark}\r\n]*)(?:{mark}|\r?\n|\r|\Z)')
    index, position = 0, 0
    while (found := cell.match(record, position)) and found.end() > position:
        if too_long and len(found[0]) > csv.field_size_limit():
            break
        index, position = index + 1, found.end()
    line = first + len(LINE_BREAK.findall(record[:position]))
    column = table.headings[index] if index < len(table.headings) else str(index + 1)
    if too_long:
        message = "This cell is too long. Is a quotation mark missing at its end?"
    else:
        message = (
            "The quotation marks do not pair up, so this row was not read. "
            "A quotation mark inside a cell is written twice."
        )
    return Fault(table.name, line, column or str(index + 1), message, value=record[position : position + 80])


def _take_headings(record: Record, table: Table) -> None:
    cells = [cell.strip() for cell in record.cells]
    table.headings_line = record.line
    if len(cells) == 1:
        for mark, words in DELIMITERS.items():
            if cells[0].count(mark) > 1:
                table.fault(
                    record.line,
                    None,
                    f"The columns are separated by {words}; commas are needed. Save it as “CSV UTF-8”.",
                )
                return
    table.faults += _foreign_bytes(record, table, [str(number) for number in range(1, len(cells) + 1)])
    seen: set[str] = set()
    for index, heading in enumerate(cells):
        if heading and heading.casefold() in seen:
            cells[index] = _told_apart(record.line_of(index), heading, table, seen)
        seen.add(cells[index].casefold())
    table.headings = cells


def _told_apart(line: int, heading: str, table: Table, seen: set[str]) -> str:
    """Another name for a heading that stands there already. Only a forgiving reading can live with that."""
    if not table.forgiving:
        table.fault(line, heading, "This heading stands twice. Each column needs its own.", value=heading)
        return heading
    number = next(n for n in range(2, len(seen) + 3) if f"{heading} ({n})".casefold() not in seen)
    name = f"{heading} ({number})"
    message = f"This heading stands twice. Each column needs its own; the later one is called “{name}” here."
    table.faults.append(Fault(table.name, line, heading, message, row_taken=True, value=heading, cell_lost=True))
    return name


def _fit(record: Record, table: Table) -> Record:
    """The record with as many cells as there are headings and nothing but text in them, or with what is wrong."""
    wanted, given = len(table.headings), len(record.cells)
    if table.forgiving and _is_total(record, table):
        message = "This looks like a total, not a person; it was left out."
        return _unusable(record, Fault(table.name, record.line, None, message, value=" ".join(record.cells).strip()))
    if given != wanted:
        if not (table.forgiving and (other := _split_otherwise(record, wanted))):
            return _unusable(record, _wrong_length(record, table))
        message = "This row has another separator than the rest; it was read all the same."
        remark = Fault(table.name, record.line, None, message, row_taken=True)
        record = replace(other, faults=(remark,))
    foreign = _foreign_bytes(record, table, table.headings)
    return _unusable(record, *foreign) if foreign else record


def _unusable(record: Record, *faults: Fault) -> Record:
    return replace(record, faults=faults, usable=False)


def _wrong_length(record: Record, table: Table) -> Fault:
    wanted, given = len(table.headings), len(record.cells)
    if given < wanted:
        column = table.headings[given] or str(given + 1)
        message = f"The row ends before this column: it has {_cells(given)}, the headings have {wanted}."
        return Fault(table.name, record.line, column, message)
    message = f"The row has {_cells(given)}, the headings have {wanted}. Is a cell with a comma not in quotation marks?"
    return Fault(table.name, record.line, str(wanted + 1), message, value=record.cells[wanted])


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _is_total(record: Record, table: Table) -> bool:
    """Whether it begins as a total does; what we wrote ourselves beside a row to mend is not looked at."""
    ours = table.ours
    cells = [cell for at, cell in enumerate(record.cells) if at != ours]
    first = next((said for cell in cells if (said := cell.strip())), "")
    return bool(TOTAL.match(first)) and sum(bool(cell.strip()) for cell in cells) <= max(2, len(cells) // 3)


def _split_otherwise(record: Record, wanted: int) -> Record | None:
    if len(record.cells) != 1 or LINE_BREAK.search(record.cells[0]):
        return None
    splits = (next(csv.reader(record.cells, delimiter=mark), []) for mark in DELIMITERS)
    return next((Record(record.line, cells) for cells in splits if len(cells) == wanted), None)


def _foreign_bytes(record: Record, table: Table, names: Sequence[str]) -> tuple[Fault, ...]:
    if not NOT_TEXT.search("".join(record.cells)):
        return ()  # nearly all
    return tuple(
        Fault(
            table.name,
            record.line_of(index),
            names[index] or str(index + 1),
            "This is not UTF-8 text. Save the sheet as “CSV UTF-8”.",
            value=NOT_TEXT.sub("·", cell),
        )
        for index, cell in enumerate(record.cells)
        if NOT_TEXT.search(cell)
    )
