"""Questions about wishes. Whoever withdrew, pauses, or no longer lets others read about them is on no list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from programs.enrollment.agreeing import owed_for
from programs.enrollment.models import Enrollment
from programs.mentorships.requests import CAN_ASK
from programs.policy.models import Cycle
from programs.wishing.models import Named
from programs.wishing.rules import has_wishes, is_open, may_be_named, ranks
from tenants.people.models import Person


def standing() -> QuerySet[Named]:
    """Wishes that count: of somebody who takes part, for somebody who does and lets others read about them."""
    return Named.objects.filter(
        mine__state__in=CAN_ASK, other__state__in=CAN_ASK, other__listing__isnull=False
    ).order_by("mine", "place")


def named_by(mine: Enrollment) -> list[Enrollment]:
    """Whom somebody would like, best first."""
    found = standing().filter(mine=mine).select_related("other__person")
    return [each.other for each in found]


def wishes_in(cycle: Cycle) -> Mapping[UUID, Sequence[UUID]]:
    """Whom each of a session would like, best first, by sign-up; nobody where the session has no wishes. One query."""
    lists: dict[UUID, list[UUID]] = defaultdict(list)
    wishes = cycle.settings.matching.wishes
    if wishes is None:
        return lists
    for mine, role, other in standing().filter(mine__cycle=cycle).values_list("mine", "mine__role", "other"):
        if (role == "mentee" or wishes.ranked_by == "both") and len(lists[mine]) < wishes.at_most:
            lists[mine].append(other)
    return lists


def waiting_for(person: Person) -> list[Enrollment]:
    """Somebody's sign-ups in which they can say now whom they would like, or let others read about them."""
    mine = Enrollment.objects.filter(person=person, state__in=CAN_ASK)
    found = mine.select_related("cycle__program", "cycle__version", "person", "listing").order_by("signed_up_at")
    return [
        each
        for each in found
        if has_wishes(each.cycle) and is_open(each.cycle) and (ranks(each) or may_be_named(each)) and not owed_for(each)
    ]
