"""Answers that are counted or dated: numbers, scales, days, months, yes or no."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.policy.document import Blank
from programs.surveys.kinds.base import Kind, Offer, Values

LARGEST: Final = 999
DAYS: Final = ("%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y", "%b %d, %Y")
MONTHS: Final = ("%m/%Y", "%Y-%m", "%B %Y", "%b %Y", "%Y-%m-%d", "%m/%d/%Y")


class Number(Kind):
    """A whole number."""

    def field(self, offer: Offer) -> forms.Field:
        blank = offer.blank
        lowest = blank.lowest if blank.lowest is not None else 1 if blank.fills == "places" else 0
        highest = blank.highest if blank.highest is not None else LARGEST
        said = offer.common(invalid=gettext_lazy("Write a whole number, like 2."))
        line = forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"})
        return forms.IntegerField(min_value=lowest, max_value=highest, widget=line, **said)

    def kept(self, blank: Blank, values: Values) -> Any:
        return values.get("")


class Scale(Kind):
    """One step of a few, from one end to the other."""

    def field(self, offer: Offer) -> forms.Field:
        steps = [(step, labelled(offer.blank, step)) for step in offer.blank.scale]
        common = offer.common() | {"choices": steps, "widget": forms.RadioSelect, "coerce": int, "empty_value": None}
        return forms.TypedChoiceField(**common)

    def kept(self, blank: Blank, values: Values) -> Any:
        return values.get("")

    def said(self, blank: Blank, kept: Any) -> str:
        values = {"step": kept, "lowest": blank.scale[0], "highest": blank.scale[-1]}
        return _("%(step)s, on a scale from %(lowest)s to %(highest)s") % values

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        return {"": str(kept)}


def labelled(blank: Blank, step: int) -> str:
    """The number of a step, with what it means at either end."""
    if not blank.ends or step not in (blank.scale[0], blank.scale[-1]):
        return str(step)
    return f"{step} – {blank.ends[0] if step == blank.scale[0] else blank.ends[1]}"


class Date(Kind):
    """A day."""

    def field(self, offer: Offer) -> forms.Field:
        said = offer.common(invalid=gettext_lazy("This is not a date. Write it like 2027-03-01."))
        line = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
        return forms.DateField(input_formats=DAYS, widget=line, **said)

    def kept(self, blank: Blank, values: Values) -> Any:
        day = values.get("")
        return day.isoformat() if isinstance(day, date) else None

    def said(self, blank: Blank, kept: Any) -> str:
        return date_format(date.fromisoformat(kept), "F j, Y")

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        return {"": str(kept)}


class Month(Date):
    """A month, kept by its first day."""

    def field(self, offer: Offer) -> forms.Field:
        said = offer.common(invalid=gettext_lazy("Write a month and a year, like 6/2028."))
        said["help_text"] = said["help_text"] or gettext_lazy("Month and year, like 6/2028.")
        line = forms.DateInput(format="%m/%Y", attrs={"class": "short"})
        return forms.DateField(input_formats=MONTHS, widget=line, **said)

    def kept(self, blank: Blank, values: Values) -> Any:
        day = values.get("")
        return day.replace(day=1).isoformat() if isinstance(day, date) else None

    def initial(self, blank: Blank, kept: Any) -> dict[str, Any]:
        return {"": date.fromisoformat(kept) if isinstance(kept, str) else kept}

    def said(self, blank: Blank, kept: Any) -> str:
        return date_format(date.fromisoformat(kept), "F Y")

    def exported(self, blank: Blank, kept: Any) -> dict[str, str]:
        return {"": str(kept)[: len("2027-03")]}


class YesOrNo(Kind):
    """A box to tick. An empty one is no answer, never a no."""

    def field(self, offer: Offer) -> forms.Field:
        return forms.BooleanField(**offer.common())

    def said(self, blank: Blank, kept: Any) -> str:
        return _("yes") if kept else _("no")
