"""What answers requests, one subject a module; importing this package registers all of them."""

from stripe_emulator.api import (
    catalog,
    checkout,
    clocks,
    credit_notes,
    customers,
    discounts,
    events,
    invoices,
    payments,
    portal,
    previews,
    quotes,
    schedules,
    subscriptions,
)

__all__ = [
    "catalog",
    "checkout",
    "clocks",
    "credit_notes",
    "customers",
    "discounts",
    "events",
    "invoices",
    "payments",
    "portal",
    "previews",
    "quotes",
    "schedules",
    "subscriptions",
]
