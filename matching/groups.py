"""Suggesting groups, where a part brings more than two people together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.engine import Groups, ProblemError, Progress
from matching.locking import locked_cycle
from matching.models import MatchRun, SuggestedGroup, SuggestedPlace
from matching.publishing.selectors import must_not_be_leaving
from matching.services import seed_of
from matching.solving.grouping import Grouped, Somebody, Together, gather, group_people, shared
from programs.enrollment.answers import participant_of, restored, stored
from programs.enrollment.models import Enrollment
from programs.mentorships.circles import Place
from programs.mentorships.room import places_left
from programs.mentorships.selectors import standing_pairs
from programs.policy.models import Cycle
from programs.renewing.together import settle_groups
from tenants import audit
from tenants.people.models import Person

MOST_NAMED = 3
GROUP = ("places__enrollment__person", "mentorship__participations__enrollment__person")


@transaction.atomic
def suggest_groups(
    *,
    cycle: Cycle,
    by: Person | None,
    seed: int | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> MatchRun:
    """Find good groups among all who wait, with what none exceed, and keep them as the draft.

    An earlier draft is replaced; groups that are published stay. DomainError if sign-up is still open, or if there are
    too few people who may be together.
    """
    cycle = locked_cycle(cycle)
    if cycle.state not in (Cycle.State.MATCHING, Cycle.State.RUNNING):
        raise DomainError(_("Groups are suggested once sign-up is closed, and until the session wraps up."))
    must_not_be_leaving(cycle)
    settle_groups(cycle)
    seed, standing = seed_of(cycle) if seed is None else seed, standing_pairs(cycle)
    waiting = waiting_in(cycle)
    people = [Somebody(each.role, participant_of(each)) for each in waiting]
    try:
        grouped = group_people(cycle.settings, people, standing=standing, seed=seed, progress=progress)
    except ProblemError:
        raise DomainError(
            _("No groups of this size keep apart everybody who must not meet. Look at the rules, or at the size.")
        ) from None
    ids = {(each.role, person.said.key): each for each, person in zip(waiting, people, strict=True)}
    cycle.match_runs.filter(state=MatchRun.State.DRAFT).update(state=MatchRun.State.REPLACED)
    run = MatchRun.objects.create(
        cycle=cycle,
        version=cycle.version,
        seed=seed,
        snapshot=_snapshot(waiting, people, grouped, standing),
        result=grouped.result.to_dict(),
        engine_version="groups",
        created_by=by,
        created_at=clock.now(),
    )
    for together in grouped.found:
        _keep(run, together, ids)
    audit.record("match.suggested", subject=run, actor=by, groups=len(grouped.found), total=grouped.result.total)
    return run


def waiting_in(cycle: Cycle) -> list[Enrollment]:
    """Who can be in a group and is in none, in the order of their sign-up."""
    ready = cycle.enrollments.filter(state=Enrollment.State.ELIGIBLE).select_related("person")
    people = list(ready.order_by("signed_up_at", "pk"))
    left = places_left(cycle, people)
    return [each for each in people if left[each.pk]]


def can_be_grouped(cycle: Cycle) -> bool:
    """Whether enough people wait for a group who may be together."""
    try:
        people = [Somebody(each.role, participant_of(each)) for each in waiting_in(cycle)]
        gather(cycle.settings, people, standing_pairs(cycle))
    except DomainError:
        return False
    return True


def _snapshot(
    waiting: Sequence[Enrollment], people: Sequence[Somebody], grouped: Grouped, standing: int
) -> dict[str, Any]:
    ids = {(each.role, person.said.key): str(each.pk) for each, person in zip(waiting, people, strict=True)}
    return {
        "people": [
            stored(person.said) | {"enrollment": str(each.pk), "as": each.role}
            for each, person in zip(waiting, people, strict=True)
        ],
        "left": [{"enrollment": ids[each.role, each.said.key], "why": why} for each, why in grouped.left],
        "standing": standing,
    }


def _keep(run: MatchRun, together: Together, ids: dict[tuple[str, str], Enrollment]) -> None:
    group = SuggestedGroup.objects.create(run=run, score=together.score)
    SuggestedPlace.objects.bulk_create(
        SuggestedPlace(
            group=group,
            enrollment=ids[each.role, each.said.key],
            number=number,
            why=why(together.people, each),
        )
        for number, each in enumerate(together.people)
    )


def why(people: Sequence[Somebody], reader: Somebody) -> list[str]:
    """What somebody reads of their group; nothing that one of the others alone said."""
    interests, times = shared(people, reader)
    said = []
    if interests:
        listed = ", ".join(interests[:MOST_NAMED])
        said.append(_("You are not the only one here who is interested in %(what)s.") % {"what": listed})
    if times:
        said.append(_("All of you have time for it: %(times)s.") % {"times": ", ".join(times[:MOST_NAMED])})
    return said


def grouped_of(run: MatchRun) -> Grouped:
    """A stored draft as it was answered; nothing is searched again."""
    part = run.version.policy.part(run.cycle.part)
    people = [Somebody(each["as"], restored(each)) for each in run.snapshot["people"]]
    return Grouped(gather(part, people, run.snapshot["standing"]), Groups.from_dict(run.result))


def changed_since(run: MatchRun, cycle: Cycle) -> list[Enrollment]:
    """Those in the draft's groups who changed an answer since, left, or are in a group already."""
    people = list(Enrollment.objects.filter(pk__in=people_in(run)).select_related("person"))
    left = places_left(cycle, people)
    ready = Enrollment.State.ELIGIBLE
    return [each for each in people if each.state != ready or each.changed_at > run.created_at or not left[each.pk]]


def people_in(run: MatchRun) -> list[UUID]:
    """The sign-ups in a draft's groups."""
    return list(SuggestedPlace.objects.filter(group__run=run).order_by().values_list("enrollment_id", flat=True))


def groups_of(run: MatchRun) -> list[SuggestedGroup]:
    """The groups of a draft with their people, the best first."""
    return list(run.groups.select_related("mentorship").prefetch_related(*GROUP))


def places_of(group: SuggestedGroup) -> list[Place]:
    """What publishing would make of a group."""
    return [Place(each.enrollment, each.why) for each in group.places.all()]
