"""What becomes due about mentorships."""

from __future__ import annotations

from programs.mentorships import requests, services
from programs.mentorships.models import Mentorship, Participation
from tenants import due


@due.handler(services.REMINDER)
def remind(ref: str) -> None:
    """Ask once more, two days before the answer is due."""
    if participation := Participation.objects.filter(pk=ref).first():
        services.remind(participation=participation)


@due.handler(requests.EXPIRY)
def expire(ref: str) -> None:
    """End a request that nobody answered."""
    if mentorship := Mentorship.objects.filter(pk=ref).first():
        requests.expire(mentorship=mentorship)


@due.handler(services.NEXT_IN_LINE)
def ask_next(ref: str) -> None:
    """Ask whoever is next, once somebody said no."""
    if mentorship := Mentorship.objects.filter(pk=ref).first():
        requests.go_on(mentorship)
