"""The one clock. Everything that depends on the date asks it, so that tests and rehearsals can move time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, tzinfo

_ahead: ContextVar[timedelta] = ContextVar("clock_ahead", default=timedelta(0))
# Of where we stand: a rehearsal lives months ahead. Moves add to it.
_there: ContextVar[timedelta] = ContextVar("clock_there", default=timedelta(0))


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return everywhere() + _there.get()


def everywhere() -> datetime:
    """The present moment where no rehearsal is."""
    return datetime.now(UTC) + _ahead.get()


def today(zone: tzinfo = UTC) -> date:
    """The calendar day in a zone; a society's own zone decides what "today" is for its people."""
    return now().astimezone(zone).date()


@contextmanager
def moved_by(delta: timedelta) -> Iterator[None]:
    """Run a block with the clock moved; moves nest and add up."""
    token = _ahead.set(_ahead.get() + delta)
    try:
        yield
    finally:
        _ahead.reset(token)


@contextmanager
def set_ahead(delta: timedelta) -> Iterator[None]:
    """Run a block where the clock is so far ahead, however far it was ahead outside of it."""
    token = _there.set(delta)
    try:
        yield
    finally:
        _there.reset(token)


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Run a block as if it began at an aware moment; time goes on from there."""
    with moved_by(moment - now()):
        yield
