"""What time does: renewals, ends of trials, retries, overdue invoices, schedules, what expires."""

from __future__ import annotations

from collections.abc import Callable

from stripe_emulator.billing import invoicing, standing
from stripe_emulator.billing.cards import default_method
from stripe_emulator.billing.ending import end_now
from stripe_emulator.billing.finalizing import finalize, send
from stripe_emulator.billing.paying import collect, void
from stripe_emulator.billing.previewing import upcoming
from stripe_emulator.billing.scheduling import end_phase
from stripe_emulator.billing.subscribing import draft_for, next_period_end, warn_of_trial_end
from stripe_emulator.due import WARNED_BEFORE_RENEWAL, WARNED_BEFORE_TRIAL_ENDS, due_of, period_end
from stripe_emulator.errors import StripeError
from stripe_emulator.kinds import Body
from stripe_emulator.world import World

UPDATED = "customer.subscription.updated"


def advance(world: World, clock: str | None, until: int) -> int:
    """Let everything of a clock happen that is due until a moment, in its order; how many things happened."""
    count = 0
    while (found := world.store.next_due(clock, until)) is not None:
        moment, identity = found
        body = world.look(identity)
        assert body is not None
        with world.at(clock, moment):
            HAPPENINGS[body["object"]](world, body, moment)
        after = world.look(identity)
        if after is not None and due_of(after) == moment and after == body:
            raise StripeError(f"{identity} does not get over {moment}", status=500, kind="api_error")
        count += 1
    return count


def _subscription(world: World, body: Body, moment: int) -> None:
    if body["status"] == "incomplete":
        void(world, world.get("invoice", body["latest_invoice"]))
    elif body["cancel_at"] is not None and moment >= body["cancel_at"]:
        end_now(world, body, reason="cancellation_requested")
    elif moment >= period_end(body):
        _end_period(world, body)
    elif (
        body["status"] == "trialing" and not body["_warned"] and moment >= body["trial_end"] - WARNED_BEFORE_TRIAL_ENDS
    ):
        warn_of_trial_end(world, body)
    else:
        body["_announced"] = True
        world.save(body)
        world.emit("invoice.upcoming", upcoming(world, body))


def _end_period(world: World, body: Body) -> None:
    before = world.get("subscription", body["id"])
    was_trial = body["status"] == "trialing"
    if was_trial and not _goes_on_after_trial(world, body):
        return
    start = period_end(body)
    if was_trial:
        body |= {"status": "active", "billing_cycle_anchor": start}
    recurring = world.get("price", body["_items"][0]["price"])["recurring"]
    end = next_period_end(body["billing_cycle_anchor"], recurring, start)
    for item in body["_items"]:
        item |= {"current_period_start": start, "current_period_end": end}
    body["_announced"] = end - start <= WARNED_BEFORE_RENEWAL
    _forget_used_discounts(world, body)
    world.save(body)
    unpaid = body["status"] == "unpaid"
    customer = world.get("customer", body["customer"])
    invoice = draft_for(world, body, reason="subscription_cycle", auto_advance=not unpaid)
    waiting = invoicing.waiting_items(world, customer, body["currency"], body["id"])
    invoicing.fill(world, invoice, invoicing.lines_of_subscription(world, body), waiting)
    body["latest_invoice"] = invoice["id"]
    world.save(body)
    invoicing.announce(world, invoice)
    world.changed(UPDATED, before, body)


def _goes_on_after_trial(world: World, body: Body) -> bool:
    """Whether a trial becomes a paid period, or ends as was wished for want of a card."""
    outcome = body["trial_settings"]["end_behavior"]["missing_payment_method"]
    customer = world.get("customer", body["customer"])
    if (
        body["collection_method"] == "send_invoice"
        or default_method(world, customer, body)
        or outcome == "create_invoice"
    ):
        return True
    if outcome == "cancel":
        end_now(world, body, reason="cancellation_requested")
    else:
        body["status"] = "paused"
        world.save(body, event=UPDATED)
        world.emit("customer.subscription.paused", body)
    return False


def _forget_used_discounts(world: World, body: Body) -> None:
    """A discount that counts once has counted; one whose months are over is gone."""
    now = world.now_of(body)
    kept = []
    for identity in body["discounts"]:
        discount = world.get("discount", identity)
        coupon = world.look(discount["source"]["coupon"])
        once = coupon is not None and coupon["duration"] == "once"
        if (once and discount.get("_used")) or (discount["end"] or now + 1) <= now:
            world.emit("customer.discount.deleted", discount)
        else:
            kept.append(identity)
    body["discounts"] = kept


def _invoice(world: World, body: Body, moment: int) -> None:
    if body["status"] == "draft":
        finished = finalize(world, body)
        if finished["status"] != "open":
            return
        if finished["collection_method"] == "send_invoice":
            send(world, finished)
        else:
            collect(world, finished)
    elif body["next_payment_attempt"] is not None and moment >= body["next_payment_attempt"]:
        body["next_payment_attempt"] = None
        world.save(body)
        collect(world, body)
    else:
        standing.overdue(world, body)


def _checkout(world: World, body: Body, moment: int) -> None:
    body |= {"status": "expired", "url": None}
    world.save(body)
    world.emit("checkout.session.expired", body)


def _quote(world: World, body: Body, moment: int) -> None:
    body |= {"status": "canceled", "status_transitions": body["status_transitions"] | {"canceled_at": moment}}
    world.save(body)
    world.emit("quote.canceled", body)


HAPPENINGS: dict[str, Callable[[World, Body, int], None]] = {
    "subscription_schedule": end_phase,
    "subscription": _subscription,
    "invoice": _invoice,
    "checkout.session": _checkout,
    "quote": _quote,
}
