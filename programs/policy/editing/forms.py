"""The form of a section: the settings in it, and the settings that it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.policy.document import Policy, PolicyError, restore_policy, store_policy
from programs.policy.document.origin import without_lost_origins
from programs.policy.editing.entries import Choices, Entry, Weights
from programs.policy.editing.places import Place, get, put
from programs.policy.editing.rows import Agreed, Rows, Shelved
from programs.policy.editing.ruling import Node, Ruling
from programs.policy.editing.section import Section
from programs.policy.faults import Fault, dotted

MOST_ROWS = 60


@dataclass
class Block:
    """One entry as the page shows it."""

    kind: str
    entry: Entry
    fields: Sequence[forms.BoundField] = ()
    rows: list[list[forms.BoundField]] = field(default_factory=list)
    node: Node | None = None
    left: Sequence[str] = ()


class SectionForm(forms.Form):
    """One section of a program's settings. `policy()` is the whole program with what was said here."""

    note = forms.CharField(
        label=_("Why this changes"),
        help_text=_("One line for whoever reads this next year."),
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any = None, *, section: Section, base: Policy, part: int | None = None) -> None:
        super().__init__(data)
        self.section, self.base, self.part = section, base, part
        self.stored = store_policy(base)
        self.under: Place = () if part is None else ("parts", part)
        self.entries = section.entries(get(self.stored, self.under))
        self.places: dict[str, Place] = {}
        note = self.fields.pop("note")
        for entry in self.entries:
            self._add(entry)
        self.fields["note"] = note

    def counts(self, entry: Rows) -> int:
        """How many rows the page shows: those that there are, and one that waits."""
        said = self.data.get(f"{entry.name}-rows", "") if self.is_bound else ""
        more = 1 if self.is_bound and self.data.get("more") == entry.name else 0
        count = int(said) if said.isascii() and said.isdigit() else len(self._own(entry)) + 1
        return min(count + more, MOST_ROWS)

    def blocks(self) -> Iterator[Block]:
        """The entries as the page shows them. Only here does a field say that it is needed: the document decides it."""
        for entry in self.entries:
            self._mark_needed(entry)
            if isinstance(entry, Ruling):
                yield Block("rule", entry, [self[entry.name]], node=self.node(entry))
            elif isinstance(entry, Rows):
                yield self._rows_block(entry)
            elif isinstance(entry, Weights):
                yield Block("weights", entry, [self[name] for name in self.fields if name.startswith(f"{entry.name}-")])
            else:
                yield Block("field", entry, [self[entry.name]])

    def _mark_needed(self, entry: Entry) -> None:
        optional = {f"-{own.name}" for own in entry.of if own.optional} if isinstance(entry, Rows) else set()
        for name, each in self.fields.items():
            if name == entry.name or name.startswith(f"{entry.name}-"):
                each.required = not entry.optional and not name.endswith(tuple(optional))

    def node(self, entry: Ruling) -> Node:
        """The rule as it was sent, or as it is stored."""
        return entry.sent(self.data) if self.is_bound else entry.node(get(self.stored, (*self.under, *entry.place)))

    def policy(self) -> Policy | None:
        """The program with what was said; None with every fault at its field."""
        if not self.is_valid():
            return None
        self.shown: dict[str, list[int]] = {}
        stored = deepcopy(self.stored)
        for entry in self.entries:
            put(stored, (*self.under, *entry.place), self._said(entry))
        self._tidy(stored)
        try:
            return restore_policy(without_lost_origins(stored))
        except PolicyError as error:
            for fault in error.faults:
                self.add_error(self._field_of(fault), fault.message)
            return None

    def _add(self, entry: Entry) -> None:
        value = get(self.stored, (*self.under, *entry.place))
        if isinstance(entry, Shelved):
            self.fields[entry.ticks] = entry.shelf_field(value or [])
        if isinstance(entry, Rows):
            self.fields.update(entry.fields_of(self._own(entry), self.counts(entry)))
        else:
            self.fields.update(entry.fields(value))

    def _own(self, entry: Rows) -> Sequence[Any]:
        value = get(self.stored, (*self.under, *entry.place)) or []
        return entry.own(value) if isinstance(entry, Shelved) else value

    def _rows_block(self, entry: Rows) -> Block:
        rows = [
            [self[name] for name in self.fields if name.startswith(f"{entry.name}-{index}-")]
            for index in range(self.counts(entry))
        ]
        if not isinstance(entry, Shelved):
            return Block("rows", entry, rows=rows)
        left = [text["text"] for text in entry.left(get(self.stored, (*self.under, *entry.place)) or [])]
        return Block(
            "agreed" if isinstance(entry, Agreed) else "shelf", entry, [self[entry.ticks]], rows=rows, left=left
        )

    def _said(self, entry: Entry) -> Any:
        if isinstance(entry, Ruling):
            return self.node(entry).written()
        if isinstance(entry, Choices):
            return _in_their_order(entry.read(self.cleaned_data), get(self.stored, (*self.under, *entry.place)) or [])
        if not isinstance(entry, Rows):
            return entry.read(self.cleaned_data)
        said = list(entry.rows_read(self.cleaned_data, self._own(entry), self.counts(entry)))
        if isinstance(entry, Shelved):
            before = get(self.stored, (*self.under, *entry.place)) or []
            said = list(entry.read_all(self.cleaned_data, before, said))
        self.shown[entry.name] = [index for index, _row in said]
        return [row for _index, row in said]

    def _tidy(self, stored: dict[str, Any]) -> None:
        """Take away groups of settings that say nothing."""
        here = get(stored, self.under)
        for place, decides in self.section.optional:
            if not get(here, (*place, decides)):
                put(here, place, None)
        for place in (("eligible",), ("focus",), ("evening", "seats"), ("intake",)):
            group = get(here, place)
            if isinstance(group, dict):
                put(here, place, {key: value for key, value in group.items() if value not in (None, [])})

    def _field_of(self, fault: Fault) -> str | None:
        """The field that a fault lies at or under, the nearest; else the first that lies under the fault."""
        paths = list(self._paths())
        over = [(len(path), name) for name, path in paths if _lies_under(fault.path, path)]
        under = [name for name, path in paths if _lies_under(path, fault.path)]
        return max(over)[1] if over else next(iter(under), None)

    def _paths(self) -> Iterator[tuple[str, str]]:
        for entry in self.entries:
            where = (*self.under, *entry.place)
            if isinstance(entry, Rows):
                for position, index in enumerate(self.shown.get(entry.name, [])):
                    for own in entry.of:
                        if index >= 0:
                            name = "-".join(map(str, (*entry.place, index, *own.place)))
                            yield name, dotted((*where, position, *own.place))
                if isinstance(entry, Shelved):
                    yield entry.ticks, dotted(where)
                elif self.shown.get(entry.name) or self.counts(entry):
                    yield f"{entry.name}-0-{'-'.join(map(str, entry.of[0].place))}", dotted(where)
            elif isinstance(entry, Weights):
                for name in self.fields:
                    if name.startswith(f"{entry.name}-"):
                        yield name, f"{dotted(where)}.{name.removeprefix(f'{entry.name}-')}"
                yield f"{entry.name}-{entry.options[0][0]}", dotted(where)
            else:
                yield entry.name, dotted(where)


def _in_their_order(said: Sequence[str], before: Sequence[str]) -> list[str]:
    """What was ticked before keeps its place, so that a page on which nothing was touched changes nothing."""
    return [*(each for each in before if each in said), *(each for each in said if each not in before)]


def _lies_under(path: str, upper: str) -> bool:
    return path == upper or path.startswith((f"{upper}.", f"{upper}["))
