"""What every kind of blank knows about itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import Promise

from programs.policy.document import Blank

Fields = dict[str, forms.Field]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Offer:
    """A blank as it is put before somebody: its label, its hint, and the words they can choose from."""

    blank: Blank
    label: str
    help: str = ""
    words: Sequence[str] = field(default=())
    kept: Any = None
    """What is kept already, where somebody comes back."""

    def common(self, **said: str | Promise) -> dict[str, Any]:
        """What every field takes; `said` is what it says of answers that cannot be read."""
        return {
            "label": self.label,
            "help_text": self.help,
            "required": self.blank.required,
            "error_messages": said,
        }


class Kind:
    """One kind of blank. Most have one field, under the empty name; what is kept is plain data, None where unsaid."""

    def fields(self, offer: Offer) -> Fields:
        """The fields of a form, by what is added to the blank's name."""
        return {"": self.field(offer)}

    def field(self, offer: Offer) -> forms.Field:
        """The field of a kind that has one."""
        raise NotImplementedError

    def faults(self, blank: Blank, values: Values) -> Iterator[tuple[str, str]]:
        """What is wrong with several fields together: the field, and a sentence."""
        yield from ()

    def kept(self, blank: Blank, values: Values) -> Any:
        """The answer as JSON can hold it, from what the fields gave."""
        value = values.get("")
        return None if value in (None, "", [], False) else value

    def initial(self, blank: Blank, kept: Any) -> dict[str, Any]:
        """What the fields show of an answer that is kept."""
        return {"": kept}

    def said(self, blank: Blank, kept: Any) -> str:
        """The answer as people read it."""
        return str(kept)

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        """The answer as cells of a sheet, by what is added to the blank's name."""
        return {"": self.said(blank, kept)}
