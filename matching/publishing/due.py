"""What becomes due about publishing."""

from __future__ import annotations

from matching.publishing import leaving, nexts
from matching.publishing.models import Publication
from programs.policy.models import Cycle
from tenants import due


@due.handler(leaving.KIND)
def leave(ref: str) -> None:
    """Publish what nobody stopped."""
    if publication := Publication.objects.filter(pk=ref).first():
        leaving.leave(publication=publication)


@due.handler(nexts.KIND)
def find_next(ref: str) -> None:
    """Find who comes next for those whose place is free again."""
    if cycle := Cycle.objects.filter(pk=ref).first():
        nexts.find_next(cycle=cycle)
