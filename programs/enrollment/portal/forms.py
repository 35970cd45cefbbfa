"""Forms about sign-ups and sheets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programs.enrollment.models import SheetImport
from programs.enrollment.wording import WORDS
from tenants.people.names import plain_name

Kind = SheetImport.Kind


class NameField(forms.CharField):
    """A name, on one line and without hidden characters."""

    default_error_messages = WORDS

    def to_python(self, value: Any) -> str:
        """The name with single spaces."""
        try:
            return plain_name(super().to_python(value) or "")
        except ValueError as error:
            raise ValidationError(str(error), code="hidden") from None


class SheetForm(forms.Form):
    """A membership list."""

    file = forms.FileField(
        label=_("Sheet"),
        help_text=_("An Excel file (XLSX), or CSV as your form or membership system exports it."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
        error_messages=WORDS | {"required": _("Choose a file first.")},
    )


class SignUpSheetForm(SheetForm):
    """Sign-ups of one role, or of both, or pairs that run."""

    kind = forms.TypedChoiceField(
        label=_("Who is in it?"),
        choices=[
            (Kind.MENTORS, _("Mentors")),
            (Kind.MENTEES, _("Mentees")),
            (Kind.FORM, _("Both: the answers of a web form")),
            (Kind.PAIRS, _("Pairs that exist already, with their start")),
        ],
        coerce=Kind,
        widget=forms.RadioSelect,
        error_messages=WORDS | {"required": _("Say who is in it: mentors, mentees, both or pairs.")},
    )
    field_order = ["kind", "file"]


class DecideForm(forms.Form):
    """Staff's word on a sign-up."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Only staff read it. It is kept with the sign-up."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WORDS | {"required": _("Write down why, so that a colleague understands it next year.")},
    )


class DrawForm(forms.Form):
    """Why a lot is drawn again, and instead of which one: a second press draws nothing."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody who waits reads it."),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WORDS | {"required": _("Write down why. Everybody who waits reads it.")},
    )
    lot = forms.UUIDField(widget=forms.HiddenInput, error_messages=WORDS)
