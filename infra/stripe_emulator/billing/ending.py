"""How subscriptions end."""

from __future__ import annotations

from stripe_emulator.errors import not_now
from stripe_emulator.kinds import Body
from stripe_emulator.world import World


def end_now(world: World, subscription: Body, *, reason: str | None = None) -> Body:
    """Cancel a subscription at this moment. What is owed stays owed, but is not collected by itself any more."""
    require_running(subscription)
    now = world.now_of(subscription)
    details = subscription["cancellation_details"]
    subscription |= {
        "status": "canceled",
        "canceled_at": subscription["canceled_at"] or now,
        "ended_at": now,
        "cancellation_details": details | {"reason": details["reason"] or reason},
    }
    _release_schedule(world, subscription)
    world.save(subscription)
    for invoice in world.find("invoice", customer=subscription["customer"]):
        details = (invoice["parent"] or {}).get("subscription_details") or {}
        if invoice["status"] in ("draft", "open") and details.get("subscription") == subscription["id"]:
            invoice |= {"auto_advance": False, "next_payment_attempt": None}
            world.save(invoice, event="invoice.updated")
    world.emit("customer.subscription.deleted", subscription)
    return subscription


def _release_schedule(world: World, subscription: Body) -> None:
    if not subscription["schedule"]:
        return
    schedule = world.get("subscription_schedule", subscription["schedule"])
    schedule |= {"status": "canceled", "canceled_at": world.now_of(schedule), "current_phase": None}
    world.save(schedule)
    world.emit("subscription_schedule.canceled", schedule)


def expire(world: World, subscription: Body) -> None:
    """A subscription whose first payment never came."""
    now = world.now_of(subscription)
    subscription |= {"status": "incomplete_expired", "canceled_at": now, "ended_at": now}
    world.save(subscription, event="customer.subscription.updated")


def require_running(subscription: Body) -> None:
    """Refuse to change what has ended."""
    if subscription["status"] in ("canceled", "incomplete_expired"):
        raise not_now("A canceled subscription can only update its cancellation_details and metadata.")
