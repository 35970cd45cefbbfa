"""Coupons and promotion codes."""

from __future__ import annotations

import secrets
import string

from stripe_emulator.billing.discounts import is_valid
from stripe_emulator.errors import StripeError, required
from stripe_emulator.kinds import Body, new_id
from stripe_emulator.lists import page
from stripe_emulator.params import Params, change_metadata, change_texts
from stripe_emulator.routing import route
from stripe_emulator.world import World

READABLE = string.ascii_uppercase + string.digits


@route("POST /v1/coupons")
def create_coupon(world: World, params: Params) -> Body:
    identity = params.text("id") or new_id("coupon")[:8]
    if world.look(identity):
        raise StripeError("Coupon already exists.", code="resource_already_exists", param="id")
    percentage, amount = params.number("percent_off"), params.integer("amount_off", least=1)
    if (percentage is None) == (amount is None):
        raise StripeError("You must pass either `percent_off` or `amount_off`.", param="percent_off")
    if percentage is not None and not 0 < percentage <= 100:
        raise StripeError("Invalid percent_off: must be above 0 and at most 100.", param="percent_off")
    if amount is not None and not params.text("currency"):
        raise required("currency")
    duration = params.text("duration", "once", among=("forever", "once", "repeating"))
    months = params.integer("duration_in_months", least=1)
    if (duration == "repeating") != (months is not None):
        raise StripeError("`duration_in_months` belongs to the duration `repeating`.", param="duration_in_months")
    coupon: Body = {
        "amount_off": amount,
        "currency": params.text("currency"),
        "duration": duration,
        "duration_in_months": months,
        "max_redemptions": params.integer("max_redemptions", least=1),
        "metadata": {},
        "name": params.text("name"),
        "percent_off": percentage,
        "redeem_by": params.integer("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }
    change_metadata(coupon, params)
    return world.add("coupon", coupon, event="coupon.created", identity=identity)


@route("GET /v1/coupons/{coupon}")
def retrieve_coupon(world: World, params: Params, identity: str) -> Body:
    coupon = world.get("coupon", identity)
    return coupon | {"valid": is_valid(coupon, world.now())}


@route("POST /v1/coupons/{coupon}")
def update_coupon(world: World, params: Params, identity: str) -> Body:
    coupon = world.get("coupon", identity)
    change_texts(coupon, params, "name")
    change_metadata(coupon, params)
    return world.save(coupon, event="coupon.updated")


@route("DELETE /v1/coupons/{coupon}")
def delete_coupon(world: World, params: Params, identity: str) -> Body:
    coupon = world.get("coupon", identity)
    world.emit("coupon.deleted", coupon)
    return world.save({**coupon, "_deleted": True})


@route("GET /v1/coupons")
def list_coupons(world: World, params: Params) -> Body:
    return page(world, params, "/v1/coupons", "coupon")


@route("POST /v1/promotion_codes")
def create_promotion_code(world: World, params: Params) -> Body:
    promotion = params.child("promotion")
    if promotion is None:
        raise required("promotion")
    promotion.text("type", "coupon", among=("coupon",))
    coupon = world.named("coupon", promotion.need("coupon"), "promotion[coupon]")
    code = params.text("code") or "".join(secrets.choice(READABLE) for _ in range(8))
    if any(other["active"] for other in world.find("promotion_code") if other["code"].lower() == code.lower()):
        raise StripeError(
            f"An active promotion code with `code: {code}` already exists.",
            code="resource_already_exists",
            param="code",
        )
    customer = params.text("customer")
    if customer:
        world.named("customer", customer, "customer")
    limits = params.child("restrictions")
    body: Body = {
        "active": params.flag("active", True),
        "code": code,
        "customer": customer,
        "customer_account": None,
        "expires_at": params.integer("expires_at"),
        "max_redemptions": params.integer("max_redemptions", least=1),
        "metadata": {},
        "promotion": {"type": "coupon", "coupon": coupon["id"]},
        "restrictions": {
            "first_time_transaction": bool(limits and limits.flag("first_time_transaction")),
            "minimum_amount": None,
            "minimum_amount_currency": None,
        },
        "times_redeemed": 0,
        "_clock": None,
    }
    change_metadata(body, params)
    return world.add("promotion_code", body, event="promotion_code.created")


@route("GET /v1/promotion_codes/{promotion_code}")
def retrieve_promotion_code(world: World, params: Params, identity: str) -> Body:
    return world.get("promotion_code", identity)


@route("POST /v1/promotion_codes/{promotion_code}")
def update_promotion_code(world: World, params: Params, identity: str) -> Body:
    body = world.get("promotion_code", identity)
    body["active"] = params.flag("active", body["active"])
    change_metadata(body, params)
    return world.save(body, event="promotion_code.updated")


@route("GET /v1/promotion_codes")
def list_promotion_codes(world: World, params: Params) -> Body:
    code = params.text("code")
    active = params.flag("active") if params.given("active") else None
    return page(
        world,
        params,
        "/v1/promotion_codes",
        "promotion_code",
        by=("customer",),
        where=lambda body: (code is None or body["code"].lower() == code.lower()) and active in (None, body["active"]),
    )
