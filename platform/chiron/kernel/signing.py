"""Signed values for links. Each is for one purpose in one society, until a moment; elsewhere it was never signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError


class Forged(Http404):
    """Not signed by us, or for another purpose, or in another society: there is no such page."""


class Expired(DomainError):
    """Ours, but its time is over. Whoever catches this offers a new one."""

    def __init__(self) -> None:
        super().__init__(_("This link has expired. Ask for a new one."))


def seal(value: Any, *, purpose: str, society: UUID | None, until: datetime) -> str:
    """Sign a value that JSON can hold, for a society or, with None, for the platform."""
    return _signer(purpose, society).sign_object([value, int(until.timestamp())])


def unseal(token: str, *, purpose: str, society: UUID | None) -> Any:
    """The value that was signed for this purpose in this society; Forged or Expired otherwise."""
    try:
        value, until = _signer(purpose, society).unsign_object(token)
    except BadSignature:
        raise Forged from None
    if clock.now().timestamp() >= until:
        raise Expired
    return value


def _signer(purpose: str, society: UUID | None) -> Signer:
    return Signer(salt=f"{society or 'platform'}:{purpose}")
