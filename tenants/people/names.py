"""Names as they may stand in lists, on pages and at the head of a mail; needs no Django."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from chiron.kernel.errors import DomainError

# Controls, line breaks among them; marks without width and of direction; separators of lines and paragraphs.
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
# What programs that show mails make into links; “St.John” and “J.R.” are none.
LINK: Final = re.compile(r"://|@|\bwww\.|\w{3,}\.[a-z]{2,}(?![\w.])", re.IGNORECASE)


def plain_name(text: str) -> str:
    """A name on one line with single spaces; ValueError if a character that nobody sees stands in it."""
    trimmed = text.strip()
    if any(unicodedata.category(character) in UNSEEN for character in trimmed):
        raise ValueError("There is a line break or another hidden character in this name. Type it anew.")
    return " ".join(trimmed.split())


def checked_name(text: str, *, field: str) -> str:
    """The same for what somebody typed into a field: DomainError instead, and for what a mail would show as a link.

    Names stand at the head of our mails, and strangers type names beside other people's addresses.
    """
    try:
        name = plain_name(text)
    except ValueError as error:
        raise DomainError(str(error), field=field) from None
    if LINK.search(name):
        raise DomainError("This looks like the address of a page or a mailbox. Type a name alone.", field=field)
    return name
