"""The one door into a society, and back to the platform.

Behind a door every statement runs in that schema, under the role that has rights there and nowhere else. Doors nest, in
the same transaction and on the same connection; each is an atomic block, so an error that leaves it undoes what was
done behind it. Querysets run with the rights of the place where they are evaluated: take plain values out of a door.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import connection, transaction

from chiron.kernel import clock
from chiron.observability import labels
from tenants import roles
from tenants.postgresql.base import NOWHERE, DatabaseWrapper, Door, WallBreached

if TYPE_CHECKING:
    from tenants.models import Society

logger = logging.getLogger(__name__)


@contextmanager
def society(which: Society | UUID) -> Iterator[Society]:
    """Enter a society, given itself or its id; Society.DoesNotExist if there is none."""
    entered = _find(which) if isinstance(which, UUID) else which
    with _through(Door(schema=entered.schema_name, role=entered.schema_name, society=entered)):
        yield entered


@contextmanager
def platform() -> Iterator[None]:
    """Step out to the platform's own tables: societies, what is due, operators."""
    with _through(Door(schema=roles.PUBLIC, role=roles.roles().platform)):
        yield


def current() -> Society | None:
    """The society whose door we stand in; None on the platform and outside of all doors."""
    return _connection().door.society


def place() -> str:
    """The name of where we stand, for keys and folders: a society's id, "platform", or nothing outside of all doors."""
    door = _connection().door
    if door.society is not None:
        return str(door.society.pk)
    return "" if door is NOWHERE else "platform"


def is_open(society_id: UUID) -> bool:
    """Whether a society is there and at work, neither suspended nor gone, nor an example that nothing happens in."""
    from tenants.models import Society

    return state_of(society_id) not in ("", *Society.CLOSED)


def state_of(society_id: UUID) -> str:
    """The state of a society; nothing if there is no such society, or if it is an example that nothing happens in."""
    from tenants.models import Society

    with platform():
        found = Society.objects.filter(pk=society_id, on_show_at=None)
        return found.values_list("state", flat=True).first() or ""


def after_commit(do: Callable[[], object], *, once: bool = False) -> None:
    """Do something behind the door we stand in, in a transaction of its own, when this one is committed.

    An error in it is logged and goes no further, for what is committed stays so. With `once`, the same function asked
    for again in this transaction runs a single time.
    """
    errand = _Errand(do, _connection().door)
    if not (once and any(errand in waiting for waiting in connection.run_on_commit)):
        transaction.on_commit(errand)


@dataclass(frozen=True)
class _Errand:
    """Something to do behind a door."""

    do: Callable[[], object]
    door: Door

    def __call__(self) -> None:
        try:
            with _through(self.door):
                self.do()
        except Exception:
            logger.exception("what waited for the commit failed, and the commit stands: %r", self.do)


def _find(society_id: UUID) -> Society:
    from tenants.models import Society

    with platform():
        return Society.objects.defer("logo").get(pk=society_id)


@contextmanager
def _through(door: Door) -> Iterator[None]:
    here = _connection()
    before, here.door = here.door, door
    try:
        with labels.labelled(**door.labels), _clock_of(door), transaction.atomic():
            yield
    finally:
        left, here.door = here.door, before
        if left is not door:
            here.door = NOWHERE
            raise WallBreached("Doors were left in another order than they were entered.")


def _clock_of(door: Door) -> AbstractContextManager[None]:
    """A society's own time, which is everybody's unless it rehearses. On the platform it stays what it was."""
    return nullcontext() if door.society is None else clock.set_ahead(door.society.ahead)


def _connection() -> DatabaseWrapper:
    return cast(DatabaseWrapper, connection)
