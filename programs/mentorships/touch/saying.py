"""One word is enough: what somebody says about their meetings, and how they take it back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.mentorships.days import day_of, this_day
from programs.mentorships.models import Meeting, Mentorship, Participation, Question, Word
from programs.mentorships.touch.asking import plan
from tenants import audit

Said = Word.Said
LEAST_OFTEN = 3


@transaction.atomic
def say(*, participation: Participation, said: Word.Said, on: date | None = None) -> Word:
    """Take somebody's word, to the last question or unasked; said again it changes nothing, and another one counts.

    on: when they met, today if not said, or when they will. DomainError if it is over, or for a day that cannot be.
    """
    mentorship = lock(participation)
    met_on = _day_of_meeting(mentorship, on) if said == Said.MET else None
    if said == Said.DATE and on is not None and not this_day() <= on <= mentorship.cycle.ends_on:
        raise DomainError(_("Write a day from today to the end of the session, or none."), field="on")
    question = last_question(mentorship)
    before = word_of(participation, question)
    if before is not None and before.said == said and (said != Said.DATE or mentorship.next_meeting_on == on):
        return before
    if before is not None:
        _undo(mentorship, before, keeps_meeting=said == Said.FINE)
    word = Word(mentorship=mentorship, question=question, person=participation.person, said=said, said_at=clock.now())
    if met_on is not None:
        word.meeting = _note(mentorship, participation, met_on)
    elif said == Said.DATE:
        mentorship.next_meeting_on = on
    elif said == Said.FINE:
        mentorship.ask_every = min(mentorship.ask_every + 1, LEAST_OFTEN)
    word.save()
    mentorship.save(update_fields=["ask_every", "next_meeting_on"])
    audit.record("mentorship.word_said", subject=mentorship, actor=participation.person)
    plan(mentorship)
    return word


@transaction.atomic
def take_back(*, participation: Participation) -> None:
    """Forget somebody's word to the last question; doing it twice changes nothing."""
    mentorship = lock(participation)
    word = word_of(participation, last_question(mentorship))
    if word is None:
        return
    _undo(mentorship, word)
    mentorship.save(update_fields=["ask_every", "next_meeting_on"])
    audit.record("mentorship.word_taken_back", subject=mentorship, actor=participation.person)
    plan(mentorship)


@transaction.atomic
def note_meeting(
    *, participation: Participation, met_on: date, mode: str = "", activity: str = "", next_on: date | None = None
) -> Meeting:
    """“We met”: on which day, and if they like how, over what and when next. It is a word too, so nobody is asked."""
    mentorship = lock(participation)
    if next_on is not None and not this_day() <= next_on <= mentorship.cycle.ends_on:
        raise DomainError(_("Write a day from today to the end of the session, or none."), field="next_on")
    say(participation=participation, said=Said.MET, on=met_on)
    meeting, _made = Meeting.objects.get_or_create(
        mentorship=mentorship, met_on=met_on, defaults={"noted_by": participation.person, "noted_at": clock.now()}
    )
    meeting.mode, meeting.activity = mode or meeting.mode, activity or meeting.activity
    meeting.save(update_fields=["mode", "activity"])
    if next_on is not None:
        mentorship.refresh_from_db(fields=["next_meeting_on", "ask_every"])
        mentorship.next_meeting_on = next_on
        mentorship.save(update_fields=["next_meeting_on"])
        plan(mentorship)
    return meeting


@transaction.atomic
def take_meeting_back(*, participation: Participation, meeting: Meeting) -> None:
    """It was another day, or none: whoever noted a meeting takes it out again, with the word that came with it."""
    mentorship = lock(participation)
    Word.objects.filter(meeting=meeting).delete()
    meeting.delete()
    audit.record("mentorship.meeting_taken_back", subject=mentorship, actor=participation.person)
    plan(mentorship)


def last_question(mentorship: Mentorship) -> Question | None:
    """The question that a word answers now."""
    return mentorship.questions.order_by("asked_at").last()


def word_of(participation: Participation, question: Question | None) -> Word | None:
    """What somebody said to a question, or unasked on this day if nobody has been asked yet."""
    words = Word.objects.filter(mentorship=participation.mentorship_id, person=participation.person_id)
    word = words.filter(question=question).order_by("said_at").last()
    if word is not None and question is None and day_of(word.said_at) != this_day():
        return None
    return word


def lock(participation: Participation) -> Mentorship:
    """The mentorship of somebody who is in it, locked; DomainError if it has not begun or is over."""
    there = Mentorship.objects.select_for_update(of=["self"]).select_related("cycle__program", "cycle__version")
    mentorship = there.get(pk=participation.mentorship_id)
    if mentorship.state != Mentorship.State.ACTIVE or participation.answer != Participation.Answer.YES:
        raise DomainError(_("This mentorship does not go on, so there is nothing more to say."))
    return mentorship


def _day_of_meeting(mentorship: Mentorship, on: date | None) -> date:
    today = this_day()
    met_on = on or today
    assert mentorship.introduced_at is not None, "Only those who were introduced are asked."
    if met_on > today:
        raise DomainError(_("That day is still to come. Tell us again when you have met."), field="on")
    if met_on < day_of(mentorship.introduced_at):
        raise DomainError(_("You were introduced after that day. Write when you met since."), field="on")
    return met_on


def _note(mentorship: Mentorship, participation: Participation, met_on: date) -> Meeting | None:
    """The meeting, if nobody has noted it yet."""
    if mentorship.next_meeting_on and mentorship.next_meeting_on <= met_on:
        mentorship.next_meeting_on = None
    meeting, made = Meeting.objects.get_or_create(
        mentorship=mentorship, met_on=met_on, defaults={"noted_by": participation.person, "noted_at": clock.now()}
    )
    return meeting if made else None


def _undo(mentorship: Mentorship, word: Word, *, keeps_meeting: bool = False) -> None:
    if word.said == Said.FINE:
        mentorship.ask_every = max(1, mentorship.ask_every - 1)
    elif word.said == Said.DATE:
        mentorship.next_meeting_on = None
    meeting = word.meeting
    word.delete()
    if meeting is not None and not keeps_meeting:
        meeting.delete()
