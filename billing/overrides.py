"""What operators decide for one society, whatever its plan says: with a reason, until a day or until taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from billing.following import follow
from billing.models import Override, Subscription
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit
from tenants.models import Society

Kind = Override.Kind


@transaction.atomic
def give(
    *,
    society: Society,
    kind: Override.Kind,
    reason: str,
    by: Model,
    until: datetime | None = None,
    amount: int | None = None,
) -> Override:
    """Give a society something, in place of what it was given of the same kind before. Behind the platform's door.

    DomainError without a reason, for a time that is over, where a number or a last day is missing, or where there is no
    account.
    """
    if not reason.strip():
        raise DomainError(_("Write down why, so that a colleague understands it next year."), field="reason")
    if until and until <= clock.now():
        raise DomainError(_("Choose a day that is yet to come, or leave it empty."), field="until")
    if kind == Kind.GRACE and until is None:
        raise DomainError(_("Say until when they have time to pay."), field="until")
    if kind == Kind.MENTORSHIPS and amount is None:
        raise DomainError(_("Say how many may run at a time."), field="amount")
    subscription = _held(society)
    _end(society, kind)
    given = Override.objects.create(
        society=society,
        kind=kind,
        amount=amount if kind == Kind.MENTORSHIPS else None,
        until=until,
        reason=reason.strip()[:300],
        by=str(by)[:120],
    )
    audit.record("billing.given", subject=society, actor=by, kind=kind, amount=given.amount, until=_day(until))
    follow(subscription)
    return given


@transaction.atomic
def take_back(*, override: Override, by: Model) -> Override:
    """End what a society was given; said again, nothing changes. Behind the platform's door."""
    subscription = _held(override.society)
    now = Override.objects.select_for_update(of=["self"]).get(pk=override.pk)
    if now.ended_at is None:
        _end(override.society, Kind(now.kind))
        audit.record("billing.taken_back", subject=override.society, actor=by, kind=now.kind)
        follow(subscription)
        now.refresh_from_db()
    return now


def _held(society: Society) -> Subscription:
    held = Subscription.objects.select_for_update(of=["self"]).select_related("society").filter(society=society).first()
    if held is None:
        raise DomainError(_("This society has no account, so nothing of it is limited. Begin its trial first."))
    return held


def _end(society: Society, kind: Override.Kind) -> None:
    Override.objects.filter(society=society, kind=kind, ended_at=None).update(ended_at=clock.now())


def _day(until: datetime | None) -> str:
    return until.date().isoformat() if until else ""
