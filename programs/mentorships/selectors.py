"""Questions about mentorships."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, QuerySet

from programs.mentorships.models import Mentorship, Participation
from programs.policy.models import Cycle
from tenants.people.models import Person

Answer = Participation.Answer


def mentorships_of(person: Person) -> QuerySet[Participation]:
    """Somebody's places in mentorships that they were asked about and that are open or active, newest first."""
    return (
        Participation.objects.filter(person=person)
        .exclude(answer__in=[Answer.NOT_ASKED, Answer.NO])
        .filter(mentorship__state__in=[Mentorship.State.PROPOSED, Mentorship.State.ACTIVE])
        .select_related("mentorship__cycle__program", "mentorship__cycle__version")
        .prefetch_related(
            Prefetch("mentorship__participations", queryset=Participation.objects.select_related("person"))
        )
        .order_by("-mentorship__proposed_at")
    )


def unanswered(today: date, *, cycles: QuerySet[Cycle] | None = None) -> QuerySet[Participation]:
    """Questions whose day to answer is over, for staff."""
    late = Participation.objects.filter(
        answer=Answer.WAITING, mentorship__state=Mentorship.State.PROPOSED, mentorship__answer_by__lt=today
    ).select_related("person", "mentorship__cycle__program")
    return late if cycles is None else late.filter(mentorship__cycle__in=cycles)


def declined(cycle: Cycle) -> QuerySet[Mentorship]:
    """Proposals of a session that somebody declined, for staff."""
    return cycle.mentorships.filter(state=Mentorship.State.DECLINED).prefetch_related("participations__person")
