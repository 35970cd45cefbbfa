"""Answers that are chosen from words: one, several, in an order, or one for each line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programs.policy.document import Blank
from programs.surveys.kinds.base import Fields, Kind, Offer, Values

RANKED: Final = 3  # how many are put in order where the policy does not say
PLACES: Final = (
    gettext_lazy("The most important"),
    gettext_lazy("Then"),
    gettext_lazy("And then"),
)


class Choice(Kind):
    """One of several."""

    def field(self, offer: Offer) -> forms.Field:
        words = [(word, word) for word in offer.words]
        return forms.ChoiceField(choices=words, widget=forms.RadioSelect, **offer.common())


class Choices(Kind):
    """Any of several."""

    def field(self, offer: Offer) -> forms.Field:
        words = [(word, word) for word in offer.words]
        field = forms.MultipleChoiceField(choices=words, widget=forms.CheckboxSelectMultiple, **offer.common())
        if offer.blank.most:
            field.validators.append(_at_most(offer.blank.most))
        return field

    def said(self, blank: Blank, kept: Any) -> str:
        return ", ".join(kept)

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        return {"": "; ".join(kept)}


def _at_most(most: int) -> Any:
    def check(chosen: list[str]) -> None:
        if len(chosen) > most:
            said = ngettext("Choose one at most.", "Choose %(most)d at most.", most)
            raise ValidationError(said % {"most": most})

    return check


class Ranking(Kind):
    """Several in an order: one list to choose from for each place. A place may stay empty."""

    def fields(self, offer: Offer) -> Fields:
        words = [("", gettext_lazy("Choose one")), *((word, word) for word in offer.words)]
        places = min(offer.blank.most or RANKED, len(offer.words))
        fields: Fields = {}
        for place in range(places):
            label = PLACES[place] if place < len(PLACES) else _("Number %(place)d") % {"place": place + 1}
            common = offer.common() | {"label": label, "required": offer.blank.required and not place}
            common["help_text"] = offer.help if not place else ""
            fields[str(place + 1)] = forms.ChoiceField(choices=words, **common)
        return fields

    def faults(self, blank: Blank, values: Values) -> Iterator[tuple[str, str]]:
        seen: set[str] = set()
        for place, word in values.items():
            if word and word in seen:
                yield place, _("“%(word)s” has a place already. Choose each once.") % {"word": word}
            seen.add(word)

    def kept(self, blank: Blank, values: Values) -> Any:
        return [word for _place, word in sorted(values.items(), key=lambda each: int(each[0])) if word] or None

    def initial(self, blank: Blank, kept: Any) -> dict[str, Any]:
        return {str(place): word for place, word in enumerate(kept, start=1)}

    def said(self, blank: Blank, kept: Any) -> str:
        return ", ".join(f"{place}. {word}" for place, word in enumerate(kept, start=1))

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        return {str(place): word for place, word in enumerate(kept, start=1)}


class Matrix(Kind):
    """The same choices for each of several lines."""

    def fields(self, offer: Offer) -> Fields:
        words = [(word, word) for word in offer.words]
        common = offer.common() | {"help_text": ""}
        return {
            str(number): forms.ChoiceField(choices=words, widget=forms.RadioSelect, **common | {"label": row})
            for number, row in enumerate(offer.blank.rows, start=1)
        }

    def kept(self, blank: Blank, values: Values) -> Any:
        """By line, so that a line may later be added or moved."""
        rows = {row: values.get(str(number)) for number, row in enumerate(blank.rows, start=1)}
        return {row: word for row, word in rows.items() if word} or None

    def initial(self, blank: Blank, kept: Any) -> dict[str, Any]:
        return {str(number): kept.get(row, "") for number, row in enumerate(blank.rows, start=1)}

    def said(self, blank: Blank, kept: Any) -> str:
        return "; ".join(f"{row}: {word}" for row, word in kept.items())

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        return {row: kept.get(row, "") for row in blank.rows}
