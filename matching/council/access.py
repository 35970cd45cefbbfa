"""Who comes to the council's pages: where a program has one, those who run it and those who sit in it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from matching.council.selectors import has_council
from programs.policy.access import cycles_seen
from programs.policy.models import Cycle
from tenants.people.models import Person, StaffRole


def cycle_for(person: Person, pk: UUID, *kinds: StaffRole.Kind) -> Cycle:
    """A session whose program has a council, to somebody in one of these roles; Http404 for everybody else."""
    cycle = get_object_or_404(cycles_seen(person, *kinds), pk=pk)
    if not has_council(cycle):
        raise Http404
    return cycle
