"""What the columns of a sheet mean: proposed, confirmed or said otherwise, and remembered for the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chiron.kernel.errors import DomainError
from programs.enrollment.importing import remembering
from programs.enrollment.importing.imports import layout_of, missing_in, sample, say_columns, table_of
from programs.enrollment.importing.kinds import looks_like_another, roles_of, vocabulary_of
from programs.enrollment.importing.sheets.choices import unsettled
from programs.enrollment.importing.sheets.layout import NOTE, SKIP, Layout, targets
from programs.enrollment.importing.sheets.table import Table
from programs.enrollment.importing.wording import LABELS
from programs.enrollment.models import SheetImport
from programs.enrollment.portal.sheets import look_or_leave_it_to_a_worker, sheet_for
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

# What a word may mean beside the program's own: itself, or nothing.
AS_WRITTEN: Final = "="
# Nobody said what it means: the rows with it are told, and can be mended.
NOT_SAID: Final = "?"
EXAMPLES: Final = 3


@dataclass(frozen=True)
class ColumnAsked:
    """One column as the page asks about it."""

    index: int
    heading: str
    target: str
    examples: Sequence[str]


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def columns(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """What each column of a sheet means, and words in it that are not the program's."""
    kept = sheet_for(request, pk)
    if kept.applied_at is not None or kept.work:
        return redirect("sheets:preview", pk)
    table = table_of(kept)
    layout, faults, asked = layout_of(kept), [], frozenset[tuple[int, str]]()
    if request.method == "POST":
        layout, asked = _said(request.POST, table, layout)
        faults = _faults(kept, table, layout)
    words = unsettled(table, layout, vocabulary_of(kept.cycle), roles_of(kept.cycle))
    if request.method == "POST":
        # Kept in any case, so that what was said once need not be said again on the way.
        try:
            say_columns(sheet_import=kept, layout=layout)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("sheets:preview", pk)
        new = [each for each in words if (each.index, each.target) not in asked]
        if not faults and not new:
            remembering.remember(kept, table, layout)
            return look_or_leave_it_to_a_worker(request, kept)
    context = {
        "sheet": kept,
        "cycle": kept.cycle,
        "columns": _asked(table, layout),
        "choices": _choices(layout),
        "words": words,
        "faults": faults,
        "hint": looks_like_another(kept, table),
        "more_to_say": request.method == "POST" and not faults,
    }
    return render(request, "enrollment/columns.html", context, status=422 if faults else 200)


def _said(post: QueryDict, table: Table, before: Layout) -> tuple[Layout, frozenset[tuple[int, str]]]:
    """The layout that the page says, and which columns' words it had asked about."""
    known = {column.field for _pattern, column in targets(before.kind)} | {NOTE, SKIP}
    said = tuple(
        target if (target := post.get(f"column-{index}", "")) in known else before.targets[index]
        for index in range(len(table.headings))
    )
    asked = {(index, said[index]) for index in range(len(said)) if post.get(f"asked-{index}") == said[index]}
    choices = {index: dict(words) for index, words in before.choices.items() if said[index] == before.targets[index]}
    for index, _target in asked:
        for number, word in enumerate(post.getlist(f"word-{index}")):
            word, means = (said.replace("\0", "") for said in (word, post.get(f"means-{index}-{number}", "")))
            if means == NOT_SAID:
                continue
            choices.setdefault(index, {})[word.casefold()[: remembering.LONGEST]] = (
                word if means == AS_WRITTEN else means
            )
    return replace(before, targets=said, choices=choices), frozenset(asked)


def _faults(kept: SheetImport, table: Table, layout: Layout) -> list[str]:
    twice = [name for name, count in Counter(layout.targets).items() if count > 1 and name not in (NOTE, SKIP)]
    faults = [_("Two columns are “%(name)s”. Choose one of them.") % {"name": LABELS[name]} for name in twice]
    missing = missing_in(kept, table, layout)
    return [*faults, *([missing] if missing else [])]


def _asked(table: Table, layout: Layout) -> list[ColumnAsked]:
    rows = sample(table)
    return [
        ColumnAsked(index, heading or str(index + 1), layout.targets[index], _examples(rows, index))
        for index, heading in enumerate(table.headings)
    ]


def _examples(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    """The first different values."""
    found = dict.fromkeys(row[index].strip() for row in rows if row[index].strip())
    return [value if len(value) <= 40 else f"{value[:38]}…" for value in list(found)[:EXAMPLES]]


def _choices(layout: Layout) -> list[tuple[str, str]]:
    fields = dict.fromkeys(column.field for _pattern, column in targets(layout.kind))
    return [(name, str(LABELS[name])) for name in fields]
