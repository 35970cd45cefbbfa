"""Whom somebody can find in the directory of their session, and what each sees of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from programs.enrollment.models import Enrollment
from programs.mentorships.models import Listing, Mentorship, Participation, Wish
from programs.mentorships.requests import CAN_ASK, HAS_DIRECTORY, has_directory
from programs.mentorships.selectors import OPEN
from tenants.people.models import Person

# What one can narrow the directory by, and where the answers stand.
FACETS = ("stage", "specialty", "aspects", "languages", "meeting_mode")


@dataclass(frozen=True)
class Facet:
    """One thing to narrow by: its values, each with how many people have it."""

    name: str
    values: Sequence[tuple[str, int]]
    chosen: str


def directories_of(person: Person) -> list[Enrollment]:
    """Somebody's sign-ups to sessions in which people find each other, newest first."""
    mine = Enrollment.objects.filter(person=person, state__in=CAN_ASK, cycle__state__in=HAS_DIRECTORY)
    found = mine.select_related("cycle__program", "cycle__version", "person").order_by("-signed_up_at")
    return [enrollment for enrollment in found if has_directory(enrollment.cycle)]


def listed(mine: Enrollment, *, words: str = "") -> QuerySet[Enrollment]:
    """Who can be found by somebody: the other side of their session, in the order of names."""
    found = (
        Enrollment.objects.filter(cycle=mine.cycle_id, listing__isnull=False, state__in=CAN_ASK)
        .exclude(role=mine.role)
        .exclude(person=mine.person_id)
        .select_related("person", "cycle__version")
        .order_by("person__family_name", "person__given_name", "pk")
    )
    for word in words.split():
        found = found.filter(
            Q(person__given_name__icontains=word)
            | Q(person__family_name__icontains=word)
            | Q(person__specialty__icontains=word)
            | Q(person__biosketch__icontains=word)
            | Q(answers__specialty__icontains=word)
            | Q(answers__interests__icontains=word)
        )
    return found


def narrowed(found: QuerySet[Enrollment], chosen: dict[str, str]) -> QuerySet[Enrollment]:
    """Only those who have each chosen value."""
    for name, value in chosen.items():
        one, among = Q(**{f"answers__{name}": value}), Q(**{f"answers__{name}__contains": [value]})
        found = found.filter(one | among)
    return found


def facets(found: QuerySet[Enrollment], chosen: dict[str, str]) -> list[Facet]:
    """What the people found have in common to narrow by; only where it tells them apart."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for answers in found.order_by().values_list("answers", flat=True):
        for name in FACETS:
            counts[name].update(_values(answers.get(name)))
    return [
        Facet(name, sorted(each.items()), chosen.get(name, ""))
        for name, each in counts.items()
        if len(each) > 1 or name in chosen
    ]


def open_requests(mine: Enrollment) -> QuerySet[Participation]:
    """Somebody's own requests that wait for an answer, the other's place in each."""
    asked = Mentorship.objects.filter(participations__enrollment=mine, requested_by=mine.role, state__in=OPEN)
    others = Participation.objects.filter(mentorship__in=asked).exclude(enrollment=mine)
    return others.select_related("person", "mentorship").order_by("mentorship__proposed_at")


def line_of(mine: Enrollment) -> QuerySet[Wish]:
    """Whom somebody will ask next, in order."""
    return Wish.objects.filter(mine=mine).select_related("other__person")


def is_listed(enrollment: Enrollment) -> bool:
    """Whether others can find this person."""
    return Listing.objects.filter(enrollment=enrollment).exists()


def _values(answer: object) -> Iterable[str]:
    if isinstance(answer, str):
        return [answer] if answer else []
    return [str(value) for value in answer] if isinstance(answer, list) else []
