"""Invoices, their lines, and the items that wait for one."""

from __future__ import annotations

from stripe_emulator.kinds import Body, new_id

SELF: Body = {"type": "self"}
NO_TAX: Body = {"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None}


def invoice(customer: Body, *, reason: str, currency: str, method: str, start: int, end: int) -> Body:
    """A draft without lines."""
    settings = customer["invoice_settings"]
    return {
        "account_country": "US",
        "account_name": "Chiron",
        "account_tax_ids": None,
        "amount_due": 0,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_remaining": 0,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": NO_TAX,
        "automatically_finalizes_at": None,
        "billing_reason": reason,
        "collection_method": method,
        "currency": currency,
        "custom_fields": settings["custom_fields"],
        "customer": customer["id"],
        "customer_account": None,
        **of_customer(customer),
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "due_date": None,
        "effective_at": None,
        "ending_balance": None,
        "footer": settings["footer"],
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": SELF,
        "last_finalization_error": None,
        "latest_revision": None,
        "metadata": {},
        "next_payment_attempt": None,
        "number": None,
        "on_behalf_of": None,
        "parent": None,
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": end,
        "period_start": start,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": customer["balance"],
        "statement_descriptor": None,
        "status": "draft",
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": 0,
        "subtotal_excluding_tax": 0,
        "test_clock": customer.get("test_clock"),
        "total": 0,
        "total_discount_amounts": [],
        "total_excluding_tax": 0,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": None,
        "_lines": [],
        "_overdue": False,
        "_days": None,
        "_clock": customer.get("_clock"),
    }


def of_customer(customer: Body) -> Body:
    """What an invoice says of its customer, as they were when it was finalized."""
    return {
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": customer["shipping"],
        "customer_tax_exempt": customer["tax_exempt"],
    }


def pricing(price: Body) -> Body:
    """What a line says of its price."""
    return {
        "type": "price_details",
        "price_details": {"price": price["id"], "product": price["product"]},
        "unit_amount_decimal": price["unit_amount_decimal"],
    }


def line(*, amount: int, currency: str, description: str, start: int, end: int) -> Body:
    """A line of an invoice, of nothing in particular yet."""
    return {
        "id": new_id("line_item"),
        "object": "line_item",
        "amount": amount,
        "currency": currency,
        "description": description,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "metadata": {},
        "parent": None,
        "period": {"start": start, "end": end},
        "pretax_credit_amounts": [],
        "pricing": None,
        "quantity": 1,
        "subscription": None,
        "subtotal": amount,
        "taxes": [],
    }


def item(customer: Body, *, amount: int, currency: str, description: str | None, date: int, end: int) -> Body:
    """An amount that waits for the customer's next invoice."""
    return {
        "amount": amount,
        "currency": currency,
        "customer": customer["id"],
        "customer_account": None,
        "date": date,
        "description": description,
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "metadata": {},
        "net_amount": amount,
        "parent": None,
        "period": {"start": date, "end": end},
        "pricing": None,
        "proration": False,
        "quantity": 1,
        "quantity_decimal": "1",
        "tax_rates": [],
        "test_clock": customer.get("test_clock"),
    }


def line_of_item(waiting: Body) -> Body:
    """The line that a waiting item becomes."""
    of = (waiting["parent"] or {}).get("subscription_details") or {}
    found = line(
        amount=waiting["amount"],
        currency=waiting["currency"],
        description=waiting["description"] or "",
        start=waiting["period"]["start"],
        end=waiting["period"]["end"],
    )
    details = {"proration": waiting["proration"], "proration_details": None, "subscription": of.get("subscription")}
    if of.get("subscription_item"):
        parent: Body = {
            "type": "subscription_item_details",
            "invoice_item_details": None,
            "subscription_item_details": details
            | {"invoice_item": waiting["id"], "subscription_item": of["subscription_item"]},
        }
    else:
        parent = {
            "type": "invoice_item_details",
            "invoice_item_details": details | {"invoice_item": waiting["id"]},
            "subscription_item_details": None,
        }
    return found | {
        "discountable": waiting["discountable"],
        "metadata": waiting["metadata"] or {},
        "parent": parent,
        "pricing": waiting["pricing"],
        "quantity": waiting["quantity"],
        "subscription": of.get("subscription"),
    }
