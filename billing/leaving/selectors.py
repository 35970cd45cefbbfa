"""Questions about leaving."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from billing.leaving.models import Departure
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship, Participation
from programs.policy.models import Cycle
from tenants import context
from tenants.models import Society
from tenants.people.models import Person

# How long everybody has to read and to take along.
TIME_TO_READ = timedelta(days=30)


class Days(NamedTuple):
    """What happens on which day."""

    told: date
    deleted: date
    backups_gone: date


def days_of(society: Society, begins: date) -> Days:
    """The days of a leaving that begins on a day. People read until the end of the day before the deletion."""
    deleted = begins + TIME_TO_READ + timedelta(days=1)
    return Days(begins, deleted, deleted + timedelta(days=settings.BACKUPS_KEPT_DAYS))


def days_that_remain(departure: Departure, zone: ZoneInfo) -> Days:
    """The days of a leaving that goes on."""
    begun, ends = (at.astimezone(zone).date() for at in (departure.begun_at, departure.ends_at))
    return Days(begun, ends, ends + timedelta(days=settings.BACKUPS_KEPT_DAYS))


def departure_of(society: Society) -> Departure | None:
    """The leaving that goes on, if one does."""
    with context.platform():
        return Departure.objects.filter(society_id=society.pk, stopped_at=None, deleted_at=None).first()


def running() -> QuerySet[Mentorship]:
    """The mentorships that run, with their people; behind the society's door."""
    people = Prefetch("participations", queryset=Participation.objects.select_related("person"))
    return (
        Mentorship.objects.filter(state=Mentorship.State.ACTIVE)
        .select_related("cycle__program")
        .prefetch_related(people)
        .order_by("cycle__program__name", "introduced_at", "pk")
    )


def to_tell() -> QuerySet[Person]:
    """Whoever has an address and ever signed up or signed in; people who are on the list alone know nothing of us."""
    taking_part = Person.objects.filter(pk__in=Enrollment.objects.values("person"))
    return (taking_part | Person.objects.filter(account__isnull=False)).exclude(email="").order_by("pk")


def counted() -> dict[str, int]:
    """How much of each kind would be deleted; behind the society's door."""
    return {
        "people": Person.objects.count(),
        "sessions": Cycle.objects.count(),
        "sign_ups": Enrollment.objects.count(),
        "mentorships": Mentorship.objects.count(),
    }
