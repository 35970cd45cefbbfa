"""How far a large sheet is: a note that the worker leaves and the page reads, and the word that it shall stop."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.cache import cache

from chiron.kernel import clock

# A worker that died is forgotten after this; the sheet is there all the time, and is taken up again.
KEPT_FOR = 900
# A worker tells of itself every some hundred rows; one that is silent for so long has most likely died.
SILENT_FOR = timedelta(minutes=2)


class CancelledError(Exception):
    """Somebody said that the work shall stop; whatever it did is undone."""


def note(pk: UUID, done: int, total: int) -> None:
    """Leave word of how far it is; CancelledError if it shall stop."""
    if cache.get(_key(pk, "stop")):
        raise CancelledError
    cache.set(_key(pk, "done"), (done, total), KEPT_FOR)
    cache.set(_key(pk, "heard"), clock.now(), KEPT_FOR)


def look(pk: UUID) -> tuple[int, int] | None:
    """How much of how much is done; None before it began."""
    found: tuple[int, int] | None = cache.get(_key(pk, "done"))
    return found


def is_silent(pk: UUID) -> bool:
    """Whether nothing has been heard of the work for so long that its worker has most likely died."""
    heard = cache.get(_key(pk, "heard"))
    return heard is None or clock.now() - heard > SILENT_FOR


def stop(pk: UUID) -> None:
    """Have the work stop at its next note."""
    cache.set(_key(pk, "stop"), True, KEPT_FOR)


def is_stopped(pk: UUID) -> bool:
    """Whether somebody said that it shall stop."""
    return bool(cache.get(_key(pk, "stop")))


def begin(pk: UUID) -> None:
    """Forget what was said of earlier work; this one is heard of from now on."""
    cache.delete_many([_key(pk, "done"), _key(pk, "stop")])
    cache.set(_key(pk, "heard"), clock.now(), KEPT_FOR)


def _key(pk: UUID, what: str) -> str:
    return f"sheet-{what}-{pk}"
