"""A society on trial beside an emulator of Stripe's."""

from tests.billing.conftest import at_stripe, buyer
from tests.stripe_emulator.desk import stripe_desk

__all__ = ["at_stripe", "buyer", "stripe_desk"]
