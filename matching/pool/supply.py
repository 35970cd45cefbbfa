"""How many look for a mentor, and how many places there are, by what people are and want."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.pool.regions import called, region_of
from matching.waiting import Waiting
from programs.enrollment.models import Enrollment
from programs.policy.models import Cycle
from programs.policy.participant import Participant
from programs.policy.words import STAGES

# What people are counted by.
BY: Final = {
    "specialty": gettext_lazy("Specialty"),
    "stage": gettext_lazy("Career stage"),
    "region": gettext_lazy("Region"),
    "help": gettext_lazy("Help wanted"),
}


@dataclass(frozen=True)
class Line:
    """Those who are or want the same: how many people, and how many mentors they look for or places they have."""

    value: str
    label: str
    mentees: int
    wanted: int
    mentors: int
    places: int

    @property
    def short(self) -> int:
        """How many places too few there are."""
        return max(0, self.wanted - self.places)


@dataclass(frozen=True)
class There:
    """Somebody who waits, as matching sees them, with the places that are left."""

    enrollment: Enrollment
    participant: Participant

    @property
    def left(self) -> int:
        return self.participant.places or 0


@dataclass(frozen=True)
class Supply:
    """Everybody who waits in a session."""

    cycle: Cycle
    waiting: Waiting

    @classmethod
    def of(cls, cycle: Cycle) -> Self:
        """Whoever can take part and has a place left now."""
        return cls(cycle, Waiting.of(cycle))

    @cached_property
    def people(self) -> Sequence[There]:
        """By name."""
        found = [There(each, self.waiting.participant(each)) for each in self.waiting.enrollments]
        return sorted(found, key=by_name)

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """What the regions are called."""
        return called(one.participant.zip or "" for one in self.people)

    @cached_property
    def whole(self) -> Line:
        """Everybody together."""
        return self._line("", "", self.people)

    def lines(self, by: str) -> list[Line]:
        """A line for each value that somebody has; what is wanted most first, stages in their order."""
        groups: dict[str, list[There]] = {}
        for one in self.people:
            for value in values_of(one.participant, by):
                groups.setdefault(value, []).append(one)
        # Somebody who would like two mentors, each for one thing, looks for one for each thing.
        each_for_one = by == "help" and self.waiting.by_aspect
        lines = [
            self._line(value, self.label(by, value), some, each_for_one=each_for_one) for value, some in groups.items()
        ]
        if by == "stage":
            order = {stage: number for number, stage in enumerate(STAGES)}
            return sorted(lines, key=lambda line: (order.get(line.value, len(order)), line.value))  # type: ignore[call-overload]
        return sorted(lines, key=lambda line: (not line.value, -line.wanted, -line.places, line.label))

    def who(self, by: str, value: str, role: str) -> list[There]:
        """The people behind a number."""
        asked = [one for one in self.people if one.participant.role == role]
        return [one for one in asked if value in values_of(one.participant, by)] if by else asked

    def label(self, by: str, value: str) -> str:
        """A value as people read it."""
        if not value:
            return _("not said")
        return self.regions.get(value, value) if by == "region" else value

    def _line(self, value: str, label: str, some: Sequence[There], *, each_for_one: bool = False) -> Line:
        mentees = [one for one in some if one.participant.role == "mentee"]
        mentors = [one for one in some if one.participant.role == "mentor"]
        return Line(
            value,
            label,
            len(mentees),
            sum(min(one.left, 1) if each_for_one else one.left for one in mentees),
            len(mentors),
            sum(one.left for one in mentors),
        )


def by_name(one: There) -> tuple[str, str, str]:
    """How people are listed."""
    return one.participant.family_name, one.participant.given_name, str(one.enrollment.pk)


def values_of(person: Participant, by: str) -> list[str]:
    """What somebody is counted under; the empty word if they did not say."""
    if by == "help":
        return list(dict.fromkeys(person.aspects)) or [""]
    found = {"specialty": person.specialty, "stage": person.stage, "region": region_of(person.zip)}
    return [found[by] or ""]
