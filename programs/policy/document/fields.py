"""The kinds of values that settings hold, each read from and written as people say it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, PlainValidator

from programs.policy.lengths import Before, Distance, Length, Rhythm, YearDay, show
from programs.policy.rules import Rule, parse_rule, written
from programs.policy.words import Entry

LengthField = Annotated[Length, PlainValidator(Length.parse), PlainSerializer(str)]
BeforeField = Annotated[Before, PlainValidator(Before.parse), PlainSerializer(str)]
YearDayField = Annotated[YearDay, PlainValidator(YearDay.parse), PlainSerializer(str)]
DistanceField = Annotated[Distance, PlainValidator(Distance.parse), PlainSerializer(str)]
RuleField = Annotated[Rule, PlainValidator(parse_rule), PlainSerializer(written)]


def _rhythm(value: object) -> Rhythm | None:
    return None if value in (None, "none") else Rhythm.parse(value)


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        # Not pydantic's own reading, for which a number is a day as well.
        return date.fromisoformat(value if isinstance(value, str) and len(value) == len("2027-03-01") else "")
    except ValueError:
        raise ValueError(f"{show(value)} is not a date. Write it like 2027-03-01.") from None


def _way_in(value: object) -> object:
    """People write “by invitation” and “by application”."""
    spoken = {"by invitation": "invitation", "by application": "apply"}
    return spoken.get(value, value) if isinstance(value, str) else value


def _listed(value: object) -> object:
    """One may stand for a list of one."""
    return [value] if isinstance(value, str) else value


def _not_empty(value: tuple[object, ...]) -> tuple[object, ...]:
    # Not pydantic's own min_length: that one also complains of entries that are there but faulty.
    if not value:
        raise ValueError("This is empty; it needs at least one entry.")
    return value


DayField = Annotated[date, PlainValidator(_day), PlainSerializer(date.isoformat)]
RhythmField = Annotated[Rhythm | None, PlainValidator(_rhythm), PlainSerializer(lambda value: value and str(value))]
EntryField = Annotated[Entry, BeforeValidator(_way_in)]
OneOrMore = BeforeValidator(_listed)
NotEmpty = AfterValidator(_not_empty)
