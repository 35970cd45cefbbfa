"""Rows that come back to be mended hold no formula, and are read back as what they were."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from programs.enrollment.importing.sheets.faults import Fault
from programs.enrollment.importing.sheets.harmless import as_it_was, harmless
from programs.enrollment.importing.sheets.mending import Mender
from programs.enrollment.importing.sheets.packing import rows_of, unpacked
from programs.enrollment.importing.sheets.table import Record, read_table

CELLS = st.text(st.sampled_from("=+-@'\t\n\x00\x07\x1b␀␇␤ab,;\"") | st.characters(codec="utf-8"), max_size=12)


@given(CELLS)
def test_a_cell_comes_back_as_it_went(cell: str) -> None:
    out = harmless(cell)
    assert as_it_was(out) == cell
    assert not out.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert not {character for character in out if ord(character) < 0x20} - {"\t", "\n", "\r"}


@given(st.lists(CELLS.filter(lambda cell: "\r" not in cell and "\u2028" not in cell), min_size=2, max_size=2))
@example(["\x7f" * 12, "\ufffd" * 12])
def test_a_sheet_to_mend_is_read_back_whole(cells: list[str]) -> None:
    mender = Mender(["a", "b"])
    mender.add(Record(2, ["x", *cells[1:]]), [Fault("s", 2, "a", "Wrong.", value="x")])
    mender.add(Record(3, ["y", cells[0]]), [Fault("s", 3, None, "Wrong.")])
    sheet = mender.finish()
    assert sheet is not None
    assert [list(row) for row in rows_of(sheet)] == [["a: Wrong.", "x", cells[1]], ["Wrong.", "y", cells[0]]]
    table = read_table(unpacked(sheet), "mend.csv", forgiving=True)
    assert table.headings == ["what is wrong", "a", "b"]
    assert [list(record.cells) for record in table.records()] == [
        ["a: Wrong.", "x", cells[1]],
        ["Wrong.", "y", cells[0]],
    ]


def test_a_row_that_is_too_long_keeps_its_cells_and_is_mended_by_its_owner() -> None:
    mender = Mender(["what is wrong", "a"])
    mender.add(Record(2, ["old words", "1", "=2"]), [Fault("s", 2, "3", "Too long.")])
    sheet = mender.finish()
    assert sheet is not None
    assert list(csv.reader(io.StringIO(unpacked(sheet).decode("utf-8-sig")))) == [
        ["what is wrong", "a"],
        ["3: Too long.", "1", "'=2"],
    ]
    assert Mender(["a"]).finish() is None
