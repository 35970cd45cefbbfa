"""A program's calendar in lengths; a session's dates follow from the day it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from programs.policy.document.base import Flag, Settings
from programs.policy.document.fields import BeforeField, DayField, LengthField, OneOrMore, YearDayField
from programs.policy.faults import FaultsError, Found
from programs.policy.lengths import Before

SOME_START = date(2027, 3, 1)


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates that a calendar proposes for one session; each can be moved. None: the calendar does not say."""

    starts: date
    ends: date
    sign_up_opens: date | None
    sign_up_closes: date | None
    council_closes: date | None
    published: date | None


class SignUp(Settings):
    """When people can sign up for a session, before it starts."""

    opens: BeforeField
    closes: BeforeField


class Calendar(Settings):
    """How long a session runs, when sessions start, and what happens how long before."""

    runs_for: LengthField
    starts: Annotated[tuple[YearDayField, ...], OneOrMore] = ()
    """Days of the year on which sessions start; empty if a person sets each start."""
    each_year: Annotated[int, Field(strict=True, ge=1, le=12)] | None = None
    rolling: Flag = False
    """People sign up and are matched all year; each mentorship runs from its own first day."""
    sign_up: SignUp | None = None
    council_closes: BeforeField | None = None
    published: BeforeField | None = None

    def dates_from(self, starts: date) -> Dates:
        """The dates of a session that starts on this day."""

        def before(moment: Before | None) -> date | None:
            return moment.of(starts) if moment else None

        return Dates(
            starts=starts,
            ends=self.runs_for.after(starts),
            sign_up_opens=before(self.sign_up.opens if self.sign_up else None),
            sign_up_closes=before(self.sign_up.closes if self.sign_up else None),
            council_closes=before(self.council_closes),
            published=before(self.published),
        )

    def next_start(self, after: date) -> date | None:
        """The first start later than this day; None if a person sets each start."""
        return min((day.next_after(after) for day in self.starts), default=None)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        found: list[Found] = []
        if self.runs_for.count == 0:
            found.append(Found(("runs_for",), "A session has to last."))
        if self.starts and self.each_year not in (None, len(self.starts)):
            found.append(
                Found(("each_year",), f"There are {len(self.starts)} starts, but each_year is {self.each_year}.")
            )
        if self.rolling and (self.starts or self.sign_up):
            key = "starts" if self.starts else "sign_up"
            found.append(Found((key,), "A rolling program takes people all year, so it has no such days."))
        found += self._out_of_order()
        if found:
            raise FaultsError(found)
        return self

    def _out_of_order(self) -> list[Found]:
        days = self.dates_from(SOME_START)
        moments = [
            (("sign_up", "opens"), "Sign-up opens", days.sign_up_opens),
            (("sign_up", "closes"), "Sign-up closes", days.sign_up_closes),
            (("council_closes",), "The council closes", days.council_closes),
            (("published",), "Pairs are published", days.published),
        ]
        known = [(path, words, day) for path, words, day in moments if day]
        return [
            Found(path, f"{words} before {earlier[0].lower()}{earlier[1:]}: the two are the wrong way round.")
            for (_, earlier, first), (path, words, day) in pairwise(known)
            if day < first
        ]


class FirstCycle(Settings):
    """When the first session starts: a proposal that comes with the template and is no part of the version."""

    starts: DayField
