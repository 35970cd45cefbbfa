"""Questions about next sessions: which one follows, who answered what, and who has not yet."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import QuerySet

from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from programs.renewing.models import Asked, Renewal
from tenants.people.models import Person


def renewal_of(last: Cycle) -> Renewal | None:
    """The session that follows this one, if it is prepared."""
    rows = Renewal.objects.select_related("coming__version", "coming__program", "last__version", "last__program")
    return rows.filter(last=last).first()


def is_asked(email: str, cycle: Cycle, role: str) -> bool:
    """Whether somebody was of the session before in this role and was asked to come again: that lets them in.

    So does having been asked to mentor, and having said yes.
    """
    asked = Asked.objects.filter(renewal__coming=cycle, person__email__iexact=email)
    if role == Role.MENTOR and asked.filter(answer=Asked.Answer.MENTOR).exists():
        return True
    theirs = Enrollment.objects.filter(person__in=asked.values("person"), cycle__renewal__coming=cycle, role=role)
    return theirs.exclude(state__in=(Enrollment.State.WITHDRAWN, Enrollment.State.NOT_ELIGIBLE)).exists()


def answers_of(renewal: Renewal) -> Counter[str]:
    """How many answered what; empty stands for those who have not answered."""
    return Counter(renewal.asked.order_by().values_list("answer", flat=True))


def asked_of(renewal: Renewal, *, answer: str | None = None) -> QuerySet[Asked]:
    """Everybody who was asked, in the order of names; only those with an answer, or with the empty one."""
    rows = renewal.asked.select_related("person").order_by("person__family_name", "person__given_name", "pk")
    return rows if answer is None else rows.filter(answer=answer)


def signed_up(cycle: Cycle, people: QuerySet[Asked]) -> dict[object, list[Enrollment]]:
    """The sign-ups to a session of those who were asked, by person."""
    found: dict[object, list[Enrollment]] = {}
    live = cycle.enrollments.filter(person__in=people.order_by().values("person"))
    for enrollment in live.exclude(state=Enrollment.State.WITHDRAWN).order_by("role"):
        found.setdefault(enrollment.person_id, []).append(enrollment)
    return found


def live_sign_ups(cycle: Cycle, person: Person) -> dict[str, Enrollment]:
    """Somebody's sign-ups to a session that they have not taken back, by role."""
    mine = Enrollment.objects.filter(cycle=cycle, person=person).exclude(state=Enrollment.State.WITHDRAWN)
    return {each.role: each for each in mine.select_related("cycle__version", "cycle__program", "person")}


def unanswered(person: Person, today: date) -> list[Asked]:
    """What somebody was asked about next sessions and has not answered, as long as they can."""
    mine = Asked.objects.filter(person=person, answer="", renewal__coming__sign_up_closes_on__gte=today)
    rows = mine.filter(renewal__coming__state=Cycle.State.RECRUITING).select_related("renewal__coming__program")
    return list(rows.order_by("written_at", "pk"))
