"""A session that has its pairs already, and nobody to suggest, begins without a suggestion."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.groups import can_be_grouped
from matching.locking import locked_cycle
from matching.showing.apart import apart
from matching.waiting import Waiting
from programs.policy.models import Cycle
from programs.policy.services import change_state
from tenants.people.models import Person


def nobody_to_suggest(cycle: Cycle) -> bool:
    """Whether a session waits to begin, has pairs, and no suggestion could bring another one."""
    if cycle.state != Cycle.State.MATCHING or not apart(cycle).exists():
        return False
    if cycle.settings.in_groups:
        return not can_be_grouped(cycle)
    pool = Waiting.of(cycle).pool()
    return not (pool.mentees and pool.mentors)


@transaction.atomic
def begin(*, cycle: Cycle, by: Person | None) -> Cycle:
    """Let a session run with the pairs that it has; nobody is written to. Beginning twice changes nothing.

    DomainError while pairs can still be suggested, or if there are none at all.
    """
    locked = locked_cycle(cycle)
    if locked.state == Cycle.State.RUNNING:
        return locked
    if not nobody_to_suggest(locked):
        raise DomainError(_("Pairs can be suggested in this session. It begins when you publish them."))
    return change_state(cycle=locked, to=Cycle.State.RUNNING, by=by)
