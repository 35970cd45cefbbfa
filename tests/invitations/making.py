"""A session that takes sign-ups today, and people to invite to it."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from chiron.kernel import clock
from programs.invitations import services
from programs.invitations.links import link_for
from programs.invitations.models import Invitation
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import make_staff

IDA = {"given_name": "Ida", "family_name": "Nilsen", "email": "ida@example.org"}


def open_cycle(society: str = "commonwealth") -> Cycle:
    """A session whose sign-up is open; at Commonwealth one comes in by invitation alone."""
    cycle = make_cycle(society)
    today = clock.today()
    days = {"sign_up_opens_on": today - timedelta(days=5), "sign_up_closes_on": today + timedelta(days=60)}
    starts = {"publish_on": today + timedelta(days=70), "starts_on": today + timedelta(days=80)}
    Cycle.objects.filter(pk=cycle.pk).update(**days, **starts, ends_on=today + timedelta(days=200))
    return Cycle.objects.select_related("program", "version").get(pk=cycle.pk)


def invited(cycle: Cycle, by: Person | None = None, **more: object) -> Invitation:
    """Ida, invited as a mentor."""
    values = {"role": "mentor", **IDA} | more
    return services.invite(cycle=cycle, by=by or make_staff(given="Jonah"), **values)  # type: ignore[arg-type]


def path_of(address: str, society: Society) -> str:
    """The path of a whole address on the society's host."""
    return "/" + address.partition(society.host)[2].partition("/")[2]


def page_of(invitation: Invitation, society: Society) -> str:
    """The path of an invitation's page."""
    return path_of(link_for(invitation), society)


def visitor_of(society: Society) -> Client:
    """A browser in which nobody is signed in."""
    return Client(headers={"host": society.host})


def member(given: str, **roster: object) -> Person:
    """A retired member on the list, who trained long ago."""
    facts = {"membership_status": "retired", "training_completed_on": "1980-06-30", "practice_state": "MA"} | roster
    return make_person(
        given,
        "Okafor",
        stage="retired",
        membership_status="retired",
        member_id=f"M-{given}",
        roster=facts,
        on_roster_since=clock.now(),
    )
