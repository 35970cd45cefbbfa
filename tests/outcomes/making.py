"""Sessions whose pairs are published and introduced."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chiron.kernel import clock
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship, Participation
from programs.outcomes.asking import send_now
from programs.policy.models import Cycle
from programs.policy.services import change_state, move_dates
from programs.surveys.models import Wave
from programs.surveys.waves import close_survey
from tenants import due
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import make_staff
from tests.surveys.asking_many import answer_all, asked, with_surveys


def running(*surveys: dict[str, Any], pairs: int = 2, days: int = 100) -> Cycle:
    """A session that began so many days ago and ends in as many, with so many pairs."""
    today = clock.today()
    cycle = with_surveys(make_cycle(state=Cycle.State.MATCHING), *surveys)
    cycle = move_dates(
        cycle=cycle,
        by=None,
        sign_up_opens_on=today - timedelta(days=days + 60),
        sign_up_closes_on=today - timedelta(days=days + 10),
        publish_on=today - timedelta(days=days + 5),
        starts_on=today - timedelta(days=days),
        ends_on=today + timedelta(days=days),
    )
    for number in range(pairs):
        introduce(cycle, number)
    return change_state(cycle=cycle, to=Cycle.State.RUNNING, by=None)


def introduce(cycle: Cycle, number: int) -> Mentorship:
    """One pair."""
    now = clock.now()
    mentorship = Mentorship.objects.create(
        cycle=cycle, state="active", proposed_at=now, introduced_at=now, answer_by=clock.today()
    )
    for role in (Role.MENTOR, Role.MENTEE):
        enrollment = signed_up(cycle, role, f"{role.label}{number}", Enrollment.State.MATCHED)
        Participation.objects.create(
            mentorship=mentorship,
            enrollment=enrollment,
            person=enrollment.person,
            role=role,
            answer="yes",
            answered_at=now,
        )
    return mentorship


def signed_up(cycle: Cycle, role: Role, given: str, state: Enrollment.State) -> Enrollment:
    """Somebody's sign-up that stands so."""
    now = clock.now()
    person = make_person(given, "Vega")
    return Enrollment.objects.create(
        cycle=cycle, person=person, role=role, state=state, signed_up_at=now, changed_at=now
    )


def closed(cycle: Cycle, mentors: str, mentees: str, comments: tuple[str, ...] = ()) -> Wave:
    """The first survey of a session, answered by so many and closed: "yyn" are two who would take part again."""
    word = {"y": "yes", "p": "perhaps", "n": "no"}
    wave = send_now(cycle=cycle, position=0, by=make_staff(given="Sam"))
    answer_all(asked(wave, "mentor"), [word[each] for each in mentors], comments)
    answer_all(asked(wave, "mentee"), [word[each] for each in mentees])
    return close_survey(wave=wave)


def when_due() -> None:
    """Do what is due, as a worker would."""
    while job := due.claim():
        due.run(job)
