"""What the society said of the headings of its sheets, and of the words under them: said once, proposed ever after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from programs.enrollment.importing.kinds import roles_of
from programs.enrollment.importing.sheets import words
from programs.enrollment.importing.sheets.layout import Layout
from programs.enrollment.importing.sheets.table import Table
from programs.enrollment.models import RememberedWord, SheetImport

LONGEST = 300


def headings(sheet_import: SheetImport) -> dict[str, str]:
    """What each heading in lower case meant in sheets of this kind."""
    known = RememberedWord.objects.filter(kind=_kind(sheet_import), said="")
    return dict(known.values_list("heading", "means"))


def with_choices(sheet_import: SheetImport, table: Table, layout: Layout) -> Layout:
    """The layout with what was said of single words under the same headings."""
    names = [heading.casefold()[:LONGEST] for heading in table.headings]
    said: dict[str, dict[str, str]] = {}
    known = RememberedWord.objects.filter(kind=_kind(sheet_import), heading__in=names).exclude(said="")
    for heading, word, means in known.values_list("heading", "said", "means"):
        said.setdefault(heading, {})[word] = means
    choices = {index: said[name] for index, name in enumerate(names) if name in said}
    if "role" in layout.targets and (of_roles := choices.pop(layout.targets.index("role"), None)):
        # Another session may have had other roles.
        roles = roles_of(sheet_import.cycle)
        mine = {word: means for word, means in of_roles.items() if not means or words.roles_of(means, roles)}
        choices[layout.targets.index("role")] = mine
    return replace(layout, choices=choices)


def remember(sheet_import: SheetImport, table: Table, layout: Layout) -> None:
    """Keep what staff confirmed, for the next sheet; the later word counts."""
    RememberedWord.objects.bulk_create(
        {(each.heading, each.said): each for each in _words(sheet_import, table, layout)}.values(),
        update_conflicts=True,
        unique_fields=["kind", "heading", "said"],
        update_fields=["means"],
    )


def _words(sheet_import: SheetImport, table: Table, layout: Layout) -> Iterator[RememberedWord]:
    for index, heading in enumerate(table.headings):
        name = heading.casefold()[:LONGEST]
        if not name:
            continue
        said = {"": layout.targets[index], **layout.choices.get(index, {})}
        for word, means in said.items():
            yield RememberedWord(kind=_kind(sheet_import), heading=name, said=word[:LONGEST], means=means[:200])


def _kind(sheet_import: SheetImport) -> str:
    """Mentors, mentees and both are sheets of one kind."""
    return sheet_import.kind if sheet_import.kind in ("roster", "pairs") else "signups"
