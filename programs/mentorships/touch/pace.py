"""When a mentorship is asked next, and what: worked out from what was asked and said, so that nothing can disagree."""

from __future__ import annotations

from datetime import date, timedelta

from programs.mentorships.days import day_of
from programs.mentorships.models import Mentorship, Question, Word
from programs.mentorships.selectors import GOES_ON
from programs.policy.document import Part
from programs.policy.lengths import Length

Step = Question.Step
# So long nothing is heard before the next step is taken.
STEP_WAITS = timedelta(weeks=2)
AFTER_A_DATE, AFTER_A_PAUSE = timedelta(days=3), timedelta(weeks=1)
# In the last days of a session the survey asks, and we do not.
BEFORE_THE_END = timedelta(weeks=1)
STEPS = {
    "question to both": Step.QUESTION,
    "words for the mentee": Step.WORDS,
    "goals again": Step.GOALS,
    "coordinator": Step.COORDINATOR,
    "change of mentor": Step.CHANGE,
}
# What suits two people and not a group.
FOR_TWO = (Step.WORDS, Step.CHANGE)


def sequence(part: Part) -> list[Question.Step]:
    """What is done one after the other as long as nothing is heard; it always begins with the question itself."""
    steps = [STEPS[each] for each in part.mentorship.keeping_in_touch]
    if steps[:1] != [Step.QUESTION]:
        steps = [Step.QUESTION, *steps]
    return [step for step in steps if not (part.in_groups and step in FOR_TWO)]


def last_word(mentorship: Mentorship) -> Word | None:
    """The last thing that anybody of a mentorship said."""
    return max(mentorship.words_said.all(), key=lambda word: word.said_at, default=None)


def unheard(mentorship: Mentorship) -> list[Question]:
    """What was asked since anybody said anything, the oldest first."""
    word = last_word(mentorship)
    asked = sorted(mentorship.questions.all(), key=lambda question: question.asked_at)
    return [question for question in asked if word is None or question.asked_at > word.said_at]


def next_step(mentorship: Mentorship) -> Question.Step:
    """What is done when the next day has come."""
    steps, done = sequence(mentorship.cycle.settings), len(unheard(mentorship))
    return steps[done] if done < len(steps) else Step.QUESTION


def next_day(mentorship: Mentorship) -> date | None:
    """On which day a mentorship is asked next; None if never again."""
    cycle = mentorship.cycle
    if mentorship.state != Mentorship.State.ACTIVE or cycle.state not in GOES_ON:
        return None
    day = _by_what_was_said(mentorship)
    if mentorship.paused_until:
        day = max(day, mentorship.paused_until + AFTER_A_PAUSE)
    return day if day <= cycle.ends_on - BEFORE_THE_END else None


def _by_what_was_said(mentorship: Mentorship) -> date:
    check_in, word, silent = mentorship.cycle.settings.mentorship.check_in, last_word(mentorship), unheard(mentorship)
    pace = Length(check_in.then_every.count * mentorship.ask_every, check_in.then_every.unit)
    if silent:
        asked = day_of(silent[-1].asked_at)
        return asked + STEP_WAITS if len(silent) < len(sequence(mentorship.cycle.settings)) else pace.after(asked)
    if word is None:
        return check_in.first_after.after(begun_on(mentorship))
    by_pace = pace.after(day_of(word.said_at))
    if mentorship.next_meeting_on is None:
        return by_pace
    after_it = mentorship.next_meeting_on + AFTER_A_DATE
    return after_it if word.said == Word.Said.DATE else max(by_pace, after_it)


def begun_on(mentorship: Mentorship) -> date:
    """The first day of a mentorship: its introduction, or the session's first day if that is later."""
    assert mentorship.introduced_at is not None, "Only those who were introduced are asked."
    return max(day_of(mentorship.introduced_at), mentorship.cycle.starts_on)


def since(mentorship: Mentorship) -> date:
    """Since when we ask whether they have met: since they last did, or since we last asked, or since they began."""
    met = [meeting.met_on for meeting in mentorship.meetings.all()]
    heard = [
        day_of(question.asked_at) for question in mentorship.questions.all() if question not in unheard(mentorship)
    ]
    return max([begun_on(mentorship), *met, *heard])
