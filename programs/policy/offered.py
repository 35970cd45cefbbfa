"""Programs as the people see them whom they are for: what can be joined now or next, under the settings that it has.

A session keeps the settings under which it was prepared until staff move it to newer ones, and it is by those that
whoever signs up is asked, taken and matched. What has no session is shown as the newest settings say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.policy.document import Part, Policy
from programs.policy.models import Cycle, Program
from programs.policy.words import ROLES_OF

State = Cycle.State


@dataclass(frozen=True)
class OfferedPart:
    """A part of a program with the session that one could join now or next; None if nobody knows yet.

    The part is the session's, of the settings `policy`.
    """

    policy: Policy
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
    """A program with its parts; `policy` is the newest settings."""

    program: Program
    policy: Policy
    parts: list[OfferedPart]

    @property
    def time_commitment(self) -> str:
        """How much time it takes: what is open to sign-up says so, else the newest settings."""
        return next((part.policy for part in self.parts if part.is_open), self.policy).time_commitment

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
    cycles = sorted(program.cycles.all(), key=lambda cycle: cycle.starts_on)
    parts = [_part(part, cycles, policy, today) for part in policy.parts]
    return Offered(program, policy, [*parts, *_left_open(cycles, {part.name for part in policy.parts}, today)])


def takes_sign_ups(cycle: Cycle, today: date) -> bool:
    """Whether people can sign themselves up to a session today: the last day counts."""
    in_time = cycle.sign_up_opens_on <= today <= cycle.sign_up_closes_on
    return in_time and (cycle.state == State.RECRUITING or (cycle.state == State.RUNNING and _rolls(cycle)))


def stands(cycle: Cycle, today: date) -> str:
    """Where a session stands: a published one starts on its first day."""
    if cycle.state == State.RUNNING and today < cycle.starts_on:
        return _("Pairs published; starts %(day)s") % {"day": date_format(cycle.starts_on, "F j")}
    return str(cycle.get_state_display())


def _rolls(cycle: Cycle) -> bool:
    return cycle.version.policy.calendar.rolling


def _part(part: Part, cycles: Iterable[Cycle], policy: Policy, today: date) -> OfferedPart:
    mine = [cycle for cycle in cycles if cycle.part == part.name]
    for cycle in mine:
        if takes_sign_ups(cycle, today):
            return _of(cycle, part, is_open=True)
    for cycle in mine:
        if cycle.state in (State.DRAFT, State.RECRUITING) and cycle.sign_up_opens_on >= today:
            return _of(cycle, part, is_open=False)
    return OfferedPart(policy, part, None, is_open=False)


def _of(cycle: Cycle, newest: Part, *, is_open: bool) -> OfferedPart:
    """A part under its session's settings. What it says of itself is the newest: texts may change at any time."""
    part = cycle.settings.model_copy(update={"about": newest.about})
    return OfferedPart(cycle.version.policy, part, cycle, is_open)


def _left_open(cycles: Iterable[Cycle], names: Set[str], today: date) -> Iterator[OfferedPart]:
    """Parts that the newest settings no longer have, or call otherwise, while people can still sign up to them."""
    seen = set(names)
    for cycle in cycles:
        if cycle.part not in seen and takes_sign_ups(cycle, today):
            seen.add(cycle.part)
            yield _of(cycle, cycle.settings, is_open=True)
