"""Questions about councils: who sits where, which ballot there is, who has voted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.council.models import Ballot, Seat, Voter
from matching.council.voting import have_voted, is_open, key_of, sits
from matching.council.words import MEANS
from programs.policy.document import Matching
from programs.policy.models import Cycle
from tenants.people.models import Person


def has_council(cycle: Cycle) -> bool:
    """Whether the session's settings name seats, and pairs on which weights bear."""
    part = cycle.settings
    return part.matching.council is not None and part.format == "one_to_one" and bool(part.matching.weights)


def seats_named(cycle: Cycle) -> tuple[str, ...]:
    """The seats that the settings name, in their order."""
    council = cycle.settings.matching.council
    return tuple(dict.fromkeys(council.seats)) if council else ()


@dataclass(frozen=True)
class Chair:
    """A seat as staff see it: who sits there now, and whether they have voted."""

    number: int
    name: str
    seat: Seat | None
    is_named: bool = True
    was_asked: bool = False
    has_voted: bool = False


def seated(cycle: Cycle) -> Sequence[Seat]:
    """Who sits in the council of a session's part now."""
    now = Seat.objects.filter(program=cycle.program_id, part=cycle.part, ended_at=None)
    return [seat for seat in now.select_related("person", "role").prefetch_related("person__staff_roles") if sits(seat)]


def chairs(cycle: Cycle, ballot: Ballot | None) -> list[Chair]:
    """Every seat in the order of the settings, those that they no longer name last."""
    named, taken = seats_named(cycle), {seat.name: seat for seat in seated(cycle)}
    voters = {voter.seat_id: voter for voter in ballot.voters.all()} if ballot else {}
    voted = have_voted(voters.values()) if voters else set()
    others = sorted(set(taken) - set(named))
    found = []
    for number, name in enumerate([*named, *others]):
        seat = taken.get(name)
        voter = voters.get(seat.pk) if seat else None
        has_voted = voter is not None and key_of(voter) in voted
        found.append(Chair(number, name, seat, name in named, voter is not None, has_voted))
    return found


def latest_ballot(cycle: Cycle) -> Ballot | None:
    """The ballot that counts now: the newest that was not called off."""
    ballots = cycle.ballots.exclude(state=Ballot.State.CALLED_OFF)
    return ballots.select_related("version", "opened_by", "decided_by", "adopted").order_by("-opened_at", "-id").first()


def open_ballot(cycle: Cycle) -> Ballot | None:
    """A ballot that is being voted in now; nothing where no seats are named."""
    ballot = latest_ballot(cycle) if has_council(cycle) else None
    return ballot if ballot is not None and is_open(ballot) else None


def earlier_ballots(cycle: Cycle, latest: Ballot | None) -> Sequence[Ballot]:
    """The others, newest first."""
    others = cycle.ballots.exclude(pk=latest.pk) if latest else cycle.ballots.all()
    return list(others.select_related("decided_by", "adopted"))


def voter_for(ballot: Ballot, person: Person) -> Voter | None:
    """Somebody's own place in a ballot; None if they were not asked."""
    mine = ballot.voters.filter(person=person, seat__ended_at=None)
    return mine.select_related("seat", "person").first()


def to_vote(person: Person) -> list[Voter]:
    """Somebody's places in open ballots in which they have not voted, the one that closes first before the others."""
    asked = Voter.objects.filter(person=person, seat__ended_at=None, ballot__state=Ballot.State.OPEN)
    related = asked.select_related("ballot__cycle__program", "seat", "person")
    voters = [each for each in related.order_by("ballot__closes_at") if is_open(each.ballot) and sits(each.seat)]
    voted = have_voted(voters) if voters else set()
    return [each for each in voters if key_of(each) not in voted]


def factors_of(matching: Matching) -> list[str]:
    """What may matter under these settings, in the order in which it is asked; the settings' own order says nothing."""
    return [name for name in MEANS if name in matching.weights]


def present_percents(matching: Matching) -> dict[str, float]:
    """What matters as the settings have it, in percent."""
    return {name: weight.points / 10 for name, weight in matching.weights.items()}
