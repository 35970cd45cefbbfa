"""Names as they may stand in lists, on pages and at the head of a mail; needs no Django."""

from __future__ import annotations

import unicodedata

from chiron.kernel.errors import DomainError

# Controls, line breaks among them; marks without width and of direction; separators of lines and paragraphs.
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def plain_name(text: str) -> str:
    """A name on one line with single spaces; ValueError if a character that nobody sees stands in it."""
    trimmed = text.strip()
    if any(unicodedata.category(character) in UNSEEN for character in trimmed):
        raise ValueError("There is a line break or another hidden character in this name. Type it anew.")
    return " ".join(trimmed.split())


def checked_name(text: str, *, field: str) -> str:
    """The same for what somebody typed into a field: DomainError instead."""
    try:
        return plain_name(text)
    except ValueError as error:
        raise DomainError(str(error), field=field) from None
