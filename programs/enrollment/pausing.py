"""Pausing a sign-up and coming back: whoever pauses is left out of suggestions; pairs that run go on untouched.

A pause gives the place to whoever waits. Whoever comes back stands where they stood, and where all places are taken
they wait, by the date of their sign-up. On the last day of a pause we ask, once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from chiron.kernel import clock, signing
from chiron.kernel.errors import DomainError
from programs.enrollment import waiting
from programs.enrollment.models import Enrollment
from programs.enrollment.services import BY_RULES, give_places, settle
from programs.policy.models import Cycle
from tenants import audit, context, due, outbox
from tenants.models import Society
from tenants.people.models import Person

State = Enrollment.State
CAN_PAUSE = (State.APPLIED, State.ELIGIBLE, State.TO_CHECK, State.WAITLISTED, State.MATCHED)
GOES_ON = (Cycle.State.RECRUITING, Cycle.State.MATCHING, Cycle.State.RUNNING)
# What is due at the end of a pause; the reference is the person's id, so that there is one question for all.
KIND, PURPOSE = "sign_up.pause_over", "pause"
LONGEST, LINK_WORKS = timedelta(days=731), timedelta(days=60)
CHANGES = ["state", "before_pause", "paused_until", "changed_at"]


@transaction.atomic
def pause(*, person: Person, enrollments: Collection[Enrollment], until: date | None) -> list[Enrollment]:
    """Leave some of somebody's sign-ups out of suggestions, until they come back; a second time changes the day.

    DomainError for none, for a day that is not to come, or for a sign-up that cannot pause.
    """
    _must_be_to_come(until)
    if not enrollments:
        raise DomainError(_("Choose what you would like to pause."), field="which")
    waiting.hold(*(each.cycle for each in enrollments))
    paused = list(_locked(person, enrollments))
    for each in paused:
        if each.state != State.PAUSED:
            if each.state not in CAN_PAUSE or each.cycle.state not in GOES_ON:
                raise DomainError(_("This sign-up cannot pause: %(session)s.") % {"session": each.cycle})
            each.before_pause, each.state = each.state, State.PAUSED
        each.paused_until, each.changed_at = until, clock.now()
        each.save(update_fields=CHANGES)
        audit.record("sign_up.paused", subject=each, actor=person, until=until.isoformat() if until else "")
    for each in paused:
        waiting.fill(each.cycle)
    _ask_in_time(person)
    return paused


@transaction.atomic
def come_back(*, person: Person, enrollments: Collection[Enrollment]) -> list[Enrollment]:
    """End the pause of some of somebody's sign-ups; the rules look at them again. Twice changes nothing."""
    waiting.hold(*(each.cycle for each in enrollments))
    back = [each for each in _locked(person, enrollments) if each.state == State.PAUSED]
    for each in back:
        before = State(each.before_pause)
        limited = before == State.ELIGIBLE and waiting.most(each.cycle) is not None
        each.state = State.WAITLISTED if limited else before
        each.before_pause, each.paused_until, each.changed_at = "", None, clock.now()
        if each.state in BY_RULES:
            settle(each)
        each.save(update_fields=[*CHANGES, "decision", "decided_at"])
        audit.record("sign_up.came_back", subject=each, actor=person)
        give_places(each)
    _ask_in_time(person)
    return back


@transaction.atomic
def ask_whether_back(*, person: Person) -> None:
    """On the last day of a pause, or after it: ask once, in one mail for all that end. Without an answer they go on."""
    over = paused_by(person).select_for_update(of=["self"]).filter(paused_until__lte=_this_day())
    asked = list(over.select_related("cycle__program"))
    if asked and person.email:
        values = {"sign_ups": asked, "link": link_for(person)}
        outbox.mail("pause_over", to=person, context=values, reply_to=asked[0].cycle.program.contact)
    Enrollment.objects.filter(pk__in=[each.pk for each in asked]).update(paused_until=None)
    _ask_in_time(person)


def can_pause(person: Person) -> QuerySet[Enrollment]:
    """Somebody's sign-ups that can pause now, those that come first ahead."""
    mine = person.enrollments.filter(state__in=CAN_PAUSE, cycle__state__in=GOES_ON)
    return mine.select_related("cycle__program", "cycle__version").order_by("cycle__starts_on", "role")


def paused_by(person: Person) -> QuerySet[Enrollment]:
    """Somebody's sign-ups that pause, in sessions that still go on."""
    mine = person.enrollments.filter(state=State.PAUSED, cycle__state__in=GOES_ON)
    return mine.select_related("cycle__program", "cycle__version").order_by("cycle__starts_on", "role")


def link_for(person: Person) -> str:
    """Where somebody says that they are back, without signing in."""
    society = _here()
    token = signing.seal(str(person.pk), purpose=PURPOSE, society=society.pk, until=clock.now() + LINK_WORKS)
    return society.url(reverse("enrollment:back_by_link", args=[token]))


def person_by(token: str) -> Person:
    """Whose link this is; signing.Expired after its time, Http404 for what is no link of ours."""
    return get_object_or_404(Person, pk=UUID(signing.unseal(token, purpose=PURPOSE, society=_here().pk)))


def _must_be_to_come(until: date | None) -> None:
    today = _this_day()
    if until is not None and until <= today:
        raise DomainError(_("Write a day that is still to come, or none."), field="until")
    if until is not None and until > today + LONGEST:
        raise DomainError(_("That is more than two years from now. Leave the day out instead."), field="until")


def _locked(person: Person, enrollments: Collection[Enrollment]) -> QuerySet[Enrollment]:
    mine = Enrollment.objects.select_for_update(of=["self"]).filter(person=person, pk__in=[e.pk for e in enrollments])
    return mine.select_related("person", "cycle__version", "cycle__program").order_by("pk")


def _ask_in_time(person: Person) -> None:
    """Have the next question come at nine in the morning of its day, or none where no pause has a day."""
    days = paused_by(person).exclude(paused_until=None).order_by("paused_until").values_list("paused_until", flat=True)
    day = days.first()
    if day is None:
        due.cancel(KIND, str(person.pk))
    else:
        due.schedule(KIND, str(person.pk), at=datetime.combine(day, time(9), tzinfo=_here().zone))


def _this_day() -> date:
    return clock.today(_here().zone)


def _here() -> Society:
    society = context.current()
    assert society is not None, "A sign-up belongs to a society."
    return society
