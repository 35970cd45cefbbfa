"""The three questions of a start, and the page after the code."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.starting.services import Asked
from chiron.kernel.errors import DomainError
from tenants.trust import clean_website


class StartForm(forms.Form):
    """Which society, who starts it, and where it is at home on the web."""

    name = forms.CharField(
        label=_("Name of your society"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Type the name of your society.")},
    )
    website = forms.CharField(
        label=_("Its website"),
        help_text=_("Such as www.example.org. It tells us that you are who you say."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
        error_messages={"required": _("Type the address of its website.")},
    )
    person = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name.")},
    )
    email = forms.EmailField(
        label=_("Your mail address"),
        help_text=_("Best the one that you have at your society. We send a code; you need no password."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Type your mail address.")},
    )
    # A script fills it in; the zone can be changed later.
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-zone": "here"}))

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_person(self) -> str:
        return " ".join(self.cleaned_data["person"].split())

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_website(self) -> str:
        try:
            return clean_website(self.cleaned_data["website"])
        except DomainError as error:
            raise forms.ValidationError(error.message) from error

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        return zone if zone in available_timezones() else ""

    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)


class AddressForm(forms.Form):
    """Where the portal will be, and what its owner agrees to."""

    slug = forms.CharField(
        label=_("Your address"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Type an address, or take the one we propose.")},
    )
    may_act = forms.BooleanField(
        label=_("I may act for this society"),
        error_messages={"required": _("Only somebody who may act for the society can start here.")},
    )
    agrees = forms.BooleanField(
        label=_("We agree to the terms and to the agreement on data"),
        error_messages={"required": _("Without the terms and the agreement on data we cannot keep data for you.")},
    )

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["slug"].help_text = _("Small letters, digits and hyphens; “.%(host)s” follows.") % {
            "host": settings.BASE_HOST
        }
        self.fields["agrees"].help_text = format_html(
            gettext('Read the <a href="{}">terms</a> and the <a href="{}">agreement</a>; you get both by mail.'),
            reverse("terms"),
            reverse("processing"),
        )

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).strip().lower()
