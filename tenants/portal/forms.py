"""What a society says of itself."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from chiron.kernel.errors import DomainError
from tenants.models import Society
from tenants.services import OWN_FACTS
from tenants.trust import clean_website, domain_of, proves

USUAL_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


def _color(label: Any, help_text: Any) -> forms.RegexField:
    return forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": _("Write a color like #1d4f63.")},
    )


class SocietyForm(forms.Form):
    """Name, website, addresses, time zone, colors and logo."""

    name = forms.CharField(
        label=_("Name of the society"),
        help_text=_("Under another name it is confirmed anew that you are who you say."),
        max_length=120,
    )
    website = forms.CharField(
        label=_("Website"),
        help_text=_("Such as www.example.org. It tells that you are who you say."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        help_text=_("Stands at the foot of every mail that invites somebody; the law asks for it."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    contact_mail = forms.EmailField(
        label=_("Contact"),
        help_text=_("Stands at the foot of every page; replies to mails come here."),
        max_length=254,
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Deadlines end with the day here."))
    brand_color = _color(_("Your color"), _("Buttons and links wear it."))
    accent_color = _color(_("Accent"), _("For small marks beside it."))
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at least 64 pixels. Leave it empty to keep the one you have."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, society: Society) -> None:
        super().__init__(data, files, initial={name: getattr(society, name) for name in OWN_FACTS})
        others = sorted(available_timezones() - set(USUAL_ZONES))
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [
            (_("United States"), [(name, _spoken(name)) for name in USUAL_ZONES]),
            (_("Elsewhere"), [(name, _spoken(name)) for name in others]),
        ]

    def clean_website(self) -> str:
        typed = str(self.cleaned_data["website"])
        try:
            return clean_website(typed) if typed.strip() else ""
        except DomainError as error:
            raise forms.ValidationError(error.message) from error

    def clean_brand_color(self) -> str:
        return str(self.cleaned_data["brand_color"]).lower()

    def clean_accent_color(self) -> str:
        return str(self.cleaned_data["accent_color"]).lower()


def _spoken(zone: str) -> str:
    return zone.replace("_", " ")


class AddressAtHomeForm(forms.Form):
    """An address at the society's own domain."""

    address = forms.EmailField(
        label=_("A mail address of yours there"),
        help_text=_("We send a code."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Type the address.")},
    )

    def __init__(self, data: Any = None, *, society: Society) -> None:
        super().__init__(data)
        self.society = society

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).lower()
        if not proves(address, self.society.website):
            raise forms.ValidationError(
                _("An address ending in %(domain)s would prove it; this one does not.")
                % {"domain": domain_of(self.society.website)}
            )
        return address
