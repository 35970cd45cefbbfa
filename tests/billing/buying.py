"""What a society does at Stripe, and what Stripe then tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from billing import buying
from billing.meter import account_of
from billing.models import Interval, Plan, Subscription
from billing.standing import State
from chiron.kernel import clock
from tenants import context, due
from tenants.models import Society
from tests.stripe_emulator.desk import Hook, StripeDesk

SECRET = "whsec_of_this_test"


def plan(key: str) -> Plan:
    with context.platform():
        return Plan.objects.get(key=key)


def work() -> None:
    """Do what is due, as workers would."""
    while job := due.claim():
        due.run(job)


@cache
def _postman() -> Client:
    return Client(headers={"host": settings.BASE_HOST})


def send(hook: Hook) -> HttpResponse:
    """One message, as Stripe would bring it."""
    return _postman().post(
        "/stripe/webhook/",
        hook.body,
        content_type="application/json",
        headers={"stripe-signature": hook.signature},
    )


@dataclass
class Buyer:
    """A society with its owner's browser at Stripe."""

    society: Society
    desk: StripeDesk

    @property
    def row(self) -> Subscription:
        with context.platform():
            return Subscription.objects.select_related("plan", "next_plan", "society").get(society=self.society)

    @property
    def state(self) -> State:
        account = account_of(self.society)
        assert account is not None
        return account.standing.state

    def takes_card(self, card: str = "pm_card_visa") -> None:
        """A card for what is due from now on."""
        customer: str = self.row.customer_id
        method = self.desk.client.v1.payment_methods.attach(card, {"customer": customer})
        wish: Any = {"invoice_settings": {"default_payment_method": method.id}}
        self.desk.client.v1.customers.update(customer, wish)

    def subscribes(self, key: str = "band-25", interval: Interval = Interval.MONTH, card: str = "pm_card_visa") -> None:
        """Buy a plan by card, as the hosted page does; nothing of it is known here until Stripe tells."""
        customer = self.row.customer_id or buying._customer_of(self.row)
        buying._remember(self.row, customer)
        self.takes_card(card)
        with context.platform():
            price = plan(key).prices.get(interval=interval, replaced_at=None)
        wish: Any = {"customer": customer, "items": [{"price": price.stripe_id}]}
        self.desk.client.v1.subscriptions.create(wish)

    def hears(self) -> int:
        """Bring what Stripe told, in its order, and work on it."""
        hooks = self.desk.take()
        for hook in hooks:
            assert send(hook).status_code == 200
        work()
        return len(hooks)

    @contextmanager
    def later(self, delta: timedelta) -> Iterator[None]:
        """The clock moved, here and at Stripe."""
        with clock.moved_by(delta):
            self.desk.move_to(int(clock.now().timestamp()))
            yield
