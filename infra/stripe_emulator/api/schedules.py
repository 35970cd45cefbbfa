"""Subscription schedules: a downgrade at the end of the period."""

from __future__ import annotations

from stripe_emulator.api.subscription_params import COLLECTION
from stripe_emulator.billing.changing import PRORATIONS
from stripe_emulator.billing.scheduling import begin, cancel, changes_to, discounts_of, enter, release, span
from stripe_emulator.dates import after
from stripe_emulator.due import period_end
from stripe_emulator.errors import StripeError, not_now, required
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page
from stripe_emulator.params import Params, change_metadata
from stripe_emulator.routing import route
from stripe_emulator.shapes.invoices import SELF
from stripe_emulator.world import World

URL = "/v1/subscription_schedules"
KIND = "subscription_schedule"
ENDS = ("cancel", "none", "release", "renew")


@route(f"POST {URL}")
def create_schedule(world: World, params: Params) -> Body:
    if identity := params.text("from_subscription"):
        return _from_subscription(world, world.named("subscription", identity, "from_subscription"), params)
    customer = world.named("customer", params.need("customer"), "customer")
    now = world.now_of(customer)
    start = now if params.text("start_date", "now") == "now" else params.integer("start_date", now) or now
    schedule = _blank(customer) | {"end_behavior": params.text("end_behavior", "release", among=ENDS)}
    change_metadata(schedule, params)
    schedule["phases"] = _phases(world, params, start)
    body = world.add(KIND, schedule, event=f"{KIND}.created")
    if start <= now:
        begin(world, body, body["phases"][0])
    return world.get(KIND, body["id"])


def _blank(customer: Body) -> Body:
    return {
        "application": None,
        "billing_mode": {"type": "flexible", "flexible": {"proration_discounts": "included"}},
        "canceled_at": None,
        "completed_at": None,
        "current_phase": None,
        "customer": customer["id"],
        "customer_account": None,
        "default_settings": {
            "application_fee_percent": None,
            "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
            "billing_cycle_anchor": "automatic",
            "billing_thresholds": None,
            "collection_method": "charge_automatically",
            "default_payment_method": None,
            "description": None,
            "invoice_settings": {
                "account_tax_ids": None,
                "custom_fields": None,
                "days_until_due": None,
                "description": None,
                "footer": None,
                "issuer": SELF,
            },
            "on_behalf_of": None,
            "transfer_data": None,
        },
        "end_behavior": "release",
        "metadata": {},
        "phases": [],
        "released_at": None,
        "released_subscription": None,
        "status": "not_started",
        "subscription": None,
        "test_clock": customer.get("test_clock"),
    }


def _from_subscription(world: World, subscription: Body, params: Params) -> Body:
    if subscription["schedule"]:
        raise not_now(
            f"You cannot migrate a subscription that is already attached to a schedule: {subscription['schedule']}."
        )
    if subscription["status"] in ("canceled", "incomplete_expired", "incomplete"):
        raise not_now("You can only migrate a subscription that runs to a subscription schedule.")
    for other in ("customer", "phases", "end_behavior"):
        if params.given(other):
            raise StripeError(f"You cannot set `{other}` if `from_subscription` is set.", param=other)
    customer = world.get("customer", subscription["customer"])
    items = subscription["_items"]
    phase = _phase(items[0]["current_period_start"], period_end(subscription), subscription["currency"]) | {
        "discounts": [_discount(world, each) for each in subscription["discounts"]],
        "items": [_item(item["price"], item["quantity"]) for item in items],
        "trial_end": subscription["trial_end"] if subscription["status"] == "trialing" else None,
    }
    schedule = _blank(customer) | {
        "current_phase": span(phase),
        "phases": [phase],
        "status": "active",
        "subscription": subscription["id"],
    }
    schedule["default_settings"]["collection_method"] = subscription["collection_method"]
    change_metadata(schedule, params)
    body = world.add(KIND, schedule, event=f"{KIND}.created")
    subscription["schedule"] = body["id"]
    world.save(subscription, event="customer.subscription.updated")
    return body


def _phase(start: int, end: int, currency: str) -> Body:
    return {
        "add_invoice_items": [],
        "application_fee_percent": None,
        "billing_cycle_anchor": None,
        "billing_thresholds": None,
        "collection_method": None,
        "currency": currency,
        "default_payment_method": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "end_date": end,
        "invoice_settings": None,
        "items": [],
        "metadata": {},
        "on_behalf_of": None,
        "proration_behavior": "create_prorations",
        "start_date": start,
        "transfer_data": None,
        "trial_end": None,
    }


def _item(price: str, quantity: int) -> Body:
    return {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": {},
        "price": price,
        "quantity": quantity,
        "tax_rates": [],
    }


