"""Five months of a pair, mail by mail: the clock moves, and what is due is done on its day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.mentorships.models import Letter, Meeting, Mentorship, Participation, Question, Word
from programs.mentorships.touch.asking import KIND, ask_if_due
from programs.mentorships.touch.pausing import KIND as PAUSE_TOLD
from programs.mentorships.touch.pausing import come_back, pause
from programs.mentorships.touch.saying import note_meeting, say, take_back
from programs.policy.document import store_policy
from programs.policy.models import PolicyVersion
from tenants import context
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.mentorships.making import Both, proposed

Said, Step = Word.Said, Question.Step


class Months:
    """A pair whose days pass: each due row of theirs is worked on its day, as the platform would."""

    def __init__(self, sierra: Society, *, steps: list[str] | None = None) -> None:
        self.sierra = sierra
        self.mentor, self.mentee = proposed("nobody")
        if steps is not None:
            document = store_policy(self.mentor.mentorship.cycle.version.policy)
            document["parts"][0]["mentorship"]["keeping_in_touch"] = steps
            PolicyVersion.objects.update(document=document)
        self.start = self.mentor.mentorship.cycle.starts_on

    @property
    def mentorship(self) -> Mentorship:
        return Mentorship.objects.select_related("cycle__version", "cycle__program").get()

    def on(self, days: int) -> clock.moved_to:  # type: ignore[valid-type]
        """Noon of a day, counted from the first of the session."""
        return clock.moved_to(datetime.combine(self.start + timedelta(days=days), time(12), tzinfo=self.sierra.zone))

    def due(self) -> dict[str, date]:
        with context.platform():
            rows = Due.objects.filter(kind__in=[KIND, PAUSE_TOLD])
            return {row.kind: row.due_at.astimezone(self.sierra.zone).date() for row in rows}

    def next_in(self) -> int | None:
        """In how many days after the session's first something is due."""
        day = self.due().get(KIND)
        return None if day is None else (day - self.start).days

    def pass_to(self, days: int) -> list[tuple[int, str, str]]:
        """Work what becomes due until a day; who was written what, on which day."""
        written = []
        while (day := self.next_in()) is not None and day <= days:
            seen = set(OutboxMail.objects.values_list("pk", flat=True))
            with self.on(day), context.platform():
                Due.objects.filter(kind=KIND).delete()
            with self.on(day):
                ask_if_due(mentorship=self.mentorship)
            new = OutboxMail.objects.exclude(pk__in=seen)
            written += sorted((day, mail.template.removeprefix("mentorship_"), self._who(mail)) for mail in new)
        return written

    def _who(self, mail: OutboxMail) -> str:
        names = {self.mentor.person.email: "mentor", self.mentee.person.email: "mentee"}
        return names.get(mail.recipient, "coordinator")


def both(day: int, template: str) -> list[tuple[int, str, str]]:
    return [(day, template, "mentee"), (day, template, "mentor")]


def test_the_first_question_comes_after_a_month_and_then_every_month(sierra: Society) -> None:
    pair = Months(sierra)
    assert pair.next_in() == 30
    assert pair.pass_to(40) == both(30, "question")
    mail = OutboxMail.objects.filter(template="mentorship_question").first()
    assert mail is not None
    assert f"Have you two met since {pair.start:%B} {pair.start.day}?" in mail.text
    for label in map(str, Said.labels):
        assert label in mail.text
    with pair.on(33):
        say(participation=pair.mentee, said=Said.MET)
    assert pair.pass_to(62) == []
    assert pair.pass_to(70) == both(64, "question")


def test_one_word_of_either_is_enough(sierra: Society) -> None:
    pair = Months(sierra)
    pair.pass_to(30)
    with pair.on(31):
        say(participation=pair.mentor, said=Said.NOT_YET)
    assert [day for day, *_rest in pair.pass_to(60)] == []


def test_five_months_of_silence_step_by_step_and_never_more_than_two_mails_a_month(sierra: Society) -> None:
    pair = Months(sierra)
    lasts = (pair.mentorship.cycle.ends_on - pair.start).days
    assert pair.pass_to(lasts + 99) == [
        *both(30, "question"),
        (44, "words", "mentee"),
        *both(61, "goals"),
        (75, "quiet", "coordinator"),
        *both(89, "change"),
        *both(120, "question"),
    ]
    assert pair.next_in() is None
    days = [letter.written_at.astimezone(sierra.zone).date() for letter in Letter.objects.all()]
    for day in days:
        assert sum(day <= other < day + timedelta(days=31) for other in days) <= 2


def test_a_program_without_steps_asks_at_its_pace_and_does_nothing_more(sierra: Society) -> None:
    pair = Months(sierra, steps=["question to both"])
    assert [day for day, _template, who in pair.pass_to(130) if who == "mentee"] == [30, 61, 91, 122]


def test_a_word_after_silence_begins_anew(sierra: Society) -> None:
    pair = Months(sierra)
    pair.pass_to(44)
    with pair.on(45):
        say(participation=pair.mentee, said=Said.MET)
    assert pair.pass_to(80) == both(75, "question")


