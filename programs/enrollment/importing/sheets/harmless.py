"""Cells that go out to be opened in a spreadsheet, and come back as they were.

Spreadsheets take cells that begin with = + - @ for formulas, so they go out with an apostrophe before them; characters
that no sheet can hold go out as their pictures.
"""

from __future__ import annotations

import re
from typing import Final

APOSTROPHE: Final = "'"
NEEDS_APOSTROPHE = re.compile(r"'*[=+\-@\t\r\n]")
DOUBTFUL: Final = "'=+-@"
# Control characters but tab, line feed and carriage return, which a quoted cell can hold.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
PICTURES = re.compile("\u2424?[\u2400-\u241f]|\u2424\u2424")
PICTURE, MARK = 0x2400, "\u2424"  # the picture of a character, and what stands before a picture that is meant


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that any can hold."""
    if not cell or (cell.isascii() and cell.isprintable() and cell[0] not in DOUBTFUL):
        return cell  # nearly all
    told = re.sub("[\u2400-\u241f\u2424]", lambda found: MARK + found[0], cell)
    told = HIDDEN.sub(lambda found: chr(PICTURE + ord(found[0])), told)
    return APOSTROPHE + told if NEEDS_APOSTROPHE.match(told) else told


def as_it_was(cell: str) -> str:
    """A cell of a sheet of ours as it was before `harmless`."""
    told = cell[1:] if cell.startswith(APOSTROPHE) and NEEDS_APOSTROPHE.match(cell[1:]) else cell
    return PICTURES.sub(_unpictured, told)


def _unpictured(found: re.Match[str]) -> str:
    return found[0][1] if found[0].startswith(MARK) else chr(ord(found[0]) - PICTURE)
