"""Forms of rehearsals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _


class BeginForm(forms.Form):
    """Which part of a program to rehearse; with one alone there is nothing to choose."""

    part = forms.ChoiceField(
        label=_("What do you want to rehearse?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what to rehearse."),
            "invalid_choice": _("Choose from what is offered here."),
        },
    )

    def __init__(self, *args: Any, parts: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["part"])
        field.choices = [(part, part) for part in parts]
        if len(parts) == 1:
            field.widget, field.initial = forms.HiddenInput(), parts[0]


class LaterForm(forms.Form):
    """How many days are to pass."""

    days = forms.TypedChoiceField(coerce=int, choices=[(days, days) for days in (1, 7, 30)])
