"""Changes of a running subscription: what it consists of, and what the rest of the period costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stripe_emulator.billing import discounts, invoicing
from stripe_emulator.billing.subscribing import Line, bill_at_once, next_period_end
from stripe_emulator.due import WARNED_BEFORE_RENEWAL
from stripe_emulator.errors import StripeError
from stripe_emulator.kinds import Body
from stripe_emulator.money import share
from stripe_emulator.shapes import invoices as invoice_shapes
from stripe_emulator.shapes import subscriptions as shapes
from stripe_emulator.world import World

PRORATIONS = ("create_prorations", "always_invoice", "none")


@dataclass(frozen=True)
class ItemChange:
    """What shall become of one item: another price or quantity, a new item, or none any more."""

    identity: str | None
    line: Line | None
    deleted: bool = False


def change_items(
    world: World, body: Body, changes: Sequence[ItemChange], *, proration: str, date: int, restart: bool = False
) -> None:
    """Change the items of a subscription from a moment on.

    Another interval begins a period of its own, as Stripe does, and is paid for at once. Otherwise the rest of the
    period is credited at the old price and charged at the new one, to the second.
    """
    old = [dict(item) for item in body["_items"]]
    items = _changed(body, changes, world.now_of(body))
    before, after = _recurring(world, old[0]), _recurring(world, items[0])
    body["_items"] = items
    if before != after or restart:
        _begin_period(body, after, date)
        if body["status"] != "trialing":
            if proration != "none":
                _prorate(world, body, old, [], date)
            bill_at_once(world, body, reason="subscription_update", lines=invoicing.lines_of_subscription(world, body))
        return
    at_the_end = date >= old[0]["current_period_end"]
    if body["status"] == "trialing" or proration == "none" or not changes or at_the_end:
        return
    _prorate(world, body, old, items, date)
    if proration == "always_invoice":
        bill_at_once(world, body, reason="subscription_update")


def _changed(body: Body, changes: Sequence[ItemChange], now: int) -> list[Body]:
    items = {item["id"]: dict(item) for item in body["_items"]}
    first = body["_items"][0]
    for change in changes:
        if change.identity is None:
            assert change.line is not None
            if any(item["price"] == change.line.price["id"] for item in items.values()):
                raise StripeError("Cannot add multiple subscription items with the same plan.", param="items")
            new = shapes.item(
                body["id"],
                change.line.price,
                quantity=change.line.quantity,
                now=now,
                start=first["current_period_start"],
                end=first["current_period_end"],
            )
            items[new["id"]] = new | {"metadata": change.line.metadata}
        elif change.identity not in items:
            raise StripeError(f"No such subscription_item: '{change.identity}'", code="resource_missing", param="items")
        elif change.deleted:
            del items[change.identity]
        elif change.line is not None:
            items[change.identity] |= {
                "price": change.line.price["id"],
                "quantity": change.line.quantity,
                "metadata": change.line.metadata,
            }
    if not items:
        raise StripeError("A subscription must have at least one active plan.", param="items")
    return list(items.values())


def _recurring(world: World, item: Body) -> Body:
    recurring: Body = world.get("price", item["price"])["recurring"]
    return recurring


def _begin_period(body: Body, recurring: Body, start: int) -> None:
    end = body["trial_end"] if body["status"] == "trialing" else next_period_end(start, recurring, start)
    if body["status"] != "trialing":
        body["billing_cycle_anchor"] = start
    for item in body["_items"]:
        item |= {"current_period_start": start, "current_period_end": end}
    body["_announced"] = end - start <= WARNED_BEFORE_RENEWAL


def _prorate(world: World, body: Body, old: Sequence[Body], new: Sequence[Body], date: int) -> None:
    """Credit what is left of the old items, charge what is left for the new ones; what stays is neither."""
    kept = {(item["id"], item["price"], item["quantity"]) for item in old} & {
        (item["id"], item["price"], item["quantity"]) for item in new
    }
    for sign, items in ((-1, old), (1, new)):
        for item in items:
            if (item["id"], item["price"], item["quantity"]) not in kept:
                _prorate_item(world, body, item, sign, date)


def _prorate_item(world: World, body: Body, item: Body, sign: int, date: int) -> None:
    start, end = item["current_period_start"], item["current_period_end"]
    price = world.get("price", item["price"])
    counting = discounts.running(world, body["discounts"], date)
    whole = discounts.net(world, price["unit_amount"] * item["quantity"], counting)
    amount = sign * share(whole, end - date, end - start)
    product = world.look(price["product"]) or {}
    what = f"{item['quantity']} × {product.get('name')}" if item["quantity"] != 1 else product.get("name")
    customer = world.get("customer", body["customer"])
    waiting = invoice_shapes.item(
        customer,
        amount=amount,
        currency=body["currency"],
        description=f"{'Unused time on' if sign < 0 else 'Remaining time on'} {what}",
        date=date,
        end=end,
    )
    waiting |= {
        "discountable": False,
        "parent": {
            "type": "subscription_details",
            "subscription_details": {"subscription": body["id"], "subscription_item": item["id"]},
        },
        "pricing": invoice_shapes.pricing(price),
        "proration": True,
        "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]),
    }
    world.add("invoiceitem", waiting, event="invoiceitem.created")


def credit_the_rest(world: World, body: Body, date: int) -> None:
    """Credit what is left of the period, for a subscription that ends in the middle of it."""
    if body["status"] != "trialing":
        _prorate(world, body, body["_items"], [], date)
