"""Casting a vote, changing it and taking it back, so that nothing that is kept says whose it is.

Whose a vote is, is known by its key alone, and that is made with the platform's secret: the same voter gives the same
key, and nobody finds the voter from it who holds only the tables. If the secret is replaced while a ballot is open,
those who voted are asked anew and their earlier votes do not count.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from uuid import uuid4

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.council.counting import WHOLE, of_levels
from matching.council.links import here
from matching.council.models import Ballot, Seat, Vote, Voter
from tenants import audit
from tenants.people.access import RUNS_PROGRAMS, may
from tenants.people.models import StaffRole

# Whose roles open the council's pages; the role that comes with a seat ends on a day, and the seat with it.
LOOKS = (*RUNS_PROGRAMS, StaffRole.Kind.COMMITTEE)


def sits(seat: Seat) -> bool:
    """Whether somebody holds a seat today."""
    return seat.ended_at is None and may(seat.person, *LOOKS, program_id=seat.program_id)


def key_of(voter: Voter) -> str:
    """The mark of a voter's vote."""
    return salted_hmac("council.vote", f"{here().pk}:{voter.pk}", algorithm="sha256").hexdigest()


def vote_of(voter: Voter) -> Vote | None:
    """What somebody voted, for their own eyes alone."""
    return Vote.objects.filter(ballot=voter.ballot_id, key=key_of(voter)).first()


def have_voted(voters: Iterable[Voter]) -> set[str]:
    """The keys of those of one ballot's voters who have voted; what they voted is not read."""
    keys = {key_of(voter): voter.ballot_id for voter in voters}
    cast = Vote.objects.filter(key__in=keys, ballot__in=set(keys.values()))
    return set(cast.order_by().values_list("key", flat=True))


def counted(ballot: Ballot) -> Sequence[Vote]:
    """The votes of those who were asked and still are."""
    keys = [key_of(voter) for voter in ballot.voters.all()]
    return list(ballot.votes.filter(key__in=keys))


def vote_in_words(*, voter: Voter, levels: Mapping[str, str]) -> None:
    """Keep a vote that was said in words; DomainError if nothing matters in it."""
    try:
        percents = of_levels(levels)
    except ValueError:
        raise DomainError(_("Something has to matter: choose more than “Not at all” at least once.")) from None
    cast(voter=voter, percents=percents, levels=levels)


@transaction.atomic
def cast(*, voter: Voter, percents: Mapping[str, int], levels: Mapping[str, str] | None = None) -> None:
    """Keep somebody's vote in place of an earlier one; DomainError if it makes no sense, or comes too late."""
    ballot = _open_ballot(voter)
    _check(ballot, percents)
    vote = Vote(ballot=ballot, key=key_of(voter), percents=dict(percents), levels=dict(levels or {}))
    others = list(ballot.votes.exclude(key=vote.key))
    fill_anew(ballot, [*others, vote])
    audit.record("council.voted", subject=ballot, actor=voter.person)


@transaction.atomic
def take_vote_back(*, voter: Voter) -> None:
    """Take somebody's vote out again; nothing happens if there is none. DomainError once the ballot has closed."""
    ballot = _open_ballot(voter)
    votes = list(ballot.votes.all())
    others = [vote for vote in votes if vote.key != key_of(voter)]
    if len(others) < len(votes):
        fill_anew(ballot, others)
        audit.record("council.vote_taken_back", subject=ballot, actor=voter.person)


def fill_anew(ballot: Ballot, votes: Sequence[Vote]) -> None:
    """Write all votes of a ballot as if they had been cast at once, in an order that was drawn."""
    shuffled = list(votes)
    secrets.SystemRandom().shuffle(shuffled)
    ballot.votes.all().delete()
    for vote in shuffled:
        vote.pk = uuid4()
    Vote.objects.bulk_create(shuffled)


def is_open(ballot: Ballot) -> bool:
    """Whether votes can be cast now: to the minute, whenever the worker comes to close it."""
    return ballot.state == Ballot.State.OPEN and clock.now() < ballot.closes_at


def _open_ballot(voter: Voter) -> Ballot:
    """The ballot, for this transaction alone: votes come one after the other."""
    ballot = Ballot.objects.select_for_update(of=["self"]).select_related("version", "cycle").get(pk=voter.ballot_id)
    if not is_open(ballot):
        raise DomainError(_("The ballot has closed, so votes stay as they are."))
    seat = Seat.objects.select_related("person").get(pk=voter.seat_id)
    if not sits(seat) or not ballot.voters.filter(pk=voter.pk).exists():
        raise DomainError(_("This seat is no longer yours, so you cannot vote for it."))
    return ballot


def _check(ballot: Ballot, percents: Mapping[str, int]) -> None:
    if set(percents) != set(ballot.part.matching.weights) or min(percents.values()) < 0:
        raise DomainError(_("Say of each how much it matters."))
    if (total := sum(percents.values())) != WHOLE:
        missing = {"total": total, "rest": abs(WHOLE - total)}
        short = _("These add up to %(total)s percent. There are %(rest)s more to give.")
        over = _("These add up to %(total)s percent. Take %(rest)s away.")
        raise DomainError((short if total < WHOLE else over) % missing)
