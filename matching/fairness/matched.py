"""Who was matched and who was not, by group: never a group of fewer than five, nor one that can be worked out.

What staff know anyway (stage, field, region) is counted as it is. Who people are by their own word (gender, heritage)
is shown of published pairs alone, rounded, and only where nobody can be picked out: neither those who have nobody nor
those who have somebody may be few, or all of one group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.engine import GroupRate
from matching.fairness.blind import FEWEST
from matching.models import MatchRun
from matching.pool.regions import called
from matching.pool.supply import values_of
from matching.snapshots import solved_of
from matching.solving.part import Solved
from programs.policy.participant import Participant

KEPT_FOR: Final = 3600
OPEN: Final = {
    "stage": gettext_lazy("Career stage"),
    "specialty": gettext_lazy("Specialty"),
    "region": gettext_lazy("Region"),
}
IDENTITY: Final = {"gender": gettext_lazy("Gender"), "heritage": gettext_lazy("Heritage")}
# Sizes of groups by identity are told to so many people, their rates to so many percent.
STEP_OF_PEOPLE: Final = 5
STEP_OF_PERCENT: Final = 10


@dataclass(frozen=True)
class Group:
    """Mentees of one kind, or of several kinds that are too few each: how many in words, and how many percent."""

    label: str
    people: str
    percent: int


@dataclass(frozen=True)
class Fair:
    """How many mentees have a mentor, in all and by group; no groups if they are not told."""

    people: int
    matched: int
    groups: Sequence[Group] | None

    @property
    def percent(self) -> int:
        return round(100 * self.matched / self.people) if self.people else 0


def kinds_of(run: MatchRun) -> Mapping[str, Any]:
    """What groups can be made by: identity only of what is published, and only where the program asks for it."""
    mentees = [person for person in run.snapshot["people"] if person["role"] == "mentee"]
    asked = {name for name in IDENTITY if any(person.get(name) for person in mentees)}
    identity = IDENTITY if run.state == MatchRun.State.PUBLISHED else {}
    return {**OPEN, **{name: label for name, label in identity.items() if name in asked}}


def fair_of(run: MatchRun, by: str) -> Fair:
    """The groups of a run, worked out once."""
    key = f"fair-{run.pk}-{by}"
    found = cache.get(key)
    if found is None:
        found = _counted(solved_of(run), by)
        cache.set(key, found, KEPT_FOR)
    everybody, groups = found
    people, matched = everybody[1:]
    if groups is None:
        return Fair(people, matched, None)
    names = called(person.get("zip") or "" for person in run.snapshot["people"]) if by == "region" else {}
    rates = [(_labels(labels, names), size, had) for labels, size, had in groups]
    if by in IDENTITY:
        return Fair(people, matched, rounded(rates, people, matched))
    exact = [Group(label, f"{had:,} / {size:,}", round(100 * had / size)) for label, size, had in rates]
    return Fair(people, matched, exact)


def rounded(rates: Sequence[tuple[str, int, int]], people: int, matched: int) -> list[Group] | None:
    """Groups by identity without exact numbers; None if somebody's answer could be worked out.

    Who has a mentor is known by name. So where all of these, or all of those who have none, are of one group, or where
    either are few, telling would say of each of them who they are.
    """
    without = people - matched
    if without and matched and _picks_out(rates, without, matched):
        return None
    return [
        Group(
            label,
            _("about %(count)s") % {"count": f"{_near(size, STEP_OF_PEOPLE):,}"},
            _near(100 * had / size, STEP_OF_PERCENT),
        )
        for label, size, had in rates
    ]


def _picks_out(rates: Sequence[tuple[str, int, int]], without: int, matched: int) -> bool:
    if without < FEWEST or matched < FEWEST:
        return True
    return any(had in (0, size) or had == matched or size - had == without for _label, size, had in rates)


def _counted(solved: Solved, by: str) -> tuple[tuple[Any, int, int], list[tuple[Any, int, int]] | None]:
    """As the engine counts: everybody, and groups of five at least."""
    found = solved.answer.fairness([_label(row, by) for row in solved.rows])
    return _plain(found.everybody), None if found.groups is None else [_plain(group) for group in found.groups]


def _label(person: Participant, by: str) -> str | None:
    if by in IDENTITY:
        said: str | None = getattr(person, by)
        return said or None
    return values_of(person, by)[0] or None


def _plain(rate: GroupRate) -> tuple[Sequence[str | None], int, int]:
    return rate.labels, rate.people, rate.matched


def _labels(labels: Sequence[str | None], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(label, label) if label else _("not said") for label in labels)


def _near(number: float, step: int) -> int:
    return max(step, round(number / step) * step) if number else 0
