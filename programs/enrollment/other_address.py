"""A member whom the society knows by another address than they sign in with: a code proves that both are theirs.

Nothing tells whether the membership list has an address before its code was typed.
"""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.enrollment.members import join
from tenants.accounts import codes
from tenants.accounts.codes import Waiting
from tenants.people.models import Person

PURPOSE = "other-address"
# Codes that somebody is sent in an hour, whichever the addresses.
MOST_AN_HOUR, AN_HOUR = 5, 60 * 60


def send_code(*, person: Person, address: str) -> Waiting:
    """Send a code to an address that somebody says is theirs too.

    DomainError if it is the one they use here, or after more codes than people need.
    """
    address = address.strip().lower()
    if address == person.email.lower():
        raise DomainError(_("You use this address here already. Type the other one."), field="address")
    key = f"{PURPOSE}:{person.pk}"
    cache.add(key, 0, AN_HOUR)
    if cache.incr(key) > MOST_AN_HOUR:
        raise DomainError(_("We have sent you many codes. Try again in an hour, or write to us."), field="address")
    return codes.send_code("other_address_code", purpose=PURPOSE, whose=str(person.pk), address=address)


def is_code(*, person: Person, waiting: Waiting, code: str) -> bool:
    """Whether this is the code that was sent."""
    return codes.is_code(purpose=PURPOSE, whose=str(person.pk), waiting=waiting, code=code)


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
