"""The demonstration's societies pay at a Stripe of the desk: one has paid, one tries, one's card failed."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from billing.meter import account_of
from billing.models import Invoice
from billing.standing import State
from chiron.demo.paying import pay
from tenants import context
from tenants.models import Society
from tests.billing.conftest import at_stripe, stripe_desk
from tests.stripe_emulator.desk import StripeDesk

__all__ = ["at_stripe", "stripe_desk"]


def states(societies: dict[str, Society]) -> dict[str, State | None]:
    found = {slug: account_of(society) for slug, society in societies.items()}
    return {slug: account.standing.state if account else None for slug, account in found.items()}


def test_each_pays_in_its_way_once(at_stripe: StripeDesk, societies: dict[str, Society]) -> None:
    assert len(list(pay())) == 3
    assert list(pay()) == []
    assert states(societies) == {
        "sierra": State.ACTIVE,
        "commonwealth": State.TRIALING,
        "northstar": State.PAST_DUE,
    }
    with context.platform():
        owed = Invoice.objects.filter(society=societies["northstar"]).values_list("state", flat=True)
        assert sorted(owed) == ["open", "paid"]


@pytest.mark.django_db
def test_without_a_stripe_for_tests_nobody_pays(settings: Settings, societies: dict[str, Society]) -> None:
    settings.STRIPE_SECRET_KEY = "sk_live_something"
    assert list(pay()) == ["nobody pays: there is no Stripe for tests here"]
    assert set(states(societies).values()) == {None}
