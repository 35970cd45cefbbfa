"""Stripe's objects as ours, plain and typed. Nothing here asks Stripe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from billing.models import Method
from billing.seen import SeenDiscount, SeenInvoice, SeenPrice, SeenSubscription, Told

# Room for a message's id where it is kept.
LONGEST_ID = 64


class NotReadable(Exception):
    """What is signed and no message of Stripe's."""


def message(body: bytes) -> Told:
    """What a message says; NotReadable if anything of it is not as Stripe writes it."""
    try:
        told = event(json.loads(body))
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, OSError, RecursionError) as error:
        raise NotReadable from error
    words = (told.id, told.kind, told.object_id, told.customer_id)
    if any(not isinstance(each, str) or "\0" in each for each in words) or not 0 < len(told.id) <= LONGEST_ID:
        raise NotReadable
    return told


def event(said: Mapping[str, Any]) -> Told:
    about = said["data"]["object"]
    customer = about["id"] if about.get("object") == "customer" else about.get("customer")
    return Told(
        id=said["id"],
        kind=said["type"],
        object_id=about.get("id") or "",
        customer_id=id_of(customer),
        happened_at=moment(said["created"]),
    )


def price(seen: stripe.Price) -> SeenPrice:
    assert seen.recurring, "Our prices are for a month or a year."
    assert seen.unit_amount is not None, "Our prices are whole."
    return SeenPrice(
        seen.id,
        seen.lookup_key or "",
        id_of(seen.product),
        seen.unit_amount,
        seen.currency,
        seen.recurring.interval,
    )


def subscription(seen: stripe.Subscription) -> SeenSubscription:
    item = seen["items"].data[0]  # `.items` is a method of every dict-like thing
    ends = moment(item.current_period_end)
    cancels = moment_if_any(seen.cancel_at) or (ends if seen.cancel_at_period_end else None)
    next_price, next_at = coming(seen.schedule, item.price.id)
    return SeenSubscription(
        id=seen.id,
        customer_id=id_of(seen.customer),
        status=seen.status,
        price_id=item.price.id,
        item_id=item.id,
        method=method(seen.collection_method),
        began_at=moment(seen.created),
        period_ends_at=ends,
        trial_ends_at=moment_if_any(seen.trial_end),
        cancels_at=cancels,
        ended_at=moment_if_any(seen.ended_at),
        schedule_id=id_of(seen.schedule),
        discounts=tuple(discount(each) for each in seen.discounts if not isinstance(each, str)),
        promised=seen.metadata.to_dict().get("discount", ""),
        next_price_id=next_price,
        next_at=next_at,
    )


def discount(seen: stripe.Discount) -> SeenDiscount:
    coupon = seen.source.coupon
    assert isinstance(coupon, stripe.Coupon), "It was asked for with the discount."
    return SeenDiscount(
        seen.id, coupon.percent_off, coupon.amount_off, coupon.duration == "once", moment_if_any(seen.end)
    )


def coming(schedule: Any, price_id: str) -> tuple[str, datetime | None]:
    """The price of the phase after this one, and when it begins."""
    if not isinstance(schedule, stripe.SubscriptionSchedule) or schedule.status != "active" or len(schedule.phases) < 2:
        return "", None
    then = schedule.phases[-1]
    now = schedule.current_phase
    if now and then.start_date <= now.start_date:
        return "", None
    coming_price = id_of(then["items"][0].price)
    return ("", None) if coming_price == price_id else (coming_price, moment(then.start_date))


def invoice(seen: stripe.Invoice, refunded: int) -> SeenInvoice:
    about = seen.parent.subscription_details if seen.parent else None
    times = seen.status_transitions
    failed = seen.status == "open" and seen.attempt_count and seen.collection_method == "charge_automatically"
    return SeenInvoice(
        id=seen.id or "",
        customer_id=id_of(seen.customer),
        subscription_id=id_of(about.subscription) if about else "",
        number=seen.number or "",
        state=seen.status or "draft",
        method=method(seen.collection_method),
        currency=seen.currency,
        total=seen.total,
        paid=seen.amount_paid,
        remaining=seen.amount_remaining,
        paid_outside=bool(seen.amount_paid_off_stripe),
        credited=seen.pre_payment_credit_notes_amount + seen.post_payment_credit_notes_amount,
        refunded=refunded,
        made_at=moment(seen.created),
        due_at=moment_if_any(seen.due_date),
        # Stripe does not say when it tried first; it tries when the invoice is final.
        failed_at=moment(times.finalized_at or seen.created) if failed else None,
        paid_at=moment_if_any(times.paid_at),
        page_url=seen.hosted_invoice_url or "",
        pdf_url=seen.invoice_pdf or "",
    )


def method(said: str | None) -> Method:
    return Method.INVOICE if said == "send_invoice" else Method.CARD


def id_of(thing: Any) -> str:
    """The id of something that stands there as its id, or as itself."""
    return thing if isinstance(thing, str) else str(thing.id) if thing else ""


def moment_if_any(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment(seconds)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
