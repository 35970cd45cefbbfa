"""Work on very many rows: left to a worker, which tells how far it is and hears that it shall stop.

The work is written down with what is due, so it is not lost with its worker: what had been done is rolled back with
it, and another one begins anew. Whoever wants such work registers a handler for its kind, which calls `attempt`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import due

# A worker that died is forgotten after this; what it worked on is there all the time, and is taken up again.
KEPT_FOR = 900
# A worker tells of itself every some hundred rows; one that is silent for so long has most likely died.
SILENT_FOR = timedelta(minutes=2)
Notice = Callable[[int, int], object]


class CancelledError(Exception):
    """Somebody said that the work shall stop; whatever it did is undone."""


def leave(kind: str, pk: UUID) -> None:
    """Leave work on a thing to a worker; what was said of earlier work on it is forgotten."""
    cache.delete_many([_key(pk, "done"), _key(pk, "stop")])
    cache.set(_key(pk, "heard"), clock.now(), KEPT_FOR)
    due.schedule(kind, str(pk), at=clock.now())


def leave_again(kind: str, pk: UUID) -> None:
    """Give work of which nothing is heard to another worker now; by itself that comes when the first one's time is up.

    Should the first one live after all, the second waits for it, finds the work done, and does nothing.
    """
    if is_silent(pk):
        leave(kind, pk)


def attempt(pk: UUID, work: Callable[[Notice], object]) -> str:
    """Do the work, all of it or nothing; returns why it was refused, or nothing if it was done or stopped."""
    notice = partial(note, pk)
    try:
        with transaction.atomic():
            notice(0, 1)
            work(notice)
    except CancelledError:
        return ""
    except DomainError as error:
        return error.message
    return ""


def stop(kind: str, pk: UUID) -> bool:
    """Have the work stop at its next note; whether it is over already, because no worker is at it.

    Should one be at it after all, it finds the word at its next note, and nothing of it stays.
    """
    cache.set(_key(pk, "stop"), True, KEPT_FOR)
    if look(pk) is not None and not is_silent(pk):
        return False
    due.cancel(kind, str(pk))
    return True


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


def is_stopped(pk: UUID) -> bool:
    """Whether somebody said that it shall stop."""
    return bool(cache.get(_key(pk, "stop")))


def _key(pk: UUID, what: str) -> str:
    return f"work-{what}-{pk}"
