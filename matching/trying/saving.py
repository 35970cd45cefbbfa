"""Keeping what was tried as the program's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.engine import ProblemError
from matching.trying.columns import in_proportion, reweighed, weights_of
from programs.enrollment import moving
from programs.enrollment.adopting import adopt_settings
from programs.policy.document import Policy, diff, restore_policy, store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import FROZEN, publish_version
from tenants.people.models import Person


@dataclass(frozen=True)
class Kept:
    """What keeping weights means: the settings they are put into, what changes, and which sessions move."""

    newest: PolicyVersion
    policy: Policy
    changes: Sequence[str]
    moves: bool
    behind: Sequence[Cycle]


def what_keeping_means(cycle: Cycle, wanted: Mapping[str, int]) -> Kept:
    """What would be kept, and who is moved by it; nothing is changed. DomainError if nothing is left to count, or the
    program has no such part any more.

    The session moves only from the newest settings: else it would take over more than these weights.
    """
    newest = cycle.program.versions.order_by("-number").first()
    if newest is None or cycle.part not in {part.name for part in newest.policy.parts}:
        raise DomainError(_("The newest settings have no part “%(part)s” any more.") % {"part": cycle.part})
    policy = _with_weights(newest.policy, cycle.part, wanted)
    moves = cycle.state not in FROZEN and cycle.version_id == newest.pk
    others = cycle.program.cycles.exclude(state__in=FROZEN).order_by("starts_on", "pk")
    behind = [each for each in others if not (moves and each.pk == cycle.pk)]
    changes = [str(change) for change in diff(newest.policy, policy)]
    return Kept(newest, policy, changes, moves, behind)


@transaction.atomic
def keep_weights(*, cycle: Cycle, wanted: Mapping[str, int], after: int, by: Person) -> Kept:
    """Make weights that were tried the program's newest settings, and move the session to them.

    after: the number of the newest settings that were seen. DomainError if nothing differs from them;
    ChangedMeanwhile if there are newer ones.
    """
    kept = what_keeping_means(cycle, wanted)
    version = publish_version(
        program=cycle.program, policy=kept.policy, by=by, note=_("What matters, tried at the desk"), after=after
    )
    if kept.moves:
        if moving.is_large(cycle):
            moving.ask(cycle=cycle, version=version, by=by)
        else:
            adopt_settings(cycle=cycle, version=version, by=by)
    return kept


def _with_weights(policy: Policy, name: str, wanted: Mapping[str, int]) -> Policy:
    part = policy.part(name)
    try:
        weights = in_proportion(wanted, weights_of(part.matching))
    except ProblemError:
        raise DomainError(_("Let at least one thing count.")) from None
    changed = part.model_copy(update={"matching": reweighed(part.matching, weights)})
    parts = tuple(changed if each.name == name else each for each in policy.parts)
    return restore_policy(store_policy(policy.model_copy(update={"parts": parts})))
