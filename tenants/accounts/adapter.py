"""Where django-allauth meets our house: its mails go through the outbox, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants import context as doors
from tenants import outbox

# allauth's names for the mails it may send here, and ours.
MAILS = {"account/email/login_code": "sign_in_code", "account/email/unknown_account": "sign_in_unknown"}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by a code in a mail's subject; nobody signs up here, for signing up belongs to a program."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("That is not the code we sent. Look at the newest mail, or send another code."),
        "too_many_login_attempts": _("Too many tries for now. Wait a few minutes, then send another code."),
        "rate_limited": _("We have just sent you a code. Wait a minute before you ask for another."),
        "code_is_over": _("There is no code to type any more. Ask for a new one."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        outbox.mail(MAILS[template_prefix], to=email, context={"code": context.get("code", "")}, secret=True)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/" if doors.current() else "/console/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Only what went wrong is said; that a code was sent, the page itself says."""
        if kwargs.get("message"):
            super().add_message(*args, **kwargs)


def minutes_valid() -> int:
    """How long a code works."""
    return int(settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT) // 60
