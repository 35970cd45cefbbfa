"""What becomes due about invitations."""

from __future__ import annotations

from programs.invitations import reminding, rounds, visits
from programs.invitations.models import Invitation, Round
from programs.policy.models import Cycle, Program
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


@due.handler(reminding.KIND)
def go_on_reminding(ref: str) -> None:
    """Write the next reminders of a program."""
    if program := Program.objects.filter(pk=ref).first():
        reminding.go_on(program=program)


@due.handler(reminding.IN_TIME)
def remind_in_time(ref: str) -> None:
    """Pairs of a session are published in a week."""
    if cycle := Cycle.objects.select_related("program", "version").filter(pk=ref).first():
        reminding.remind_in_time(cycle=cycle)
