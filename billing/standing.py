"""Where a society stands with what it bought: one pure function of facts and the clock.

    trialing → active → past due → no new things → suspended → ending, and comped

Nothing has to happen for a state to be true. What follows from a change, a mail or a closed door, is in
`billing.following`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from billing.models import BOUGHT, Method, Subscription


class State(StrEnum):
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    RESTRICTED = "restricted"  # what runs goes on until its end, and nothing new begins
    SUSPENDED = "suspended"
    ENDING = "ending"
    COMPED = "comped"


FOREVER = datetime.max.replace(tzinfo=UTC)
# Time to pay: by card since the first failure, by invoice since the day it was due.
GRACE = {Method.CARD: timedelta(days=14), Method.INVOICE: timedelta(days=45)}
# At least so long nothing but new things stops, and longer if something still runs then.
RESTRICTED_FOR = timedelta(days=60)
SUSPENDED_FOR = timedelta(days=60)
# People download what is theirs.
ENDING_FOR = timedelta(days=30)

MAY_BEGIN = frozenset({State.TRIALING, State.ACTIVE, State.PAST_DUE, State.COMPED})


@dataclass(frozen=True)
class Facts:
    """All that a state follows from."""

    trial_ends_at: datetime
    status: str = ""
    method: str = Method.CARD
    unpaid_since: datetime | None = None
    cancels_at: datetime | None = None
    ended_at: datetime | None = None
    running_until: datetime | None = None
    # What an operator gave: until when nothing is charged, and until when nothing is due.
    free_until: datetime | None = None
    more_time_until: datetime | None = None
    # When everything is deleted, once people were told so.
    leaves_at: datetime | None = None

    @property
    def is_bought(self) -> bool:
        return self.status in BOUGHT


@dataclass(frozen=True)
class Standing:
    """A state, and the moment at which it becomes another one if no fact changes."""

    state: State
    until: datetime | None = None

    @property
    def may_begin(self) -> bool:
        """Whether sessions may be opened, pairs published and many people written to."""
        return self.state in MAY_BEGIN


def standing_at(facts: Facts, now: datetime) -> Standing:
    """The state at a moment. A state that ends at a moment is over at that very moment."""
    if facts.free_until and now < facts.free_until:
        return Standing(State.COMPED, None if facts.free_until == FOREVER else facts.free_until)
    state, ends = _bought(facts, now) if facts.is_bought or facts.ended_at else (State.TRIALING, facts.trial_ends_at)
    if ends is not None:
        ends = max(moment for moment in (ends, facts.free_until, _more_time(facts, state)) if moment)
    if ends is None or now < ends:
        return Standing(state, ends)
    return _lapsed(facts, ends, now)


def _bought(facts: Facts, now: datetime) -> tuple[State, datetime | None]:
    """The state as long as there is something bought, and when that ends."""
    ended = facts.ended_at or facts.cancels_at
    owed = facts.unpaid_since
    if owed is None or (ended and ended <= owed):
        begun = State.TRIALING if facts.status == Subscription.Status.TRIALING else State.ACTIVE
        return begun, ended
    if now < owed:
        return State.ACTIVE, owed
    grace = owed + GRACE[Method(facts.method)]
    return State.PAST_DUE, min(grace, ended) if ended else grace


def _more_time(facts: Facts, state: State) -> datetime | None:
    """More time is time to pay or to decide; what was bought and paid ends when it was to end."""
    return facts.more_time_until if state in (State.TRIALING, State.PAST_DUE) else None


def _lapsed(facts: Facts, since: datetime, now: datetime) -> Standing:
    restricted_until = max(since + RESTRICTED_FOR, facts.running_until or since)
    suspended_until = restricted_until + SUSPENDED_FOR
    if now < restricted_until:
        return Standing(State.RESTRICTED, restricted_until)
    if now < suspended_until:
        return Standing(State.SUSPENDED, suspended_until)
    # Counted from the day on which people hear of it, however late a worker tells them.
    return Standing(State.ENDING, facts.leaves_at or now + ENDING_FOR)
