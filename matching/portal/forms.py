"""Forms of the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.models import MatchRun, PairDecision


class SayForm(forms.Form):
    """Staff's word on a pair."""

    kind = forms.ChoiceField(choices=PairDecision.Kind.choices, widget=forms.HiddenInput)
    # What the page said of the pair: another page may have said otherwise meanwhile.
    seen = forms.ChoiceField(choices=[("", ""), *PairDecision.Kind.choices], required=False)
    # What a pair to keep is for, where each mentor is for one thing.
    aspect = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why, for your colleagues"), max_length=200, required=False)
    # Where in the list it was said: what is shown of it, and the row.
    here = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """Something to write down about two people."""

    # Of the page: sent twice, it is written once.
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("For your colleagues"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class SwapForm(forms.Form):
    """The pair to exchange mentors with."""

    other = forms.UUIDField(error_messages={"required": _("Choose a pair.")})
    # What the page said of others who move with them.
    seen = forms.CharField(max_length=64, required=False)
    reason = forms.CharField(label=_("Why, for your colleagues"), max_length=200, required=False)


class WhyNotForm(forms.Form):
    """Which two."""

    mentee = forms.ChoiceField(label=_("Mentee"))
    mentor = forms.ChoiceField(label=_("Mentor"))

    def __init__(self, *args: Any, run: MatchRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in ("mentee", "mentor"):
            people = [
                (f"{each['family_name']}, {each['given_name']}".strip(", "), each["enrollment"])
                for each in run.snapshot["people"]
                if each["role"] == role
            ]
            field = self.fields[role]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(pk, name) for name, pk in sorted(people)]
