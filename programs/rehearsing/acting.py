"""How invented people behave: most answer within days, one declines, one is silent; most pairs meet, some go quiet."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zlib import crc32

from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Role
from programs.mentorships.days import this_day, zone
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import OPEN
from programs.mentorships.services import answer_no, answer_yes
from tenants import due

# Lies in the platform's table of what is due; there is one day to live at a time.
DAY: Final = "rehearsal.day"
WHEN: Final = time(18)
TALL: Final = 100
# Of a hundred who are asked to be somebody's mentor, so many say no, and so many say nothing.
DECLINE, SILENT = 5, 5


def plan_next_day() -> None:
    """Everybody acts in the evening, when people read mail."""
    evening = datetime.combine(this_day(), WHEN, tzinfo=zone())
    if evening <= clock.now():
        evening = datetime.combine(this_day() + timedelta(days=1), WHEN, tzinfo=zone())
    due.schedule(DAY, "next", at=evening)


def live_a_day() -> None:
    """What happens today, by the services that people's own pages call."""
    _answer_proposals()


def _answer_proposals() -> None:
    """Whoever was asked answers a day or more later, each in their own time."""
    asked = Participation.objects.filter(answer=Participation.Answer.WAITING, mentorship__state__in=OPEN)
    for place in asked.select_related("mentorship", "person").order_by("asked_at", "pk"):
        character = _of(place)
        if place.asked_at is None or clock.now() - place.asked_at < timedelta(days=1 + character % 3):
            continue
        if place.role == Role.MENTOR and character < DECLINE:
            answer_no(participation=place, reason=_("I cannot take anybody this time."))
        elif place.role != Role.MENTOR or character >= DECLINE + SILENT:
            _say_yes(place)


def _say_yes(place: Participation) -> None:
    try:
        answer_yes(participation=place)
    except DomainError:  # what the page would have told them, they have read now
        answer_no(participation=place)


def active_pairs() -> list[Mentorship]:
    """Those who have been introduced, in the order in which they were."""
    return list(Mentorship.objects.filter(state=Mentorship.State.ACTIVE).order_by("introduced_at", "pk"))


def _of(place: Participation) -> int:
    """A number below a hundred that is somebody's own: the same in each rehearsal, whatever their row's id."""
    return crc32(place.person.email.encode()) % TALL
