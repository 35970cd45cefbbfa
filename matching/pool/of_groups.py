"""Everybody who waits for a group: how many of each role, enough for how many groups, and whom rules leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.groups import waiting_in
from matching.pool.kinds import Kind
from matching.pool.recruiting_groups import GroupStep, per_group, steps, suits
from matching.pool.regions import called
from matching.pool.supply import There, by_name, values_of
from matching.solving.grouping import Somebody, gather
from programs.enrollment.answers import participant_of
from programs.mentorships.room import places_left
from programs.mentorships.selectors import standing_pairs
from programs.policy.models import Cycle
from programs.policy.words import ROLES_OF

# Up to so many people everybody is compared with everybody while one waits for the page.
COMPARED = 300


@dataclass(frozen=True)
class Counted:
    """Those who are or want the same, by role."""

    value: str
    label: str
    roles: Sequence[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(count for _role, count in self.roles)


@dataclass(frozen=True)
class GroupSupply:
    """Everybody who waits in a session of groups, in the order of their sign-up."""

    cycle: Cycle
    people: Sequence[There]

    @classmethod
    def of(cls, cycle: Cycle) -> Self:
        """Whoever can be in a group and is in none."""
        waiting = waiting_in(cycle)
        left = places_left(cycle, waiting)
        return cls(cycle, [There(each, replace(participant_of(each), places=left[each.pk])) for each in waiting])

    @property
    def roles(self) -> list[tuple[str, str, int]]:
        """Each role with what the program calls it, and how many wait in it."""
        count = Counter(one.enrollment.role for one in self.people)
        part = self.cycle.settings
        return [(role, part.roles[role].called, count[role]) for role in ROLES_OF[part.format]]

    @property
    def most_groups(self) -> int:
        """For how many groups they are enough, if no rule stood in the way."""
        part = self.cycle.settings
        count = {role: number for role, _called, number in self.roles}
        found = min(count[role] // least for role, (least, _most) in per_group(part).items())
        return found if self.ceiling is None else min(found, self.ceiling)

    @cached_property
    def ceiling(self) -> int | None:
        """How many groups there may be yet; None without a limit."""
        cap = self.cycle.settings.cap.pairs
        return None if cap is None else max(0, cap - standing_pairs(self.cycle))

    @property
    def could_be_together(self) -> Sequence[There]:
        """Whoever no rule keeps apart from too many of the others, as far as that was looked at."""
        alone = {one.enrollment.pk for one in self.apart or ()}
        return [one for one in self.people if one.enrollment.pk not in alone]

    @property
    def to_look_for(self) -> list[GroupStep]:
        """Whom one more group takes, one after the other."""
        count = Counter(one.enrollment.role for one in self.could_be_together)
        return steps(
            self.cycle.settings, {role: count[role] for role in ROLES_OF[self.cycle.settings.format]}, self.ceiling
        )

    def suits_them(self, role: str) -> Kind:
        """Which kind of person in a role suits best those of the other roles, or the others of a circle."""
        there, roles = self.could_be_together, ROLES_OF[self.cycle.settings.format]
        others = [one.participant for one in there if len(roles) == 1 or one.enrollment.role != role]
        return suits(self.cycle.settings, role, others)

    @cached_property
    def apart(self) -> Sequence[There] | None:
        """Whom the rules keep apart from too many of the others; None where there are too many to compare here."""
        if len(self.people) > COMPARED:
            return None
        asked = [Somebody(one.enrollment.role, one.participant) for one in self.people]
        try:
            left = gather(self.cycle.settings, asked).left
        except DomainError:  # too few for one group: the number above says so
            return ()
        alone = {(who.role, who.said.key) for who, why in left if why == "forbidden"}
        return [one for one in self.people if (one.enrollment.role, one.participant.key) in alone]

    @cached_property
    def regions(self) -> Mapping[str, str]:
        return called(one.participant.zip or "" for one in self.people)

    def lines(self, by: str) -> list[Counted]:
        """A line for each value that somebody has, the most frequent first."""
        found: dict[str, Counter[str]] = {}
        for one in self.people:
            for value in values_of(one.participant, by):
                found.setdefault(value, Counter())[one.enrollment.role] += 1
        roles = [role for role, _called, _count in self.roles]
        lines = [
            Counted(value, self.label(by, value), [(role, count[role]) for role in roles])
            for value, count in found.items()
        ]
        return sorted(lines, key=lambda line: (not line.value, -line.total, line.label))

    def who(self, by: str, value: str, role: str) -> list[There]:
        """The people behind a number, by name."""
        asked = [one for one in self.people if one.enrollment.role == role]
        return sorted((one for one in asked if not by or value in values_of(one.participant, by)), key=by_name)

    def label(self, by: str, value: str) -> str:
        """A value as people read it."""
        if not value:
            return _("not said")
        return self.regions.get(value, value) if by == "region" else value
