"""What is due. One public table says what must happen when, for which society; finding it costs what is due, not
what exists.

    @due.handler("reminder")
    def remind(ref: str) -> None: ...      # inside the society, in one transaction with the end of its row

    due.schedule("reminder", str(offer.id), at=offer.expires_at - timedelta(days=1))

A row is written in the transaction of what it is about and goes when its work commits. Work that fails is tried again,
later each time, and parked after `MOST_ATTEMPTS` for a person to look at. Work whose worker died is tried again after
`LEASE`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from django.db.models import Count, Min
from kombu.exceptions import OperationalError as BrokerAway

from chiron.kernel import clock
from chiron.observability import labels
from tenants import context
from tenants.models import Due, Society

logger = logging.getLogger(__name__)

# Longer than a task may take, so that no two workers ever do the same thing at once.
LEASE = timedelta(minutes=15)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_ATTEMPTS = 8
SUSPENDED_PAUSE = timedelta(hours=1)
# One task goes on for about this long before it leaves its place in the worker to others.
TURN = 30.0

Lane = Due.Lane


@dataclass(frozen=True)
class Job:
    """A claimed row, as plain values. `claim` tells this attempt from every other."""

    id: UUID
    society_id: UUID | None
    kind: str
    ref: str
    claim: UUID
    attempts: int

    def door(self) -> AbstractContextManager[Any]:
        """The way into whose work it is: a society's, or the platform's own."""
        return context.society(self.society_id) if self.society_id else context.platform()


class OvertakenError(Exception):
    """Another worker has this row by now, so what was done here must not stay."""


_handlers: dict[str, Callable[[Job], None]] = {}
# What is done also for a society that is leaving, whose people read and change nothing.
_while_leaving: set[str] = set()


def handler(kind: str, *, while_leaving: bool = False) -> Callable[[Callable[[str], None]], Callable[[str], None]]:
    """Register work for a kind: it is given the row's reference, inside the society and in one transaction.

    What a society has planned waits while it is leaving, unless it is done `while_leaving`.
    """
    if while_leaving:
        _while_leaving.add(kind)

    def register(work: Callable[[str], None]) -> Callable[[str], None]:
        def in_one_transaction(job: Job) -> None:
            with job.door():
                work(job.ref)
                finish(job)

        _handlers[kind] = in_one_transaction
        return work

    return register


def steps(kind: str, *, while_leaving: bool = False) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Register work that commits more than once, because it leaves the house in between; it calls `finish` itself."""
    if while_leaving:
        _while_leaving.add(kind)

    def register(work: Callable[[Job], None]) -> Callable[[Job], None]:
        _handlers[kind] = work
        return work

    return register


def schedule(kind: str, ref: str, *, at: datetime, lane: Lane = Lane.NORMAL) -> None:
    """Have something happen at a time for the society one is in; said again, the newer time counts."""
    schedule_all(kind, [ref], at=at, lane=lane)


def schedule_all(kind: str, refs: Iterable[str], *, at: datetime, lane: Lane = Lane.NORMAL) -> None:
    """Schedule many things of one kind at once."""
    society = context.current()
    rows = [Due(society=society, kind=kind, ref=ref, due_at=_for_everybody(at), lane=lane) for ref in refs]
    with context.platform():
        Due.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["society", "kind", "ref"],
            update_fields=["due_at", "lane", "claim", "attempts", "parked_at", "trouble"],
        )
    if rows and at <= clock.now():
        context.after_commit(poke, once=True)


def cancel(kind: str, ref: str) -> None:
    """Forget something scheduled by the society one is in."""
    cancel_all(kind, [ref])


def cancel_all(kind: str, refs: Collection[str]) -> None:
    """Forget many things of one kind at once."""
    society = context.current()
    with context.platform():
        Due.objects.filter(society=society, kind=kind, ref__in=refs).delete()


def claim() -> Job | None:
    """Take the most urgent row that is due and that nobody else is taking; it is ours for `LEASE`."""
    now = clock.now()
    with context.platform():
        for lane in Lane.values:
            due = Due.objects.filter(lane=lane, parked_at=None, due_at__lte=now).order_by("due_at")
            if row := due.select_for_update(skip_locked=True).first():
                return take(row, now)
    return None


def take(row: Due, now: datetime) -> Job:
    """Make a locked row ours for `LEASE`."""
    row.claim, row.due_at, row.attempts = uuid4(), now + LEASE, row.attempts + 1
    row.save(update_fields=["claim", "due_at", "attempts"])
    return Job(row.id, row.society_id, row.kind, row.ref, row.claim, row.attempts)


