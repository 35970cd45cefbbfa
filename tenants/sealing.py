"""Words that nobody reads in the database: encrypted with a key that differs for every society and purpose.

A society that was brought back beside the one that it was copied from reads what was sealed there.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tenants import context


def seal(value: dict[str, Any], *, purpose: str = "concern") -> str:
    """Encrypt what JSON can hold, for the society one is in."""
    return _cipher(purpose).encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str, *, purpose: str = "concern") -> dict[str, Any]:
    """What was sealed in this society for this purpose; InvalidToken elsewhere."""
    value: dict[str, Any] = json.loads(_cipher(purpose).decrypt(sealed.encode()))
    return value


def _cipher(purpose: str) -> Fernet:
    society = context.current()
    assert society is not None, "What is sealed belongs to a society."
    salt = (society.sealed_as or society.pk).bytes
    key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=f"chiron {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(key.derive(settings.SECRET_KEY.encode())))
