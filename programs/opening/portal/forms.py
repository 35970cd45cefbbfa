"""The one form of the set-up list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.opening.first_mails import main_part
from programs.opening.services import proposed_start
from programs.policy.document import Policy
from programs.policy.models import Cycle


class OpenForm(forms.Form):
    """From which day people can sign up, and when the session starts. Every other day follows."""

    part = forms.ChoiceField(label=_("To what"))
    opens_on = forms.DateField(
        label=_("From which day"),
        help_text=_("Today, or a day to come: then it opens by itself."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    starts_on = forms.DateField(
        label=_("First day of the session"),
        help_text=_("The last day to sign up and the end follow from it; you can move each later."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data: Any = None, *, policy: Policy, draft: Cycle | None, today: date) -> None:
        starts = draft.starts_on if draft else proposed_start(policy, today)
        chosen = draft.part if draft else main_part(policy).name
        super().__init__(data, initial={"part": chosen, "opens_on": today, "starts_on": starts})
        part = self.fields["part"]
        assert isinstance(part, forms.ChoiceField)
        part.choices = [(each.name, each.name) for each in policy.parts]
        if len(policy.parts) == 1:
            part.widget = forms.HiddenInput()
