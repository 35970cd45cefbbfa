"""Subscriptions and their items."""

from __future__ import annotations

from stripe_emulator.api.subscription_params import (
    change_cancellation,
    change_of,
    change_settings,
    line_of,
    settle_cancellation,
    trial_end_of,
)
from stripe_emulator.billing import discounts
from stripe_emulator.billing.changing import PRORATIONS, change_items, credit_the_rest
from stripe_emulator.billing.ending import end_now, require_running
from stripe_emulator.billing.paying import intent_of
from stripe_emulator.billing.scheduling import follow
from stripe_emulator.billing.subscribing import Start, bill_at_once, subscribe
from stripe_emulator.due import period_end
from stripe_emulator.errors import StripeError, declined, not_now
from stripe_emulator.kinds import Body, listing
from stripe_emulator.lists import page
from stripe_emulator.params import Params, change_metadata
from stripe_emulator.routing import route
from stripe_emulator.shapes.subscriptions import subscription as blank
from stripe_emulator.showing import show
from stripe_emulator.world import World

BEHAVIORS = ("allow_incomplete", "default_incomplete", "error_if_incomplete")
UPDATED = "customer.subscription.updated"


@route("POST /v1/subscriptions")
def create_subscription(world: World, params: Params) -> Body:
    customer = world.named("customer", params.need("customer"), "customer")
    now = world.now_of(customer)
    fields = blank(customer, currency="", now=now)
    names = set(fields)
    change_settings(world, fields, customer, params)
    behavior = params.text("payment_behavior", "allow_incomplete", among=BEHAVIORS)
    params.text("proration_behavior", among=PRORATIONS)
    params.flag("off_session")
    lines = [line_of(world, item) for item in params.children("items")]
    fields["discounts"] = discounts.grant(world, params.children("discounts"), customer, now=now)
    if params.given("currency") and lines and params.text("currency") != lines[0].price["currency"]:
        raise StripeError("The currency does not match that of the price.", param="currency")
    trial_end = trial_end_of(params, now)
    wished = {name: value for name, value in fields.items() if name not in _DECIDED and name in names}
    start = Start(
        customer,
        lines,
        trial_end=trial_end,
        anchor=params.integer("billing_cycle_anchor"),
        behavior=behavior or "allow_incomplete",
        fields=wished,
    )
    body = subscribe(world, start)
    if "_cancel_at_period_end" in fields:
        body["_cancel_at_period_end"] = fields["_cancel_at_period_end"]
    settle_cancellation(body, now, period_end(body))
    return world.save(body)


# What `subscribe` decides by itself and no request says plainly.
_DECIDED = ("currency", "status", "latest_invoice", "_items", "start_date")


@route("GET /v1/subscriptions/{subscription_exposed_id}")
def retrieve_subscription(world: World, params: Params, identity: str) -> Body:
    return world.get("subscription", identity)


@route("POST /v1/subscriptions/{subscription_exposed_id}")
def update_subscription(world: World, params: Params, identity: str) -> Body:
    body = world.get("subscription", identity)
    before = world.get("subscription", identity)
    if body["status"] in ("canceled", "incomplete_expired"):
        return _update_ended(world, body, params)
    _require_no_plan(body, params)
    customer = world.get("customer", body["customer"])
    now = world.now_of(body)
    behavior = params.text("payment_behavior", "allow_incomplete", among=BEHAVIORS)
    proration = params.text("proration_behavior", "create_prorations", among=PRORATIONS) or "create_prorations"
    date = _proration_date(body, params, now)
    params.flag("off_session")
    change_settings(world, body, customer, params)
    if params.given("discounts"):
        body["discounts"] = discounts.grant(
            world, params.children("discounts"), customer, now=now, subscription=identity
        )
    restart = params.text("billing_cycle_anchor", among=("now", "unchanged")) == "now"
    if _change_trial(body, params, now):
        # What is left of a trial is worth nothing.
        restart, proration = True, "none"
    changes = [change_of(world, body, item) for item in params.children("items")]
    world.save(body)
    if changes or restart:
        change_items(world, body, changes, proration=proration, date=date, restart=restart)
        follow(world, body)
    body = _with_latest(world, body)
    settle_cancellation(body, now, period_end(body))
    world.save(body)
    if behavior == "error_if_incomplete" and body["latest_invoice"] != before["latest_invoice"]:
        _require_paid(world, body)
    world.changed(UPDATED, before, body)
    return body


