"""Coupons at work: who has which discount, for how long, and what it takes off."""

from __future__ import annotations

from collections.abc import Sequence

from stripe_emulator.dates import after
from stripe_emulator.errors import StripeError, not_now
from stripe_emulator.kinds import Body
from stripe_emulator.money import percent, share
from stripe_emulator.params import Params
from stripe_emulator.world import World


def coupon_of(world: World, discount: Body) -> Body:
    coupon = world.look(discount["source"]["coupon"])
    assert coupon is not None
    return coupon


def grant(world: World, params: Sequence[Params], customer: Body, *, now: int, **owner: str) -> list[str]:
    """The discounts that a request names by coupon or promotion code, each counted as one redemption."""
    return [_grant(world, one, customer, now, owner) for one in params]


def _grant(world: World, params: Params, customer: Body, now: int, owner: dict[str, str]) -> str:
    if existing := params.text("discount"):
        return str(world.named("discount", existing, "discounts")["id"])
    code = params.text("promotion_code")
    coupon = params.text("coupon")
    promotion = world.named("promotion_code", code, "discounts[promotion_code]") if code else None
    return redeem(world, customer, now=now, coupon=coupon, promotion=promotion, **owner)


def redeem(
    world: World,
    customer: Body,
    *,
    now: int,
    coupon: str | None = None,
    promotion: Body | None = None,
    **owner: str,
) -> str:
    """Give a customer's subscription or invoice the discount of a coupon."""
    if promotion is not None:
        check_promotion(world, promotion, customer)
        coupon = promotion["promotion"]["coupon"]
        promotion["times_redeemed"] += 1
        world.save(promotion)
    found = world.named("coupon", coupon, "coupon")
    if not is_valid(found, now):
        raise StripeError(f"Coupon expired: {found['id']}", code="coupon_expired", param="coupon")
    found["times_redeemed"] += 1
    found["valid"] = is_valid(found, now)
    world.save(found)
    months = found["duration_in_months"]
    discount = {
        "checkout_session": None,
        "customer": customer["id"],
        "customer_account": None,
        "end": after(now, "month", months) if months else None,
        "invoice": None,
        "invoice_item": None,
        "promotion_code": promotion["id"] if promotion else None,
        "source": {"type": "coupon", "coupon": found["id"]},
        "start": now,
        "subscription": None,
        "subscription_item": None,
        **owner,
    }
    made = world.add("discount", discount)
    if "subscription" in owner:
        world.emit("customer.discount.created", made)
    return str(made["id"])


def check_promotion(world: World, promotion: Body, customer: Body | None) -> None:
    """Refuse a promotion code that this customer may not use now."""
    now = world.now_of(customer or {})
    most, ends = promotion["max_redemptions"], promotion["expires_at"]
    usable = (
        promotion["active"]
        and (most is None or promotion["times_redeemed"] < most)
        and (ends is None or now < ends)
        and (promotion["customer"] is None or (customer and promotion["customer"] == customer["id"]))
    )
    if not usable:
        raise not_now("This promotion code cannot be redeemed any more.", code="promotion_code_expired")
    first_only = promotion["restrictions"]["first_time_transaction"]
    if first_only and customer and any(invoice["status"] == "paid" for invoice in bought(world, customer)):
        raise not_now(
            "This promotion code cannot be redeemed because the associated customer has prior transactions.",
            code="promotion_code_customer_not_first_time",
        )


def bought(world: World, customer: Body) -> list[Body]:
    """Invoices of a customer that asked for money."""
    return [invoice for invoice in world.find("invoice", customer=customer["id"]) if invoice["amount_due"]]


def is_valid(coupon: Body, now: int) -> bool:
    """Whether a coupon can still be redeemed."""
    most, until = coupon["max_redemptions"], coupon["redeem_by"]
    return (most is None or coupon["times_redeemed"] < most) and (until is None or now <= until)


def running(world: World, identities: Sequence[str], now: int) -> list[Body]:
    """Those discounts that still count."""
    found = [world.get("discount", identity) for identity in identities]
    return [discount for discount in found if discount["end"] is None or discount["end"] > now]


def net(world: World, amount: int, discounts: Sequence[Body]) -> int:
    """An amount after its discounts, one after the other."""
    for discount in discounts:
        amount -= off(coupon_of(world, discount), amount)
    return amount


def off(coupon: Body, amount: int) -> int:
    """What a coupon takes off a positive amount, never more than all of it."""
    if coupon["percent_off"] is not None:
        return percent(amount, coupon["percent_off"])
    return min(int(coupon["amount_off"]), max(amount, 0))


def apply(world: World, lines: Sequence[Body], discounts: Sequence[Body]) -> list[Body]:
    """Take discounts off the lines of an invoice; what each takes off in all is handed back."""
    totals: list[Body] = []
    touched = [line for line in lines if line["discountable"]]
    left = {line["id"]: line["amount"] for line in touched}
    for line in lines:
        line["discount_amounts"] = []
    for discount in discounts:
        base = sum(left.values())
        whole = off(coupon_of(world, discount), base) if base > 0 else 0
        given = 0
        for number, line in enumerate(touched, start=1):
            # The last line takes what rounding has left over.
            part = whole - given if number == len(touched) else share(whole, left[line["id"]], base)
            given += part
            left[line["id"]] -= part
            line["discount_amounts"].append({"amount": part, "discount": discount["id"]})
        totals.append({"amount": given, "discount": discount["id"]})
    return totals
