"""What becomes due about next sessions."""

from __future__ import annotations

from programs.renewing import asking, services
from programs.renewing.models import Renewal
from tenants import due


@due.handler(services.ASK)
def ask(ref: str) -> None:
    """Write to the next people of the last session."""
    if renewal := Renewal.objects.filter(pk=ref).first():
        asking.go_on(renewal=renewal)


@due.handler(services.REMIND)
def remind(ref: str) -> None:
    """Sign-up closes in a week: remind whoever has not answered."""
    if renewal := Renewal.objects.filter(pk=ref).first():
        asking.remind(renewal=renewal)
