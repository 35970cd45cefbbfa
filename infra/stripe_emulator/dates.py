"""When a period ends: the same day of the month and time of day as it began with, or the month's last."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

HOUR, DAY = 3_600, 86_400


def after(anchor: int, interval: str, count: int) -> int:
    """The moment `count` intervals after the anchor."""
    start = datetime.fromtimestamp(anchor, UTC)
    if interval in ("day", "week"):
        return int((start + timedelta(days=count * (7 if interval == "week" else 1))).timestamp())
    months = start.year * 12 + start.month - 1 + count * (12 if interval == "year" else 1)
    year, month = divmod(months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def next_after(anchor: int, interval: str, count: int, moment: int) -> int:
    """The first end of a period after a moment, when periods are counted from the anchor.

    Counting from the anchor and not from the period before keeps the 31st: after 30 April comes 31 May.
    """
    steps = 1
    if interval in ("month", "year"):
        here, there = (datetime.fromtimestamp(at, UTC) for at in (anchor, moment))
        apart = (there.year - here.year) * 12 + there.month - here.month
        steps = max(1, apart // (count * (12 if interval == "year" else 1)) - 1)
    elif moment > anchor:
        steps = (moment - anchor) // (DAY * count * (7 if interval == "week" else 1)) + 1
    while (end := after(anchor, interval, steps * count)) <= moment:
        steps += 1
    return end
