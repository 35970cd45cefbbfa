"""Who leaves pays no more, and who stays goes on."""

from __future__ import annotations

import pytest

from billing import buying
from billing.leaving.models import Departure
from billing.leaving.services import begin_leaving, stay
from chiron.kernel import clock
from tenants import context, due
from tenants.models import Society
from tests.billing.buying import Buyer, work


def leaves(buyer: Buyer) -> None:
    with context.platform():
        society = Society.objects.get(pk=buyer.society.pk)
    begin_leaving(society=society, by=None, reason=Departure.Reason.OTHER, words="Farewell")
    work()


def stays(buyer: Buyer) -> None:
    stay(society=buyer.society, by=None)
    work()


def test_who_leaves_pays_no_more_and_goes_on_by_staying(buyer: Buyer) -> None:
    buyer.subscribes()
    buyer.hears()
    leaves(buyer)
    assert buyer.row.cancels_at == buyer.row.period_ends_at
    stays(buyer)
    assert (buyer.row.cancels_at, buyer.row.ends_by_leaving) == (None, False)


def test_what_the_owner_had_canceled_stays_canceled(buyer: Buyer) -> None:
    buyer.subscribes()
    buyer.hears()
    buying.cancel(society=buyer.society, reason="Too few pairs", by=None)
    leaves(buyer)
    stays(buyer)
    assert buyer.row.cancels_at is not None


def test_when_the_data_are_deleted_it_ends_at_once(buyer: Buyer) -> None:
    buyer.subscribes()
    buyer.hears()
    leaves(buyer)
    with context.platform():
        Departure.objects.update(deleted_at=clock.now())
        Society.objects.filter(pk=buyer.society.pk).update(state="left", left_at=clock.now())
        due.schedule("billing.leaving", str(buyer.society.pk), at=clock.now())
    work()
    assert (buyer.row.status, buyer.row.ended_at is not None) == ("canceled", True)


@pytest.mark.django_db
def test_who_bought_nothing_leaves_without_stripe(societies: dict[str, Society]) -> None:
    begin_leaving(society=societies["sierra"], by=None, reason=Departure.Reason.OTHER)
    work()
    with context.platform():
        assert not due.parked()
