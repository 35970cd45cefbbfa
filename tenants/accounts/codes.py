"""A code by mail that proves an address, for whoever is not signing in with it.

What is waited for stands in the visitor's session, as `send_code` gave it. `purpose` and `whose` tell one code from
every other: what was sent for one is none for another.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, Self

from allauth.account.adapter import get_adapter
from django import forms
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from chiron.kernel import clock
from tenants import outbox

VALID = timedelta(minutes=20)
TRIES = 5
WRONG = _("That is not the code we sent. Look at the newest mail, or send another code.")
OVER = _("There is no code to type any more. Ask for a new one.")


@dataclass(frozen=True)
class Waiting:
    """A code that was sent: to which address, what it must be, until when it works and how often it may be tried."""

    address: str
    digest: str
    until: float
    tries: int = TRIES

    @classmethod
    def read(cls, stored: Any) -> Self | None:
        """What a session keeps; None where nothing is waited for any more."""
        waiting = cls(**stored) if stored else None
        return waiting if waiting and waiting.tries and clock.now().timestamp() <= waiting.until else None

    def stored(self) -> dict[str, Any]:
        """As a session keeps it."""
        return asdict(self)

    def tried(self) -> Self:
        """After a code that was not the one."""
        return replace(self, tries=self.tries - 1)


class CodeForm(forms.Form):
    """The code from the mail's subject."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Type the six digits from the mail's subject.")},
    )


def send_code(template: str, *, purpose: str, whose: str, address: str) -> Waiting:
    """Send a code to an address; whoever calls limits how often."""
    code = get_adapter().generate_login_code()
    outbox.mail(template, to=address, context={"code": code}, secret=True)
    return Waiting(address, _digest(purpose, whose, address, code), (clock.now() + VALID).timestamp())


def is_code(*, purpose: str, whose: str, waiting: Waiting, code: str) -> bool:
    """Whether this is the code that was sent, with or without its hyphen.

    After five tries none is, also where many come at one moment and each reads the session as it was before.
    """
    tried = f"{purpose}-tried:{waiting.digest}"
    cache.add(tried, 0, VALID.total_seconds())
    if cache.incr(tried) > TRIES:
        return False
    return constant_time_compare(_digest(purpose, whose, waiting.address, code), waiting.digest)


def _digest(purpose: str, whose: str, address: str, code: str) -> str:
    digits = "".join(letter for letter in code if letter.isdigit())
    return salted_hmac(purpose, f"{whose}:{address}:{digits}", algorithm="sha256").hexdigest()
