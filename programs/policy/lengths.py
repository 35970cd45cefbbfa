"""Lengths of time, days of the year and distances, as people write them in a policy."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, Self, get_args

Unit = Literal["day", "week", "month", "year"]

KM_PER_MILE = 1.609344
MAX_YEARS = 100
DAYS_IN: dict[Unit, int] = {"day": 1, "week": 7, "month": 31, "year": 366}


@dataclass(frozen=True, slots=True)
class Length:
    """A number of days, weeks, months or years. Calendar arithmetic, as PostgreSQL does it.

    Months and years land on the same day of the month, or on the month's last day if it has no such day: a year after
    February 29 is February 28.
    """

    count: int
    unit: Unit

    PATTERN: ClassVar = re.compile(r"(\d{1,5})\s+(day|week|month|year)s?", re.IGNORECASE | re.ASCII)

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read “19 weeks”; ValueError says how to write it."""
        found = cls.PATTERN.fullmatch(text.strip()) if isinstance(text, str) else None
        if found is None:
            raise ValueError(f"{show(text)} is not a length of time. Write it like “5 months” or “8 weeks”.")
        unit: Unit = next(unit for unit in get_args(Unit) if unit == found[2].lower())
        length = cls(int(found[1]), unit)
        if length.count * DAYS_IN[unit] > MAX_YEARS * 366:
            raise ValueError(f"{show(text)} is longer than {MAX_YEARS} years.")
        return length

    def __str__(self) -> str:
        return f"{self.count} {self.unit}" if self.count == 1 else f"{self.count} {self.unit}s"

    def after(self, day: date) -> date:
        """The day this long after `day`; the calendar's last day if there is none."""
        return self._from(day, +1)

    def before(self, day: date) -> date:
        """The day this long before `day`; the calendar's first day if there is none."""
        return self._from(day, -1)

    def _from(self, day: date, sign: int) -> date:
        if self.unit in ("day", "week"):
            days = sign * self.count * DAYS_IN[self.unit]
            return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
        months = day.year * 12 + day.month - 1 + sign * self.count * (12 if self.unit == "year" else 1)
        year, month = divmod(months, 12)
        if year < date.min.year:
            return date.min
        if year > date.max.year:
            return date.max
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Before:
    """How long before a session starts something happens: “8 weeks before”."""

    length: Length

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read “8 weeks before”; ValueError says how to write it."""
        words = text.strip() if isinstance(text, str) else ""
        if not words.lower().endswith(" before"):
            raise ValueError(f"{show(text)} should say how long before the start, like “8 weeks before”.")
        return cls(Length.parse(words[: -len("before")]))

    def __str__(self) -> str:
        return f"{self.length} before"

    def of(self, start: date) -> date:
        """The day this long before `start`."""
        return self.length.before(start)


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of every year: “February 15”, “mid-February” (the 15th), “February” (the 1st)."""

    month: int
    day: int

    PATTERN: ClassVar = re.compile(r"(mid-)?([a-z]+)(?: (\d{1,2}))?", re.IGNORECASE | re.ASCII)
    MONTHS: ClassVar = {month_name[number].lower(): number for number in range(1, 13)}

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read “mid-September”; ValueError says how to write it. February 29 is refused, for not every year has it."""
        found = cls.PATTERN.fullmatch(text.strip()) if isinstance(text, str) else None
        month = cls.MONTHS.get(found[2].lower()) if found else None
        if found is None or month is None or (found[1] and found[3]):
            raise ValueError(f"{show(text)} is not a day of the year. Write it like “February 15” or “mid-September”.")
        day = int(found[3]) if found[3] else 15 if found[1] else 1
        if not 1 <= day <= monthrange(2001, month)[1]:
            raise ValueError(f"{show(text)} does not come every year.")
        return cls(month, day)

    def __str__(self) -> str:
        return f"{month_name[self.month]} {self.day}"

    def next_after(self, day: date) -> date:
        """The first such day later than `day`."""
        this_year = date(day.year, self.month, self.day)
        return this_year if this_year > day else date(day.year + 1, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance in the unit in which it was written."""

    amount: float
    unit: Literal["mi", "km"]

    PATTERN: ClassVar = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)\s*(mi|km|miles?|kilometers?)", re.IGNORECASE | re.ASCII)

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read “12 mi” or “20 km”; ValueError says how to write it."""
        found = cls.PATTERN.fullmatch(text.strip()) if isinstance(text, str) else None
        if found is None or float(found[1]) == 0:
            raise ValueError(f"{show(text)} is not a distance. Write it like “12 mi” or “20 km”.")
        return cls(float(found[1]), "mi" if found[2].lower().startswith("mi") else "km")

    def __str__(self) -> str:
        return f"{self.amount:.10g} {self.unit}"

    @property
    def miles(self) -> float:
        """The distance in statute miles."""
        return self.amount if self.unit == "mi" else self.amount / KM_PER_MILE


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something happens: “monthly”, “every 2 weeks”, “every 1 to 2 months”."""

    least: int
    most: int
    unit: Unit

    PATTERN: ClassVar = re.compile(
        r"every (?:(\d{1,2})(?: to (\d{1,2}))? )?(day|week|month|year)s?", re.IGNORECASE | re.ASCII
    )
    NAMES: ClassVar[dict[str, tuple[int, Unit]]] = {
        "weekly": (1, "week"),
        "monthly": (1, "month"),
        "quarterly": (3, "month"),
        "yearly": (1, "year"),
    }

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read “monthly”; ValueError says how to write it."""
        words = text.strip().lower() if isinstance(text, str) else ""
        if words in cls.NAMES:
            count, unit = cls.NAMES[words]
            return cls(count, count, unit)
        found = cls.PATTERN.fullmatch(words)
        least = int(found[1] or 1) if found else 0
        most = int(found[2] or least) if found else 0
        if found is None or not 1 <= least <= most:
            raise ValueError(f"{show(text)} is not how often. Write it like “monthly” or “every 1 to 2 months”.")
        return cls(least, most, next(unit for unit in get_args(Unit) if unit == found[3]))

    def __str__(self) -> str:
        for name, (count, unit) in self.NAMES.items():
            if (self.least, self.most, self.unit) == (count, count, unit):
                return name
        if self.least == self.most:
            return f"every {Length(self.least, self.unit)}" if self.least > 1 else f"every {self.unit}"
        return f"every {self.least} to {self.most} {self.unit}s"


def whole_years(since: date, until: date) -> int:
    """Anniversaries of `since` reached by `until`, that day included; 0 if `until` is earlier."""
    years = max(until.year - since.year, 0)
    while years and Length(years, "year").after(since) > until:
        years -= 1
    return years


def show(value: object) -> str:
    """A value as it may stand in a sentence about it: short, and never a Python word for a YAML thing."""
    if value is None:
        return "An empty setting"
    if isinstance(value, bool):
        return "“true”" if value else "“false”"
    if isinstance(value, dict):
        return "A set of settings"
    if isinstance(value, list | tuple):
        return "A list"
    text = str(value)
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"
