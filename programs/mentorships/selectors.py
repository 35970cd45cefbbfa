"""Questions about mentorships."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship, Participation
from programs.policy.models import Cycle
from tenants.people.models import Person

Answer = Participation.Answer
# Mentorships that hold the places of the people in them.
STANDING = (Mentorship.State.PROPOSED, Mentorship.State.TALKING, Mentorship.State.ACTIVE)
# Sessions in which mentorships go on, and whoever has none can be matched.
GOES_ON = (Cycle.State.RECRUITING, Cycle.State.MATCHING, Cycle.State.RUNNING)
# Those in which somebody still has to answer.
OPEN = (Mentorship.State.PROPOSED, Mentorship.State.TALKING)


def shown_to(places: QuerySet[Participation]) -> QuerySet[Participation]:
    """Places in mentorships whose owners were asked, with everything that their pages show.

    Who said that they know each other sees nothing before the other's yes, not even that there is somebody to ask.
    """
    both = Participation.objects.select_related("person", "enrollment")
    said_so = Q(mentorship__known=True, mentorship__introduced_at=None, mentorship__requested_by=F("role"))
    return (
        places.exclude(answer=Answer.NOT_ASKED)
        .exclude(said_so)
        .select_related("mentorship__cycle__program", "mentorship__cycle__version", "enrollment", "person")
        .prefetch_related(Prefetch("mentorship__participations", queryset=both))
    )


def mentorships_of(person: Person) -> QuerySet[Participation]:
    """Somebody's places in mentorships that they were asked about and that are open or active, newest first."""
    mine = Participation.objects.filter(person=person, mentorship__state__in=STANDING)
    return shown_to(mine).exclude(answer=Answer.NO).order_by("-mentorship__proposed_at")


def untold(enrollments: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    """Those of these sign-ups for whom somebody was found who is being asked first, and who know of nothing yet."""
    mine = Participation.objects.filter(enrollment=OuterRef("pk"))
    quiet = mine.filter(answer=Answer.NOT_ASKED, mentorship__state__in=OPEN)
    known = mine.filter(mentorship__state__in=STANDING).exclude(answer__in=[Answer.NOT_ASKED, Answer.NO])
    return enrollments.filter(Exists(quiet), ~Exists(known))


def unanswered(today: date, *, cycles: QuerySet[Cycle] | None = None) -> QuerySet[Participation]:
    """Questions whose day to answer is over, for staff."""
    late = Participation.objects.filter(
        answer=Answer.WAITING, mentorship__state__in=OPEN, mentorship__answer_by__lt=today
    ).select_related("person", "mentorship__cycle__program")
    return late if cycles is None else late.filter(mentorship__cycle__in=cycles)


def free_again(cycles: QuerySet[Cycle]) -> Counter[Cycle]:
    """How many of each of these sessions can be matched again, after a proposal was declined or a pair ended."""
    over = [Mentorship.State.DECLINED, Mentorship.State.ENDED]
    came_to_nothing = Participation.objects.filter(enrollment=OuterRef("pk"), mentorship__state__in=over)
    people = Enrollment.objects.filter(Exists(came_to_nothing), state=Enrollment.State.ELIGIBLE, cycle__in=cycles)
    open_for_pairs = people.filter(cycle__state__in=[Cycle.State.MATCHING, Cycle.State.RUNNING])
    return Counter(each.cycle for each in open_for_pairs.select_related("cycle__program"))


def declined(cycle: Cycle) -> QuerySet[Mentorship]:
    """Proposals of a session that somebody declined, for staff."""
    return cycle.mentorships.filter(state=Mentorship.State.DECLINED).prefetch_related("participations__person")


def standing_pairs(cycle: Cycle) -> int:
    """How many pairs of a session were proposed or go on."""
    return cycle.mentorships.filter(state__in=STANDING).count()


def mentors_are_for(cycle: Cycle) -> dict[UUID, list[str]]:
    """The sign-ups of a session that have a mentor or are being asked, each with what their mentors are for."""
    mine = Participation.objects.filter(mentorship__cycle=cycle, mentorship__state__in=STANDING, role=Role.MENTEE)
    found: dict[UUID, list[str]] = {}
    for enrollment, aspects in mine.exclude(answer=Answer.NO).values_list("enrollment_id", "mentorship__aspects"):
        found.setdefault(enrollment, []).extend(aspects)
    return found


def asked_pairs(cycle: Cycle) -> list[tuple[UUID, UUID]]:
    """Every (mentee, mentor) of sign-ups that was proposed in a session, whatever came of it."""
    mentees = Participation.objects.filter(mentorship__cycle=cycle, role=Role.MENTEE)
    both = mentees.filter(mentorship__participations__role=Role.MENTOR)
    return list(both.values_list("enrollment_id", F("mentorship__participations__enrollment_id")))
