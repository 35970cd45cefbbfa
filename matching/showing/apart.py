"""Pairs of a session that came from no suggestion: by hand, with a sheet, by those two themselves, or going on."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from programs.mentorships.models import Mentorship, Participation
from programs.policy.models import Cycle

State = Mentorship.State


def apart(cycle: Cycle) -> QuerySet[Mentorship]:
    """Those that began, and those that staff asked about; whom two people ask each other themselves is theirs."""
    there = cycle.mentorships.filter(suggested_pair=None, suggested_group=None)
    by_staff = Q(state=State.PROPOSED, requested_by="", known=False)
    people = Participation.objects.select_related("person", "enrollment__person").order_by("-role")
    people = people.exclude(answer=Participation.Answer.NO)
    found = there.filter(Q(introduced_at__isnull=False) | by_staff)
    return found.prefetch_related(Prefetch("participations", people)).order_by("state", "introduced_at", "id")
