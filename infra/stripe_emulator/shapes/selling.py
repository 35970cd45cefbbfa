"""What is offered before it is bought: Checkout sessions, quotes, and their lines."""

from __future__ import annotations

from collections.abc import Sequence

from stripe_emulator.billing.subscribing import Line
from stripe_emulator.kinds import Body, new_id
from stripe_emulator.shapes.invoices import SELF


def line_items(lines: Sequence[Line], names: Sequence[str], off: int = 0) -> list[Body]:
    """Lines of an offer; what a discount takes off stands on the first."""
    found = []
    for line, name in zip(lines, names, strict=True):
        amount = line.price["unit_amount"] * line.quantity
        taken = min(off, amount)
        off -= taken
        found.append(
            {
                "id": new_id("item"),
                "object": "item",
                "adjustable_quantity": None,
                "amount_discount": taken,
                "amount_subtotal": amount,
                "amount_tax": 0,
                "amount_total": amount - taken,
                "currency": line.price["currency"],
                "description": name,
                "metadata": line.metadata,
                "price": line.price["id"],
                "quantity": line.quantity,
            }
        )
    return found


def checkout_session(*, mode: str, now: int) -> Body:
    """A session that is open and of which nothing is decided."""
    nothing = {"after_submit": None, "shipping_address": None, "submit": None, "terms_of_service_acceptance": None}
    return {
        "adaptive_pricing": None,
        "after_expiration": None,
        "allow_promotion_codes": None,
        "amount_subtotal": None,
        "amount_total": None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": None,
        "client_reference_id": None,
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "currency": None,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": nothing,
        "customer": None,
        "customer_account": None,
        "customer_creation": None,
        "customer_details": None,
        "customer_email": None,
        "discounts": [],
        "expires_at": now + 86_400,
        "invoice": None,
        "invoice_creation": None,
        "locale": None,
        "metadata": {},
        "mode": mode,
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": None,
        "subscription": None,
        "success_url": None,
        "total_details": None,
        "ui_mode": "hosted_page",
        "url": None,
        "wallet_options": None,
        "_lines": [],
        "_trial_end": None,
        "_trial_days": None,
        "_fields": {},
    }


def quote(customer: Body, *, now: int) -> Body:
    """A draft of a quote without lines."""
    return {
        "amount_subtotal": 0,
        "amount_total": 0,
        "application": None,
        "application_fee_amount": None,
        "application_fee_percent": None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "collection_method": "charge_automatically",
        "computed": {
            "recurring": None,
            "upfront": {"amount_subtotal": 0, "amount_total": 0, "total_details": totals(0)},
        },
        "currency": None,
        "customer": customer["id"],
        "customer_account": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "expires_at": now + 30 * 86_400,
        "footer": None,
        "from_quote": None,
        "header": None,
        "invoice": None,
        "invoice_settings": {
            "custom_fields": None,
            "days_until_due": None,
            "description": None,
            "footer": None,
            "issuer": SELF,
        },
        "metadata": {},
        "number": None,
        "on_behalf_of": None,
        "status": "draft",
        "status_transitions": {"accepted_at": None, "canceled_at": None, "finalized_at": None},
        "subscription": None,
        "subscription_data": {
            "billing_mode": {"type": "flexible", "flexible": {"proration_discounts": "included"}},
            "description": None,
            "effective_date": None,
            "metadata": {},
            "trial_period_days": None,
        },
        "subscription_schedule": None,
        "test_clock": customer.get("test_clock"),
        "total_details": totals(0),
        "transfer_data": None,
        "_lines": [],
    }


def totals(discount: int) -> Body:
    return {"amount_discount": discount, "amount_shipping": 0, "amount_tax": 0}
