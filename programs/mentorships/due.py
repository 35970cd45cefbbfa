"""What becomes due about mentorships."""

from __future__ import annotations

from programs.mentorships import services
from programs.mentorships.models import Participation
from tenants import due


@due.handler(services.REMINDER)
def remind(ref: str) -> None:
    """Ask once more, two days before the answer is due."""
    if participation := Participation.objects.filter(pk=ref).first():
        services.remind(participation=participation)
