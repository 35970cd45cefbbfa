"""What may be said of an error: its type and where it happened. Its words can hold a name, an address or a letter."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator

ADDRESS = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:=]+")


def without_addresses(text: str) -> str:
    """The text with every mail address blanked."""
    return ADDRESS.sub("[address]", text)


def without_words_of(error: BaseException, text: str) -> str:
    """The text with whatever an error, or one that led to it, says about itself replaced by its type."""
    for each in chain(error):
        for words in (repr(each), str(each)):
            if words:
                text = text.replace(words, type(each).__name__)
    return text


def told(error: BaseException) -> str:
    """An error and its causes as types and places, the last one last, like a traceback without messages."""
    return "\n".join(
        "".join([*traceback.format_tb(each.__traceback__), f"{type(each).__module__}.{type(each).__qualname__}"])
        for each in reversed(list(chain(error)))
    )


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and everything that led to it, newest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
