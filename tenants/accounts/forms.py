"""The two questions of signing in: which address, and which code."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from tenants import context
from tenants.accounts.models import Account
from tenants.accounts.services import account_for, sweep


class AddressForm(RequestLoginCodeForm):
    """The address that gets the code."""

    # allauth's name for the fault that no more codes are sent for now.
    TOO_OFTEN = "too_many_login_attempts"

    _user: Account | None
    email = forms.EmailField(
        label=_("Your mail address"),
        help_text=_("We send you a code. You need no password."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Type your mail address."),
            "invalid": _("This does not look like a mail address. It has an @, as in name@example.org."),
        },
    )

    def clean_email(self) -> str:
        """A society sends a code to whoever asks; the console only to operators, and says the same to all."""
        sweep()
        email: str = super().clean_email()
        known: Account | None = self._user
        if known is None and context.current() is not None:
            account = account_for(email)
            self._user = account if account.is_active else None
        return email


class CodeForm(ConfirmLoginCodeForm):
    """The code from the mail's subject, with or without its hyphen."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Type the six digits from the mail's subject.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
