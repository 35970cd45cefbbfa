"""What can be filled in, by kind: each makes the form's fields from a setting, and a setting from what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.policy.editing.places import Place
from programs.policy.words import STAGES

Made = Iterator[tuple[str, forms.Field]]
FOR = " | "
LONGEST = 4000
IN_PERSON = "in person is possible"
# What is said of a number that cannot be.
NUMBERS = {
    "invalid": _("Write a whole number, like 2."),
    "min_value": _("This is too little: it must be %(limit_value)s or more."),
    "max_value": _("This is too much: it must be %(limit_value)s or less."),
}
CLOSENESS = [(IN_PERSON, _("where both may meet in person")), ("always", _("always"))]


@dataclass(frozen=True)
class Entry:
    """One thing to fill in: where it stands in the settings, and how people are asked for it."""

    place: Place
    label: Any
    help: Any = ""
    optional: bool = False

    @property
    def name(self) -> str:
        """Its name in the form."""
        return "-".join(map(str, self.place))

    def fields(self, value: Any) -> Made:
        """The form's fields, with the setting in them."""
        yield self.name, forms.CharField(**self._said(value), max_length=200)

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        """The setting that the fields say; what validates it is the document itself."""
        text = cleaned.get(self.name) or ""
        return None if self.optional and not text else text

    def _said(self, initial: Any) -> dict[str, Any]:
        # Nothing is required here: the document says what is missing, in its own sentence.
        return {"label": self.label, "help_text": self.help, "required": False, "initial": initial}


class Line(Entry):
    """One line of words: a title, a length of time, how often something happens."""


class Prose(Entry):
    """Some sentences."""

    def fields(self, value: Any) -> Made:
        widget = forms.Textarea(attrs={"rows": 3 if len(str(value or "")) < 240 else 7})
        yield self.name, forms.CharField(**self._said(value), max_length=LONGEST, widget=widget)


class Number(Entry):
    """A whole number."""

    def fields(self, value: Any) -> Made:
        yield (
            self.name,
            forms.IntegerField(
                **self._said(value),
                min_value=0,
                max_value=10_000,
                error_messages=NUMBERS,
            ),
        )

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        return cleaned.get(self.name)


class Tick(Entry):
    """Yes or no."""

    def fields(self, value: Any) -> Made:
        yield self.name, forms.BooleanField(**self._said(value))

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        return bool(cleaned.get(self.name))


@dataclass(frozen=True)
class Choice(Entry):
    """One of a few."""

    options: Sequence[tuple[str, Any]] = ()

    def fields(self, value: Any) -> Made:
        options = [("", _("as you like")), *self.options] if self.optional else self.options
        yield self.name, forms.ChoiceField(**self._said(value), choices=options)


@dataclass(frozen=True)
class Choices(Entry):
    """Some of a few, in the order in which they are offered."""

    options: Sequence[tuple[str, Any]] = ()

    def fields(self, value: Any) -> Made:
        yield (
            self.name,
            forms.MultipleChoiceField(
                **self._said(value or []), choices=self.options, widget=forms.CheckboxSelectMultiple
            ),
        )

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        return list(cleaned.get(self.name) or [])


class Lines(Entry):
    """A list, one a line."""

    def fields(self, value: Any) -> Made:
        widget = forms.Textarea(attrs={"rows": max(3, len(value or []) + 1)})
        yield self.name, forms.CharField(**self._said("\n".join(value or [])), max_length=LONGEST, widget=widget)

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        return [line.strip() for line in (cleaned.get(self.name) or "").splitlines() if line.strip()]


class Days(Lines):
    """Days of the year, between commas."""

    def fields(self, value: Any) -> Made:
        yield self.name, forms.CharField(**self._said(", ".join(value or [])), max_length=200)

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        return [day.strip() for day in (cleaned.get(self.name) or "").split(",") if day.strip()]


class WordsOffered(Lines):
    """Words that forms offer, one a line; after a bar, the stages to which they are offered."""

    def fields(self, value: Any) -> Made:
        yield from super().fields([_word_said(word) for word in value or []])

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        return [_word_read(line) for line in super().read(cleaned)]


def _word_said(word: Mapping[str, Any]) -> str:
    return str(word["name"]) + (FOR + ", ".join(word["for"]) if word.get("for") else "")


def _word_read(line: str) -> dict[str, Any]:
    name, _bar, whom = line.partition("|")
    return {"name": name.strip(), "for": [each.strip() for each in whom.split(",") if each.strip()]}


@dataclass(frozen=True)
class Weights(Entry):
    """What matters, in points that sum to 1000, with how far is half as good and when that counts."""

    options: Sequence[tuple[str, Any]] = ()

    def fields(self, value: Any) -> Made:
        for criterion, label in self.options:
            stored = (value or {}).get(criterion, 0)
            points = stored["points"] if isinstance(stored, Mapping) else stored
            yield (
                f"{self.name}-{criterion}",
                forms.IntegerField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=1000,
                    initial=points,
                    error_messages=NUMBERS,
                ),
            )
        near = (value or {}).get("near_each_other")
        near = near if isinstance(near, Mapping) else {}
        yield (
            f"{self.name}-half_at",
            forms.CharField(
                label=_("How far apart is half as good?"),
                help_text=_("Such as “12 mi” or “20 km”."),
                required=False,
                initial=near.get("half_at") or "12 mi",
                max_length=20,
            ),
        )
        yield (
            f"{self.name}-counts_when",
            forms.ChoiceField(
                label=_("When does closeness count?"),
                required=False,
                initial=near.get("counts_when") or IN_PERSON,
                choices=CLOSENESS,
            ),
        )

    def read(self, cleaned: Mapping[str, Any]) -> Any:
        weights: dict[str, Any] = {
            criterion: points
            for criterion, _label in self.options
            if (points := cleaned.get(f"{self.name}-{criterion}"))
        }
        if "near_each_other" in weights:
            half = cleaned.get(f"{self.name}-half_at") or "12 mi"
            when = cleaned.get(f"{self.name}-counts_when") or IN_PERSON
            weights["near_each_other"] = {
                "points": weights["near_each_other"],
                "half_at": half,
                "counts_when": when,
            }
        return weights


STAGE_OPTIONS = [(stage, stage) for stage in STAGES]
