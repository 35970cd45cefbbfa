"""Forms about keeping in touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chiron.kernel.errors import DomainError
from programs.mentorships.concerns.recipients import Recipient
from programs.mentorships.days import this_day
from programs.mentorships.introducing import MODES
from programs.mentorships.leaving import CASES, Case
from programs.mentorships.models import ConcernContact, Word
from programs.mentorships.showing import Shown

WRONG_DAY = {"invalid": _("Write a day, like 2027-03-01."), "required": _("Write a day.")}


class Refusable(forms.Form):
    """A form at whose fields a service's refusal can stand."""

    def refuse(self, error: DomainError) -> None:
        """Show why at the field that it is about."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


def day_field(label: Any, **more: Any) -> forms.DateField:
    """One day, with the browser's own calendar where it has one."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
    return forms.DateField(label=label, widget=widget, error_messages=WRONG_DAY, **more)


class WordForm(Refusable):
    """The day that goes with an answer: when they met, or when they will."""

    def __init__(self, data: Any = None, *, said: Word.Said) -> None:
        super().__init__(data)
        if said == Word.Said.MET:
            self.fields["on"] = day_field(_("On or about which day?"), initial=this_day)
        elif said == Word.Said.DATE:
            self.fields["on"] = day_field(_("On which day? We ask after it."), required=False)


class MetForm(Refusable):
    """“We met”: the day; the rest if somebody likes."""

    met_on = day_field(_("On which day did you meet?"))
    mode = forms.ChoiceField(label=_("How?"), widget=forms.RadioSelect, required=False)
    activity = forms.ChoiceField(label=_("What did you do?"), required=False)
    next_on = day_field(
        _("When do you meet next?"), required=False, help_text=_("If you have a date already. We ask after it.")
    )

    def __init__(self, data: Any = None, *, shown: Shown) -> None:
        super().__init__(data, initial={"met_on": this_day()})
        mode, activity = self.fields["mode"], self.fields["activity"]
        assert isinstance(mode, forms.ChoiceField)
        assert isinstance(activity, forms.ChoiceField)
        mode.choices = [(each, MODES[each].capitalize()) for each in shown.settings.mentorship.meetings.modes]
        activity.choices = [("", "–"), *((title, title) for title, _text in shown.activities if title)]


class PauseForm(Refusable):
    """Until when a mentorship rests."""

    until = day_field(_("Until which day?"))


class ConcernForm(Refusable):
    """A concern, and which of the two it goes to."""

    to = forms.ChoiceField(
        label=_("Who should read it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )
    words = forms.CharField(
        label=_("What happened?"),
        help_text=_("In your own words. Leave out whatever could identify a patient."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write what it is about, in a sentence or two.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, data: Any = None, *, recipients: Sequence[Recipient]) -> None:
        super().__init__(data)
        self.recipients = {each.email: each for each in recipients}
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.email, f"{each.name} · {each.about}") for each in recipients]

    def chosen(self) -> Recipient:
        """Who was picked."""
        return self.recipients[self.cleaned_data["to"]]


class RecipientsForm(Refusable):
    """The two people who take concerns."""

    def __init__(self, data: Any = None, *, there: Sequence[ConcernContact]) -> None:
        super().__init__(data)
        for place, label in ((1, _("The first")), (2, _("The second"))):
            known = next((each for each in there if each.place == place), None)
            wrong = {"required": _("Name two people with an address each.")}
            self.fields[f"name_{place}"] = forms.CharField(
                label=format_lazy(_("{which}: name"), which=label),
                max_length=120,
                initial=known and known.name,
                error_messages=wrong,
            )
            self.fields[f"email_{place}"] = forms.EmailField(
                label=format_lazy(_("{which}: mail address"), which=label),
                initial=known and known.email,
                error_messages=wrong,
            )
            self.fields[f"about_{place}"] = forms.CharField(
                label=format_lazy(_("{which}: who they are, for whoever has to choose"), which=label),
                max_length=160,
                initial=known and known.about,
                error_messages={"required": _("Say who they are, such as “Ombudsperson of the university hospital”.")},
            )

    def recipients(self) -> list[Recipient]:
        """The two, as they were written."""
        said = self.cleaned_data
        return [Recipient(said[f"name_{each}"], said[f"email_{each}"], said[f"about_{each}"]) for each in (1, 2)]


class NotWorkingForm(Refusable):
    """What is to be done about a mentorship that isn't working."""

    what = forms.ChoiceField(
        label=_("What would help?"),
        choices=[
            ("advice", _("I would like to talk to the people who run the program first")),
            ("end", _("I would like it to end")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    case = forms.ChoiceField(
        label=_("May we ask why?"),
        choices=[(case.value, label) for case, label in CASES.items()],
        widget=forms.RadioSelect,
        initial=Case.UNSAID.value,
        required=False,
    )
    words = forms.CharField(
        label=_("Anything you would like to tell them"),
        help_text=_("Only the people who run the program read this."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    again = forms.BooleanField(
        label=_("If it ends, I would like to be matched with somebody else"), required=False, initial=True
    )

    def why(self) -> Case:
        """The case, as far as it was said."""
        return Case(self.cleaned_data["case"] or Case.UNSAID)