def finish(job: Job) -> None:
    """End a row in the transaction of its work. A row that was scheduled anew meanwhile stays for its new time."""
    with context.platform():
        ended, _ = Due.objects.filter(id=job.id, claim=job.claim).delete()
        if not ended and Due.objects.filter(id=job.id, claim__isnull=False).exists():
            raise OvertakenError


def again(job: Job, *, at: datetime) -> None:
    """Keep a row for a later time, as if it had just been scheduled."""
    at = _for_everybody(at)
    with context.platform():
        Due.objects.filter(id=job.id, claim=job.claim).update(due_at=at, claim=None, attempts=0, trouble="")


def run(job: Job) -> None:
    """Do one row's work; what goes wrong is written on the row, and the next row does not suffer."""
    if job.society_id and _waits(job.kind, context.state_of(job.society_id)):
        again(job, at=clock.now() + SUSPENDED_PAUSE)
        return
    if job.attempts > MOST_ATTEMPTS:
        _park(job, "No worker came back from it.")
        return
    try:
        _handlers[job.kind](job)
    except OvertakenError:
        logger.warning("%s was overtaken: its worker took longer than the lease", job.kind)
    except Exception as error:
        logger.exception("%s failed, attempt %s of %s", job.kind, job.attempts, MOST_ATTEMPTS)
        trouble = f"{type(error).__module__}.{type(error).__qualname__}"
        if job.attempts == MOST_ATTEMPTS:
            _park(job, trouble)
        else:
            _put_off(job, min(FIRST_PAUSE * 2 ** (job.attempts - 1), LONGEST_PAUSE), trouble)
        if isinstance(error, SoftTimeLimitExceeded):
            raise


@shared_task(name="tenants.due.tick")
def tick() -> None:
    """Do what is due, one row after the other, until nothing is or the turn is over."""
    ends = time.monotonic() + TURN
    helped = False
    while job := claim():
        if not helped and _anything_due():
            poke()  # one more worker, which may call another
            helped = True
        run(job)
        if time.monotonic() > ends:
            poke()
            break


def poke() -> None:
    """Have a worker look now. If the broker is away nothing is lost: the row is there, and beat ticks on."""
    try:
        with labels.labelled(society="", door=""):  # what it will find is anybody's
            tick.apply_async()
    except BrokerAway:
        logger.warning("the broker is away; what is due waits for the next tick")


def parked() -> list[Due]:
    """What was given up on, newest first, for the operators' console."""
    with context.platform():
        return list(Due.objects.filter(parked_at__isnull=False).select_related("society").order_by("-parked_at"))


def release(pk: UUID) -> Due | None:
    """Try a parked row again, now and from the beginning; nothing if it is not parked."""
    with context.platform():
        row = Due.objects.select_for_update().filter(pk=pk, parked_at__isnull=False).first()
        if row:
            row.parked_at, row.attempts, row.claim, row.due_at, row.trouble = None, 0, None, clock.now(), ""
            row.save()
            context.after_commit(poke, once=True)
        return row


def overdue() -> dict[str, Any]:
    """How many rows are due, and since when the oldest is: the platform's lateness."""
    with context.platform():
        due = Due.objects.filter(parked_at=None, due_at__lte=clock.now())
        return due.aggregate(count=Count("id"), since=Min("due_at"))


def _for_everybody(at: datetime) -> datetime:
    """A moment of the society one is in, on the clock of all others, from which a rehearsal's is ahead."""
    society = context.current()
    return at if society is None else at - society.clock_ahead


def _waits(kind: str, state: str) -> bool:
    """Whether work of a kind is put off in a society in this state."""
    return state in ("", *Society.CLOSED) or (state == Society.State.LEAVING and kind not in _while_leaving)


def _anything_due() -> bool:
    with context.platform():
        return Due.objects.filter(parked_at=None, due_at__lte=clock.now()).exists()


def _put_off(job: Job, pause: timedelta, trouble: str) -> None:
    with context.platform():
        Due.objects.filter(id=job.id, claim=job.claim).update(due_at=clock.now() + pause, claim=None, trouble=trouble)


def _park(job: Job, trouble: str) -> None:
    with context.platform():
        Due.objects.filter(id=job.id, claim=job.claim).update(parked_at=clock.now(), claim=None, trouble=trouble)
    logger.error("%s was parked: %s", job.kind, trouble)
