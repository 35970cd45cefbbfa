"""A session of the demonstration that is over: its pairs met, its survey is closed, its page for the board is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from chiron.kernel import clock
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import sign_up
from programs.mentorships.ending import end_mentorship
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.services import Proposal, propose
from programs.mentorships.touch.saying import note_meeting
from programs.outcomes.asking import send_now
from programs.outcomes.quoting import release
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state, open_cycle
from programs.surveys.models import Comment, Wave
from programs.surveys.waves import close_survey, send_answers, zone
from tenants.people.models import Person

PAIRS: Final = 8
STARTED, CLOSED = timedelta(days=200), timedelta(days=22)
# On which days after the first one the pairs met, one after the other; the last of these met twice and no more.
MET: Final = ((6, 35, 64, 98, 127), (2, 40, 66, 95, 140), (9, 44, 75, 100, 125), (15, 80))
# How thirteen of them answered, step by step and whether they would take part again, and what some of them wrote.
STEPS: Final = ((5, 5, 4, 5, 4), (4, 5, 3, 4, 5), (5, 4, 4, 5, 3), (3, 5, 2, 4, 4), (5, 5, 5, 5, 5), (4, 4, 3, 3, 4))
AGAIN: Final = ("yes", "yes", "yes", "perhaps", "yes", "yes", "yes", "no")
ASKED: Final = ("reciprocity", "respect", "expectations", "connection", "shared_values")
WROTE: Final = (
    ("She asked the question that I had not dared to ask myself. I changed my rotation after it.", True),
    ("An hour a month was just right. I would have liked to know sooner that it need not always be in person.", True),
    ("I thought that I was the one giving. I went home with new energy every time.", True),
    ("Our calendars hardly ever met. Evenings would have been easier.", True),
    ("We stopped early, and that was fine for both of us.", False),
)


def finished_session(manager: Person, today: date) -> Iterator[str]:
    """The session before the one that runs, lived through by a moved clock."""
    program = Program.objects.order_by("created_at", "pk")[0]
    starts = today - STARTED
    with clock.moved_to(noon(starts - timedelta(days=20))):
        part = program.versions.get().policy.parts[0].name
        cycle = open_cycle(program=program, part=part, starts_on=starts, today=clock.today(zone()), by=manager)
        for state in (Cycle.State.RECRUITING, Cycle.State.MATCHING):
            cycle = change_state(cycle=cycle, to=state, by=manager)
        mentorships = list(_pairs(cycle, manager))
        cycle = change_state(cycle=cycle, to=Cycle.State.RUNNING, by=manager)
    for number, mentorship in enumerate(mentorships):
        _meet(mentorship, starts, MET[number % len(MET)])
    with clock.moved_to(noon(cycle.ends_on)):
        cycle = change_state(cycle=cycle, to=Cycle.State.CLOSING, by=manager)
        for mentorship in mentorships:
            end_mentorship(mentorship=mentorship, by=None)
        wave = send_now(cycle=cycle, position=0, by=manager)
        answered = _answer(wave)
    with clock.moved_to(noon(cycle.ends_on + CLOSED)):
        close_survey(wave=wave)
        for comment in Comment.objects.filter(text__in=[words for words, _quote in WROTE[:3]]):
            release(comment=comment, part=comment.text, by=manager)
        change_state(cycle=cycle, to=Cycle.State.CLOSED, by=manager)
    yield f"answered after a session: {answered}"


def _pairs(cycle: Cycle, manager: Person) -> Iterator[Mentorship]:
    """People of today's session who had signed up to the one before too; nobody of whom an answer is awaited."""
    later = Enrollment.objects.filter(cycle__program=cycle.program_id).exclude(cycle=cycle).exclude(person__email="")
    later = later.exclude(participations__answer=Participation.Answer.WAITING)
    by_name = later.select_related("person").order_by("person__family_name", "person__given_name", "pk")
    mentors, mentees = (list(by_name.filter(role=role)[:PAIRS]) for role in (Role.MENTOR, Role.MENTEE))
    for pair in zip(mentors, mentees, strict=True):
        mentor, mentee = (_sign_up(cycle, each, manager) for each in pair)
        proposal = Proposal(mentor=mentor, mentee=mentee, aspects=[], why_for_mentor=[], why_for_mentee=[])
        yield propose(cycle=cycle, proposal=proposal, by=manager, first="nobody")


def _sign_up(cycle: Cycle, later: Enrollment, manager: Person) -> Enrollment:
    enrollment = sign_up(cycle=cycle, person=later.person, role=Role(later.role), answers=later.answers, by=manager)
    agree(enrollment=enrollment, agreed=owed_for(enrollment).agreements)
    return enrollment


def _meet(mentorship: Mentorship, starts: date, days: tuple[int, ...]) -> None:
    mine = mentorship.participations.select_related("person").get(role=Role.MENTEE)
    for day in days:
        met_on = starts + timedelta(days=day)
        with clock.moved_to(noon(met_on)):
            note_meeting(participation=mine, met_on=met_on)


def _answer(wave: Wave) -> int:
    """Most of each role answer."""
    people = [*wave.people.filter(role="mentor")[:6], *wave.people.filter(role="mentee")[:7]]
    for number, each in enumerate(people):
        answers: dict[str, dict[str, Any]] = {
            ask: {ask: step} for ask, step in zip(ASKED, STEPS[number % len(STEPS)], strict=True)
        }
        answers["again"] = {"again": AGAIN[number % len(AGAIN)]}
        if number % 3 == 0:
            words, may_quote = WROTE[number // 3]
            answers["comment"] = {"comment": words, "may_quote": may_quote}
        send_answers(asked=each, answers=answers)
    return len(people)


def noon(day: date) -> datetime:
    """A day of the society as a moment."""
    return datetime.combine(day, time(12), tzinfo=zone())
