"""Forms about sign-ups and sheets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.enrollment.importing.kinds import OF_ROLE
from programs.enrollment.models import SheetImport
from tenants.people.names import plain_name

Kind = SheetImport.Kind


class NameField(forms.CharField):
    """A name, on one line and without hidden characters."""

    def __init__(self, *, mine: str = "", **more: Any) -> None:
        """mine: which name of their own somebody is asked for, as their browser knows it ("given-name")."""
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": mine} if mine else {}), **more)

    def to_python(self, value: Any) -> str:
        """The name with single spaces."""
        try:
            return plain_name(super().to_python(value) or "")
        except ValueError as error:
            raise ValidationError(str(error), code="hidden") from None


class MailField(forms.EmailField):
    """A mail address as the database can hold it. `mine`: it is asked of its owner, whose browser can fill it in."""

    LONGEST = 254

    def __init__(self, *, mine: bool = False, **more: Any) -> None:
        attrs = {"autocomplete": "email" if mine else "off", "inputmode": "email"}
        super().__init__(max_length=self.LONGEST, widget=forms.EmailInput(attrs=attrs), **more)


class SheetForm(forms.Form):
    """A membership list."""

    file = forms.FileField(
        label=_("Sheet"),
        help_text=_("An Excel file (XLSX), or CSV as your form or membership system exports it."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
        error_messages={"required": _("Choose a file first.")},
    )


# What people call several of one role, where the program has no name of its own for it.
SEVERAL = {"mentor": _("Mentors"), "mentee": _("Mentees"), "peer": _("Peers")}


class SignUpSheetForm(SheetForm):
    """Sign-ups of one role, or of several, or pairs that run.

    `roles` are the session's, with their names, and `kinds` what it takes now.
    """

    kind = forms.TypedChoiceField(
        label=_("Who is in it?"),
        coerce=Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who is in it.")},
    )
    field_order = ["kind", "file"]

    def __init__(self, *args: Any, roles: Mapping[str, str], kinds: Collection[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(OF_ROLE[role], _called(role, name)) for role, name in roles.items()]
        if len(roles) > 1:
            several = gettext("Both") if len(roles) == 2 else gettext("Several")
            choices.append((Kind.FORM, gettext("%(several)s: a column says who is what") % {"several": several}))
        if "mentor" in roles:
            choices.append((Kind.PAIRS, gettext("Pairs that exist already, with their start")))
        choices = [each for each in choices if each[0] in kinds]
        cast(forms.TypedChoiceField, self.fields["kind"]).choices = choices
        if len(choices) == 1:
            self.initial["kind"] = choices[0][0]


def _called(role: str, name: str) -> str:
    return str(SEVERAL.get(role, name)) if name.casefold() == role else name


class DecideForm(forms.Form):
    """Staff's word on a sign-up."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Only staff read it. It is kept with the sign-up."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write down why, so that a colleague understands it next year.")},
    )


class DrawForm(forms.Form):
    """Why a lot is drawn again, and instead of which one: a second press draws nothing."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody who waits reads it."),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write down why. Everybody who waits reads it.")},
    )
    lot = forms.UUIDField(widget=forms.HiddenInput)
