"""What becomes due about invitations."""

from __future__ import annotations

from programs.invitations import rounds, visits
from programs.invitations.models import Invitation, Round
from tenants import due


@due.handler(rounds.KIND)
def go_on(ref: str) -> None:
    """Write the next invitations of a round."""
    if round_ := Round.objects.filter(pk=ref).first():
        rounds.go_on(round_=round_)


@due.handler(visits.KIND)
def end_visit(ref: str) -> None:
    """The month of an invitation is over, and with it what its link had opened."""
    if invitation := Invitation.objects.filter(pk=ref).first():
        visits.end_if_over(invitation=invitation)
