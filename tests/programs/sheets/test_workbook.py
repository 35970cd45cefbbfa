"""Spreadsheet files: read as the CSV that they would be, and refused if they are something else."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from programs.enrollment.importing.sheets import read_roster, workbook


def book(*rows: list[object], title: str = "") -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    if title:
        sheet = made.create_sheet(title)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


def test_values_are_as_people_would_type_them() -> None:
    data = book(
        ["a", "b", "c"], [1.0, 2.5, True], [date(2027, 3, 1), datetime(2027, 3, 1, 9, 30), None], title="People"
    )
    assert list(csv.reader(io.StringIO(workbook.as_csv(data).decode()))) == [
        ["a", "b", "c"],
        ["1", "2.5", "yes"],
        ["2027-03-01", "2027-03-01 09:30:00", ""],
    ]


def test_a_line_is_a_row_whatever_breaks_stand_in_its_cells() -> None:
    data = book(
        ["ID", "First name", "Last name", "E-mail", "Club", "Zip"],
        ["M1", "Ada", "Stone", "ada@example.org", "Chess\nGo", 2139],
        ["M2", "Bo", "Reed", "nobody", None, 95603],
    )
    read = read_roster(workbook.as_csv(data), "r.xlsx", forgiving=True)
    assert [member.zip for member in read.values] == ["02139", "95603"]
    assert read.values[0].extra == {"Club": "Chess\nGo"}
    assert [(fault.line, fault.column) for fault in read.faults if fault.loses] == [(3, "E-mail")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04" + bytes(200), "damaged ZIP file"),
        (zipped(readme=b"hello"), "This is a ZIP file, not a sheet"),
        (zipped(xl__workbook_xml=b"<nothing/>"), "is damaged"),
        (zipped(xl__workbook_xml=bytes(50_000_000)), "far larger than it looks"),
    ],
)
def test_what_is_no_workbook_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        workbook.as_csv(data)
