"""Pairs that ran before they came here, brought by a sheet: nobody is asked and nobody is written to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.ids import uuid7
from programs.enrollment import many
from programs.enrollment.importing.pairing import RunningPair
from programs.enrollment.models import Role
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import STANDING
from programs.mentorships.touch import asking
from programs.policy.models import Cycle


def standing(cycle: Cycle) -> Iterator[tuple[UUID, UUID]]:
    """The people (mentor, mentee) of all pairs of a session that stand."""
    mentors = Participation.objects.filter(
        role=Role.MENTOR,
        mentorship__cycle=cycle,
        mentorship__state__in=STANDING,
        mentorship__participations__role=Role.MENTEE,
    )
    return mentors.order_by().values_list("person", "mentorship__participations__person").iterator()


def make(cycle: Cycle, pairs: Sequence[RunningPair]) -> None:
    """Make pairs that run since a moment; both said yes then."""
    now = clock.now()
    mine = Mentorship(cycle=cycle, state=Mentorship.State.ACTIVE, proposed_at=now, answer_by=now.date())
    said = many.values(mine)
    days = (
        (pair, {"proposed_at": pair.since, "introduced_at": pair.since, "answer_by": pair.since.date()})
        for pair in pairs
    )
    many.insert(Mentorship, ({**said, **day, "id": pair.pk} for pair, day in days))
    answered = many.values(Participation(answer=Participation.Answer.YES))
    many.insert(
        Participation,
        (
            {
                **answered,
                "id": uuid7(),
                "mentorship_id": pair.pk,
                "enrollment_id": place.pk,
                "person_id": place.person_id,
                "role": place.role,
                "asked_at": pair.since,
                "answered_at": pair.since,
            }
            for pair in pairs
            for place in (pair.mentor, pair.mentee)
        ),
    )
    asking.plan_all(pair.pk for pair in pairs)


def staying(made: QuerySet[Any, Any]) -> Mapping[UUID, str]:
    """Hold pairs that were made so, and say why of those of which anything came since; the others can be removed."""
    mine = Mentorship.objects.filter(pk__in=made)
    many.hold(mine)
    gone_on = {pk: _("The pair has gone on since.") for pk in many.in_use(Mentorship, made, besides=[Participation])}
    ended = mine.exclude(state=Mentorship.State.ACTIVE).order_by()
    return gone_on | {pk: _("The pair has ended since.") for pk in ended.values_list("pk", flat=True)}


def remove(ids: Collection[UUID]) -> None:
    """Delete pairs that were made so and need not stay, and the places of the two in them."""
    many.delete_unused(Participation, ids, by="mentorship")
    many.delete_unused(Mentorship, ids)
