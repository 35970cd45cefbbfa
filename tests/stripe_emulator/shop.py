"""What a test buys: a plan by the month and the year, and customers with a card or without."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import stripe

DAY = 86_400
PLAN = (("small", 5_000, "month"), ("large", 10_000, "month"), ("yearly", 50_000, "year"))


@dataclass
class Shop:
    """A plan with prices, in whatever Stripe answers: the emulator, or its own test mode."""

    client: stripe.StripeClient
    clock: str | None = None
    prices: dict[str, str] = field(default_factory=dict)
    product: str = ""

    def open(self) -> Shop:
        """Put a plan on sale: `small` and `large` by the month, `yearly` by the year."""
        self.product = self.client.v1.products.create({"name": "Up to 25 mentorships"}).id
        for name, amount, interval in PLAN:
            price: Any = {
                "product": self.product,
                "currency": "usd",
                "unit_amount": amount,
                "recurring": {"interval": interval},
            }
            self.prices[name] = self.client.v1.prices.create(price).id
        return self

    def customer(self, card: str | None = "pm_card_visa", **fields: Any) -> str:
        """Somebody who buys, with one of Stripe's test cards as their default."""
        wish: Any = {"name": "Sierra Medical Society", "email": "office@sierra.example.org", **fields}
        if self.clock:
            wish["test_clock"] = self.clock
        customer = self.client.v1.customers.create(wish)
        if card:
            method = self.client.v1.payment_methods.attach(card, {"customer": customer.id})
            settings: Any = {"invoice_settings": {"default_payment_method": method.id}}
            self.client.v1.customers.update(customer.id, settings)
        return customer.id

    def subscribe(self, customer: str, price: str = "small", **fields: Any) -> stripe.Subscription:
        """Begin a subscription to one price."""
        wish: Any = {"customer": customer, "items": [{"price": self.prices[price]}], **fields}
        return self.client.v1.subscriptions.create(wish)

    def change_to(self, subscription: stripe.Subscription, price: str, **fields: Any) -> stripe.Subscription:
        """Change a subscription's one item to another price."""
        item = subscription["items"].data[0].id
        wish: Any = {"items": [{"id": item, "price": self.prices[price]}], **fields}
        return self.client.v1.subscriptions.update(subscription.id, wish)

    def invoices(self, customer: str) -> list[stripe.Invoice]:
        """Invoices of a customer, the oldest first."""
        wish: Any = {"customer": customer, "limit": 100}
        return list(reversed(self.client.v1.invoices.list(wish).data))
