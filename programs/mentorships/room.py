"""How many places are given and left, of each sign-up and of each person over all programs and sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from programs.enrollment.models import Enrollment, Role
from programs.enrollment.selectors import places_of
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import OPEN, STANDING
from programs.policy.models import Cycle
from tenants import allowance
from tenants.people.models import Person

# More sign-ups than these are counted by their sessions.
A_PAGE = 500
# Places that are given for good: those to which their owner said yes, or with whom they talk.
FOR_GOOD = Q(answer=Participation.Answer.YES) | Q(mentorship__state=Mentorship.State.TALKING)


# Mentorships that go on as other ones, which count in their place. Whoever lies above and knows them says which.
Known = Callable[[], QuerySet[Mentorship]]
_once: list[Known] = []


def count_once(known: Known) -> None:
    """Have a function say which mentorships are counted by others already, in the ceiling of whoever has both."""
    _once.append(known)


@allowance.counts("mentorships")
def running() -> QuerySet[Mentorship]:
    """Mentorships that run, or that staff have proposed. What one participant asks of another counts from the yes."""
    asked = Q(state__in=OPEN) & (Q(known=True) | ~Q(requested_by=""))
    running = Mentorship.objects.filter(state__in=STANDING).exclude(asked)
    for known in _once:
        running = running.exclude(pk__in=known())
    return running


def given(enrollments: Sequence[Enrollment], *, told: bool = False) -> Mapping[UUID, int]:
    """How many places of each sign-up are given; a proposal holds its places until it is answered.

    told: as far as their owners know, who do not hear of whom is asked first.
    """
    if len(enrollments) > A_PAGE:
        places = _standing(told=told).filter(mentorship__cycle__in={each.cycle_id for each in enrollments})
    else:
        places = _standing(told=told).filter(enrollment__in=[each.pk for each in enrollments])
    return Counter(places.values_list("enrollment_id", flat=True))


def left(enrollments: Sequence[Enrollment], *, told: bool = False) -> Mapping[UUID, int]:
    """How many are left of each sign-up, and of its owner's own ceiling: pairs that go on anywhere count."""
    taken = given(enrollments, told=told)
    with_ceiling = {each.person_id for each in enrollments if _ceiling(each) is not None}
    mentees = Counter[UUID]()
    if with_ceiling:
        mentees.update(_mentees(with_ceiling, told=told).values_list("person_id", flat=True))
    found = {}
    for each in enrollments:
        free, ceiling = places_of(each) - taken[each.pk], _ceiling(each)
        if ceiling is not None:
            free = min(free, ceiling - mentees[each.person_id])
        found[each.pk] = max(0, free)
    return found


def places_left(cycle: Cycle, enrollments: Iterable[Enrollment]) -> Mapping[UUID, int]:
    """How many are left of each sign-up of one session."""
    there = list(enrollments)
    for enrollment in there:
        enrollment.cycle = cycle
    return left(there)


def left_of_ceiling(enrollment: Enrollment) -> int | None:
    """How many more of anybody its owner may have or ask, their own open questions included; None without a limit."""
    ceiling = _ceiling(enrollment)
    if ceiling is None:
        return None
    asked = Q(answer=Participation.Answer.WAITING, mentorship__state=Mentorship.State.PROPOSED)
    return ceiling - _mentees([enrollment.person_id], told=True).exclude(asked).count()


def is_at_ceiling(enrollment: Enrollment, *, beside: Mentorship | None = None) -> bool:
    """Whether its owner has said yes to as many mentees as they take at once, in all programs together."""
    ceiling = _ceiling(enrollment)
    if ceiling is None:
        return False
    mine = _mentees([enrollment.person_id]).filter(FOR_GOOD)
    return (mine if beside is None else mine.exclude(mentorship=beside)).count() >= ceiling


def is_full(enrollment: Enrollment, *, beside: Mentorship | None = None) -> bool:
    """Whether as many places of a sign-up are given for good as there are."""
    mine = _standing().filter(FOR_GOOD, enrollment=enrollment)
    return (mine if beside is None else mine.exclude(mentorship=beside)).count() >= places_of(enrollment)


def with_ceiling(enrollments: Sequence[UUID]) -> QuerySet[Person]:
    """The owners of sign-ups who take so many at once and no more, in the order in which they are locked."""
    owners = Enrollment.objects.filter(pk__in=enrollments, role=Role.MENTOR).values("person_id")
    return Person.objects.filter(pk__in=owners, most_at_once__isnull=False).order_by("pk")


def _ceiling(enrollment: Enrollment) -> int | None:
    """It is about mentees: as somebody else's mentee one is bound by the program's settings alone."""
    return enrollment.person.most_at_once if enrollment.role == Role.MENTOR else None


def _standing(*, told: bool = False) -> QuerySet[Participation]:
    """Who left a group has said no to it, and their place is free."""
    no_place = [Participation.Answer.NO, *([Participation.Answer.NOT_ASKED] if told else ())]
    return Participation.objects.filter(mentorship__state__in=STANDING).exclude(answer__in=no_place).order_by()


def _mentees(people: Sequence[UUID] | set[UUID], *, told: bool = False) -> QuerySet[Participation]:
    mine = _standing(told=told).filter(person__in=people, role=Role.MENTOR)
    for known in _once:
        mine = mine.exclude(mentorship__in=known())
    return mine
