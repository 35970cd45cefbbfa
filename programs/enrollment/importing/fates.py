"""Every row of a sheet with what happens to it and why, as a sheet: shown page by page, and taken home as a whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.enrollment.importing.plans import Step, What
from programs.enrollment.importing.sheets import Fault
from programs.enrollment.importing.sheets.layout import Layout
from programs.enrollment.importing.sheets.mending import sentence
from programs.enrollment.importing.sheets.packing import Packer, rows_of
from programs.enrollment.importing.sheets.reading import Reading
from programs.enrollment.importing.sheets.table import Record
from programs.enrollment.importing.wording import LABELS
from programs.enrollment.models import SheetImport

LEFT_OUT: Final = "left_out"
# What the sheet says happens to a row.
WORDS: Final[Mapping[str, Any]] = {
    "added": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "same": gettext_lazy("as it is"),
    LEFT_OUT: gettext_lazy("left out"),
}
# Columns by which somebody is called who is not taken, the first that say something.
CALLED: Final = (("name",), ("given_name", "family_name"), ("mentor", "mentee"), ("email",), ("key",), ("member_id",))
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one row, and why."""

    line: str
    name: str
    does: str
    why: str


class Fates:
    """Writes down what happens to each row."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._words = {does: str(word) for does, word in WORDS.items()}
        self._packer = Packer([_("line"), _("person"), _("what happens"), _("why")])

    def add(self, reading: Reading, step: Step | None, faults: Sequence[Fault]) -> None:
        """A row that is taken by this step, or is left out."""
        does = step.does if step else LEFT_OUT
        name = step.name if step else called(reading.record, self._layout)
        said = [sentence(fault) for fault in faults]
        if step and does == "changed" and (names := _what_changes(step)):
            said.insert(0, _("Changed: %(names)s.") % {"names": names})
        self._packer.add([str(reading.line), name, self._words[does], " ".join(said)])

    def finish(self) -> bytes:
        """All of it, compressed."""
        return self._packer.finish()


class Listed(Sequence[Fate]):
    """The rows of a sheet that was looked at, or those to which one thing happens, read as far as need be."""

    def __init__(self, sheet_import: SheetImport, does: str) -> None:
        self._sheet = bytes(sheet_import.fates or b"")
        self._does = does
        counts = {
            "added": sheet_import.rows_added,
            "changed": sheet_import.rows_changed,
            "same": sheet_import.rows_same,
            LEFT_OUT: sheet_import.rows_left_out,
        }
        self._count = counts.get(does, sheet_import.rows) if self._sheet else 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, wanted: Any) -> Any:
        if isinstance(wanted, slice):
            return list(itertools.islice(self._all(), wanted.start, wanted.stop))
        return next(itertools.islice(self._all(), wanted, None))

    def _all(self) -> Iterator[Fate]:
        by_word = {str(word): does for does, word in WORDS.items()}
        for line, name, word, why in rows_of(self._sheet):
            does = by_word.get(word, word)
            if self._does in ("", does):
                yield Fate(line, name, does, why)


def called(record: Record, layout: Layout) -> str:
    """Whoever a row is about, as it stands there."""
    cells = {target: cell.strip() for target, cell in zip(layout.targets, record.cells, strict=False)}
    for names in CALLED:
        if said := [cells[name] for name in names if cells.get(name)]:
            return (" – " if names == ("mentor", "mentee") else " ").join(said)[:LONGEST]
    return ""


def _what_changes(step: Step) -> str:
    """The things about somebody that a row says otherwise, as pages call them."""
    names: dict[str, None] = {}
    for thing in step.things:
        if thing.before is None:
            names |= {_("Sign-up"): None} if thing.what == What.SIGN_UP else {}
            continue
        for name, before in thing.before.items():
            names |= dict.fromkeys(_inside(before, thing.after[name]) if name in ("answers", "roster") else [name])
    return ", ".join(dict.fromkeys(str(LABELS[name]) if name in LABELS else name for name in names))


def _inside(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The keys under which two things differ."""
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]
