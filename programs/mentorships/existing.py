"""Pairs that ran before they came here, brought by a sheet: nobody is asked and nobody is written to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from programs.enrollment.importing.pairing import RunningPair
from programs.enrollment.models import Role
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import STANDING
from programs.mentorships.touch import asking
from programs.policy.models import Cycle


def standing(cycle: Cycle) -> set[tuple[UUID, UUID]]:
    """The people (mentor, mentee) of all pairs of a session that stand."""
    places = Participation.objects.filter(mentorship__cycle=cycle, mentorship__state__in=STANDING)
    people: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    for mentorship, role, person in places.values_list("mentorship", "role", "person").order_by():
        people[mentorship][role] = person
    return {(both[Role.MENTOR], both[Role.MENTEE]) for both in people.values() if len(both) > 1}


def make(cycle: Cycle, pairs: Sequence[RunningPair]) -> None:
    """Make pairs that run since a moment; both said yes then."""
    made = Mentorship.objects.bulk_create(
        Mentorship(
            pk=pair.pk,
            cycle=cycle,
            state=Mentorship.State.ACTIVE,
            proposed_at=pair.since,
            introduced_at=pair.since,
            answer_by=pair.since.date(),
        )
        for pair in pairs
    )
    Participation.objects.bulk_create(
        Participation(
            mentorship_id=pair.pk,
            enrollment=place,
            person=place.person,
            role=place.role,
            answer=Participation.Answer.YES,
            asked_at=pair.since,
            answered_at=pair.since,
        )
        for pair in pairs
        for place in (pair.mentor, pair.mentee)
    )
    asking.plan_all(made)


def take_back(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Delete pairs that were made so and of which nothing came since; returns why, for each of those that stay."""
    gone_on = {pk: _("The pair has gone on since.") for pk in _with_more(ids)}
    ended = Mentorship.objects.filter(pk__in=ids).exclude(state=Mentorship.State.ACTIVE)
    gone_on |= {pk: _("The pair has ended since.") for pk in ended.values_list("pk", flat=True)}
    free = [pk for pk in ids if pk not in gone_on]
    Participation.objects.filter(mentorship_id__in=free).delete()
    Mentorship.objects.filter(pk__in=free).delete()
    return gone_on


def _with_more(ids: Collection[UUID]) -> set[UUID]:
    """Mentorships about which there is more than the two people in them."""
    found: set[UUID] = set()
    for relation in Mentorship._meta.related_objects:
        if relation.related_model is not Participation:
            name = relation.field.name
            rows = relation.related_model._default_manager.filter(**{f"{name}__in": ids})
            found.update(rows.values_list(name, flat=True))
    return found
