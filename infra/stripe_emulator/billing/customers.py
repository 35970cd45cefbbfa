"""Customers, whether a request makes them or a page."""

from __future__ import annotations

import re

from stripe_emulator.errors import StripeError
from stripe_emulator.kinds import Body
from stripe_emulator.world import World


def blank(world: World) -> Body:
    """A customer of whom nothing is known."""
    return {
        "address": None,
        "balance": 0,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": _prefix(world),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def new_customer(world: World, *, email: str | None, name: str | None) -> Body:
    """Somebody who came to a page unknown. Whoever calls tells of it, when all about them is said."""
    return world.add("customer", blank(world) | {"email": email, "name": name or None})


def _prefix(world: World) -> str:
    count = int(str(world.store.setting("customers", 0))) + 1
    world.store.set("customers", count)
    return f"CH{count:06d}"


def add_tax_id(world: World, customer: Body, kind: str, value: str) -> Body:
    """Keep a tax id of a customer; nobody verifies it here, but one has to look like one."""
    if kind == "us_ein" and not re.fullmatch(r"\d{2}-?\d{7}", value):
        raise StripeError("Invalid value for us_ein: it has nine digits, as in 12-3456789.", code="tax_id_invalid")
    tax_id: Body = {
        "country": kind[:2].upper(),
        "customer": customer["id"],
        "customer_account": None,
        "owner": {"type": "customer", "customer": customer["id"], "customer_account": None},
        "type": kind,
        "value": value,
        "verification": {"status": "unavailable", "verified_address": None, "verified_name": None},
    }
    return world.add("tax_id", tax_id, event="customer.tax_id.created")
