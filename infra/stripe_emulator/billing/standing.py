"""What the state of its invoices does to a subscription."""

from __future__ import annotations

from stripe_emulator.billing.ending import end_now, expire
from stripe_emulator.billing.invoicing import subscription_of as named
from stripe_emulator.kinds import Body
from stripe_emulator.world import World

UPDATED = "customer.subscription.updated"
AFTER_RETRIES = ("unpaid", "canceled", "past_due")


def subscription_of(world: World, invoice: Body) -> Body | None:
    """The subscription that an invoice belongs to, if to any."""
    identity = named(invoice)
    return world.look(identity) if identity else None


def paid(world: World, invoice: Body) -> None:
    """A paid invoice makes its subscription what it should be, once no other is open."""
    subscription = subscription_of(world, invoice)
    if subscription is None:
        return
    if subscription["status"] == "incomplete" or (
        subscription["status"] in ("past_due", "unpaid") and not _owes(world, subscription)
    ):
        subscription["status"] = "active"
        world.save(subscription, event=UPDATED)
    _forget_delinquency(world, invoice)


def _forget_delinquency(world: World, invoice: Body) -> None:
    customer = world.look(invoice["customer"])
    if customer and customer["delinquent"] and not customer.get("_deleted"):
        customer["delinquent"] = False
        world.save(customer, event="customer.updated")


def _owes(world: World, subscription: Body) -> bool:
    latest = _latest(world, subscription)
    return latest is not None and latest["status"] == "open" and bool(latest["attempted"] or latest["_overdue"])


def _latest(world: World, subscription: Body) -> Body | None:
    """The last invoice that is more than a draft: it is what a subscription stands or falls with."""
    for invoice in world.find("invoice", customer=subscription["customer"]):
        if invoice["status"] != "draft" and named(invoice) == subscription["id"]:
            return invoice
    return None


def _is_latest(world: World, subscription: Body, invoice: Body) -> bool:
    latest = _latest(world, subscription)
    return latest is not None and bool(latest["id"] == invoice["id"])


def payment_failed(world: World, invoice: Body) -> None:
    """A refused card puts a running subscription past due."""
    subscription = subscription_of(world, invoice)
    if subscription is None or not _is_latest(world, subscription, invoice):
        return
    if subscription["status"] in ("active", "trialing"):
        subscription["status"] = "past_due"
        world.save(subscription, event=UPDATED)
        _mark_delinquent(world, subscription)


def overdue(world: World, invoice: Body) -> None:
    """So does an invoice that is not paid on the day it is due."""
    invoice["_overdue"] = True
    world.save(invoice)
    world.emit("invoice.overdue", invoice)
    payment_failed(world, invoice)


def _mark_delinquent(world: World, subscription: Body) -> None:
    customer = world.get("customer", subscription["customer"])
    customer["delinquent"] = True
    world.save(customer, event="customer.updated")


def given_up(world: World, invoice: Body) -> None:
    """After the last retry a subscription becomes what the account's settings say."""
    subscription = subscription_of(world, invoice)
    if subscription is None or subscription["status"] != "past_due":
        return
    outcome = world.store.setting("after_retries", "unpaid")
    if outcome == "canceled":
        end_now(world, subscription, reason="payment_failed")
    elif outcome == "unpaid":
        subscription["status"] = "unpaid"
        world.save(subscription, event=UPDATED)


def invoice_ended(world: World, invoice: Body) -> None:
    """An invoice that was voided or given up is no longer owed."""
    subscription = subscription_of(world, invoice)
    if subscription is None or not _is_latest(world, subscription, invoice):
        return
    if subscription["status"] == "incomplete":
        expire(world, subscription)
    elif subscription["status"] == "past_due":
        subscription["status"] = "active"
        world.save(subscription, event=UPDATED)
