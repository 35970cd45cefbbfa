"""Forms around publishing."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.publishing.models import Publication
from programs.mentorships.services import zone

# When people read mail, if staff say only which day.
IN_THE_MORNING = time(9)


class PlanForm(forms.Form):
    """How a draft is to be published."""

    asked_first = forms.ChoiceField(
        label=_("Who is asked first?"), choices=Publication.First.choices, widget=forms.RadioSelect
    )
    day = forms.DateField(
        label=_("On another day"),
        help_text=_("Leave it empty to let the mails leave half an hour after the button."),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    hour = forms.TimeField(
        label=_("At"),
        help_text=_("Without a time it is 9 in the morning."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
    )

    def __init__(self, data: Any = None, *, plan: Publication) -> None:
        at = plan.wanted_at.astimezone(zone()) if plan.wanted_at else None
        initial = {"asked_first": plan.asked_first, "day": at and at.date(), "hour": at and at.time()}
        super().__init__(data, initial=initial)
        if plan.run.cycle.settings.in_groups:
            del self.fields["asked_first"]

    def wanted_at(self) -> datetime | None:
        """The chosen moment, in the society's zone."""
        day = self.cleaned_data["day"]
        return datetime.combine(day, self.cleaned_data["hour"] or IN_THE_MORNING, tzinfo=zone()) if day else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("hour") and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", _("Choose the day as well."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """What it says, as the service takes it."""
        return {"asked_first": self.cleaned_data.get("asked_first", ""), "wanted_at": self.wanted_at()}
