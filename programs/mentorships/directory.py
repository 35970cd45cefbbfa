"""Whom somebody can find in the directory of their session, and what each sees of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import CharField, Count, F, Func, Q, QuerySet

from programs.enrollment.agreeing import owed_for
from programs.enrollment.biosketch import Biosketch, biosketch_of
from programs.enrollment.models import Enrollment
from programs.enrollment.pausing import paused_by
from programs.enrollment.room import room_of, says_room
from programs.mentorships.models import KnownPair, Listing, Mentorship, Participation, Wish
from programs.mentorships.requests import CAN_ASK, HAS_DIRECTORY, has_directory
from programs.mentorships.selectors import OPEN, STANDING, shown_to
from programs.policy.models import Cycle
from tenants.people.models import Person

# What one can narrow the directory by, and where the answers stand.
FACETS = ("stage", "specialty", "aspects", "languages", "meeting_mode")
# Who likes both suits who looks for either.
BOTH_WAYS = "either"


@dataclass(frozen=True)
class Facet:
    """One thing to narrow by: its values, each with how many people have it."""

    name: str
    values: Sequence[tuple[str, int]]
    chosen: str


@dataclass(frozen=True)
class Found:
    """Somebody in the directory, as the other side of their session reads them."""

    enrollment: Enrollment
    # For how many more they have room now; None where nobody says so of themselves.
    room: int | None = None

    @property
    def name(self) -> str:
        return self.enrollment.person.address_name

    @property
    def who(self) -> str:
        """Field and stage, as one line."""
        answers, person = self.enrollment.answers, self.enrollment.person
        told = (answers.get("specialty") or person.specialty, answers.get("stage") or person.stage)
        return " · ".join(str(part) for part in told if part)

    @property
    def aspects(self) -> list[str]:
        return list(self.enrollment.answers.get("aspects") or ())

    @cached_property
    def biosketch(self) -> Biosketch:
        """Their own words, or what their answers say of them; never who they are, which is for their match."""
        return biosketch_of(self.enrollment.person, self.enrollment.answers, self.enrollment.role, to_match=False)


def found_with_room(cycle: Cycle, enrollments: Sequence[Enrollment]) -> list[Found]:
    """People of one session with the room that they have at this moment."""
    for each in enrollments:
        each.cycle = cycle
    rooms = room_of(enrollments)
    return [Found(each, rooms[each.pk] if says_room(each) else None) for each in enrollments]


def directories_of(person: Person) -> list[Enrollment]:
    """Somebody's sign-ups to sessions in which people find each other, newest first.

    None as long as they have something to agree to.
    """
    mine = Enrollment.objects.filter(person=person, state__in=CAN_ASK, cycle__state__in=HAS_DIRECTORY)
    found = mine.select_related("cycle__program", "cycle__version", "person").order_by("-signed_up_at")
    return [enrollment for enrollment in found if has_directory(enrollment.cycle) and not owed_for(enrollment)]


def pauses(person: Person) -> bool:
    """Whether somebody has no directory to look at for no other reason than that they pause."""
    return not directories_of(person) and any(has_directory(each.cycle) for each in paused_by(person))


def listed(mine: Enrollment, *, words: str = "") -> QuerySet[Enrollment]:
    """Who can be found by somebody: the other side of their session, in the order of names."""
    found = (
        Enrollment.objects.filter(cycle=mine.cycle_id, listing__isnull=False, state__in=CAN_ASK)
        .exclude(role=mine.role)
        .exclude(person=mine.person_id)
        .select_related("person")
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
            | Q(answers__aspects__icontains=word)
        )
    return found


def narrowed(found: QuerySet[Enrollment], chosen: dict[str, str]) -> QuerySet[Enrollment]:
    """Only those who have each chosen value."""
    for name, value in chosen.items():
        if name == "meeting_mode":
            found = found.filter(answers__meeting_mode__in=[value, BOTH_WAYS])
            continue
        one, among = Q(**{f"answers__{name}": value}), Q(**{f"answers__{name}__contains": [value]})
        found = found.filter(one | among)
    return found


def facets(found: QuerySet[Enrollment], chosen: dict[str, str]) -> list[Facet]:
    """What the people found have in common to narrow by, counted by the database; only where it tells them apart."""
    counts = {name: _counted(found, name) for name in FACETS}
    return [
        Facet(name, values, chosen.get(name, ""))
        for name, values in counts.items()
        if len(values) > 1 or name in chosen
    ]


class EachAnswer(Func):
    """Every value of an answer that is one value or a list of them."""

    template = "(jsonb_path_query(%(expressions)s, '$.%(name)s[*]') #>> '{}')"
    output_field = CharField()
    set_returning = True


def _counted(found: QuerySet[Enrollment], name: str) -> list[tuple[str, int]]:
    each = found.order_by().values(value=EachAnswer(F("answers"), name=name)).annotate(count=Count("pk"))
    counts = {value: count for value, count in each.values_list("value", "count") if value}
    if name == "meeting_mode":
        both = counts.pop(BOTH_WAYS, 0)
        counts = {value: count + both for value, count in counts.items()}
    return sorted(counts.items())


def between(mine: Enrollment, other: Enrollment) -> Participation | None:
    """One's own place in what stands between two people already, as far as one may see it."""
    places = Participation.objects.filter(enrollment=mine, mentorship__state__in=STANDING)
    return shown_to(places.filter(mentorship__participations__enrollment=other)).first()


def open_requests(mine: Enrollment) -> QuerySet[Participation]:
    """Somebody's own requests that wait for an answer, the other's place in each; of known pairs nothing is told."""
    asked = Mentorship.objects.filter(
        participations__enrollment=mine, requested_by=mine.role, state__in=OPEN, known=False
    )
    others = Participation.objects.filter(mentorship__in=asked).exclude(enrollment=mine)
    return others.select_related("person", "mentorship").order_by("mentorship__proposed_at")


def has_asked(mine: Enrollment, other: Enrollment) -> bool:
    """Whether somebody's own question to another waits for an answer, or in their line."""
    waits = open_requests(mine).filter(enrollment=other).exists()
    return waits or Wish.objects.filter(mine=mine, other=other).exists()


def known_of(mine: Enrollment) -> QuerySet[KnownPair]:
    """Whom somebody says to know already, asked or in line."""
    return KnownPair.objects.filter(mine=mine)


def line_of(mine: Enrollment) -> QuerySet[Wish]:
    """Whom somebody will ask next, in order."""
    return Wish.objects.filter(mine=mine).select_related("other__person")


def is_listed(enrollment: Enrollment) -> bool:
    """Whether others can find this person."""
    return Listing.objects.filter(enrollment=enrollment).exists()
