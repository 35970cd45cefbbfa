"""Moving a large session to newer settings: a worker's work, for a request would wait too long for it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from programs.enrollment import working
from programs.enrollment.adopting import adopt_settings
from programs.enrollment.models import SettingsMove
from programs.policy.models import Cycle, PolicyVersion
from tenants import due
from tenants.people.models import Person

KIND = "session.settings"
# More sign-ups than these are a worker's work.
LARGE = 2_000


def is_large(cycle: Cycle) -> bool:
    """Whether so many signed up that a request would wait for the rules."""
    return cycle.enrollments.count() > LARGE


def under_way(cycle: Cycle) -> SettingsMove | None:
    """The move that a worker was asked for, or that was refused; None without one."""
    return SettingsMove.objects.filter(cycle=cycle).first()


@transaction.atomic
def ask(*, cycle: Cycle, version: PolicyVersion, by: Person | None) -> None:
    """Leave the move to a worker; nothing if one is at it already."""
    Cycle.objects.select_for_update(of=["self"], no_key=True).get(pk=cycle.pk)
    if (move := under_way(cycle)) and not move.trouble:
        return
    SettingsMove.objects.update_or_create(cycle=cycle, defaults={"version": version, "asked_by": by, "trouble": ""})
    working.leave(KIND, cycle.pk)


@transaction.atomic
def take_up_again(*, cycle: Cycle) -> None:
    """Give the move to another worker now if nothing is heard of it."""
    if (move := under_way(cycle)) and not move.trouble:
        working.leave_again(KIND, cycle.pk)


@transaction.atomic
def stop(*, cycle: Cycle) -> None:
    """Have the move stop: the session keeps the settings that it has."""
    if working.stop(KIND, cycle.pk):
        SettingsMove.objects.filter(cycle=cycle).delete()


@due.handler(KIND)
def do(ref: str) -> None:
    """Move a session that waits for it. What is refused leaves the session as it was, and says why."""
    move = (
        SettingsMove.objects.select_related("cycle", "version", "asked_by")
        .filter(cycle_id=UUID(ref), trouble="")
        .first()
    )
    if move is None:
        return
    trouble = working.attempt(
        move.cycle_id,
        lambda notice: adopt_settings(cycle=move.cycle, version=move.version, by=move.asked_by, notice=notice),
    )
    mine = SettingsMove.objects.filter(pk=move.pk)
    if trouble:
        mine.update(trouble=trouble)
    else:
        mine.delete()