def _discount(world: World, identity: str) -> Body:
    """One that a phase has: none of a phase's own, but that of the subscription."""
    return {"coupon": None, "discount": world.get("discount", identity)["id"], "promotion_code": None}


def _phases(world: World, params: Params, start: int) -> list[Body]:
    phases: list[Body] = []
    for wish in params.children("phases"):
        phases.append(_read_phase(world, wish, phases[-1]["end_date"] if phases else start))
    if not phases:
        raise required("phases")
    return phases


def _read_phase(world: World, params: Params, expected: int) -> Body:
    begins = params.integer("start_date", expected)
    if begins != expected:
        raise StripeError(f"A phase has to begin when the one before it ends: {expected}.", param="phases")
    items, prices = [], []
    for wish in params.children("items"):
        price = world.named("price", wish.need("price"), "phases[0][items][0][price]")
        items.append(_item(price["id"], wish.integer("quantity", 1, least=0) or 0))
        prices.append(price)
    if not items:
        raise required("phases[0][items]")
    phase = _phase(expected, _end(params, expected, prices[0]), prices[0]["currency"]) | {"items": items}
    phase["proration_behavior"] = params.text("proration_behavior", "create_prorations", among=PRORATIONS)
    phase["collection_method"] = params.text("collection_method", among=COLLECTION)
    phase["trial_end"] = params.integer("trial_end")
    wished = [world.named("discount", each.need("discount"), "discounts") for each in params.children("discounts")]
    phase["discounts"] = [_discount(world, each["id"]) for each in wished]
    if settings := params.child("invoice_settings"):
        phase["invoice_settings"] = {
            "account_tax_ids": None,
            "custom_fields": None,
            "days_until_due": settings.integer("days_until_due"),
            "description": None,
            "footer": None,
            "issuer": None,
        }
    change_metadata(phase, params)
    return phase


def _end(params: Params, start: int, price: Body) -> int:
    if lasting := params.child("duration"):
        interval = lasting.need("interval", among=("day", "week", "month", "year"))
        return after(start, interval, lasting.integer("interval_count", 1, least=1) or 1)
    end = params.integer("end_date")
    if end is None:
        # Without an end the last phase lasts for one period, as Stripe says of it.
        return after(start, price["recurring"]["interval"], price["recurring"]["interval_count"])
    if end <= start:
        raise StripeError("A phase has to end after it begins.", param="phases[0][end_date]")
    return end


@route(f"GET {URL}/{{schedule}}")
def retrieve_schedule(world: World, params: Params, identity: str) -> Body:
    return world.get(KIND, identity)


@route(f"GET {URL}")
def list_schedules(world: World, params: Params) -> Body:
    scheduled = params.flag("scheduled") if params.given("scheduled") else None
    return page(
        world,
        params,
        URL,
        KIND,
        by=("customer",),
        where=lambda body: scheduled in (None, body["status"] == "not_started"),
    )


@route(f"POST {URL}/{{schedule}}")
def update_schedule(world: World, params: Params, identity: str) -> Body:
    schedule = world.get(KIND, identity)
    if schedule["status"] not in ("active", "not_started"):
        raise not_now(f"You cannot update a subscription schedule that is {schedule['status']}.")
    params.text("proration_behavior", among=PRORATIONS)
    schedule["end_behavior"] = params.text("end_behavior", schedule["end_behavior"], among=ENDS)
    change_metadata(schedule, params)
    if params.given("phases"):
        now = world.now_of(schedule)
        schedule["phases"] = _phases(world, params, schedule["phases"][0]["start_date"])
        current = next((phase for phase in schedule["phases"] if phase["start_date"] <= now < phase["end_date"]), None)
        if current is None:
            raise StripeError("One of the phases has to be the one that runs now.", param="phases")
        schedule["current_phase"] = span(current)
        world.save(schedule, event=f"{KIND}.updated")
        subscription = world.get("subscription", schedule["subscription"])
        if changes_to(world, subscription, current) or discounts_of(current) != subscription["discounts"]:
            enter(world, schedule, current, now)
        return world.get(KIND, identity)
    return world.save(schedule, event=f"{KIND}.updated")


@route(f"POST {URL}/{{schedule}}/release")
def release_schedule(world: World, params: Params, identity: str) -> Body:
    params.flag("preserve_cancel_date")
    return release(world, world.get(KIND, identity))


@route(f"POST {URL}/{{schedule}}/cancel")
def cancel_schedule(world: World, params: Params, identity: str) -> Body:
    params.flag("invoice_now")
    params.flag("prorate")
    return cancel(world, world.get(KIND, identity))
