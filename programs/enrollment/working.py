"""How far a large sheet is: a note that the worker leaves and the page reads, and the word that it shall stop."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import cache

# A worker that died is forgotten after this; the sheet is there all the time, and is taken up again.
KEPT_FOR = 900


class CancelledError(Exception):
    """Somebody said that the work shall stop; whatever it did is undone."""


def note(pk: UUID, done: int, total: int) -> None:
    """Leave word of how far it is; CancelledError if it shall stop."""
    if cache.get(_key(pk, "stop")):
        raise CancelledError
    cache.set(_key(pk, "done"), (done, total), KEPT_FOR)


def look(pk: UUID) -> tuple[int, int] | None:
    """How much of how much is done; None before it began."""
    found: tuple[int, int] | None = cache.get(_key(pk, "done"))
    return found


def stop(pk: UUID) -> None:
    """Have the work stop at its next note."""
    cache.set(_key(pk, "stop"), True, KEPT_FOR)


def is_stopped(pk: UUID) -> bool:
    """Whether somebody said that it shall stop."""
    return bool(cache.get(_key(pk, "stop")))


def begin(pk: UUID) -> None:
    """Forget what was said of earlier work."""
    cache.delete_many([_key(pk, "done"), _key(pk, "stop")])


def _key(pk: UUID, what: str) -> str:
    return f"sheet-{what}-{pk}"
