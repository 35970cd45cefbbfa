"""What a society may do. Pages, the programming interface, tasks and mail all ask here, and nowhere else.

    allowance.require(society, Thing.PUBLISH, pairs=22)    # NotIncluded, with a sentence for staff
    if allowance.may(society, Thing.CUSTOM_DOMAIN): ...

Whoever sells registers the answer; as long as nobody does, everything is allowed. A rehearsal counts nothing and may do
everything. What participants do is never asked about: limits are met by staff.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import QuerySet

from chiron.kernel.errors import DomainError
from tenants import context
from tenants.models import Society


class Thing(StrEnum):
    """What can be asked for."""

    # New things. What runs goes on without them.
    OPEN_SESSION = "open_session"
    PUBLISH = "publish"
    BULK_MAIL = "bulk_mail"
    # Features of a plan.
    CUSTOM_DOMAIN = "custom_domain"
    SSO = "sso"
    API = "api"


@dataclass(frozen=True)
class Refusal:
    """Why not, in one sentence for staff, and how many pairs there is room for where that is the reason."""

    sentence: str
    room: int | None = None


class NotIncluded(DomainError):
    """The society may not do this now. The sentence is for its staff; no participant ever reads it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.room = refusal.room


class Answer(Protocol):
    """Says why a society may not do something, or nothing if it may.

    With `hold`, nobody else is given the same room before this transaction ends.
    """

    def __call__(self, society: Society, thing: Thing, pairs: int, *, hold: bool) -> Refusal | None: ...


Rows = Callable[[], "QuerySet[Any]"]
_answers: list[Answer] = []
_uses: dict[str, Rows] = {}


def register(answer: Answer) -> None:
    """Have this one answer from now on."""
    if answer not in _answers:
        _answers.append(answer)


def counts(name: str) -> Callable[[Rows], Rows]:
    """Register what a room holds or has promised: one row for each mentorship, read behind the society's door."""

    def keep(rows: Rows) -> Rows:
        _uses[name] = rows
        return rows

    return keep


def in_use(society: Society) -> int:
    """How many mentorships run, or are promised, at this moment. Nothing in a rehearsal counts.

    All rooms are asked in one statement, so that what goes from one to another meanwhile is counted once.
    """
    if society.is_rehearsal or not _uses:
        return 0
    with context.society(society):
        first, *others = (rows().order_by().values_list("pk") for rows in _uses.values())
        return first.union(*others, all=True).count()


def refusal(society: Society, thing: Thing, *, pairs: int = 0, hold: bool = False) -> Refusal | None:
    """Why a society may not do something now, or nothing."""
    if society.is_rehearsal:
        return None
    return next((said for answer in _answers if (said := answer(society, thing, pairs, hold=hold))), None)


def may(society: Society, thing: Thing, *, pairs: int = 0) -> bool:
    """Whether a society may do something now."""
    return refusal(society, thing, pairs=pairs) is None


def require(society: Society, thing: Thing, *, pairs: int = 0) -> None:
    """NotIncluded if a society may not do this. Room for pairs is kept for this transaction, so that two who ask at
    the same time never get more than there is: call it in the transaction that makes them.
    """
    if said := refusal(society, thing, pairs=pairs, hold=bool(pairs)):
        raise NotIncluded(said)


def refusal_here(thing: Thing, *, pairs: int = 0) -> Refusal | None:
    """`refusal` for the society one is in."""
    return refusal(_here(), thing, pairs=pairs)


def require_here(thing: Thing, *, pairs: int = 0) -> None:
    """`require` for the society one is in."""
    require(_here(), thing, pairs=pairs)


def _here() -> Society:
    society = context.current()
    assert society is not None, "What may be done is asked for a society."
    return society
