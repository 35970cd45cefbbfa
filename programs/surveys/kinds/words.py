"""Answers in words: a line, a few sentences, a place, a specialty, an NPI, tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.policy.document import Blank
from programs.policy.states import STATES
from programs.surveys.kinds.base import Kind, Offer, Values
from programs.surveys.specialties import SPECIALTIES, nucc_code, usual_name

LONGEST_LINE: Final = 200
LONGEST_PROSE: Final = 4000
LONGEST_SPECIALTY: Final = 120
LONGEST_TAG: Final = 40
MOST_TAGS: Final = 10
# What stands before an NPI when its check digit is counted: the number of health cards of the United States.
CARD_PREFIX: Final = "80840"


class Text(Kind):
    """One line."""

    def field(self, offer: Offer) -> forms.Field:
        return forms.CharField(max_length=LONGEST_LINE, **offer.common())


class Prose(Kind):
    """A few sentences."""

    def field(self, offer: Offer) -> forms.Field:
        area = forms.Textarea(attrs={"rows": 5})
        return forms.CharField(max_length=LONGEST_PROSE, widget=area, **offer.common())

    def kept(self, blank: Blank, values: Values) -> Any:
        text = str(values.get("") or "").replace("\r\n", "\n").strip()
        return text or None


class State(Kind):
    """A state, kept by its two letters."""

    def field(self, offer: Offer) -> forms.Field:
        by_name = sorted(STATES.items(), key=lambda item: item[1])
        return forms.ChoiceField(choices=[("", gettext_lazy("Choose a state")), *by_name], **offer.common())

    def said(self, blank: Blank, kept: Any) -> str:
        return STATES.get(kept, str(kept))

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        return {"": str(kept)}


class ZipCode(Kind):
    """Five digits; the four that some write after them are left out."""

    def field(self, offer: Offer) -> forms.Field:
        line = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code", "class": "short"})
        said = offer.common(invalid=gettext_lazy("A ZIP code has five digits, like 95608."))
        return forms.RegexField(r"^[0-9]{5}(?:-?[0-9]{4})?$", widget=line, **said)

    def kept(self, blank: Blank, values: Values) -> Any:
        return str(values.get("") or "")[:5] or None


class Suggesting(forms.TextInput):
    """A line with suggestions; where a browser has none, one just types."""

    template_name = "surveys/widgets/suggesting.html"

    def __init__(self, suggestions: list[str]) -> None:
        super().__init__()
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["suggestions"] = self.suggestions
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context


class Specialty(Kind):
    """A specialty under its usual name, however it is written; one that is not in the list stays as it is."""

    def field(self, offer: Offer) -> forms.Field:
        line = Suggesting(list(SPECIALTIES))
        return forms.CharField(max_length=LONGEST_SPECIALTY, widget=line, **offer.common())

    def kept(self, blank: Blank, values: Values) -> Any:
        said = str(values.get("") or "").strip()
        return usual_name(said) if said else None

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        return {"": str(kept), "nucc_code": nucc_code(str(kept))}


class Npi(Kind):
    """Ten digits of which the last one checks the others."""

    def field(self, offer: Offer) -> forms.Field:
        line = forms.TextInput(attrs={"inputmode": "numeric", "class": "short"})
        field = forms.CharField(max_length=LONGEST_LINE, widget=line, **offer.common())
        field.validators.append(_check_npi)
        return field

    def kept(self, blank: Blank, values: Values) -> Any:
        return digits_of(str(values.get("") or "")) or None


def is_npi(number: str) -> bool:
    """Whether ten digits are an NPI by their check digit (Luhn's, over the number with the prefix of health cards)."""
    if not re.fullmatch(r"[12]\d{9}", number, re.ASCII):
        return False
    digits = [int(digit) for digit in reversed(CARD_PREFIX + number)]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0


def digits_of(text: str) -> str:
    """A number without the spaces and dashes in which people write it."""
    return re.sub(r"[\s-]", "", text)


def _check_npi(text: str) -> None:
    number = digits_of(text)
    if not re.fullmatch(r"\d{10}", number, re.ASCII):
        raise ValidationError(_("An NPI has ten digits."))
    if not is_npi(number):
        raise ValidationError(_("This is not an NPI: its last digit does not fit the others. Is one mistyped?"))


class TagsField(forms.CharField):
    """Words with commas between, as a list."""

    def __init__(self, most: int, known: Sequence[str], **common: Any) -> None:
        super().__init__(max_length=LONGEST_LINE * 2, **common)
        self.most, self.known = most, {word.casefold(): word for word in known}

    def clean(self, value: Any) -> list[str]:
        """Each word once; ValidationError where there are too many, or where one is no word but a sentence."""
        words = dict.fromkeys(" ".join(word.split()) for word in super().clean(value).split(","))
        tags = list(dict.fromkeys(self.known.get(word.casefold(), word) for word in words if word))
        if len(tags) > self.most:
            raise ValidationError(_("These are %(said)d; %(most)d at most.") % {"said": len(tags), "most": self.most})
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise ValidationError(_("One of them is very long. A word or two each is enough."))
        return tags


class Tags(Kind):
    """A few words of one's own, with commas between; those that the program knows keep its spelling."""

    def field(self, offer: Offer) -> forms.Field:
        common = offer.common()
        common["help_text"] = common["help_text"] or gettext_lazy("A few words, with commas between.")
        return TagsField(offer.blank.most or MOST_TAGS, offer.words, **common)

    def initial(self, blank: Blank, kept: Any) -> dict[str, Any]:
        return {"": ", ".join(kept)}

    def said(self, blank: Blank, kept: Any) -> str:
        return ", ".join(kept)

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        return {"": "; ".join(kept)}
