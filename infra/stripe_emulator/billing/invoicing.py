"""Drafts of invoices: their lines, their totals, and what waits for the next one."""

from __future__ import annotations

from collections.abc import Sequence

from stripe_emulator.billing import discounts
from stripe_emulator.dates import DAY
from stripe_emulator.due import DRAFT_LASTS
from stripe_emulator.kinds import Body
from stripe_emulator.money import written
from stripe_emulator.params import Params, change_metadata, change_texts, custom_fields_of
from stripe_emulator.shapes import invoices as shapes
from stripe_emulator.world import World


def draft(
    world: World,
    customer: Body,
    *,
    reason: str,
    currency: str,
    collection_method: str,
    period: tuple[int, int],
    subscription: Body | None = None,
    days_until_due: int | None = None,
    auto_advance: bool = True,
) -> Body:
    """A new draft without lines; `fill` puts them in and `announce` tells of it."""
    now = world.now_of(customer)
    body = shapes.invoice(
        customer, reason=reason, currency=currency, method=collection_method, start=period[0], end=period[1]
    )
    body["auto_advance"] = auto_advance
    if auto_advance:
        body["automatically_finalizes_at"] = now + DRAFT_LASTS
        if collection_method == "charge_automatically":
            body["next_payment_attempt"] = now + DRAFT_LASTS
    if collection_method == "send_invoice":
        body["_days"] = 30 if days_until_due is None else days_until_due
        body["due_date"] = now + body["_days"] * DAY
    body["customer_tax_ids"] = [
        {"type": tax_id["type"], "value": tax_id["value"]} for tax_id in _tax_ids(world, customer)
    ]
    if subscription is not None:
        _take_over(body, subscription)
    return world.add("invoice", body)


def _tax_ids(world: World, customer: Body) -> list[Body]:
    return [body for body in world.find("tax_id", customer=customer["id"]) if not body.get("_deleted")]


def _take_over(body: Body, subscription: Body) -> None:
    settings = subscription["invoice_settings"]
    body["parent"] = {
        "type": "subscription_details",
        "quote_details": None,
        "subscription_details": {"metadata": subscription["metadata"], "subscription": subscription["id"]},
    }
    body["default_payment_method"] = subscription["default_payment_method"]
    body["description"] = settings["description"]
    body["custom_fields"] = settings["custom_fields"] or body["custom_fields"]
    body["footer"] = settings["footer"] or body["footer"]


def subscription_of(body: Body) -> str | None:
    """The subscription that an invoice belongs to."""
    details = (body["parent"] or {}).get("subscription_details")
    return str(details["subscription"]) if details else None


def waiting_items(world: World, customer: Body, currency: str, subscription: str | None) -> list[Body]:
    """What waits for the next invoice: the subscription's own, and what is of no subscription."""
    found = [
        item
        for item in world.find("invoiceitem", customer=customer["id"])
        if item["invoice"] is None and not item.get("_deleted") and item["currency"] == currency
    ]
    owners = (None, subscription)
    return [item for item in reversed(found) if _owner(item) in owners]


def _owner(item: Body) -> str | None:
    details = (item["parent"] or {}).get("subscription_details")
    return str(details["subscription"]) if details else None


def fill(world: World, body: Body, lines: Sequence[Body], items: Sequence[Body] = ()) -> None:
    """Put lines and waiting items in, and reckon anew."""
    added = [*(shapes.line_of_item(item) for item in items), *lines]
    for line in added:
        line["invoice"] = body["id"]
    body["_lines"] = [*body["_lines"], *added]
    for item in items:
        item["invoice"] = body["id"]
        world.save(item)
    reckon(world, body)
    world.save(body)


def reckon(world: World, body: Body) -> None:
    """Work out the totals of a draft from its lines, its discounts and the customer's balance."""
    running = discounts.running(world, body["discounts"], world.now_of(body))
    body["total_discount_amounts"] = discounts.apply(world, body["_lines"], running)
    subtotal = sum(line["amount"] for line in body["_lines"])
    total = subtotal - sum(taken["amount"] for taken in body["total_discount_amounts"])
    due = max(0, total + body["starting_balance"]) if total > 0 else 0
    body |= {
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal,
        "total": total,
        "total_excluding_tax": total,
        "amount_due": due,
        "amount_remaining": due,
    }


def announce(world: World, body: Body) -> None:
    """Tell of a draft that has its lines."""
    world.emit("invoice.created", body)


def change_balance(world: World, customer: Body, amount: int, *, kind: str, **of: str) -> Body:
    """Add to what a customer owes (or, below zero, has as credit), with the entry that says why."""
    customer["balance"] += amount
    world.save(customer, event="customer.updated")
    entry: Body = {
        "amount": amount,
        "checkout_session": None,
        "credit_note": None,
        "currency": customer["currency"] or "usd",
        "customer": customer["id"],
        "customer_account": None,
        "description": None,
        "ending_balance": customer["balance"],
        "invoice": None,
        "metadata": {},
        "type": kind,
        **of,
    }
    return world.add("customer_balance_transaction", entry)


def lines_of_subscription(world: World, subscription: Body, *, trial: bool = False) -> list[Body]:
    """A line for each item: the period that it pays for in advance."""
    return [_line_of_item(world, subscription, item, trial) for item in subscription["_items"]]


def _line_of_item(world: World, subscription: Body, item: Body, trial: bool) -> Body:
    price = world.get("price", item["price"])
    product = world.look(price["product"]) or {}
    quantity = item["quantity"]
    each = f"{written(price['unit_amount'], price['currency'])} / {price['recurring']['interval']}"
    line = shapes.line(
        amount=0 if trial else price["unit_amount"] * quantity,
        currency=price["currency"],
        description=f"Trial period for {product.get('name')}"
        if trial
        else f"{quantity} × {product.get('name')} (at {each})",
        start=item["current_period_start"],
        end=item["current_period_end"],
    )
    parent = {
        "type": "subscription_item_details",
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": None,
            "proration": False,
            "proration_details": None,
            "subscription": subscription["id"],
            "subscription_item": item["id"],
        },
    }
    return line | {
        "metadata": subscription["metadata"],
        "parent": parent,
        "pricing": shapes.pricing(price),
        "quantity": quantity,
        "subscription": subscription["id"],
    }


def change_draft(body: Body, params: Params) -> None:
    """What requests may say of an invoice, when it is made and while it is a draft."""
    change_texts(body, params, "description", "footer", "statement_descriptor")
    change_metadata(body, params)
    if params.given("custom_fields"):
        body["custom_fields"] = custom_fields_of(params)
    if params.given("auto_advance"):
        body["auto_advance"] = params.flag("auto_advance")
    if params.given("due_date"):
        body["due_date"], body["_days"] = params.integer("due_date"), None
