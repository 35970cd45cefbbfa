"""Forms about people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.people import scopes
from tenants.people.models import StaffRole


class EndForm(forms.Form):
    """The last day of a role."""

    ends_on = forms.DateField(
        label=_("Until"),
        help_text=_("The last day. Leave it empty for good."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write a day, like 2027-06-30.")},
    )


class AppointForm(EndForm):
    """Who may do what from now on."""

    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        error_messages={"required": _("Type the address that they sign in with.")},
    )
    given_name = forms.CharField(
        label=_("First name"),
        help_text=_("Only for somebody who is not known here yet."),
        max_length=80,
        required=False,
    )
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    kind = forms.TypedChoiceField(
        label=_("May act as"),
        choices=StaffRole.Kind.choices,
        coerce=StaffRole.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they may do.")},
    )
    program_id = forms.TypedChoiceField(
        label=_("For"), coerce=lambda value: UUID(str(value)), empty_value=None, required=False
    )
    institution = forms.CharField(
        label=_("Another institution"),
        help_text=_(
            "Only for a partner organizer: somebody of elsewhere who runs one program with you, until a day. "
            "They see its people, and no other program, no settings of the society, no membership list."
        ),
        max_length=200,
        required=False,
    )
    field_order = ["email", "given_name", "family_name", "kind", "program_id", "ends_on", "institution"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programs = [(str(pk), name) for pk, name in scopes.program_names().items()]
        field = self.fields["program_id"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("The whole society")), *programs]
