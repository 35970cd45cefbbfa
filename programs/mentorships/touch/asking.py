"""Asking, when the day has come. What is due looks at the facts first, so that asking too often is impossible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from chiron.kernel import clock
from programs.mentorships.days import morning, this_day
from programs.mentorships.models import Mentorship, Question
from programs.mentorships.touch import letters, mails
from programs.mentorships.touch.pace import begun_on, next_day, next_step, since
from tenants import due

# What is due under this kind is the next question to a mentorship; the reference is its id.
KIND = "mentorship.question"


def plan(mentorship: Mentorship) -> None:
    """Have a mentorship asked on its next day, by whatever is known now."""
    day = next_day(mentorship)
    if day is None:
        due.cancel(KIND, str(mentorship.pk))
    else:
        due.schedule(KIND, str(mentorship.pk), at=max(morning(day), clock.now()))


def begin(mentorship: Mentorship) -> None:
    """Have people who were just introduced asked for the first time; nothing was asked or said yet."""
    day = mentorship.cycle.settings.mentorship.check_in.first_after.after(begun_on(mentorship))
    due.schedule(KIND, str(mentorship.pk), at=max(morning(day), clock.now()))


def plan_all(mentorships: Iterable[UUID]) -> None:
    """Have many looked at tomorrow; each finds its own day then."""
    due.schedule_all(KIND, map(str, mentorships), at=morning(this_day() + timedelta(days=1)))


@transaction.atomic
def ask_if_due(*, mentorship: Mentorship) -> Question | None:
    """Ask, or take the next step after silence, if the day has come and its people may be written to; else later."""
    there = Mentorship.objects.select_for_update(of=["self"]).select_related("cycle__program", "cycle__version")
    locked = there.get(pk=mentorship.pk)
    day = next_day(locked)
    if day is None:
        return None
    step = next_step(locked)
    if step != Question.Step.COORDINATOR:
        day = max(day, letters.free_day(locked))
    if day > this_day():
        due.schedule(KIND, str(locked.pk), at=morning(day))
        return None
    question = Question.objects.create(mentorship=locked, step=step, since=since(locked), asked_at=clock.now())
    mails.ask(question)
    if step != Question.Step.COORDINATOR:
        letters.note(locked, f"question.{step}")
    plan(locked)
    return question
