"""What every object of Stripe has in common: an id that tells its kind, and lists that tell whether there is more."""

from __future__ import annotations

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]

LETTERS = string.ascii_letters + string.digits
PREFIXES = {
    "billing_portal.configuration": "bpc_",
    "billing_portal.session": "bps_",
    "charge": "ch_",
    "checkout.session": "cs_test_",
    "coupon": "",
    "credit_note": "cn_",
    "credit_note_line_item": "cnli_",
    "customer": "cus_",
    "customer_balance_transaction": "cbtxn_",
    "discount": "di_",
    "event": "evt_",
    "invoice": "in_",
    "invoice_payment": "inpay_",
    "invoiceitem": "ii_",
    "item": "li_",
    "line_item": "il_",
    "payment_intent": "pi_",
    "payment_method": "pm_",
    "price": "price_",
    "product": "prod_",
    "promotion_code": "promo_",
    "quote": "qt_",
    "refund": "re_",
    "request": "req_",
    "setup_intent": "seti_",
    "subscription": "sub_",
    "subscription_item": "si_",
    "subscription_schedule": "sub_sched_",
    "tax_id": "txi_",
    "test_helpers.test_clock": "clock_",
    "webhook_endpoint": "we_",
}


def new_id(kind: str) -> str:
    """An id as Stripe makes them; nobody can guess one, and an id says what it is of."""
    return PREFIXES[kind] + "".join(LETTERS[byte % len(LETTERS)] for byte in secrets.token_bytes(24))


def listing(data: Sequence[Body], url: str, *, has_more: bool = False) -> Body:
    """A list as an object of Stripe carries it."""
    return {"object": "list", "data": list(data), "has_more": has_more, "url": url}


def without_private(body: Body) -> Body:
    """What Stripe would show: fields that begin with an underscore are the emulator's own."""
    return {name: value for name, value in body.items() if not name.startswith("_")}


@dataclass(frozen=True)
class Document:
    """A reply that is a file."""

    content: bytes
    content_type: str = "application/pdf"
