"""Forms about the next session: its name and days, staff's lines in the mail, and what is asked of who comes again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.enrollment.portal.agreeing import AgreeForm, Promised
from programs.enrollment.portal.me import StageForm
from programs.policy.portal.forms import DatesForm
from tenants.people.models import Person

STAGE = ("stage", "ends_on")


class WordsForm(forms.Form):
    """A few lines of staff's own."""

    words = forms.CharField(
        label=_("Your own lines in the mail"),
        help_text=_("What was good, and what is new. You can leave it empty."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NextForm(DatesForm, WordsForm):
    """The next session as it is proposed; everything can be moved."""

    name = forms.CharField(
        label=_("Name"), help_text=_("Left empty, it is called by its month."), max_length=80, required=False
    )
    field_order = ["name", "starts_on", "ends_on", "sign_up_opens_on", "sign_up_closes_on", "publish_on", "words"]

    def days(self) -> dict[str, date]:
        """The days as they were chosen."""
        return {name: self.cleaned_data[name] for name in DatesForm.base_fields}


class AgainForm(AgreeForm):
    """A box for each text that reads otherwise than last time, and where somebody is now if that was to change."""

    def __init__(self, data: Any = None, *, draft: Promised, person: Person, today: date, asks_stage: bool) -> None:
        super().__init__(data, draft=draft)
        self.asks_stage, self.today = asks_stage, today
        if asks_stage:
            self.fields |= StageForm(person=person, today=today).fields

    def stage(self) -> dict[str, Any] | None:
        """Where they are now, if that was asked."""
        return {name: self.cleaned_data[name] for name in STAGE} if self.asks_stage else None

    def clean_ends_on(self) -> date | None:
        """A day to come."""
        day: date | None = self.cleaned_data["ends_on"]
        if day is not None and day <= self.today:
            raise forms.ValidationError(_("This is over already. Write a month that is still to come."))
        return day

    def stage_fields(self) -> list[forms.BoundField]:
        """The question about the stage, as fields."""
        return [self[name] for name in STAGE] if self.asks_stage else []
