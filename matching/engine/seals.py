"""What finds a change after which an answer would still be one: a digest of everything else it holds."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from copy import copy
from hashlib import blake2b
from typing import Any, Self

from matching.engine.errors import CertificateError


class Sealed(ABC):
    """An answer that can be written down, with a digest of all the rest. No key is in it: it finds changes, not
    forgers."""

    seal: str

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and names, "seal" among them, as JSON holds them."""

    def sealed(self) -> Self:
        """The same with its seal, 32 hexadecimal digits: BLAKE2b (RFC 7693) over to_dict() without it.

        Raises CertificateError if there are other things in it than there should be.
        """
        try:
            rest = {name: part for name, part in self.to_dict().items() if name != "seal"}
            text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
        except (AttributeError, TypeError, ValueError) as error:
            raise CertificateError(f"It cannot be written down, and so not be sealed: {error}.") from error
        new = copy(self)
        object.__setattr__(new, "seal", blake2b(text.encode(), digest_size=16).hexdigest())
        return new

    def check_seal(self) -> None:
        """Raises CertificateError if the seal is not that of the rest."""
        if not isinstance(self.seal, str) or self.seal != self.sealed().seal:
            raise CertificateError("It was changed after it was made, to something else that may be as good.")
