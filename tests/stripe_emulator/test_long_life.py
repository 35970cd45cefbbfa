"""A long walk of random requests and random time: whatever comes of it adds up."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.stripe_emulator.desk import StripeDesk
from tests.stripe_emulator.shop import DAY, Shop

STEPS = 45


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_invoices_and_subscriptions_add_up(stripe_desk: StripeDesk, shop: Shop, seed: int) -> None:
    chance = random.Random(seed)
    walk = Walk(stripe_desk, shop, chance)
    for _ in range(STEPS):
        chance.choice(walk.steps)()
    store = stripe_desk.emulator.store
    for invoice in store.find("invoice"):
        assert invoice["subtotal"] == sum(line["amount"] for line in invoice["_lines"])
        off = sum(taken["amount"] for taken in invoice["total_discount_amounts"])
        assert invoice["total"] == invoice["subtotal"] - off
        assert 0 <= invoice["amount_remaining"] <= invoice["amount_due"]
        if invoice["status"] == "paid":
            assert invoice["amount_paid"] + invoice["amount_paid_off_stripe"] == invoice["amount_due"]
    for customer in store.find("customer"):
        entries = store.find("customer_balance_transaction", customer=customer["id"])
        assert customer["balance"] == sum(entry["amount"] for entry in entries)
    now = stripe_desk.emulator.world.now()
    for body in store.find("subscription"):
        ended = body["status"] in ("canceled", "incomplete_expired")
        assert ended or body["_items"][0]["current_period_end"] > now
    captured = sum(charge["amount_captured"] for charge in store.find("charge"))
    assert captured == sum(invoice["amount_paid"] for invoice in store.find("invoice"))


class Walk:
    """Somebody who does one thing after the other, sensible or not."""

    def __init__(self, desk: StripeDesk, shop: Shop, chance: random.Random) -> None:
        self._desk, self._shop, self._chance = desk, shop, chance
        coupon = shop.client.v1.coupons.create({"percent_off": 33.33, "duration": "repeating", "duration_in_months": 3})
        self._discount = [{"coupon": coupon.id}]
        self.steps: list[Callable[[], object]] = [
            self.begin,
            self.begin,
            self.wait,
            self.wait,
            self.change,
            self.leave,
            self.new_card,
            self.pay,
        ]

    def begin(self) -> None:
        customer = self._shop.customer()
        wish: dict[str, Any] = self._chance.choice(
            [
                {},
                {"trial_period_days": 14},
                {"collection_method": "send_invoice", "days_until_due": 30},
                {"discounts": self._discount},
            ]
        )
        self._shop.subscribe(customer, self._chance.choice(list(self._shop.prices)), **wish)

    def wait(self) -> None:
        self._desk.move_to(self._desk.emulator.world.now() + self._chance.randint(1, 40) * DAY // 2)

    def change(self) -> None:
        for subscription in self._running():
            behavior = self._chance.choice(["create_prorations", "always_invoice", "none"])
            self._shop.change_to(
                subscription, self._chance.choice(list(self._shop.prices)), proration_behavior=behavior
            )

    def leave(self) -> None:
        for subscription in self._running():
            if self._chance.random() < 0.5:
                self._shop.client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
            else:
                self._shop.client.v1.subscriptions.cancel(subscription.id, {"prorate": True, "invoice_now": True})

    def new_card(self) -> None:
        for subscription in self._running():
            card = self._chance.choice(["pm_card_visa", "pm_card_chargeCustomerFail"])
            method = self._shop.client.v1.payment_methods.attach(card, {"customer": str(subscription.customer)})
            self._shop.client.v1.subscriptions.update(subscription.id, {"default_payment_method": method.id})

    def pay(self) -> None:
        for invoice in self._shop.client.v1.invoices.list({"status": "open", "limit": 1}).data:
            try:
                self._shop.client.v1.invoices.pay(invoice.id)
            except stripe.StripeError:
                self._shop.client.v1.invoices.pay(invoice.id, {"paid_out_of_band": True})

    def _running(self) -> list[stripe.Subscription]:
        found = self._shop.client.v1.subscriptions.list({"limit": 100}).data
        found = [each for each in found if each.status in ("active", "trialing", "past_due")]
        return self._chance.sample(found, min(1, len(found)))
