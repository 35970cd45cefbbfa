"""What answers requests, one subject a module; importing this package registers all of them."""

from stripe_emulator.api import catalog, clocks, customers, discounts, events, invoices, payments, subscriptions

__all__ = ["catalog", "clocks", "customers", "discounts", "events", "invoices", "payments", "subscriptions"]
