"""Lists of settings that people add to and take from: rows of a form, and shelves of texts that ship."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.policy.document.library import Shelf, shipped
from programs.policy.document.questions import Kind
from programs.policy.document.texts import ADULT
from programs.policy.editing.entries import Entry, Made
from programs.policy.editing.places import get, put

# Kinds of answers that need no more settings than a row has; the others are written in the text form.
SIMPLE: Final[tuple[Kind, ...]] = (
    *("short text", "long text", "number", "date", "month", "choice", "choices", "yes or no", "state", "ZIP code"),
)
WORD: Final = re.compile(r"[a-z][a-z0-9]*", re.ASCII)


@dataclass(frozen=True)
class Rows(Entry):
    """A list of settings; a row counts if its first field says something. One empty row waits at the end."""

    of: Sequence[Entry] = ()
    one: Any = ""
    seed: Mapping[str, Any] = field(default_factory=dict)
    """What a new row begins with."""

    def row(self, index: int) -> list[Entry]:
        """The entries of one row, each under its own name."""
        return [replace(entry, place=(*self.place, index, *entry.place)) for entry in self.of]

    def fields_of(self, value: Sequence[Any], count: int) -> Made:
        """The fields of so many rows."""
        for index in range(count):
            stored = value[index] if index < len(value) else None
            known = {"name": stored} if isinstance(stored, str) else stored
            for entry, own in zip(self.row(index), self.of, strict=True):
                yield from entry.fields(get(known, own.place))
            if known is not None:
                yield f"{self.name}-{index}-drop", forms.BooleanField(label=_("Take this out"), required=False)

    def rows_read(self, cleaned: Mapping[str, Any], before: Sequence[Any], count: int) -> Iterator[tuple[int, Any]]:
        """The rows that count, each with its position in the form; what the form does not show stays as it was."""
        for index in range(count):
            entries = self.row(index)
            if cleaned.get(f"{self.name}-{index}-drop") or not entries[0].read(cleaned):
                continue
            stored = before[index] if index < len(before) else {}
            row = {"name": stored} if isinstance(stored, str) else deepcopy(dict(stored or self.seed))
            for entry, own in zip(entries, self.of, strict=True):
                put(row, own.place, entry.read(cleaned))
            yield index, _asking(_versioned(row, stored))


def _versioned(row: dict[str, Any], before: Any) -> dict[str, Any]:
    """A text that people agreed to and that reads differently now is the next version of it."""
    if isinstance(before, Mapping) and "version" in before and row.get("text") != before.get("text"):
        row["version"] = before["version"] + 1
        row["name"] = None  # it is no longer the one that ships
    return {key: value for key, value in row.items() if value not in (None, "")}


def _asking(row: dict[str, Any]) -> dict[str, Any]:
    """A new question gets the word under which its answers are kept from its own words."""
    if "blanks" in row and "ask" not in row:
        row["ask"] = row["blanks"][0]["name"] = "_".join(WORD.findall(row["text"].lower())[:6]) or "question"
    return row


@dataclass(frozen=True)
class Shelved(Rows):
    """Texts: those that ship are ticked, a program's own are rows."""

    shelf: Shelf = "prompts"

    @property
    def ticks(self) -> str:
        """The name of the field with those that ship."""
        return f"{self.name}-shipped"

    def shelf_field(self, value: Sequence[Mapping[str, Any]]) -> forms.Field:
        """What ships, with what the program uses ticked."""
        return forms.MultipleChoiceField(
            label=self.label,
            help_text=self.help,
            required=False,
            choices=[(name, text.get("title") or text["text"]) for name, text in shipped(self.shelf).items()],
            initial=[ships_as(text) for text in value if self.ships(text)],
            widget=forms.CheckboxSelectMultiple,
        )

    def own(self, value: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The program's own texts."""
        return [text for text in value if not self.ships(text) and not self.is_left(text)]

    def left(self, value: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """What can be changed in the text form alone, and stays as it is here."""
        return [text for text in value if not self.ships(text) and self.is_left(text)]

    def ships(self, text: Mapping[str, Any]) -> bool:
        """Whether it stands on the shelf."""
        return ships_as(text) in shipped(self.shelf)

    def is_left(self, text: Mapping[str, Any]) -> bool:
        """Whether the rows cannot show it whole."""
        return "blanks" in text and (len(text["blanks"]) != 1 or text["blanks"][0]["kind"] not in SIMPLE)

    def read_all(
        self, cleaned: Mapping[str, Any], before: Sequence[Any], rows: Sequence[tuple[int, Any]]
    ) -> Iterator[tuple[int, Any]]:
        """Everything in the order in which it stood, then what is new; each row with its position, others with -1."""
        ticked, row_at = list(cleaned.get(self.ticks) or []), dict(rows)
        position = 0
        for text in before:
            if self.ships(text):
                if ships_as(text) in ticked:
                    ticked.remove(ships_as(text))
                    yield -1, text
            elif self.is_left(text):
                yield -1, text
            else:
                if position in row_at:
                    yield position, row_at.pop(position)
                position += 1
        yield from ((-1, name) for name in ticked)
        yield from row_at.items()


@dataclass(frozen=True)
class Agreed(Shelved):
    """What people agree to: a row each, but for the one that says that somebody is of age, which is ticked by role."""

    roles: Sequence[tuple[str, Any]] = ()

    @property
    def ticks(self) -> str:
        """The name of the field with who has to be of age."""
        return f"{self.name}-{ADULT}"

    def shelf_field(self, value: Sequence[Mapping[str, Any]]) -> forms.Field:
        """Every role, ticked where it has to be of age."""
        return forms.MultipleChoiceField(
            label=_("18 or older: who has to say so?"),
            help_text=_("Whoever is ticked attests it at sign-up; nobody younger can take part."),
            required=False,
            choices=self.roles,
            initial=[role for text in value if self.ships(text) for role in text["by"]],
            widget=forms.CheckboxSelectMultiple,
        )

    def ships(self, text: Mapping[str, Any]) -> bool:
        """Whether it is the one that is ticked; in words of one's own it is a row like others."""
        return text.get("name") == ADULT

    def read_all(
        self, cleaned: Mapping[str, Any], before: Sequence[Any], rows: Sequence[tuple[int, Any]]
    ) -> Iterator[tuple[int, Any]]:
        """Everything in the order in which it stood, then what is new; the one that is ticked with -1."""
        ticked, row_at, position = list(cleaned.get(self.ticks) or []), dict(rows), 0
        for text in before:
            if self.ships(text):
                if ticked:
                    stood = [role for role in text["by"] if role in ticked]
                    yield -1, {**text, "by": [*stood, *(role for role in ticked if role not in stood)]}
                    ticked = []
            else:
                if position in row_at:
                    yield position, row_at.pop(position)
                position += 1
        if ticked:
            yield -1, {"text": ADULT, "by": ticked}
        yield from row_at.items()


def ships_as(text: Any) -> str:
    """The name under which a text ships; a question goes by what it asks."""
    if isinstance(text, str):
        return text
    return str(text.get("ask") or text.get("name") or "")
