"""What a sheet holds and what is wrong with it, both as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from chiron.kernel.errors import DomainError

Row = TypeVar("Row")

TOLD_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a sheet, where it stands, and whether its row was taken all the same.

    `line` is the physical line of the file, counted from 1, as a text editor shows it. `value` is what stands there;
    `cell_lost` tells a cell that was left out of a row that was taken from one that was only repaired, and `unread` one
    that was kept as a note, because it could not be read as what it should be.
    """

    sheet: str
    line: int
    column: str | None
    message: str
    row_taken: bool = False
    value: str = field(default="", compare=False)
    cell_lost: bool = field(default=False, compare=False)
    unread: bool = field(default=False, compare=False)

    @property
    def loses(self) -> bool:
        """Whether something of the sheet is not taken because of this: the row, or a cell of it."""
        return self.cell_lost or not self.row_taken

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.sheet}, line {self.line}{column}: {self.message}"


@dataclass(frozen=True, slots=True)
class Noted(Generic[Row]):
    """A value that was repaired while it was read, or kept as words alone, with the sentence that says how."""

    value: Row
    remark: str
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """The rows that could be read, each with its line, and the faults of all others.

    `headings` says as what each column was read; `unused` names the columns that were kept as they are.
    """

    name: str
    rows: Sequence[tuple[int, Row]] = ()
    faults: Sequence[Fault] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    unused: Sequence[str] = ()

    @property
    def values(self) -> list[Row]:
        """The rows alone."""
        return [row for _, row in self.rows]


class SheetError(DomainError):
    """A sheet cannot be used as it is; the faults say where and why."""

    def __init__(self, faults: Iterable[Fault], *, lead: str = "") -> None:
        self.faults = tuple(faults)
        told = [*filter(None, [lead]), *map(str, self.faults[:TOLD_AT_ONCE])]
        if len(self.faults) > TOLD_AT_ONCE:
            told.append(f"… and {len(self.faults) - TOLD_AT_ONCE} more.")
        super().__init__("\n".join(told))
