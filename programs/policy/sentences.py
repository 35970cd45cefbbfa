"""Sentences for people, kept as a template and its values so that a page can say them in its own language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date


def gettext_noop(text: str) -> str:
    """Mark a template for translation where Django must not be imported."""
    return text


def plain(value: object) -> str:
    """A value as American English writes it: “July 8, 2025”, “active or retired”."""
    if isinstance(value, date):
        return f"{value:%B} {value.day}, {value.year}"
    if isinstance(value, tuple):
        *most, last = [plain(each) for each in value]
        return f"{', '.join(most)} or {last}" if most else last
    return str(value)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template with named places, and what stands in them."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said()

    def said(self, translate: Callable[[str], str] = str, show: Callable[[object], str] = plain) -> str:
        """The sentence in another language: `translate` gives the template, `show` the values."""
        said = {
            name: value.said(translate, show) if isinstance(value, Sentence) else show(value)
            for name, value in self.values.items()
        }
        return translate(self.template).format_map(said)
