"""What Stripe says, written down. Whatever happened, everything about one customer is asked anew: so it does not matter
in which order, how often, or whether at all Stripe told of it.

The network is asked outside of all doors. A row whose revision moved on meanwhile was written by somebody who asked
later or at the same time, so what was heard is asked once more.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from billing import following, gateway
from billing.models import BOUGHT, Discount, Invoice, Price, StripeEvent, Subscription
from billing.seen import SeenInvoice, SeenSubscription
from chiron.kernel import clock
from tenants import audit, context
from tenants.tasks import TryAgainError

logger = logging.getLogger(__name__)

ATTEMPTS = 5


@dataclass(frozen=True)
class Outcome:
    """What was found to be otherwise than it was written here, and how many messages it answers."""

    changed: Sequence[str]
    answers: int = 0


def sync(society_id: UUID) -> Outcome:
    """Bring a society's subscription and invoices up to what Stripe says; doing it again changes nothing.

    StripeAway if it does not answer. Outside of doors: it leaves the house.
    """
    for _attempt in range(ATTEMPTS):
        with context.platform():
            known = Subscription.objects.filter(society_id=society_id).exclude(customer_id="").first()
            waiting = list(_waiting(society_id).values_list("pk", flat=True))
        if known is None:
            return Outcome([])
        subscriptions, invoices = gateway.subscriptions_of(known.customer_id), gateway.invoices_of(known.customer_id)
        if second := _more_than_one(known, subscriptions):
            _end(second, society_id)
            continue
        with context.platform():
            locked = Subscription.objects.select_for_update(of=["self"]).select_related("society").get(pk=known.pk)
            if locked.revision != known.revision:
                continue
            changed = _write(locked, subscriptions, invoices)
            words = ", ".join(changed) or "nothing new"
            answers = StripeEvent.objects.filter(pk__in=waiting).update(done_at=clock.now(), outcome=words[:200])
        return Outcome(changed, answers)
    raise TryAgainError


def _waiting(society_id: UUID) -> Any:
    return StripeEvent.objects.filter(society_id=society_id, done_at=None)


def chosen(known: Subscription, subscriptions: Iterable[SeenSubscription]) -> SeenSubscription | None:
    """The subscription that counts: the one that is known if it runs, else one that runs, else the last that did.

    One whose first payment never went through is none.
    """
    begun = [each for each in subscriptions if not each.status.startswith("incomplete")]
    running = [each for each in begun if each.status in BOUGHT]
    known_one = [each for each in running if each.id == known.stripe_id]
    if running:
        return (known_one or running)[0]
    return max(begun, key=lambda each: (each.ended_at or each.began_at, each.id), default=None)


def _more_than_one(known: Subscription, subscriptions: Sequence[SeenSubscription]) -> SeenSubscription | None:
    """A second subscription that runs, bought in another window."""
    first = chosen(known, subscriptions)
    return next((each for each in subscriptions if each.status in BOUGHT and each != first), None)


def _end(second: SeenSubscription, society_id: UUID) -> None:
    """Nobody pays twice: what was paid for it becomes credit, and an operator can give it back."""
    gateway.cancel_now(second.id)
    logger.error("a second subscription of a society was ended: %s", second.id)
    with context.platform():
        subscription = Subscription.objects.select_related("society").get(society_id=society_id)
        audit.record("billing.second_subscription_ended", subject=subscription.society, subscription=second.id)


def _write(
    locked: Subscription, subscriptions: Sequence[SeenSubscription], invoices: Sequence[SeenInvoice]
) -> list[str]:
    facts: dict[str, Any] = {
        "unpaid_since": min((since for each in invoices if (since := each.owed_since)), default=None)
    }
    if seen := chosen(locked, subscriptions):
        facts |= _facts_of(seen)
        Discount.objects.filter(society_id=locked.society_id, used_at=None, pk__in=_ids(seen.promised)).update(
            used_at=clock.now()
        )
    changed = sorted(name for name, value in facts.items() if getattr(locked, name) != value)
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.seen_at, locked.revision = clock.now(), locked.revision + 1
    locked.save(update_fields=[*facts, "seen_at", "revision"])
    if _write_invoices(locked, invoices):
        changed.append("invoices")
    if changed:
        audit.record("billing.changed", subject=locked.society, changed=changed, status=locked.status)
    following.follow(locked)
    return [name.removesuffix("_id") for name in changed]


def _facts_of(seen: SeenSubscription) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "stripe_id": seen.id,
        "status": seen.status,
        "method": seen.method,
        "period_ends_at": seen.period_ends_at,
        "cancels_at": seen.cancels_at,
        "ended_at": seen.ended_at,
        "schedule_id": seen.schedule_id,
        "discounts": [each.facts for each in seen.discounts],
        "next_plan_id": None,
        "next_interval": "",
        "next_at": None,
    }
    if seen.trial_ends_at and seen.status == Subscription.Status.TRIALING:
        facts["trial_ends_at"] = seen.trial_ends_at
    if price := _price(seen.price_id):
        facts |= {"plan_id": price.plan_id, "interval": price.interval}
    if seen.next_at and (coming := _price(seen.next_price_id)):
        facts |= {"next_plan_id": coming.plan_id, "next_interval": coming.interval, "next_at": seen.next_at}
    return facts


def _ids(said: str) -> list[UUID]:
    """An id of ours that Stripe kept, if it is one."""
    with suppress(ValueError):
        return [UUID(said)]
    return []


def _price(stripe_id: str) -> Price | None:
    found = Price.objects.filter(stripe_id=stripe_id).first() if stripe_id else None
    if found is None:
        logger.error("a society pays a price that is not in our list: %s", stripe_id)
    return found


def _write_invoices(subscription: Subscription, invoices: Sequence[SeenInvoice]) -> bool:
    """Write invoices as they are; returns whether any is otherwise than it was."""
    rows = [
        Invoice(
            society_id=subscription.society_id,
            stripe_id=each.id,
            number=each.number,
            state=each.state,
            method=each.method,
            currency=each.currency,
            total=each.total,
            paid=each.paid,
            remaining=each.remaining,
            credited=each.credited,
            refunded=each.refunded,
            made_at=each.made_at,
            due_at=each.due_at,
            failed_at=each.failed_at,
            paid_at=each.paid_at,
            paid_outside=each.paid_outside,
            page_url=each.page_url,
            pdf_url=each.pdf_url,
        )
        for each in invoices
    ]
    fields = [
        field.name for field in Invoice._meta.fields if field.name not in ("id", "society", "stripe_id", "paid_how")
    ]
    # Addresses of pages may be new each time they are asked for.
    telling = [name for name in fields if name not in ("page_url", "pdf_url")]
    before = {row.stripe_id: row for row in Invoice.objects.filter(society_id=subscription.society_id)}
    news = any(
        row.stripe_id not in before
        or any(getattr(before[row.stripe_id], name) != getattr(row, name) for name in telling)
        for row in rows
    )
    Invoice.objects.bulk_create(rows, update_conflicts=True, unique_fields=["stripe_id"], update_fields=fields)
    return news
