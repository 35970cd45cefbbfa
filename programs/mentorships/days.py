"""Days where the society is."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from chiron.kernel import clock
from tenants import context


def zone() -> tzinfo:
    """The society's time zone."""
    society = context.current()
    assert society is not None, "A mentorship belongs to a society."
    return society.zone


def this_day() -> date:
    """The day where the society is."""
    return clock.today(zone())


def day_of(moment: datetime) -> date:
    """On which day there something happened."""
    return moment.astimezone(zone()).date()


def morning(day: date) -> datetime:
    """Nine in the morning, when people read mail."""
    return datetime.combine(day, time(9), tzinfo=zone())
