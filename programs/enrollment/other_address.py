"""A member whom the society knows by another address than they sign in with: a code proves that both are theirs.

What is waited for stands in the visitor's session, as `send_code` gave it. Nothing tells whether the membership list
has an address before its code was typed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, Self

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.members import join
from tenants import outbox
from tenants.people.models import Person

VALID = timedelta(minutes=20)
TRIES = 5
# Codes that somebody is sent in an hour, whichever the addresses.
MOST_AN_HOUR, AN_HOUR = 5, 60 * 60


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


def send_code(*, person: Person, address: str) -> Waiting:
    """Send a code to an address that somebody says is theirs too.

    DomainError if it is the one they use here, or after more codes than people need.
    """
    address = address.strip().lower()
    if address == person.email.lower():
        raise DomainError(_("You use this address here already. Type the other one."), field="address")
    key = f"other-address:{person.pk}"
    cache.add(key, 0, AN_HOUR)
    if cache.incr(key) > MOST_AN_HOUR:
        raise DomainError(_("We have sent you many codes. Try again in an hour, or write to us."), field="address")
    code = get_adapter().generate_login_code()
    outbox.mail("other_address_code", to=address, context={"code": code}, secret=True)
    return Waiting(address, _digest(person, address, code), (clock.now() + VALID).timestamp())


def is_code(*, person: Person, waiting: Waiting, code: str) -> bool:
    """Whether this is the code that was sent, with or without its hyphen.

    After five tries none is, also where many come at one moment and each reads the session as it was before.
    """
    tried = f"other-address-tried:{waiting.digest}"
    cache.add(tried, 0, VALID.total_seconds())
    if cache.incr(tried) > TRIES:
        return False
    digits = "".join(letter for letter in code if letter.isdigit())
    return constant_time_compare(_digest(person, waiting.address, digits), waiting.digest)


def join_by_address(*, person: Person, address: str) -> Person:
    """Make somebody the member with an address that they have proved.

    DomainError if the membership list has nobody with it, or somebody signs in with it already.
    """
    member = Person.objects.filter(email__iexact=address).exclude(pk=person.pk).first()
    if member is None or not member.member_id:
        raise DomainError(
            _("The address is yours, but the membership list has nobody with it. Write to us, and we look you up.")
        )
    return join(person_pk=person.pk, member_pk=member.pk, by=None)


def _digest(person: Person, address: str, code: str) -> str:
    digits = "".join(letter for letter in code if letter.isdigit())
    return salted_hmac("other-address", f"{person.pk}:{address}:{digits}", algorithm="sha256").hexdigest()
