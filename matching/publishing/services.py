"""Publishing a draft: as a whole or not at all, and once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.groups import groups_of, places_of
from matching.locking import locked_cycle
from matching.models import MatchRun, SuggestedGroup, SuggestedPair
from matching.publishing.checks import must_be_true
from matching.publishing.models import Publication
from matching.publishing.proposals import proposal_of
from matching.publishing.selectors import to_begin
from programs.mentorships.circles import introduce_group
from programs.mentorships.services import propose
from programs.policy.models import Cycle
from programs.policy.services import change_state
from tenants import allowance, audit
from tenants.allowance import Thing
from tenants.people.models import Person


@transaction.atomic
def publish(*, run: MatchRun, by: Person | None, asked_first: str = "") -> MatchRun:
    """Propose every pair of the draft to whoever is asked first, or introduce its groups; the session runs.

    asked_first is for this time, where staff say otherwise than the program's settings. Publishing twice changes
    nothing. DomainError if the draft was replaced, if staff said otherwise since, if somebody in it is no longer there
    as they were, or if there is no room for so many: then everything stays as it is.
    """
    cycle = locked_cycle(Cycle(pk=run.cycle_id))
    locked = MatchRun.objects.select_for_update(of=["self"]).select_related("version", "cycle").get(pk=run.pk)
    if locked.state == MatchRun.State.PUBLISHED:
        return locked
    if locked.state != MatchRun.State.DRAFT:
        raise DomainError(_("A newer draft has taken this one's place. Look at that one."))
    must_be_true(locked, cycle)
    promised = locked.publications.filter(state=Publication.State.WAITING).exists()
    allowance.require_here(Thing.PUBLISH, pairs=0 if promised else to_begin(locked))
    if cycle.settings.in_groups:
        begun = _begin_groups(locked, cycle, by)
    else:
        begun = _begin_pairs(locked, cycle, by, asked_first)
    locked.state, locked.published_at, locked.published_by = MatchRun.State.PUBLISHED, clock.now(), by
    locked.save(update_fields=["state", "published_at", "published_by"])
    audit.record("match.published", subject=locked, actor=by, **begun)
    if cycle.state == Cycle.State.MATCHING:
        change_state(cycle=cycle, to=Cycle.State.RUNNING, by=by)
    return locked


def _begin_pairs(run: MatchRun, cycle: Cycle, by: Person | None, asked_first: str) -> dict[str, int]:
    pairs = list(run.pairs.select_related("mentee__person", "mentor__person"))
    for pair in pairs:
        pair.mentorship = propose(cycle=cycle, proposal=proposal_of(pair), by=by, first=asked_first)
    SuggestedPair.objects.bulk_update(pairs, ["mentorship"])
    return {"pairs": len(pairs)}


def _begin_groups(run: MatchRun, cycle: Cycle, by: Person | None) -> dict[str, int]:
    found = groups_of(run)
    for group in found:
        group.mentorship = introduce_group(cycle=cycle, places=places_of(group), by=by)
    SuggestedGroup.objects.bulk_update(found, ["mentorship"])
    return {"groups": len(found)}
