"""Publishing fewer pairs than were suggested, where there is no room for all of them."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.locking import locked_cycle
from matching.models import MatchRun, PairDecision
from matching.publishing.selectors import must_not_be_leaving
from matching.selectors import decisions_of
from programs.policy.models import Cycle
from tenants import audit
from tenants.people.models import Person


@transaction.atomic
def keep_best(*, run: MatchRun, count: int, by: Person | None) -> int:
    """Leave so many pairs or groups in a draft, and take the others out: their people wait for the next suggestion,
    which may bring them again. Returns how many were taken out; said again, nothing changes.

    Pairs that staff keep stay first, then those of whoever has no other mentor, then those that suit best. DomainError
    if it is no draft any more, if it waits to leave, or if nothing would be left.
    """
    cycle = locked_cycle(Cycle(pk=run.cycle_id))
    locked = MatchRun.objects.select_for_update(of=["self"]).select_related("version").get(pk=run.pk)
    locked.cycle = cycle
    must_not_be_leaving(cycle)
    if locked.state != MatchRun.State.DRAFT:
        raise DomainError(_("A newer draft has taken this one's place. Look at that one."))
    if count < 1:
        raise DomainError(_("There is no room for any of them now. Wait until others end."))
    taken_out = _groups(locked)[count:] if cycle.settings.in_groups else _pairs(locked)[count:]
    rows = locked.groups if cycle.settings.in_groups else locked.pairs
    rows.filter(pk__in=taken_out).delete()
    if taken_out:
        audit.record("match.fewer", subject=locked, actor=by, kept=count, taken_out=len(taken_out))
    return len(taken_out)


def _groups(run: MatchRun) -> list[UUID]:
    return list(run.groups.order_by("-score", "pk").values_list("pk", flat=True))


def _pairs(run: MatchRun) -> list[UUID]:
    """The draft's pairs, those to stay first."""
    word = decisions_of(run.cycle).filter(kind=PairDecision.Kind.KEEP)
    kept = set(word.values_list("mentee_id", "mentor_id"))
    mentors_of: Counter[UUID] = Counter()
    ranked = []
    for pair in run.pairs.order_by("-score", "pk"):
        of_another = (pair.mentee_id, pair.mentor_id) not in kept
        ranked.append((of_another, mentors_of[pair.mentee_id], -pair.score, pair.pk))
        mentors_of[pair.mentee_id] += 1
    return [pk for *_rank, pk in sorted(ranked)]
