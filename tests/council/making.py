"""A council with people in its seats, and a session on which it votes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from chiron.kernel import clock
from matching.council import ballots, seats
from matching.council.counting import of_levels
from matching.council.links import here
from matching.council.models import Ballot, Voter
from matching.council.selectors import seats_named
from matching.council.voting import cast
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from tenants.people.models import Person, StaffRole
from tests.desk.making import take_part
from tests.factories.staff import make_staff
from tests.invitations.making import open_cycle

# In the order of the program's settings.
CHALLENGE: Final = "lived_my_challenge"
HELP: Final = "aspects_covered"
NEAR: Final = "near_each_other"
FIELD: Final = "specialty"
INTERESTS: Final = "shared_interests"
PREFERENCE: Final = "my_own_preference"
TIMES: Final = "free_at_the_same_time"
ALL = (CHALLENGE, HELP, NEAR, FIELD, INTERESTS, PREFERENCE, TIMES)


def council_of(count: int) -> tuple[Cycle, list[Person]]:
    """Commonwealth's session, which takes sign-ups, and so many people in the first seats."""
    cycle = open_cycle("commonwealth")
    by = manager()
    people = []
    for number, name in enumerate(seats_named(cycle)[:count]):
        email = f"seat{number}@example.org"
        seat = seats.appoint(
            cycle=cycle, seat=name, email=email, given_name=f"Seat{number}", family_name="Holder", by=by
        )
        people.append(seat.person)
    return cycle, people


def opened(count: int = 5, *, days: int = 10) -> tuple[Ballot, list[Voter]]:
    """A ballot that runs for so many days, and its voters in the order of their seats."""
    cycle, people = council_of(count)
    ballot = ballots.open_ballot(cycle=cycle, closes_on=in_days(days), by=manager())
    voters = {voter.person_id: voter for voter in ballot.voters.select_related("seat", "person", "ballot__version")}
    return ballot, [voters[person.pk] for person in people]


def in_days(days: int) -> date:
    return clock.today(here().zone) + timedelta(days=days)


def manager() -> Person:
    """The one who runs the program."""
    return Person.objects.filter(given_name="Jonah").first() or make_staff(StaffRole.Kind.MANAGER, given="Jonah")


def all_for(name: str) -> dict[str, int]:
    """A vote for one thing alone."""
    return of_levels({each: "most" if each == name else "none" for each in ALL})


def vote(voters: Sequence[Voter], *names: str) -> None:
    """Each votes for one thing alone."""
    for voter, name in zip(voters, names, strict=True):
        cast(voter=voter, percents=all_for(name))


def two_and_two(cycle: Cycle) -> list[Enrollment]:
    """Two mentors and two mentees: one pairing shares a field, the other a challenge."""
    lived: dict[str, Any] = {"specialty": "Pediatrics", "challenges": ["burnout"], "aspects": [], "interests": []}
    other: dict[str, Any] = {
        "specialty": "General Surgery",
        "challenges": ["board exams"],
        "aspects": [],
        "interests": [],
    }
    crossed = [lived | {"challenges": ["board exams"]}, other | {"challenges": ["burnout"]}]
    mentors = [take_part(cycle, Role.MENTOR, f"Tutor{n}", **each) for n, each in enumerate((lived, other))]
    mentees = [take_part(cycle, Role.MENTEE, f"Learner{n}", **each) for n, each in enumerate(crossed)]
    return [*mentors, *mentees]
