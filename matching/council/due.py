"""What becomes due about ballots."""

from __future__ import annotations

from matching.council import ballots, outlook
from matching.council.models import Ballot
from tenants import due


@due.handler(ballots.CLOSES)
def close(ref: str) -> None:
    """The last day is over."""
    if ballot := Ballot.objects.filter(pk=ref).first():
        ballots.close_ballot(ballot=ballot)


@due.handler(ballots.REMINDS)
def remind(ref: str) -> None:
    """Some have not voted, and the last day is near."""
    if ballot := Ballot.objects.filter(pk=ref.partition(":")[0]).first():
        ballots.remind(ballot=ballot)


@due.handler(ballots.EMPTIES)
def empty(ref: str) -> None:
    """The votes have been kept long enough."""
    if ballot := Ballot.objects.filter(pk=ref).first():
        ballots.empty(ballot=ballot)


@due.handler(outlook.KIND)
def look(ref: str) -> None:
    """A large session is solved again, once for every vote."""
    if ballot := Ballot.objects.filter(pk=ref).first():
        outlook.look(ballot=ballot)
