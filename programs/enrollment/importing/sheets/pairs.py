"""Pairs that exist already: a list that somebody kept by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from programs.enrollment.importing.sheets import cells, loose, words
from programs.enrollment.importing.sheets.faults import Noted, Sheet
from programs.enrollment.importing.sheets.rows import Column, Values, by_likely_heading, read_rows
from programs.enrollment.importing.sheets.table import read_table


@dataclass(frozen=True, slots=True)
class ExistingPair:
    """A mentor and a mentee who have met before; an address may be missing, and the date may be words only."""

    mentor: str
    mentee: str
    mentor_email: str = ""
    mentee_email: str = ""
    since: date | None = None
    since_said: str = ""
    extra: dict[str, str] = field(default_factory=dict)


def _name(cell: str) -> str:
    if not cell:
        raise ValueError("The name is missing.")
    return " ".join(words.split_name(cells.name(cell))).strip()


def _since(cell: str, *, day_first: bool = False) -> tuple[date | None, str] | Noted[tuple[date | None, str]]:
    """The first day that a date may mean if it is one, and the words in any case; “fall session” is an answer too."""
    try:
        found = loose.span(cell, day_first=day_first)
    except ValueError:
        return Noted((None, cell), f"{words.shown(cell)} is not a date; it was kept as it is.", unread=True)
    if isinstance(found, Noted):
        return Noted((found.value[0], cell), found.remark)
    return found and found[0], cell


LIKELY_COLUMNS = (
    (r"mentor.*mail", Column("mentor_email", loose.email)),
    (r"mentee.*mail", Column("mentee_email", loose.email)),
    (r"mentor", Column("mentor", _name, required=True)),
    (r"mentee", Column("mentee", _name, required=True)),
    (r"since|start|from|\bdate\b", Column("since", _since)),
)


def read_existing_pairs(data: bytes, name: str) -> Sheet[ExistingPair]:
    """Read a list of pairs: a row each, with names, addresses and since when as far as they are known."""
    table = read_table(data, name, forgiving=True)
    columns = by_likely_heading(table, LIKELY_COLUMNS)
    if table.headings and not {"mentor", "mentee"} <= {column.field for column in columns.values()}:
        table.fault(table.headings_line, None, "One column must hold the mentors and one the mentees.")
    return read_rows(table, columns, _pair, forgiving=True)


def _pair(values: Values) -> Iterator[ExistingPair]:
    values["since"], values["since_said"] = values.get("since", (None, ""))
    yield ExistingPair(**values)
