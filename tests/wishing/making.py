"""Sessions in which people say whom they would like."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chiron.kernel import clock
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.requests import show_in_directory
from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.wishing.services import put
from tests.desk.making import small_cycle

WEIGHTS = {"shared_interests": 500, "wished_for": 500}


def wishing_cycle(
    *, mentors: int = 3, mentees: int = 3, shown: bool = True, weights: dict[str, int] | None = None, **wishes: Any
) -> Cycle:
    """A session whose wishes close in a week, everybody of it to be read about."""
    cycle = small_cycle(mentors=mentors, mentees=mentees)
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        if part["name"] == cycle.part:
            changed = {"by": ["solver", "wishes"], "wishes": {"at_most": 2} | wishes, "weights": weights or WEIGHTS}
            part["matching"] |= changed
            part["cap"] = {"pairs": None}
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    closes = clock.today() + timedelta(days=7)
    days = {"sign_up_opens_on": clock.today() - timedelta(days=7), "sign_up_closes_on": closes}
    Cycle.objects.filter(pk=cycle.pk).update(**days, publish_on=closes + timedelta(days=7))
    cycle = Cycle.objects.select_related("version", "program").get(pk=cycle.pk)
    for enrollment in cycle.enrollments.select_related("cycle__version", "person") if shown else ():
        show_in_directory(enrollment=enrollment, shown=True)
    return cycle


def people(cycle: Cycle, role: Role) -> list[Enrollment]:
    found = cycle.enrollments.filter(role=role).select_related("person", "cycle__version", "cycle__program")
    return list(found.order_by("person__given_name"))


def wish(mine: Enrollment, *others: Enrollment) -> None:
    """Somebody names these, best first."""
    for other in others:
        put(mine=mine, other=other)
