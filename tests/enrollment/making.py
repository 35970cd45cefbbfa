"""Sessions with a limit, and people who sign up to them one after the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chiron.kernel import clock
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment
from programs.enrollment.services import sign_up
from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person


def capped(pairs: int | None = 2, **cap: str) -> Cycle:
    """A session that takes so many people of each role."""
    cycle = make_cycle()
    set_cap(cycle, pairs, **cap)
    return Cycle.objects.select_related("version", "program").get(pk=cycle.pk)


def set_cap(cycle: Cycle, pairs: int | None, **cap: str) -> None:
    """Write a limit into the session's own settings, as if they had always had it."""
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=with_cap(cycle, pairs, **cap))


def with_cap(cycle: Cycle, pairs: int | None, **cap: str) -> dict[str, Any]:
    """The session's settings with a limit."""
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        part["cap"] = {"pairs": pairs, **cap}
    return document


def mentees(cycle: Cycle, *names: str) -> list[Enrollment]:
    """People who sign themselves up, each an hour after the one before."""
    return [mentee(cycle, name, after=number) for number, name in enumerate(names)]


def mentee(cycle: Cycle, name: str, *, after: int = 0, person: Person | None = None) -> Enrollment:
    """Somebody who can take part, and agreed to what there is."""
    person = person or make_person(name)
    at = clock.now() - timedelta(days=5) + timedelta(hours=after)
    made = sign_up(cycle=cycle, person=person, role="mentee", answers={"stage": "resident"}, by=person, at=at)
    agree(enrollment=made, agreed=owed_for(made).agreements)
    return made


def states(cycle: Cycle) -> dict[str, str]:
    """How everybody stands, by first name."""
    return dict(cycle.enrollments.values_list("person__given_name", "state"))
