"""Credit notes: what is taken off an invoice after it was finalized, and where the money goes."""

from __future__ import annotations

from collections.abc import Sequence

from stripe_emulator.billing.invoicing import change_balance
from stripe_emulator.billing.paying import intent_of, payments_of, settle
from stripe_emulator.billing.refunding import refund
from stripe_emulator.errors import StripeError, not_now
from stripe_emulator.kinds import Body, new_id
from stripe_emulator.world import World


def issue(
    world: World,
    invoice: Body,
    *,
    amount: int,
    lines: Sequence[Body],
    refund_amount: int | None,
    credit_amount: int | None,
    out_of_band_amount: int | None,
    reason: str | None,
    memo: str | None,
) -> Body:
    """Credit an amount: off what is open, or back to card, balance or outside of Stripe when it was paid."""
    if invoice["status"] not in ("open", "paid"):
        raise not_now(f"You cannot issue a credit note for an invoice that is {invoice['status']}.")
    if amount <= 0:
        raise StripeError("A credit note has to be over more than nothing.", param="amount")
    is_paid = invoice["status"] == "paid"
    already = invoice["pre_payment_credit_notes_amount"] + invoice["post_payment_credit_notes_amount"]
    left = invoice["amount_due"] - invoice["post_payment_credit_notes_amount"] if is_paid else invoice["amount_due"]
    if amount > min(left, invoice["total"] - already):
        raise StripeError("The credit note's amount is more than what is left of the invoice.", param="amount")
    parts = {"refund": refund_amount or 0, "credit": credit_amount or 0, "aside": out_of_band_amount or 0}
    if is_paid and sum(parts.values()) != amount:
        raise StripeError(
            "The sum of refund, credit and out of band amounts must equal the post payment amount of "
            f"{amount}, but got {sum(parts.values())}.",
            param="refund_amount",
        )
    customer = world.get("customer", invoice["customer"])
    fields = _fields(world, invoice, amount, lines, is_paid, reason, memo)
    body = world.add("credit_note", fields)
    body["pdf"] = f"{world.base}/cn/{body['_page']}/pdf"
    if parts["refund"]:
        made = refund(world, _charge_of(world, invoice), amount=parts["refund"])
        body["refunds"] = [
            {"amount_refunded": parts["refund"], "payment_record_refund": None, "refund": made["id"], "type": "refund"}
        ]
    if parts["credit"]:
        entry = change_balance(world, customer, -parts["credit"], kind="credit_note", credit_note=body["id"])
        body["customer_balance_transaction"] = entry["id"]
    body["out_of_band_amount"] = parts["aside"] or None
    world.save(body)
    world.emit("credit_note.created", body)
    _change_invoice(world, invoice, amount, is_paid)
    return body


def _fields(
    world: World, invoice: Body, amount: int, lines: Sequence[Body], is_paid: bool, reason: str | None, memo: str | None
) -> Body:
    count = len(world.find("credit_note", invoice=invoice["id"])) + 1
    return {
        "amount": amount,
        "amount_shipping": 0,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": world.now_of(invoice),
        "invoice": invoice["id"],
        "memo": memo,
        "metadata": {},
        "number": f"{invoice['number']}-CN-{count:02d}",
        "out_of_band_amount": None,
        "pdf": "",
        "post_payment_amount": amount if is_paid else 0,
        "pre_payment_amount": 0 if is_paid else amount,
        "pretax_credit_amounts": [],
        "reason": reason,
        "refunds": [],
        "shipping_cost": None,
        "status": "issued",
        "subtotal": amount,
        "subtotal_excluding_tax": amount,
        "total": amount,
        "total_excluding_tax": amount,
        "total_taxes": [],
        "type": "post_payment" if is_paid else "pre_payment",
        "voided_at": None,
        "_lines": list(lines),
        "_page": new_id("request"),
    }


def line(*, amount: int, description: str | None, quantity: int | None, invoice_line: str | None) -> Body:
    """A line of a credit note: of a line of the invoice, or of its own."""
    body: Body = {
        "id": new_id("credit_note_line_item"),
        "object": "credit_note_line_item",
        "amount": amount,
        "description": description,
        "discount_amount": 0,
        "discount_amounts": [],
        "livemode": False,
        "pretax_credit_amounts": [],
        "quantity": quantity,
        "tax_rates": [],
        "taxes": [],
        "type": "invoice_line_item" if invoice_line else "custom_line_item",
        "unit_amount": None,
        "unit_amount_decimal": None,
    }
    return body | ({"invoice_line_item": invoice_line} if invoice_line else {})


def _charge_of(world: World, invoice: Body) -> Body:
    for payment in payments_of(world, invoice):
        if payment["status"] == "paid":
            intent = world.get("payment_intent", payment["payment"]["payment_intent"])
            return world.get("charge", intent["latest_charge"])
    raise not_now("This invoice was not paid by card, so nothing can be refunded to one.")


def _change_invoice(world: World, invoice: Body, amount: int, is_paid: bool) -> None:
    if is_paid:
        invoice["post_payment_credit_notes_amount"] += amount
        world.save(invoice, event="invoice.updated")
        return
    invoice["pre_payment_credit_notes_amount"] += amount
    invoice["amount_due"] -= amount
    invoice["amount_remaining"] -= amount
    world.save(invoice, event="invoice.updated")
    intent = intent_of(world, invoice)
    if invoice["amount_due"] == 0:
        settle(world, invoice)
    elif intent is not None:
        intent["amount"] = invoice["amount_due"]
        world.save(intent)
        for payment in payments_of(world, invoice):
            world.save(payment | {"amount_requested": invoice["amount_due"]})


def void(world: World, body: Body) -> Body:
    """Take back a credit note of an invoice that is still open."""
    invoice = world.get("invoice", body["invoice"])
    if body["status"] == "void" or body["type"] != "pre_payment" or invoice["status"] != "open":
        raise not_now("Only a credit note of an open invoice can be voided.")
    invoice["pre_payment_credit_notes_amount"] -= body["amount"]
    invoice["amount_due"] += body["amount"]
    invoice["amount_remaining"] += body["amount"]
    world.save(invoice, event="invoice.updated")
    body |= {"status": "void", "voided_at": world.now_of(body)}
    world.save(body)
    world.emit("credit_note.voided", body)
    return body
