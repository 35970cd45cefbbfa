"""From records of cells to rows of meaning: which column is what, and what to do about a cell that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from programs.enrollment.importing.sheets.cells import Reader
from programs.enrollment.importing.sheets.faults import Fault, Noted, Sheet
from programs.enrollment.importing.sheets.table import BREAK, Record, Table
from programs.enrollment.importing.sheets.words import shown

Row = TypeVar("Row")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """Into which field a column goes, how its cells are read, and whether a sheet or a row is lost without it."""

    field: str
    read: Reader
    required: bool = False


Columns = Mapping[int, Column]


def by_exact_heading(table: Table, known: Mapping[str, Column]) -> Columns:
    """Columns whose heading is ours, but for case and spaces around it; a missing required one is a fault."""
    columns = {index: known[name.lower()] for index, name in enumerate(table.headings) if name.lower() in known}
    for name, column in known.items():
        if column.required and column not in columns.values() and table.headings:
            table.fault(table.headings_line, name, "This column is missing.")
    return columns


def by_likely_heading(table: Table, known: Sequence[tuple[str, Column]]) -> Columns:
    """Columns whose heading sounds like one of ours: the first that fits, each field once."""
    columns: dict[int, Column] = {}
    for index, heading in enumerate(table.headings):
        for pattern, column in known:
            if column not in columns.values() and re.search(pattern, heading.replace("_", " "), re.IGNORECASE):
                columns[index] = column
                break
    return columns


def read_rows(
    table: Table, columns: Columns, build: Callable[[Values], Iterable[Row]], *, forgiving: bool = False
) -> Sheet[Row]:
    """Read every record that can be read.

    In a plain sheet one bad cell loses its row; in a forgiving reading the cell is left empty, unless it is required.
    """
    rows: list[tuple[int, Row]] = []
    faults = list(table.faults)
    if table.is_readable:
        for record in table.records():
            values, found = read_values(record, table, columns, forgiving=forgiving)
            faults += found
            if values is not None:
                rows += [(record.line, row) for row in build(values)]
    return Sheet(
        name=table.name,
        rows=rows,
        faults=sorted(faults, key=lambda fault: fault.line),
        headings={table.headings[index]: column.field for index, column in columns.items()},
        unused=[heading for index, heading in enumerate(table.headings) if heading and index not in columns],
    )


def read_values(
    record: Record, table: Table, columns: Columns, *, forgiving: bool
) -> tuple[Values | None, Sequence[Fault]]:
    """What the cells of a record mean, by field, or None for a row that is lost; and what is wrong with it."""
    faults = list(record.faults)
    if not record.usable:
        return None, faults
    values: Values = {"extra": {}}
    lost = False
    for index, cell in enumerate(record.cells):
        heading, trimmed = table.headings[index], cell.replace(BREAK, "\n").strip()
        column = columns.get(index)
        if column is None:
            if heading and trimmed:
                values["extra"][heading if forgiving else heading.lower()] = trimmed
            continue
        try:
            value = column.read(trimmed)
        except ValueError as error:
            taken = forgiving and not column.required
            lost = lost or not taken
            at = record.line_of(index)
            faults.append(Fault(table.name, at, heading, str(error), taken, trimmed, cell_lost=True))
            continue
        if isinstance(value, Noted):
            at, remark, unread = record.line_of(index), value.remark, value.unread
            faults.append(Fault(table.name, at, heading, remark, row_taken=True, value=trimmed, unread=unread))
            value = value.value
        values[column.field] = value
    return (None if lost else values), faults


def without_repeats(sheet: Sheet[Row], key: Callable[[Row], str], column: str) -> Sheet[Row]:
    """The sheet with the first row of each key; any later one is a fault that names the first one's line."""
    lines: dict[str, int] = {}
    kept: list[tuple[int, Row]] = []
    faults = list(sheet.faults)
    for line, row in sheet.rows:
        first = lines.setdefault(key(row), line)
        if first == line:
            kept.append((line, row))
        else:
            message = f"{shown(key(row))} stands on line {first} already."
            faults.append(Fault(sheet.name, line, column, message, value=key(row)))
    return replace(sheet, rows=kept, faults=sorted(faults, key=lambda fault: fault.line))
