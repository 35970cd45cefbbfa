"""Societies that buy, at an emulator of Stripe's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from billing import catalog, gateway
from billing.subscriptions import begin_trial
from chiron.kernel import clock
from tenants.models import Society
from tests.billing.buying import SECRET, Buyer
from tests.stripe_emulator.desk import StripeDesk, stripe_desk

__all__ = ["stripe_desk"]


@pytest.fixture
def at_stripe(stripe_desk: StripeDesk, settings: Settings, db: None) -> Iterator[StripeDesk]:
    """An emulator with our price list, which keeps its messages back; its time is the platform's."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = stripe_desk.key, stripe_desk.base
    settings.STRIPE_WEBHOOK_SECRETS = (SECRET,)
    stripe_desk.hold(SECRET)
    stripe_desk.move_to(int(clock.now().timestamp()))
    catalog.bring_to_stripe()
    yield stripe_desk
    gateway._client.cache_clear()


@pytest.fixture
def buyer(at_stripe: StripeDesk, societies: dict[str, Society]) -> Buyer:
    """Sierra on trial, which can pay by card."""
    begin_trial(society=societies["sierra"])
    return Buyer(societies["sierra"], at_stripe)
