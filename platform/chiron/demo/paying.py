"""How the demonstration's societies pay: one has paid, one tries, and one's card failed. No card is charged: all of it
happens at the Stripe of the desk, or in Stripe's own test mode, by test cards and a test clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings

from billing import buying, catalog, gateway
from billing.models import Interval, Plan, Subscription
from billing.subscriptions import begin_trial
from billing.syncing import sync
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import context
from tenants.models import Society

GOOD_CARD, FAILING_CARD = "pm_card_visa", "pm_card_chargeCustomerFail"
# It bought so long ago: the first month is over, and the second was not paid.
BOUGHT_BEFORE = timedelta(days=33)
CLOCK_TAKES = 60.0


def pay() -> Iterator[str]:
    """Bring the price list to Stripe and let each society pay in its way; says what it did. Done again, nothing."""
    if not settings.STRIPE_SECRET_KEY.startswith("sk_test_"):
        yield "nobody pays: there is no Stripe for tests here"
        return
    catalog.bring_to_stripe()
    for slug, (words, way) in WAYS.items():
        with context.platform():
            society = Society.objects.defer("logo").get(slug=slug)
        subscription = begin_trial(society=society)
        if not subscription.stripe_id:
            way(society, subscription)
            sync(society.pk)
            yield f"{society.name}: {words}"


def _has_paid(society: Society, subscription: Subscription) -> None:
    _subscribe(_customer(society, subscription), _fitting(society), Interval.YEAR)


def _tries(society: Society, subscription: Subscription) -> None:
    ends = int(subscription.trial_ends_at.timestamp())
    _subscribe(_customer(society, subscription), _fitting(society), Interval.MONTH, trial_end=ends)


def _owes(society: Society, subscription: Subscription) -> None:
    """Its card was good a month ago, and is not now; its own clock is Stripe's way to let months pass."""
    clocks = gateway.client().v1.test_helpers.test_clocks
    now = clock.now()
    moved = clocks.create({"frozen_time": int((now - BOUGHT_BEFORE).timestamp()), "name": society.slug})
    customer = _customer(society, subscription, test_clock=moved.id)
    _subscribe(customer, _fitting(society), Interval.MONTH)
    _card(customer, FAILING_CARD)
    clocks.advance(moved.id, {"frozen_time": int(now.timestamp())})
    tries_until = time.monotonic() + CLOCK_TAKES
    while clocks.retrieve(moved.id).status == "advancing":
        if time.monotonic() > tries_until:
            raise DomainError("Stripe's test clock does not come to an end.")
        time.sleep(0.2)


WAYS: dict[str, tuple[str, Callable[[Society, Subscription], None]]] = {
    "sierra": ("has paid for a year", _has_paid),
    "commonwealth": ("is on trial, and has chosen a plan", _tries),
    "northstar": ("has a card that failed", _owes),
}


def _fitting(society: Society) -> Plan:
    """The smallest plan in which what runs has room."""
    with context.platform():
        plans = list(Plan.objects.filter(offered=True))
    return next(plan for plan in plans if not buying.what_exceeds(society, plan))


def _customer(society: Society, subscription: Subscription, **more: str) -> str:
    """The society as a customer with a good card."""
    wish: Any = {"name": society.name, "email": society.contact_mail, "metadata": {"society": str(society.pk)}, **more}
    made = gateway.client().v1.customers.create(wish).id
    with context.platform():
        Subscription.objects.filter(pk=subscription.pk).update(customer_id=made)
    _card(made, GOOD_CARD)
    return made


def _card(customer: str, card: str) -> None:
    method = gateway.client().v1.payment_methods.attach(card, {"customer": customer})
    gateway.client().v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method.id}})


def _subscribe(customer: str, plan: Plan, interval: Interval, **more: Any) -> None:
    """What the hosted page does when the card is good."""
    with context.platform():
        price = plan.prices.get(interval=interval, replaced_at=None)
    wish: Any = {"customer": customer, "items": [{"price": price.stripe_id}], **more}
    gateway.client().v1.subscriptions.create(wish)
