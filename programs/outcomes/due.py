"""What becomes due about surveys that were not sent yet."""

from __future__ import annotations

from programs.outcomes import asking
from programs.policy.models import Cycle
from tenants import due


@due.handler(asking.OPENS)
def send(ref: str) -> None:
    """The day of a survey has come."""
    pk, _colon, position = ref.partition(":")
    if cycle := Cycle.objects.select_related("program", "version").filter(pk=pk).first():
        asking.send_when_due(cycle=cycle, position=int(position))
