"""What becomes due about next sessions."""

from __future__ import annotations

from programs.mentorships.models import Mentorship
from programs.renewing import asking, services, together
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


@due.handler(together.KIND)
def settle(ref: str) -> None:
    """Look whether the two of a pair both wish to go on."""
    if mentorship := Mentorship.objects.filter(pk=ref).first():
        together.settle(mentorship=mentorship)


@due.handler(together.HAND_OVER)
def hand_over(ref: str) -> None:
    """End what went on in a session that has started."""
    if mentorship := Mentorship.objects.filter(pk=ref).first():
        together.hand_over(mentorship=mentorship)
