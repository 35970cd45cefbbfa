"""Adding a part to a program, and taking one away."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.policy.document import Policy, restore_policy, store_policy
from programs.policy.document.origin import without_lost_origins
from programs.policy.words import Format

EVENING = {"rounds": 6, "minutes": 8, "change": 2}
SIZES = {"group": {"at_least": 4, "most": 8}, "peer_circle": {"at_least": 4, "most": 6}}


def add_part(policy: Policy, *, name: str, format: Format) -> Policy:  # noqa: A002 - a part's own word
    """The program with one more part, plain as it begins; DomainError if there is one of that name."""
    if any(part.name.casefold() == name.casefold() for part in policy.parts):
        raise DomainError(_("Another part is called “%(name)s” too.") % {"name": name})
    part = {
        "name": name,
        "format": format,
        "size": SIZES.get(format),
        "evening": EVENING if format == "speed" else None,
    }
    stored = store_policy(policy)
    return restore_policy({**stored, "parts": [*stored["parts"], part]})


def remove_part(policy: Policy, name: str) -> Policy:
    """The program without a part; DomainError if it would have none left. Sessions of the part keep their settings."""
    stored = store_policy(policy)
    left = [part for part in stored["parts"] if part["name"] != name]
    if not left:
        raise DomainError(_("A program needs at least one part."))
    return restore_policy(without_lost_origins({**stored, "parts": left}))
