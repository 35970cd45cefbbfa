"""Files as they come: encodings, separators, broken rows and cells, each told where it stands."""

from __future__ import annotations

import csv

import pytest

from programs.enrollment.importing.sheets import cells, loose, read_roster
from programs.enrollment.importing.sheets.faults import Fault, Noted
from programs.enrollment.importing.sheets.table import MOST_BROKEN, read_table

ROSTER = "member_id,given_name,family_name,email,membership\r\n"
GOOD = "{0},Ada,Stone,{0}@example.org,active\r\n"
THREE = ROSTER + "".join(GOOD.format(f"M{line}") for line in (2, 3, 4))


def faults(data: bytes) -> list[Fault]:
    return list(read_roster(data, "r.csv", forgiving=True).faults)


def keys(data: bytes) -> list[str]:
    return [member.key for member in read_roster(data, "r.csv", forgiving=True).values]


@pytest.mark.parametrize(
    "data",
    [
        THREE.encode(),
        THREE.encode("utf-8-sig"),
        THREE.encode("utf-16"),
        THREE.encode("utf-16-le"),
        THREE.replace(",", ";").encode(),
        THREE.replace(",", "\t").encode(),
        THREE.replace(",", "|").encode(),
        THREE.replace("\r\n", "\r").encode(),
        THREE.replace("Ada", "René").encode("cp1252"),
    ],
)
def test_any_usual_way_to_write_a_sheet_is_read(data: bytes) -> None:
    assert keys(data) == ["M2", "M3", "M4"]
    assert all(fault.row_taken for fault in faults(data))


@pytest.mark.parametrize(("line", "before"), [(3, "M2"), (4, "M3")])
@pytest.mark.parametrize("quoted", [True, False])
def test_a_cell_that_is_too_long_is_told_on_its_own_line(line: int, before: str, quoted: bool) -> None:
    long = "x" * 200_000
    rows = THREE.splitlines(keepends=True)
    rows[line - 1] = GOOD.format(f"M{line}").replace("Stone", f'"{long}"' if quoted else long)
    (fault,) = faults("".join(rows).encode())
    assert (fault.line, fault.column, fault.row_taken) == (line, "family_name", False)
    assert fault.message.startswith("This cell is too long.")
    assert len(fault.value) < 100
    assert keys("".join(rows).encode()) == [key for key in ("M2", "M3", "M4") if key != f"M{line}"]
    assert before in keys("".join(rows).encode())


def test_a_row_with_broken_quotation_marks_is_told_and_the_others_read() -> None:
    broken = THREE.replace("M3,Ada,Stone", 'M3,"Ada"x,Stone').encode()
    (fault,) = faults(broken)
    assert (fault.line, fault.column, keys(broken)) == (3, "given_name", ["M2", "M4"])
    open_ended = THREE.replace("M3,Ada,Stone", 'M3,"Ada,Stone').encode()
    (fault,) = faults(open_ended)
    assert (fault.line, fault.column, keys(open_ended)) == (3, "given_name", ["M2", "M4"])


def test_a_file_that_is_broken_all_over_is_given_up() -> None:
    found = faults((ROSTER + 'M1,"A"b,,,\r\n' * (MOST_BROKEN * 2)).encode())
    assert len(found) == MOST_BROKEN + 1
    assert found[-1].message.endswith("Nothing from this line on was read.")


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(200), b"GIF89a" + bytes(range(256)), bytes(500)])
def test_a_file_that_is_not_text_is_no_sheet(content: bytes) -> None:
    (fault,) = faults(content)
    assert (fault.line, fault.column) == (1, None)
    assert "not text" in fault.message


def test_a_null_byte_loses_its_row_alone() -> None:
    data = THREE.replace("M3,Ada", "M3,A\0da").encode()
    (fault,) = faults(data)
    assert (fault.line, fault.column, fault.value, keys(data)) == (3, "given_name", "A·da", ["M2", "M4"])


def test_a_heading_that_stands_twice_is_told_and_told_apart() -> None:
    table = read_table(b"a,b,A,a\n1,2,3,4\n", "t.csv", forgiving=True)
    assert table.headings == ["a", "b", "A (2)", "a (3)"]
    assert [(fault.line, fault.column, fault.row_taken, fault.loses) for fault in table.faults] == [
        (1, "A", True, True),
        (1, "a", True, True),
    ]
    assert not read_table(b"a,b,A\n1,2,3\n", "t.csv").is_readable


def test_a_large_file_is_read_row_by_row() -> None:
    table = read_table((ROSTER + GOOD.format("M1") * 3).encode(), "t.csv", forgiving=True)
    records = table.records()
    assert [next(records).line, next(records).line] == [2, 3]


@pytest.mark.parametrize("key", ["=1+1", "+7", "-7", "@me", "M\x07", "M\u2028", "M" * 41])
def test_an_id_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        cells.key(key)


@pytest.mark.parametrize("cell", ["3026-01-01", "2101-01-01", "1899-12-31", "2024-02-31", "31/02/2024"])
def test_a_day_of_another_age_or_of_no_month_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        cells.day(cell)
    with pytest.raises(ValueError, match="is not a date: "):
        loose.span(cell)


def test_a_column_says_whether_its_dates_begin_with_the_day() -> None:
    assert loose.puts_the_day_first(["3/4/2026", "25/3/2024", "n/a"])
    assert not loose.puts_the_day_first(["3/4/2026", "3/25/2024"])
    assert not loose.puts_the_day_first(["3/4/2026"])
    assert not loose.puts_the_day_first(["25/3/2024", "3/25/2024"])
    april = loose.span("3/4/2026", day_first=True)
    march = loose.span("3/4/2026")
    assert isinstance(april, tuple)
    assert isinstance(march, tuple)
    assert (april[0].isoformat(), march[0].isoformat()) == ("2026-04-03", "2026-03-04")
    assert isinstance(loose.span("12/25/2026", day_first=True), Noted)


def test_the_limit_of_a_cell_is_that_of_the_library() -> None:
    assert csv.field_size_limit() == 131_072


@pytest.mark.parametrize("title", ["Members as of March\r\n\r\n", "Members as of March,,,,\r\n,,,,\r\n"])
def test_a_title_above_the_headings_is_left_out(title: str) -> None:
    data = (title + THREE).encode()
    assert keys(data) == ["M2", "M3", "M4"]
    assert [(fault.line, fault.row_taken) for fault in faults(data)] == [(1, True)]


def test_a_title_does_not_hide_the_separator() -> None:
    assert keys(("Members\n" + THREE.replace(",", ";")).encode()) == ["M2", "M3", "M4"]


def test_a_sheet_of_one_column_has_its_heading_on_top() -> None:
    assert list(read_table(b"member_id\nM1\nM2\n", "r.csv", forgiving=True).headings) == ["member_id"]
