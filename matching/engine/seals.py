"""What finds a change after which an answer would still be one: a digest of everything else it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from matching.engine.errors import CertificateError


def seal_of(stored: Mapping[str, Any]) -> str:
    """32 hexadecimal digits: BLAKE2b (RFC 7693) over what to_dict() wrote, without its "seal", as Result has it.

    stored: plain numbers, lists and names. No key is in it: it finds changes, not forgers.
    """
    rest = {name: part for name, part in stored.items() if name != "seal"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def check_seal(stored: Mapping[str, Any]) -> None:
    """Raises CertificateError if the "seal" is not that of the rest."""
    try:
        whole = stored["seal"] == seal_of(stored)
    except (TypeError, ValueError):
        whole = False
    if not whole:
        raise CertificateError("It was changed after it was made, to something else that may be as good.")
