"""Fetch what the desk works on and authorise in one step: managers of the program, and nobody else, see names."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, require
from tenants.people.models import Person


def cycle_for(person: Person, pk: UUID) -> Cycle:
    """A session whose pairs the person may make; Http404 for everybody else."""
    cycle = get_object_or_404(Cycle.objects.select_related("program", "version"), pk=pk)
    require(person, *RUNS_PROGRAMS, program_id=cycle.program_id)
    return cycle
