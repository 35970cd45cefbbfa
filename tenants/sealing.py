"""Words that nobody reads in the database: encrypted with a key that differs for every society."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tenants import context


def seal(value: dict[str, Any]) -> str:
    """Encrypt what JSON can hold, for the society one is in."""
    return _cipher().encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str) -> dict[str, Any]:
    """What was sealed in this society; InvalidToken elsewhere."""
    value: dict[str, Any] = json.loads(_cipher().decrypt(sealed.encode()))
    return value


def _cipher() -> Fernet:
    society = context.current()
    assert society is not None, "What is sealed belongs to a society."
    key = HKDF(algorithm=SHA256(), length=32, salt=society.pk.bytes, info=b"chiron concern")
    return Fernet(base64.urlsafe_b64encode(key.derive(settings.SECRET_KEY.encode())))
