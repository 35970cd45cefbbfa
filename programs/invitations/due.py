"""What becomes due about invitations."""

from __future__ import annotations

from programs.invitations import rounds
from programs.invitations.models import Round
from tenants import due


@due.handler(rounds.KIND)
def go_on(ref: str) -> None:
    """Write the next invitations of a round."""
    if round_ := Round.objects.filter(pk=ref).first():
        rounds.go_on(round_=round_)
