"""Questions about sign-ups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet

from programs.enrollment.drafts import FIRST, Draft, role_of
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from programs.policy.offered import takes_sign_ups
from programs.surveys.models import Instrument, Response
from tenants.people.models import Person

State = Enrollment.State
# Sign-ups that the rules or staff said yes to, whatever became of them.
COULD = (State.ELIGIBLE, State.WAITLISTED, State.MATCHED, State.FINISHED)


def places_of(enrollment: Enrollment) -> int:
    """How many others a sign-up is good for: the smaller of what the person offered and what the program allows."""
    role = enrollment.cycle.settings.roles[enrollment.role]
    allowed = role.places if enrollment.role == Role.MENTOR else role.mentors
    said = enrollment.answers.get("places")
    return min(said if said is not None else allowed.default, allowed.most)


def begun_sign_ups(person: Person, today: date) -> list[Draft]:
    """Sign-ups that somebody has begun and not sent, as long as they still can."""
    open_ones = Response.objects.filter(
        person=person, finished_at=None, instrument__purpose=Instrument.Purpose.INTAKE
    ).select_related("instrument")
    cycles = Cycle.objects.select_related("program", "version").in_bulk([each.occasion for each in open_ones])
    drafts = [
        Draft(cycles[each.occasion], role_of(each), each)
        for each in open_ones
        if each.occasion in cycles and FIRST in each.answers
    ]
    return [draft for draft in drafts if takes_sign_ups(draft.cycle, today)]


def counts_of(cycle: Cycle) -> Counter[tuple[str, str]]:
    """How many signed up to a session, by role and state."""
    rows = cycle.enrollments.order_by().values_list("role", "state").annotate(Count("pk"))
    return Counter({(role, state): count for role, state, count in rows})


def matched(cycle: Cycle) -> QuerySet[Enrollment]:
    """Who was introduced to somebody in a session, whatever became of it since: this is what “matched” counts."""
    introduced = cycle.enrollments.filter(participations__mentorship__introduced_at__isnull=False)
    return cycle.enrollments.filter(pk__in=introduced.order_by().values("pk"))


def could_take_part(cycle: Cycle) -> QuerySet[Enrollment]:
    """Who could take part in a session, whatever became of it since."""
    paused = Q(state=State.PAUSED, before_pause__in=COULD)
    return cycle.enrollments.filter(Q(state__in=COULD) | paused | Q(pk__in=matched(cycle).order_by().values("pk")))


# How far people came, beside how they stand now.
CAME: Mapping[str, Callable[[Cycle], QuerySet[Enrollment]]] = {"could": could_take_part, "matched": matched}


def by_role(sign_ups: QuerySet[Enrollment]) -> Counter[str]:
    """How many they are in each role."""
    return Counter(dict(sign_ups.order_by().values_list("role").annotate(Count("pk"))))


def sign_ups(cycle: Cycle, *, role: str = "", state: str = "", came: str = "", name: str = "") -> QuerySet[Enrollment]:
    """Who signed up to a session, in the order of names.

    Only those in a role, in a state, who came as far as `CAME` names, or of such a name.
    """
    there = CAME[came](cycle) if came else cycle.enrollments.all()
    found = there.select_related("person").order_by("person__family_name", "person__given_name", "pk")
    if role:
        found = found.filter(role=role)
    if state:
        found = found.filter(state=state)
    return found.filter(_named(name, "person__")) if name else found


def to_check(cycles: QuerySet[Cycle]) -> QuerySet[Enrollment]:
    """Sign-ups that wait for a word of staff, the oldest first: the rules cannot tell, or people apply."""
    waiting = Enrollment.objects.filter(cycle__in=cycles.order_by(), state__in=(State.TO_CHECK, State.APPLIED))
    return waiting.select_related("person", "cycle__program", "cycle__version").order_by("signed_up_at", "pk")


def people_seen(cycles: QuerySet[Cycle] | None, *, name: str = "") -> QuerySet[Person]:
    """The people whom staff may look up: all, or with a role in some programs those who signed up to these."""
    within = Q() if cycles is None else Q(enrollments__cycle__in=cycles.order_by())
    people = Person.objects.annotate(sign_up_count=Count("enrollments", filter=within)).order_by(
        "family_name", "given_name", "pk"
    )
    if cycles is not None:
        people = people.filter(sign_up_count__gt=0)
    return people.filter(_named(name)) if name else people


def _named(name: str, where: str = "") -> Q:
    """Every word of a search is in somebody's name, address or number."""
    found = Q()
    for word in name.split():
        fields = ("given_name", "family_name", "email", "member_id")
        any_of = Q()
        for each in fields:
            any_of |= Q(**{f"{where}{each}__icontains": word})
        found &= any_of
    return found
