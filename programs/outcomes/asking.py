"""When the surveys of a session are sent, to whom, and sending them: on their day by themselves, or earlier by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.mentorships.days import this_day
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.touch.letters import free_day, note
from programs.policy.document.mentorship import Survey
from programs.policy.lengths import Length
from programs.policy.models import Cycle
from programs.policy.services import FROZEN, plans
from programs.surveys import mails
from programs.surveys.models import Asked, Wave
from programs.surveys.waves import limits_reminders, morning, send_survey, zone
from tenants import due
from tenants.people.models import Person

# The day of a survey has come; the reference is the session's id and which of its surveys it is.
OPENS: Final = "survey.opens"
A_DAY = timedelta(days=1)
A_MONTH, SIX_MONTHS = Length(30, "day"), Length(6, "month")


def day_of(cycle: Cycle, survey: Survey) -> date:
    """The day on which a survey of a session is sent."""
    if survey.after:
        return survey.after.after(cycle.starts_on)
    return {
        "baseline": cycle.starts_on,
        "day 30": A_MONTH.after(cycle.starts_on),
        "midpoint": cycle.starts_on + (cycle.ends_on - cycle.starts_on) / 2,
        "end": cycle.ends_on,
        "six months after": SIX_MONTHS.after(cycle.ends_on),
    }[survey.wave]


def introduced(cycle: Cycle) -> QuerySet[Participation]:
    """Everybody's place in a mentorship of a session that came about, whether or not it goes on."""
    return Participation.objects.filter(mentorship__cycle=cycle).exclude(mentorship__introduced_at=None)


def to_be_asked(cycle: Cycle, survey: Survey) -> list[tuple[Person, str]]:
    """Whom a survey of a session goes to, each in a role."""
    places = introduced(cycle).filter(role__in=survey.to).select_related("person")
    return [(place.person, place.role) for place in places.order_by("person", "role")]


@plans
def plan_surveys(cycle: Cycle) -> None:
    """Have the surveys of a session sent on their days; those whose time was over before its pairs were published are
    not sent, nor those that were sent already.
    """
    if cycle.state not in FROZEN:
        return
    today = clock.today(zone())
    sent = set(Wave.objects.filter(cycle=cycle).values_list("position", flat=True))
    for position, survey in enumerate(cycle.settings.surveys):
        day, ref = day_of(cycle, survey), f"{cycle.pk}:{position}"
        if position in sent or survey.closes_after.after(day) < today:
            due.cancel(OPENS, ref)
        else:
            due.schedule(OPENS, ref, at=morning(max(day, today)))


@transaction.atomic
def send_when_due(*, cycle: Cycle, position: int) -> None:
    """Send a survey whose day has come; where nobody is introduced yet we look again the next day, to the end."""
    if position >= len(cycle.settings.surveys):
        return
    survey, today = cycle.settings.surveys[position], clock.today(zone())
    if Wave.objects.filter(cycle=cycle, position=position).exists():
        return
    if people := to_be_asked(cycle, survey):
        _send(cycle, position, people, by=None)
    elif today < cycle.ends_on:
        due.schedule(OPENS, f"{cycle.pk}:{position}", at=morning(today + A_DAY))


@limits_reminders
def few_a_month(wave: Wave, people: Sequence[Asked]) -> Sequence[Asked]:
    """Who of these gets a reminder, which counts among the few mails of a month to the people of a mentorship."""
    running = Participation.objects.filter(mentorship__cycle=wave.cycle, mentorship__state=Mentorship.State.ACTIVE)
    mine = running.filter(person__in=[each.person_id for each in people]).select_related("mentorship")
    theirs: dict[UUID, list[Mentorship]] = {}
    for place in mine.prefetch_related("mentorship__letters"):
        theirs.setdefault(place.person_id, []).append(place.mentorship)
    today = this_day()
    free = [each for each in people if all(free_day(one) <= today for one in theirs.get(each.person_id, ()))]
    for mentorship in {one for each in free for one in theirs.get(each.person_id, ())}:
        note(mentorship, "survey")
    return free


def sample(*, cycle: Cycle, position: int, to: Person, link: str) -> None:
    """The mails of a survey, as they are or would be sent, to one member of the staff alone."""
    survey = cycle.settings.surveys[position]
    wave = Wave.objects.filter(cycle=cycle, position=position).first()
    if wave is None:
        closes = survey.closes_after.after(max(day_of(cycle, survey), clock.today(zone())))
        wave = Wave(cycle=cycle, name=survey.instrument, anonymous=survey.anonymous, closes_on=closes)
    wave.cycle = cycle
    mails.sample(wave, to=to, link=link, reminds=survey.reminders > 0)


@transaction.atomic
def send_now(*, cycle: Cycle, position: int, by: Person) -> Wave:
    """Send a survey before its day; sent twice it goes once. DomainError before pairs are published, or to nobody."""
    if cycle.state not in FROZEN:
        raise DomainError(_("A survey can be sent once the pairs of this session are published."))
    people = to_be_asked(cycle, cycle.settings.surveys[position])
    wave = _send(cycle, position, people, by=by)
    due.cancel(OPENS, f"{cycle.pk}:{position}")
    return wave


def _send(cycle: Cycle, position: int, people: list[tuple[Person, str]], by: Person | None) -> Wave:
    """Send it, and count it among the few mails of a month: the question whether they have met waits for another."""
    if sent := Wave.objects.filter(cycle=cycle, position=position).first():
        return sent
    for mentorship in cycle.mentorships.filter(state=Mentorship.State.ACTIVE):
        note(mentorship, "survey")
    return send_survey(cycle=cycle, position=position, people=people, by=by)