def test_a_date_is_waited_for_and_asked_after(sierra: Society) -> None:
    pair = Months(sierra)
    pair.pass_to(30)
    with pair.on(31):
        say(participation=pair.mentee, said=Said.DATE, on=pair.start + timedelta(days=50))
    assert pair.mentorship.next_meeting_on == pair.start + timedelta(days=50)
    assert pair.pass_to(60)[0] == (53, "question", "mentee")


def test_the_next_date_that_came_with_a_meeting_is_waited_for(sierra: Society) -> None:
    pair = Months(sierra)
    with pair.on(20):
        today = pair.start + timedelta(days=20)
        note_meeting(participation=pair.mentee, met_on=today, next_on=today + timedelta(days=40))
        assert pair.next_in() == 63
        note_meeting(participation=pair.mentor, met_on=today, next_on=today + timedelta(days=5))
    assert pair.next_in() == 51, "never sooner than the program's pace"


def test_ask_less_often_halves_the_pace_and_undo_restores_it(sierra: Society) -> None:
    pair = Months(sierra)
    pair.pass_to(30)
    with pair.on(31):
        for _twice in range(2):
            say(participation=pair.mentor, said=Said.FINE)
        assert (pair.mentorship.ask_every, pair.next_in()) == (2, 92)
        for _twice in range(2):
            take_back(participation=pair.mentor)
    assert (pair.mentorship.ask_every, Word.objects.count()) == (1, 0)
    assert pair.next_in() == 44, "nothing is heard again, so the next step stands where it stood"


def test_a_meeting_that_one_noted_is_nobody_s_question_any_more(sierra: Society) -> None:
    pair = Months(sierra)
    with pair.on(20):
        for place in (pair.mentor, pair.mentee):
            note_meeting(participation=place, met_on=pair.start + timedelta(days=18), mode="virtual", activity="Coffee")
        note_meeting(participation=pair.mentee, met_on=pair.start + timedelta(days=20))
    assert Meeting.objects.count() == 2
    assert pair.pass_to(45) == []
    assert pair.next_in() == 51, "a month after they said so"


def test_taking_a_yes_back_takes_its_meeting_back(sierra: Society) -> None:
    pair = Months(sierra)
    pair.pass_to(30)
    with pair.on(31):
        say(participation=pair.mentee, said=Said.MET)
        assert Meeting.objects.count() == 1
        say(participation=pair.mentee, said=Said.FINE)
        assert Meeting.objects.count() == 1, "they met, and are fine"
        take_back(participation=pair.mentee)
        say(participation=pair.mentor, said=Said.MET, on=pair.start + timedelta(days=12))
        take_back(participation=pair.mentor)
    assert [meeting.met_on for meeting in Meeting.objects.all()] == [pair.start + timedelta(days=31)]


def test_days_that_cannot_be_are_refused(sierra: Society) -> None:
    pair = Months(sierra)
    with pair.on(30):
        today = pair.start + timedelta(days=30)
        for said, on in (
            (Said.MET, today + timedelta(days=1)),
            (Said.MET, date(2020, 1, 1)),
            (Said.DATE, today - timedelta(days=1)),
        ):
            with pytest.raises(DomainError):
                say(participation=pair.mentor, said=said, on=on)
    assert (Word.objects.count(), Meeting.objects.count()) == (0, 0)


def test_a_pause_is_told_to_both_and_nothing_is_asked_meanwhile(sierra: Society) -> None:
    pair = Months(sierra)
    with pair.on(20):
        pause(participation=pair.mentor, until=pair.start + timedelta(days=60))
        pause(participation=pair.mentor, until=pair.start + timedelta(days=62))
    told = OutboxMail.objects.filter(template="mentorship_pauses")
    assert {mail.recipient for mail in told} == {pair.mentor.person.email, pair.mentee.person.email}
    assert told.count() == 2
    assert pair.next_in() == 69
    with pair.on(40):
        for _twice in range(2):
            come_back(participation=pair.mentee)
    assert pair.next_in() == 40, "the first question is late already"


def test_the_news_of_a_pause_waits_where_two_mails_went_out(sierra: Society) -> None:
    pair = Months(sierra)
    pair.pass_to(44)
    with pair.on(46):
        pause(participation=pair.mentor, until=pair.start + timedelta(days=90))
    assert not OutboxMail.objects.filter(template="mentorship_pauses").exists()
    assert pair.due()[PAUSE_TOLD] == pair.start + timedelta(days=61)


def test_nothing_is_asked_of_who_ended_or_of_a_session_that_wraps_up(sierra: Society) -> None:
    pair = Months(sierra)
    Mentorship.objects.update(state=Mentorship.State.ENDED, ended_on=pair.start)
    assert pair.pass_to(60) == []
    with pytest.raises(DomainError, match="does not go on"):
        say(participation=pair.mentee, said=Said.MET)
    assert Participation.objects.count() == 2


def test_being_late_or_run_twice_asks_once(sierra: Society) -> None:
    pair = Months(sierra)
    with pair.on(36):
        for _twice in range(2):
            ask_if_due(mentorship=pair.mentorship)
    assert Question.objects.count() == 1


def test_both_never_belongs(sierra: Society) -> None:
    pair: Both = proposed("mentor")
    assert ask_if_due(mentorship=pair[0].mentorship) is None
