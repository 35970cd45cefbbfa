"""From a draft to what the customer owes: the balance that pays first, the number, the day it is due, the page."""

from __future__ import annotations

import secrets

from stripe_emulator.billing.charging import make_intent
from stripe_emulator.billing.invoicing import change_balance, reckon, subscription_of
from stripe_emulator.billing.paying import require_open, settle
from stripe_emulator.dates import DAY
from stripe_emulator.errors import not_now
from stripe_emulator.kinds import Body
from stripe_emulator.shapes import invoices as shapes
from stripe_emulator.world import World


def finalize(world: World, body: Body) -> Body:
    """Fix an invoice: from here on it is what the customer owes. What owes nothing is paid at once."""
    if body["status"] != "draft":
        raise not_now("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    if body["amount_due"] < 0:
        raise not_now("You cannot finalize an invoice with a negative amount due.")
    now = world.now_of(body)
    customer = world.get("customer", body["customer"])
    before = dict(body)
    body |= shapes.of_customer(customer)
    _use_balance(world, body, customer)
    page = secrets.token_urlsafe(24)
    body |= {
        "status": "open",
        "number": body["number"] or f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}",
        "effective_at": body["effective_at"] or now,
        "automatically_finalizes_at": None,
        "next_payment_attempt": None,
        "hosted_invoice_url": f"{world.base}/i/{page}",
        "invoice_pdf": f"{world.base}/i/{page}/pdf",
        "status_transitions": body["status_transitions"] | {"finalized_at": now},
        "_page": page,
    }
    if body["_days"] is not None:
        body["due_date"] = now + body["_days"] * DAY
    for taken in body["total_discount_amounts"]:
        world.save(world.get("discount", taken["discount"]) | {"_used": True})
    customer["next_invoice_sequence"] += 1
    customer["currency"] = customer["currency"] or body["currency"]
    world.save(customer)
    if body["amount_due"]:
        _expect_payment(world, body, customer)
    world.save(body)
    world.emit("invoice.finalized", body)
    world.changed("invoice.updated", before, body)
    if not body["amount_due"]:
        settle(world, body)
    return body


def _use_balance(world: World, body: Body, customer: Body) -> None:
    """Credit pays first; what an invoice is below zero becomes credit."""
    body["starting_balance"] = customer["balance"]
    reckon(world, body)
    if body["total"] >= 0:
        body["ending_balance"] = min(0, body["total"] + customer["balance"])
    else:
        body["ending_balance"] = customer["balance"] + body["total"]
    if body["ending_balance"] != customer["balance"]:
        amount = body["ending_balance"] - customer["balance"]
        change_balance(world, customer, amount, kind="applied_to_invoice", invoice=body["id"])


def _expect_payment(world: World, body: Body, customer: Body) -> None:
    description = f"Subscription {'creation' if body['billing_reason'] == 'subscription_create' else 'update'}"
    description = description if subscription_of(body) else f"Payment for Invoice {body['number']}"
    intent = make_intent(world, customer, body["amount_due"], body["currency"], description)
    payment: Body = {
        "amount_paid": None,
        "amount_requested": body["amount_due"],
        "currency": body["currency"],
        "invoice": body["id"],
        "is_default": True,
        "payment": {"type": "payment_intent", "payment_intent": intent["id"]},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
        "_clock": body["_clock"],
    }
    world.add("invoice_payment", payment)


def send(world: World, body: Body) -> Body:
    """Mail an invoice to the customer: here, only the event says so."""
    if body["status"] == "draft":
        body = finalize(world, body)
    if body["status"] not in ("open", "paid"):
        require_open(body)
    if body["collection_method"] != "send_invoice":
        raise not_now("You can only manually send an invoice if its collection method is 'send_invoice'.")
    world.emit("invoice.sent", body)
    return body
