"""Forms of the council: who sits where, until when a ballot runs, a vote in words or in numbers, what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.council.counting import WHOLE
from matching.council.words import FOR_INSTANCE, LEVELS, MEANS
from matching.explaining import words as desk_words


def _day(label: Any, help_text: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "invalid": gettext_lazy("Write a day, like 2027-06-30."),
            "required": gettext_lazy("Choose a day."),
        },
    )


class SeatForm(forms.Form):
    """Who sits in a seat from now on."""

    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        max_length=254,
        error_messages={"required": gettext_lazy("Type the address at which they read mail.")},
    )
    given_name = forms.CharField(
        label=gettext_lazy("First name"),
        help_text=gettext_lazy("Only for somebody who is not known here yet."),
        max_length=80,
        required=False,
    )
    family_name = forms.CharField(label=gettext_lazy("Last name"), max_length=80, required=False)
    ends_on = _day(
        gettext_lazy("Until"),
        gettext_lazy("The last day on which they look into the council’s pages, for whoever is not on the staff yet."),
    )


class DayForm(forms.Form):
    """Until when votes can be cast."""

    closes_on = _day(gettext_lazy("The last day to vote"), gettext_lazy("Through the end of that day."))


class LevelsForm(forms.Form):
    """A vote in words: one choice for each thing that may matter."""

    def __init__(self, *args: Any, names: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in names:
            self.fields[name] = forms.ChoiceField(
                label=desk_words.called(name),
                choices=LEVELS,
                widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("Choose how much this matters.")},
            )

    def factors(self) -> list[tuple[forms.BoundField, Any, Any]]:
        """Each field with what it means and the pair that it would decide."""
        return [(self[name], MEANS[name], FOR_INSTANCE[name]) for name in self.fields]


class PercentsForm(forms.Form):
    """Numbers that add up to a hundred, one for each thing that may matter."""

    def __init__(self, *args: Any, names: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(names)
        for name in self.names:
            self.fields[name] = forms.IntegerField(
                label=desk_words.called(name),
                help_text=MEANS[name],
                min_value=0,
                max_value=WHOLE,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages={
                    "required": gettext_lazy("Type a number, 0 if it does not matter."),
                    "invalid": gettext_lazy("Type a whole number."),
                    "min_value": gettext_lazy("Type a number from 0 to 100."),
                    "max_value": gettext_lazy("Type a number from 0 to 100."),
                },
            )
        self.order_fields([*self.names, *(name for name in self.fields if name not in self.names)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if all(name in cleaned for name in self.names):
            total = sum(cleaned[name] for name in self.names)
            values = {"total": total, "rest": abs(WHOLE - total)}
            if total < WHOLE:
                self.add_error(None, _("These add up to %(total)s percent: %(rest)s more to give.") % values)
            elif total > WHOLE:
                self.add_error(None, _("These add up to %(total)s percent: %(rest)s too many.") % values)
        return cleaned

    def percents(self) -> Mapping[str, int]:
        """What was typed."""
        return {name: self.cleaned_data[name] for name in self.names}


class AdoptForm(PercentsForm):
    """The result, as it will be kept; with a reason if it is changed."""

    reason = forms.CharField(
        label=gettext_lazy("Why you change it"),
        help_text=gettext_lazy("Only if you do. The council reads this."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # The newest settings when the page was made: there may be newer ones by now.
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)


class LeaveForm(forms.Form):
    """Why everything stays as it is."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The council reads this."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