def _require_paid(world: World, body: Body) -> None:
    """Undo a change that the card does not pay for."""
    invoice = world.get("invoice", body["latest_invoice"])
    if invoice["status"] != "open" or invoice["collection_method"] == "send_invoice":
        return
    intent = intent_of(world, invoice)
    if intent is not None and intent["status"] == "requires_action":
        raise declined(
            "Payment for this subscription requires additional user action before it can be completed.",
            code="subscription_payment_intent_requires_action",
            keep=False,
        )
    error = (intent or {}).get("last_payment_error") or {}
    raise declined(
        error.get("message", "Your card was declined."),
        code=error.get("code", "card_declined"),
        decline_code=error.get("decline_code"),
        keep=False,
    )


def _with_latest(world: World, body: Body) -> Body:
    """The subscription with what its invoice has meanwhile made of its state."""
    kept = world.get("subscription", body["id"])
    return body | {name: kept[name] for name in ("status", "latest_invoice")}


def _update_ended(world: World, body: Body, params: Params) -> Body:
    change_metadata(body, params)
    if details := params.child("cancellation_details"):
        change_cancellation(body, details)
    if any(params.unread()):
        require_running(body)
    return world.save(body, event=UPDATED)


def _proration_date(body: Body, params: Params, now: int) -> int:
    date = params.integer("proration_date")
    if date is None:
        return now
    if not body["_items"][0]["current_period_start"] <= date <= period_end(body):
        raise StripeError(
            "Cannot specify a proration date outside of the subscription's current period.", param="proration_date"
        )
    return date


def _change_trial(body: Body, params: Params, now: int) -> bool:
    """Move the end of the trial; whether a paid period begins with that."""
    if not params.given("trial_end"):
        return False
    end = trial_end_of(params, now)
    if end is None or end <= now:
        was_trial = bool(body["status"] == "trialing")
        if was_trial:
            body |= {"trial_end": now, "status": "active"}
        return was_trial
    body |= {"status": "trialing", "trial_start": body["trial_start"] or now, "trial_end": end, "_warned": False}
    body["billing_cycle_anchor"] = end
    for item in body["_items"]:
        item["current_period_end"] = end
    return False


def _require_no_plan(body: Body, params: Params) -> None:
    """When a subscription with a schedule ends is the schedule's to say."""
    if body["schedule"] and (params.given("cancel_at_period_end") or params.given("cancel_at")):
        raise not_now(
            f"The subscription is managed by the subscription schedule `{body['schedule']}`, and updating any "
            "cancelation behavior directly is not allowed. Please update the schedule instead."
        )


@route("DELETE /v1/subscriptions/{subscription_exposed_id}")
def cancel_subscription(world: World, params: Params, identity: str) -> Body:
    body = world.get("subscription", identity)
    if body["status"] in ("canceled", "incomplete_expired"):
        raise StripeError(f"No such subscription: '{identity}'", status=404, code="resource_missing", param="id")
    if details := params.child("cancellation_details"):
        change_cancellation(body, details)
    prorate, at_once = params.flag("prorate"), params.flag("invoice_now")
    if prorate:
        credit_the_rest(world, body, world.now_of(body))
    if at_once:
        bill_at_once(world, body, reason="subscription_update")
        body = _with_latest(world, body)
    return end_now(world, body, reason="cancellation_requested")


@route("POST /v1/subscriptions/{subscription}/resume")
def resume_subscription(world: World, params: Params, identity: str) -> Body:
    """Go on after a trial that ended without a card: a period begins now, and is paid for."""
    body = world.get("subscription", identity)
    if body["status"] != "paused":
        raise not_now("Only a subscription that is paused can be resumed.")
    params.text("billing_cycle_anchor", "now", among=("now",))
    params.text("proration_behavior", among=PRORATIONS)
    before = world.get("subscription", identity)
    body["status"] = "active"
    world.save(body)
    change_items(world, body, [], proration="none", date=world.now_of(body), restart=True)
    body = _with_latest(world, body)
    _require_paid(world, body)
    world.save(body)
    world.emit("customer.subscription.resumed", body)
    world.changed(UPDATED, before, body)
    return body


@route("GET /v1/subscriptions")
def list_subscriptions(world: World, params: Params) -> Body:
    status = params.text("status")
    price = params.text("price")
    return page(
        world,
        params,
        "/v1/subscriptions",
        "subscription",
        by=("customer", "collection_method", "test_clock"),
        where=lambda body: (
            _has_status(body, status) and (price is None or any(item["price"] == price for item in body["_items"]))
        ),
    )


def _has_status(body: Body, status: str | None) -> bool:
    if status == "all":
        return True
    if status == "ended":
        return body["status"] in ("canceled", "incomplete_expired")
    return bool(body["status"] == status if status else body["status"] != "canceled")


@route("GET /v1/subscription_items")
def list_items(world: World, params: Params) -> Body:
    body = world.named("subscription", params.need("subscription"), "subscription")
    return listing(show(world, body)["items"]["data"], "/v1/subscription_items")
