"""Questions about surveys."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from programs.surveys.models import Asked
from programs.surveys.sets import QuestionSet, question_set
from tenants.people.models import Person


def waiting_for(person: Person, today: date) -> list[tuple[Asked, QuestionSet]]:
    """The surveys that wait for somebody's answer, the one that closes first before others."""
    return [(asked, question_set(asked.wave.name)) for asked in _open(person, today).filter(answered=False)]


def asked_of(person: Person) -> QuerySet[Asked]:
    """Everything that somebody is asked, or was asked and is not over yet."""
    found = Asked.objects.filter(person=person)
    return found.select_related("person", "wave__version", "wave__cycle__program", "wave__cycle__version")


def _open(person: Person, today: date) -> QuerySet[Asked]:
    still = asked_of(person).filter(wave__closed_at=None, wave__closes_on__gte=today)
    return still.order_by("wave__closes_on", "pk")
