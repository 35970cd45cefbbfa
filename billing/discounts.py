"""What operators take off a society's plan, with a reason.

It waits until a plan begins, on Stripe's page or by an accepted quote; where there is a plan it counts from the next
invoice on. What it comes to is Stripe's to reckon, by a coupon.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from billing import gateway
from billing.models import Discount, Subscription
from billing.seen import Coupon, SeenSubscription
from billing.showing import off
from billing.syncing import chosen, sync
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context
from tenants.models import Society

Lasts = Discount.Lasts


def give(
    *,
    society: Society,
    percent: int | None,
    cents: int | None,
    lasts: Discount.Lasts,
    reason: str,
    by: Model,
    months: int | None = None,
) -> Discount:
    """Promise a discount, in place of the one before; said again, it is the same one.

    Leaves the house first: call it before the first write of a request. DomainError without a reason, without a
    percentage or an amount or with both, without a number of months where one is needed, or where there is no account.
    """
    if not reason.strip():
        raise DomainError(_("Write down why, so that a colleague understands it next year."), field="reason")
    if (percent is None) == (cents is None):
        raise DomainError(_("Say either how many percent or which amount."), field="percent")
    if lasts == Lasts.MONTHS and months is None:
        raise DomainError(_("Say for how many months."), field="months")
    facts: dict[str, Any] = {
        "percent": percent,
        "cents": cents,
        "lasts": lasts,
        "months": months if lasts == Lasts.MONTHS else None,
    }
    facts["reason"] = reason.strip()[:300]
    with context.platform():
        subscription = Subscription.objects.filter(society=society).first()
        if subscription is None:
            raise DomainError(_("This society has no account, so nothing of it is limited. Begin its trial first."))
        if there := Discount.objects.filter(society=society, ended_at=None, **facts).first():
            return there
    given = Discount(society=society, by=str(by)[:120], **facts)
    seen = _running(subscription)
    if seen:
        gateway.take_off(seen, coupon_of(given, first_invoice=seen.period_ends_at), turn=subscription.turn)
        given.used_at = clock.now()
    with context.platform():
        _hold(subscription)
        Discount.objects.filter(society=society, ended_at=None).update(ended_at=clock.now())
        given.save()
        said = {"percent": percent, "cents": cents, "lasts": lasts, "months": given.months}
        audit.record("billing.discount_given", subject=society, actor=by, **said)
    if seen:
        sync(society.pk)
    return given


def take_back(*, discount: Discount, by: Model) -> Discount:
    """Take nothing off any more, from the next invoice on; said again, nothing changes. Leaves the house first."""
    if discount.ended_at is not None:
        return discount
    with context.platform():
        subscription = Subscription.objects.get(society_id=discount.society_id)
    seen = _running(subscription)
    if seen and seen.promised == str(discount.pk) and seen.discounts:
        gateway.take_off(seen, None, turn=f"{subscription.turn} {discount.pk}")
    with context.platform():
        _hold(subscription)
        if Discount.objects.filter(pk=discount.pk, ended_at=None).update(ended_at=clock.now()):
            audit.record("billing.discount_taken_back", subject=discount.society, actor=by)
        discount.refresh_from_db()
    if seen:
        sync(discount.society_id)
    return discount


def waiting(society: Society) -> Discount | None:
    """What is taken off a plan that begins now."""
    with context.platform():
        return Discount.objects.filter(society=society, ended_at=None, used_at=None).first()


def of_a_new_plan(
    society: Society, seen: Sequence[SeenSubscription], *, first_invoice: datetime | None
) -> Coupon | None:
    """What Stripe is to take off a plan that begins now, unless a plan that it has seen took it off already."""
    found = waiting(society)
    if found is None or any(each.promised == str(found.pk) for each in chosen_ones(seen)):
        return None
    return coupon_of(found, first_invoice=first_invoice)


def chosen_ones(seen: Sequence[SeenSubscription]) -> list[SeenSubscription]:
    """Those that began: one whose first payment never went through is none."""
    return [each for each in seen if not each.status.startswith("incomplete")]


def coupon_of(discount: Discount, *, first_invoice: datetime | None) -> Coupon:
    """A discount in Stripe's words. Stripe counts months from the day on which it is taken up, so what passes until the
    first invoice, as the rest of a trial, is added: whoever was promised three months pays three months less.
    """
    months = None if discount.lasts == Lasts.FOREVER else (discount.months or 1)
    if months and first_invoice:
        months += _months_until(first_invoice)
    return Coupon(
        discount=str(discount.pk),
        percent=discount.percent,
        cents=discount.cents,
        months=months,
        name=off(discount.percent, discount.cents),
    )


def taken_off(price: int, *, percent: float | None, cents: int | None) -> int:
    """What is taken off a price, in whole cents."""
    if percent is None:
        return min(cents or 0, price)
    return int((Decimal(price) * Decimal(str(percent)) / 100).quantize(Decimal(1), ROUND_HALF_UP))


def _running(subscription: Subscription) -> SeenSubscription | None:
    """The plan that runs at Stripe. A page there that is still open would offer what holds no more: it is closed."""
    if not subscription.customer_id:
        return None
    gateway.close_checkouts(subscription.customer_id)
    seen = chosen(subscription, gateway.subscriptions_of(subscription.customer_id))
    return seen if seen and not seen.ended_at else None


def _months_until(moment: datetime) -> int:
    """How many months are over by then, as Stripe counts them: from the 31st on, the last day of a month ends one."""
    now, then = clock.now().astimezone(UTC), moment.astimezone(UTC)
    day = min(now.day, monthrange(then.year, then.month)[1])
    months = (then.year - now.year) * 12 + then.month - now.month
    return max(0, months - ((then.day, then.time()) < (day, now.time())))


def _hold(subscription: Subscription) -> None:
    Subscription.objects.select_for_update().get(pk=subscription.pk)
