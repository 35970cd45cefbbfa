"""Programs as the people see them whom they are for: the newest settings, and the session that comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from programs.policy.document import Part, Policy
from programs.policy.models import Cycle, Program
from programs.policy.words import ROLES_OF

State = Cycle.State


@dataclass(frozen=True)
class OfferedPart:
    """A part of a program with the session that one could join now or next; None if nobody knows yet."""

    part: Part
    cycle: Cycle | None
    is_open: bool

    @property
    def ways_in(self) -> list[tuple[str, str]]:
        """The roles one can sign up to by oneself, each with the society's word for it."""
        roles = ROLES_OF[self.part.format]
        return [(role, self.part.roles[role].called) for role in roles if self.part.way_in(role) != "invitation"]


@dataclass(frozen=True)
class Offered:
    """A program with its parts."""

    program: Program
    policy: Policy
    parts: list[OfferedPart]

    @property
    def is_open(self) -> bool:
        """Whether anybody can sign up to any of it now."""
        return any(part.is_open and part.ways_in for part in self.parts)


def offered_programs(today: date) -> list[Offered]:
    """All programs of the society that are public and not put away."""
    public = Program.objects.filter(archived_at=None, shown_at__isnull=False)
    programs = list(public.prefetch_related("versions", "cycles__version"))
    return [offer for program in programs if (offer := offered(program, today))]


def offered(program: Program, today: date) -> Offered | None:
    """One program; None while it has no settings."""
    versions = sorted(program.versions.all(), key=lambda version: version.number)
    if not versions:
        return None
    policy = versions[-1].policy
    cycles = list(program.cycles.all())
    return Offered(program, policy, [_part(part, cycles, policy, today) for part in policy.parts])


def takes_sign_ups(cycle: Cycle, today: date) -> bool:
    """Whether people can sign themselves up to a session today: the last day counts."""
    in_time = cycle.sign_up_opens_on <= today <= cycle.sign_up_closes_on
    return in_time and (cycle.state == State.RECRUITING or (cycle.state == State.RUNNING and _rolls(cycle)))


def _rolls(cycle: Cycle) -> bool:
    return cycle.version.policy.calendar.rolling


def _part(part: Part, cycles: Iterable[Cycle], policy: Policy, today: date) -> OfferedPart:
    mine = sorted((cycle for cycle in cycles if cycle.part == part.name), key=lambda cycle: cycle.starts_on)
    for cycle in mine:
        if takes_sign_ups(cycle, today):
            return OfferedPart(part, cycle, is_open=True)
    coming = [cycle for cycle in mine if cycle.state in (State.DRAFT, State.RECRUITING)]
    return OfferedPart(part, coming[0] if coming else None, is_open=False)
