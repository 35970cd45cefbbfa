"""How invented people behave: most answer within days, one declines, one is silent; most pairs meet, some go quiet."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zlib import crc32

from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.content.examples import example_for
from programs.mentorships.content.reading import is_kept
from programs.mentorships.content.writing import add_goal
from programs.mentorships.days import day_of, this_day, zone
from programs.mentorships.directory import is_listed, listed
from programs.mentorships.models import Mentorship, Participation, Word
from programs.mentorships.requests import CAN_ASK, show_in_directory
from programs.mentorships.selectors import OPEN
from programs.mentorships.services import answer_no, answer_yes
from programs.mentorships.showing import Shown
from programs.mentorships.touch.saying import note_meeting, say
from programs.policy.models import Cycle
from programs.rehearsing.answering import survey_answers
from programs.renewing.answering import ask_me_next_time, come_again, not_this_time, to_agree
from programs.renewing.answering import is_open as is_still_asked
from programs.renewing.models import Asked as Renewing
from programs.surveys.models import Asked
from programs.surveys.waves import is_open, send_answers
from programs.wishing import rules
from programs.wishing.services import put
from tenants import due
from tenants.outbox.rehearsing import FOLLOWED

# Lies in the platform's table of what is due; there is one day to live at a time.
DAY: Final = "rehearsal.day"
WHEN: Final = time(18)
HUNDRED: Final = 100
THREE_IN_FOUR: Final = 75
NINE_IN_TEN: Final = 90
ONE_IN_FIVE: Final = 5
COME_AGAIN, LATER, NOT_NOW = 60, 75, 90
A_WEEK, A_MONTH, A_MEETING_EVERY = timedelta(days=7), timedelta(days=31), timedelta(days=24)
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
    _say_whom_they_would_like()
    _answer_proposals()
    _keep_in_touch()
    _set_goals()
    _answer_surveys()
    _say_whether_they_come_again()


def _say_whom_they_would_like() -> None:
    """Nine in ten let others read about them; a day later three in four name some of those whom they read about."""
    for cycle in filter(rules.is_open, Cycle.objects.select_related("version")):
        wishes = cycle.settings.matching.wishes
        for mine in cycle.enrollments.filter(state__in=CAN_ASK).select_related("person").order_by("pk"):
            mine.cycle = cycle
            number = _number(mine.person.email)
            if rules.may_be_named(mine) and number < NINE_IN_TEN and not is_listed(mine):
                show_in_directory(enrollment=mine, shown=True)
            elif wishes and rules.ranks(mine) and number < THREE_IN_FOUR and not mine.named.exists():
                for other in _liked(mine)[: 1 + number % wishes.at_most]:
                    put(mine=mine, other=other)


def _liked(mine: Enrollment) -> list[Enrollment]:
    """Whom somebody can name, in an order of their own."""
    return sorted(listed(mine), key=lambda other: _number(mine.person.email + other.person.email))


def _answer_proposals() -> None:
    """Whoever was asked answers a day or more later, each in their own time; nobody says no to whom we follow."""
    asked = Participation.objects.filter(answer=Participation.Answer.WAITING, mentorship__state__in=OPEN)
    followed = _followed()
    for place in asked.select_related("mentorship", "person").order_by("asked_at", "pk"):
        character = _number(place.person.email)
        if place.asked_at is None or clock.now() - place.asked_at < timedelta(days=1 + character % 3):
            continue
        if place.role != Role.MENTOR or place.mentorship_id in followed or character >= DECLINE + SILENT:
            _say_yes(place)
        elif character < DECLINE:
            answer_no(participation=place, reason=_("I cannot take anybody this time."))


def _say_yes(place: Participation) -> None:
    try:
        answer_yes(participation=place)
    except DomainError:  # what the page would have told them, they have read now
        answer_no(participation=place)


def _keep_in_touch() -> None:
    """Most pairs meet every few weeks and say so; one in five goes quiet after its first month, the followed mentor's
    among them: only who is quiet is asked.
    """
    active = Mentorship.objects.filter(state=Mentorship.State.ACTIVE).order_by("introduced_at", "pk")
    pairs = active.prefetch_related("participations__person", "meetings", "questions__words")
    for number, pair in enumerate(sorted(pairs, key=_is_of_others)):
        introduced = day_of(pair.introduced_at or clock.now())
        quiet = number % ONE_IN_FIVE == 0 and this_day() > introduced + A_MONTH
        if quiet or pair.paused_until is not None:
            continue
        place = pair.participations.all()[number % 2]
        met = max((each.met_on for each in pair.meetings.all()), default=introduced)
        if this_day() - met >= A_MEETING_EVERY + timedelta(days=number % 7):
            note_meeting(participation=place, met_on=this_day())
        elif any(not question.words.all() for question in pair.questions.all()):
            say(participation=place, said=Word.Said.DATE if number % 2 else Word.Said.NOT_YET)


def _set_goals() -> None:
    """A week after they were introduced, three in four pairs write down what they would like to reach."""
    active = Mentorship.objects.filter(state=Mentorship.State.ACTIVE, introduced_at__lte=clock.now() - A_WEEK)
    for pair in filter(is_kept, active.filter(goals=None).select_related("cycle__version")):
        there = pair.participations.filter(answer=Participation.Answer.YES).select_related("person", "enrollment")
        place = there.order_by("role", "pk").first()
        if place is not None and _number(place.person.email) < THREE_IN_FOUR:
            add_goal(participation=place, text=example_for(Shown.of(place)))


def _answer_surveys() -> None:
    """Three in four answer, within days."""
    for asked in Asked.objects.filter(answered=False, wave__closed_at=None).select_related("wave__cycle", "person"):
        days = clock.now() - asked.wave.sent_at
        if is_open(asked.wave) and _number(asked.person.email) < THREE_IN_FOUR and days > timedelta(days=1):
            send_answers(asked=asked, answers=survey_answers(asked.wave, asked.person))


def _say_whether_they_come_again() -> None:
    """Six in ten come again, some want to hear of the session after that, a few say no, and the others nothing."""
    for asked in Renewing.objects.filter(answer="").select_related("person", "renewal__coming__version"):
        number = _number(asked.person.email)
        if clock.now() - asked.written_at < timedelta(days=1) or not is_still_asked(asked):
            continue
        try:
            if number < COME_AGAIN:
                come_again(asked=asked, agreed=to_agree(asked).agreements)
            elif number < LATER:
                ask_me_next_time(asked=asked)
            elif number < NOT_NOW:
                not_this_time(asked=asked)
        except DomainError:  # what the page would have told them, they have read now
            not_this_time(asked=asked)


def _followed() -> set[UUID]:
    """The mentorships whose mail whoever rehearses reads."""
    return set(Participation.objects.filter(person__email__in=FOLLOWED).values_list("mentorship", flat=True))


def _is_of_others(pair: Mentorship) -> bool:
    """Whether the mentor whose mail whoever rehearses reads is not in it."""
    return all(place.person.email != FOLLOWED[0] for place in pair.participations.all())


def _number(address: str) -> int:
    """A number below a hundred that is somebody's own: the same in each rehearsal, whatever their row's id."""
    return crc32(address.encode()) % HUNDRED
