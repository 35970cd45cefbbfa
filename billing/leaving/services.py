"""Leaving, staying after all, and the deletion at the end."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from billing.leaving import mails
from billing.leaving.models import Departure
from billing.leaving.selectors import counted, days_of
from billing.readers import readers_of
from billing.starting.models import Start
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context, due
from tenants.archive.leaving import drop, leave
from tenants.models import Society
from tenants.people.models import Person

logger = logging.getLogger(__name__)

# Half an hour in which a leaving can be stopped before anybody has heard of it.
BEFORE_ANYBODY_HEARS = timedelta(minutes=30)
TELL = "leaving.tell"
# What Stripe must hear of it; `billing.ending` does it. The reference is the society's id.
MONEY = "billing.leaving"
MAY_LEAVE = (Society.State.TRIAL, Society.State.ACTIVE)


def begin_leaving(*, society: Society, by: Person | None, reason: Departure.Reason, words: str = "") -> Departure:
    """Make a society's portal one to read only, and delete it at the end of thirty days. Everybody is told.

    Said twice it begins once. DomainError if the society is closed.
    """
    ends = datetime.combine(days_of(society, clock.today(society.zone)).deleted, time(), tzinfo=society.zone)
    departure, new = _begin(society, MAY_LEAVE, ends, by, reason=reason, words=words)
    if new:
        mails.tell_owners(departure, readers_of(society))
    return departure


def begin_deletion(*, society: Society, ends: datetime) -> Departure:
    """The same for a society that has had no plan for so long; it was closed, and can be read once more."""
    return _begin(society, (*MAY_LEAVE, Society.State.SUSPENDED), ends, None, reason=Departure.Reason.UNPAID)[0]


def stay_with_a_plan(*, society: Society) -> None:
    """Stop the deletion of a society that has a plan again; who leaves by its own wish leaves."""
    with context.platform():
        unpaid = Departure.objects.filter(
            society=society, reason=Departure.Reason.UNPAID, stopped_at=None, deleted_at=None
        )
        if not unpaid.exists():
            return
    stay(society=society, by=None)


@transaction.atomic
def _begin(
    society: Society, states: Collection[str], ends: datetime, by: Person | None, **said: str
) -> tuple[Departure, bool]:
    """The leaving that goes on, and whether it began now."""
    now = clock.now()
    with context.platform():
        leaving = Society.objects.select_for_update().defer("logo").get(pk=society.pk)
        if (going := _going(leaving)) is not None:
            return going, False
        if leaving.state not in states or leaving.is_rehearsal:
            raise DomainError(_("%s cannot leave now. Write to us.") % leaving.name)
        before = leaving.state if leaving.state in MAY_LEAVE else Society.State.ACTIVE
        asked = {"asked_by": by.name if by else "", **said}
        departure = Departure.objects.create(society=leaving, state_before=before, begun_at=now, ends_at=ends, **asked)
        leaving.state, leaving.leaves_at = Society.State.LEAVING, ends
        leaving.save(update_fields=["state", "leaves_at"])
        audit.record("society.leaving", subject=leaving, reason=departure.reason, ends=ends.isoformat())
        due.schedule(MONEY, str(leaving.pk), at=now)
    with context.society(leaving):
        audit.record("society.leaving", subject=leaving, actor=by, ends=ends.isoformat())
        due.schedule(TELL, str(departure.pk), at=now + BEFORE_ANYBODY_HEARS)
    return departure, True


@transaction.atomic
def stay(*, society: Society, by: Person | None) -> Departure | None:
    """Stop a leaving; whoever was told of it is told that the society stays. None if it was not leaving.

    DomainError if somebody stops a deletion that a plan alone can stop.
    """
    with context.platform():
        staying = Society.objects.select_for_update().defer("logo").get(pk=society.pk)
        departure = _going(staying)
        if departure is None:
            return None
        if by is not None and departure.reason == Departure.Reason.UNPAID:
            raise DomainError(_("Choose a plan, and everything stays as it is."))
        departure.stopped_at = clock.now()
        departure.save(update_fields=["stopped_at"])
        staying.state, staying.leaves_at = departure.state_before, None
        staying.save(update_fields=["state", "leaves_at"])
        audit.record("society.stays", subject=staying)
        due.schedule(MONEY, str(staying.pk), at=departure.stopped_at)
    with context.society(staying):
        audit.record("society.stays", subject=staying, actor=by)
        if departure.stopped_at < departure.begun_at + BEFORE_ANYBODY_HEARS:
            due.cancel(TELL, str(departure.pk))
        else:
            due.schedule(TELL, str(departure.pk), at=departure.stopped_at)
    return departure


def delete_who_left() -> None:
    """Delete the data of the societies whose last day is over, and prove it to those who looked after them.

    On the worker that has the owner's address. One that fails keeps no other from going.
    """
    with context.platform():
        over = Departure.objects.filter(stopped_at=None, deleted_at=None, ends_at__lte=clock.now())
        departures = list(over.select_related("society").defer("society__logo"))
    for departure in departures:
        try:
            _delete(departure)
        except Exception:
            logger.exception("the data of %s could not be deleted", departure.society.slug)


def _delete(departure: Departure) -> None:
    """Note what goes, close the door, delete, and prove it. Whatever stops it, the next round goes on from there."""
    society = departure.society
    if not departure.deleted:
        with context.society(society):
            departure.deleted = counted()
        departure.readers = [(each.name, each.email) for each in readers_of(society)]
        with context.platform():
            departure.save(update_fields=["deleted", "readers"])
    with context.platform():
        left = Society.objects.filter(pk=society.pk, state=Society.State.LEFT).exists()
    if not left:
        leave(society)
    drop(society)
    with context.platform():
        Start.objects.filter(society=society).delete()
        departure.deleted_at = clock.now()
        mails.prove(departure)
        departure.readers = []
        departure.save(update_fields=["deleted_at", "readers"])
        due.schedule(MONEY, str(society.pk), at=departure.deleted_at)


def _going(society: Society) -> Departure | None:
    return Departure.objects.filter(society=society, stopped_at=None, deleted_at=None).first()
