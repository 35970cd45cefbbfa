"""Identifiers that sort by age (RFC 9562, version 7)."""

from __future__ import annotations

import secrets
from uuid import UUID

from chiron.kernel import clock

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def uuid7() -> UUID:
    """A new id: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
    random = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | _VERSION_7 | random >> 62 << 64 | _VARIANT | random & ((1 << 62) - 1))
