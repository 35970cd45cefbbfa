"""Forms about programs and their sessions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.policy.document import Policy
from programs.policy.words import ROLES_OF

LONGEST = 200_000
FORMATS = (
    ("one_to_one", _("one mentor, one mentee")),
    ("group", _("a mentor or two, and a group")),
    ("triad", _("three: early, middle and late in their career")),
    ("peer_circle", _("a circle of peers")),
    ("speed", _("an evening of short conversations")),
    ("flash", _("one conversation")),
)
assert {name for name, _label in FORMATS} == ROLES_OF.keys()


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}))


class SessionForm(forms.Form):
    """A new session: which part, from which day on. Every other date follows, and can be moved."""

    part = forms.ChoiceField(label=_("What"))
    starts_on = _day(_("First day"))
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Leave it empty to call it by its month, such as “February 2027”."),
        max_length=80,
        required=False,
    )

    def __init__(self, data: Any = None, *, policy: Policy, today: date) -> None:
        proposed = policy.calendar.next_start(today)
        if proposed is None and policy.first_cycle and policy.first_cycle.starts > today:
            proposed = policy.first_cycle.starts
        super().__init__(data, initial={"starts_on": proposed})
        part = self.fields["part"]
        assert isinstance(part, forms.ChoiceField)
        part.choices = [(each.name, each.name) for each in policy.parts]
        if len(policy.parts) == 1:
            part.initial = policy.parts[0].name
            part.widget = forms.HiddenInput()


class DatesForm(forms.Form):
    """The days of a session. Each lasts until midnight in the society's own time."""

    sign_up_opens_on = _day(_("Sign-up opens"))
    sign_up_closes_on = _day(_("Last day to sign up"))
    publish_on = _day(_("Pairs are published"))
    starts_on = _day(_("The session starts"), _("Who may take part is counted on this day."))
    ends_on = _day(_("The session ends"))


class SettingsForm(forms.Form):
    """A program's settings as a text, whole."""

    text = forms.CharField(
        label=_("Settings"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false"}),
    )
    note = forms.CharField(
        label=_("Why this changes"),
        help_text=_("One line for whoever reads this next year."),
        max_length=200,
        required=False,
    )


class PartForm(forms.Form):
    """A new part of a program."""

    name = forms.CharField(label=_("Name"), max_length=80)
    format = forms.ChoiceField(label=_("What is it?"), choices=FORMATS)


class LogoForm(forms.Form):
    """A partner's logo."""

    partner = forms.ChoiceField(label=_("Partner"))
    file = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at least 64 pixels."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"required": _("Choose a picture first.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, names: list[str]) -> None:
        super().__init__(data, files)
        partner = self.fields["partner"]
        assert isinstance(partner, forms.ChoiceField)
        partner.choices = [(name, name) for name in names]


class CopyForm(forms.Form):
    """A program made from another one's settings."""

    title = forms.CharField(label=_("Name of the new program"), max_length=120)
    contact = forms.EmailField(
        label=_("Contact"),
        help_text=_("Participants write here; it stands in every mail of the program."),
        max_length=200,  # as in a policy
    )


class FileForm(forms.Form):
    """Settings from a file, or pasted."""

    file = forms.FileField(
        label=_("File"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,text/plain"})
    )
    text = forms.CharField(
        label=_("Or paste the text"),
        max_length=LONGEST,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
