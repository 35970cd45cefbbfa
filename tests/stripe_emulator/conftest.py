from __future__ import annotations

import pytest

from tests.stripe_emulator.desk import StripeDesk, stripe_desk
from tests.stripe_emulator.shop import Shop

__all__ = ["stripe_desk"]


@pytest.fixture
def shop(stripe_desk: StripeDesk) -> Shop:
    """A plan on sale in a Stripe of this test's own."""
    return Shop(stripe_desk.client).open()
