"""Who takes part in a session of the physicians' program: people with names that no other word of a mail is like."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from chiron.kernel import clock
from matching.council import seats
from matching.council.selectors import seats_named
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import sign_up
from programs.invitations.services import invite
from programs.mentorships.concerns.recipients import Recipient, name_recipients
from programs.policy.models import Cycle
from tenants import context
from tenants.people.models import Person
from tests.factories.programs import make_cycle
from tests.factories.staff import make_staff

SEATS: Final = 5
MENTORS, MENTEES = 23, 25
# Nobody shares a language with this mentor; this mentee trained too long ago.
NOT_NEEDED, NOT_ELIGIBLE = MENTORS - 1, MENTEES - 1
# What a mentee said of themselves for their own preference, and nobody else may read.
HERITAGE: Final = "Hmong"
CONCERN: Final = "Something that one person alone may read."
OUTSIDE: Final = Recipient("Nina Outside", "nina@outside.example", "not of the staff")
CHALLENGES: Final = ("burnout", "board exams", "changing practice", "imposter feelings", "isolation at work")
FIELDS: Final = ("Pediatrics", "General Surgery", "Psychiatry", "Family Medicine")
COMMON: Final[dict[str, Any]] = {
    "zip": "02139",
    "training_state": "MA",
    "practice_state": "MA",
    "membership_status": "active",
    "interests": ["telehealth", "teaching"],
    "meeting_mode": "either",
    "availability": ["Wed noon"],
}


def open_session() -> tuple[Cycle, Person]:
    """The session takes sign-ups; some seats of its council are filled, and two people take concerns."""
    society = context.current()
    assert society is not None
    society.postal_address = "860 Winter Street, Waltham, MA 02451"  # whoever writes to many has one
    with context.platform():
        society.save(update_fields=["postal_address"])
    cycle, manager = make_cycle("commonwealth"), make_staff(given="Jonah")
    for number, seat in enumerate(seats_named(cycle)[:SEATS]):
        given = f"Seat{number:02}"
        seats.appoint(
            cycle=cycle,
            seat=seat,
            email=f"{given.lower()}@example.org",
            given_name=given,
            family_name="Holder",
            by=manager,
        )
    name_recipients(recipients=[Recipient(manager.name, manager.email, "runs the program"), OUTSIDE], by=manager)
    return cycle, manager


def join(cycle: Cycle, role: Role, number: int) -> Enrollment:
    """An invited member signs up and agrees to what is asked, as the form would have it."""
    person = Person.objects.get(given_name=name(role, number))
    enrollment = sign_up(cycle=cycle, person=person, role=role, answers=answers(role, number), by=person, confirms=True)
    agree(enrollment=enrollment, agreed=owed_for(enrollment).agreements)
    return enrollment


def ask_to_join(cycle: Cycle, by: Person, role: Role, number: int) -> None:
    """A member of the society's list is invited."""
    person = member(role, number)
    invite(
        cycle=cycle,
        role=role,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        person=person,
        by=by,
    )


def member(role: Role, number: int) -> Person:
    said = answers(role, number)
    given = name(role, number)
    return Person.objects.create(
        given_name=given,
        family_name="Vega",
        email=f"{given.lower()}@example.org",
        created_at=clock.now(),
        on_roster_since=clock.now(),
        membership_status="active",
        roster={"membership_status": "active"},
        **{each: said[each] for each in ("stage", "specialty")},
        biosketch=f"I am {given}, and like mornings.",
    )


def name(role: str, number: int) -> str:
    return f"{'Mentor' if role == Role.MENTOR else 'Mentee'}{number:02}"


def answers(role: Role, number: int) -> dict[str, Any]:
    """What somebody says when they sign up."""
    said = COMMON | {"specialty": FIELDS[number % len(FIELDS)], "challenges": [CHALLENGES[number % len(CHALLENGES)]]}
    if role == Role.MENTOR:
        languages = ["Korean"] if number == NOT_NEEDED else ["English"]
        trained, stage = date(1990 + number, 6, 30), "late career"
        return said | {
            "stage": stage, "languages": languages, "training_completed_on": str(trained), "aspects": ["leadership"],
            "places": 1,
        }  # fmt: skip
    trained = date(2019 if number == NOT_ELIGIBLE else 2026, 6, 30)
    identity = {"heritage": HERITAGE, "prefers_shared": ["heritage"]} if number % 4 == 0 else {}
    return said | identity | {
        "stage": "early career", "languages": ["English"], "training_completed_on": str(trained),
        "aspects": ["leadership"],
    }  # fmt: skip


def feedback() -> dict[str, dict[str, Any]]:
    """What a mentor says of the program itself."""
    return {"well_matched": {"well_matched": 4}}
