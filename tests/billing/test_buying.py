"""Buying, changing and ending a plan: asked of Stripe once, whoever presses twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billing import buying, catalog, gateway
from billing.models import Interval, Invoice, Method, Plan, Price, Subscription
from billing.standing import State
from billing.subscriptions import begin_trial
from chiron.console.services import add_operator
from chiron.kernel.errors import DomainError
from matching.publishing.services import publish
from matching.services import suggest_pairs
from tenants import allowance, context
from tenants.allowance import Thing
from tenants.audit.models import Entry
from tenants.models import Society
from tests.billing.buying import Buyer, plan
from tests.desk.making import small_cycle
from tests.stripe_emulator.desk import StripeDesk

MONTH, YEAR = Interval.MONTH, Interval.YEAR
FILE = """
[plans.band-25]
name = "Up to 25 mentorships"
mentorships = 25
month = 8900
year = 79000

[plans.band-100]
name = "Up to 100 mentorships"
mentorships = 100
features = ["custom_domain"]
month = 19900
year = 199000
"""


def changed(buyer: Buyer, key: str, interval: Interval = MONTH) -> None:
    buying.change_plan(society=buyer.society, plan=plan(key), interval=interval, by=None)


def seen(buyer: Buyer) -> gateway.SeenSubscription:
    (found,) = gateway.subscriptions_of(buyer.row.customer_id)
    return found


def test_the_price_list_is_brought_once(at_stripe: StripeDesk) -> None:
    assert catalog.bring_to_stripe().done == []
    assert catalog.faults() == []
    with context.platform():
        assert Price.objects.filter(stripe_id="").count() == 0
    assert len(gateway.products()) == 4


def test_a_new_price_takes_the_name_of_the_old_one_and_who_pays_that_keeps_it(buyer: Buyer) -> None:
    buyer.subscribes("band-25")
    buyer.hears()
    before = seen(buyer).price_id
    assert catalog.write(catalog.read(FILE)).done == [
        "band-25: 8900 cents by the month",
        "band-300: offered no more",
        "band-more: offered no more",
    ]
    assert catalog.faults() == ["chiron_band_25_month is not at Stripe as it is here: run “chiron billing catalog”"]
    assert catalog.bring_to_stripe().done == ["chiron_band_25_month: price made"]
    assert (catalog.bring_to_stripe().done, catalog.faults()) == ([], [])
    buyer.hears()
    assert seen(buyer).price_id == before
    assert (buyer.row.plan, buyer.row.status) == (plan("band-25"), "active")
    with pytest.raises(DomainError, match="cannot be had"):
        changed(buyer, "band-300")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("plans = 3 x", "This is no TOML"),
        ("", "There is no plan in it"),
        ('[plans.a]\nname = "A"\nmonth = -1\nyear = 2', "month"),
        ('[plans.a]\nname = "A"\nmonth = 1\nyear = 2\nfeatures = ["tea"]', "there is no feature “tea”"),
    ],
)
def test_a_price_list_that_makes_no_sense_changes_nothing(text: str, says: str) -> None:
    with pytest.raises(DomainError, match=says):
        catalog.read(text)


def test_a_larger_plan_is_had_at_once_for_the_difference(buyer: Buyer) -> None:
    buyer.subscribes("band-25")
    buyer.hears()
    with buyer.later(timedelta(days=15)):
        changed(buyer, "band-100")
        changed(buyer, "band-100")
    assert buyer.row.plan == plan("band-100")
    with context.platform():
        first, second = Invoice.objects.order_by("made_at").values_list("state", "total")
    assert first == ("paid", 7900)
    assert second[0] == "paid"
    assert 5000 < second[1] < 7000  # about half a month of the difference of 120 dollars
    assert allowance.may(buyer.society, Thing.CUSTOM_DOMAIN)


@pytest.mark.parametrize("interval", [MONTH, YEAR])
def test_on_trial_a_larger_plan_costs_nothing_yet_and_no_sum_is_named(buyer: Buyer, interval: Interval) -> None:
    buying.begin_by_invoice(society=buyer.society, plan=plan("band-25"), interval=MONTH, by=None)
    buyer.hears()
    assert buying.due_at_once(society=buyer.society, plan=plan("band-100"), interval=interval) is None
    changed(buyer, "band-100", interval)
    buyer.hears()
    assert (buyer.row.plan, buyer.state) == (plan("band-100"), State.TRIALING)
    with context.platform():
        assert sum(Invoice.objects.values_list("total", flat=True)) == 0


def test_a_larger_plan_that_cannot_be_paid_is_not_had(buyer: Buyer) -> None:
    buyer.subscribes("band-25")
    buyer.hears()
    buyer.takes_card("pm_card_chargeCustomerFail")
    with pytest.raises(gateway.PaymentRefused, match="declined, and nothing was changed"):
        changed(buyer, "band-100")
    buyer.hears()
    assert (buyer.row.plan, buyer.state) == (plan("band-25"), State.ACTIVE)


def test_a_plan_below_use_is_refused_with_what_exceeds(buyer: Buyer) -> None:
    buyer.subscribes("band-100")
    buyer.hears()
    with context.platform():
        Plan.objects.filter(key="band-25").update(mentorships=0)
    with context.society(buyer.society):
        publish(run=suggest_pairs(cycle=small_cycle(mentors=1, mentees=1), by=None), by=None)
    with pytest.raises(DomainError, match="1 mentorship more runs than this plan has room for"):
        changed(buyer, "band-25")
    assert buyer.row.next_plan is None


def test_cancelled_it_ends_with_the_period_unless_one_thinks_better(buyer: Buyer) -> None:
    buyer.subscribes()
    buyer.hears()
    with pytest.raises(DomainError, match="Say why"):
        buying.cancel(society=buyer.society, reason=" ", by=None)
    for _twice in range(2):
        assert buying.cancel(society=buyer.society, reason="Too few pairs", by=None).cancels_at
    assert buyer.state == State.ACTIVE
    assert buying.go_on(society=buyer.society, by=None).cancels_at is None
    again = buying.cancel(society=buyer.society, reason="Still too few", by=None)
    assert again.cancels_at == again.period_ends_at
    with buyer.later(timedelta(days=32)):
        buyer.hears()
        assert (buyer.row.status, buyer.state) == ("canceled", State.RESTRICTED)


def test_by_invoice_it_begins_at_once_and_is_paid_by_check(buyer: Buyer) -> None:
    with context.platform():
        Subscription.objects.update(trial_ends_at=buyer.row.created_at)
    with context.platform():
        operator = add_operator(email="ann@example.org", name="Ann")
    for attempt in range(2):
        begin = {"society": buyer.society, "plan": plan("band-25"), "interval": YEAR, "by": None}
        if attempt:
            with pytest.raises(DomainError, match="has a plan already"):
                buying.begin_by_invoice(**begin)
        else:
            buying.begin_by_invoice(**begin, on_invoice={"PO number": "4711"})
    assert (buyer.row.method, buyer.state) == (Method.INVOICE, State.ACTIVE)
    with buyer.later(timedelta(hours=2)):  # Stripe makes an invoice final an hour after it began it
        buyer.hears()
        with context.platform():
            invoice = Invoice.objects.get()
        assert (invoice.state, invoice.total, invoice.due_at and invoice.due_at > invoice.made_at) == (
            "open",
            79000,
            True,
        )
        assert buyer.row.unpaid_since == invoice.due_at
    with buyer.later(timedelta(days=40)):
        buyer.hears()
        assert buyer.state == State.PAST_DUE
        with pytest.raises(DomainError, match="number of the check"):
            buying.paid_outside(invoice=invoice, words="", by=operator)
        for _twice in range(2):
            paid = buying.paid_outside(invoice=invoice, words="Check 1188", by=operator)
            assert (paid.state, paid.paid_outside, paid.paid_how) == ("paid", True, "Check 1188")
        assert buyer.state == State.ACTIVE
    with context.platform():
        assert Entry.objects.filter(verb="billing.paid_outside").count() == 1


def test_what_was_given_back_is_seen(buyer: Buyer) -> None:
    buyer.subscribes("band-25")
    buyer.hears()
    api = buyer.desk.client.v1
    (charge,) = api.charges.list({"customer": buyer.row.customer_id}).data
    api.refunds.create({"charge": charge.id, "amount": 2000})
    (invoice,) = api.invoices.list({"customer": buyer.row.customer_id}).data
    wish: Any = {"invoice": invoice.id, "amount": 1000, "credit_amount": 1000}
    api.credit_notes.create(wish)
    buyer.hears()
    with context.platform():
        seen_here = Invoice.objects.get()
    assert (seen_here.refunded, seen_here.credited) == (2000, 1000)


def test_checkout_is_one_at_a_time_and_none_once_there_is_a_plan(buyer: Buyer) -> None:
    wish: dict[str, Any] = {"society": buyer.society, "done": "http://x.test/done", "back_to": "http://x.test/"}
    first = buying.open_checkout(plan=plan("band-25"), interval=MONTH, **wish)
    assert buying.open_checkout(plan=plan("band-25"), interval=MONTH, **wish) == first
    other = buying.open_checkout(plan=plan("band-100"), interval=MONTH, **wish)
    assert other != first
    open_ones = buyer.desk.client.v1.checkout.sessions.list({"customer": buyer.row.customer_id, "status": "open"})
    assert [each.url for each in open_ones.data] == [other]
    back = buying.open_checkout(plan=plan("band-25"), interval=MONTH, **wish)
    open_ones = buyer.desk.client.v1.checkout.sessions.list({"customer": buyer.row.customer_id, "status": "open"})
    assert [each.url for each in open_ones.data] == [back]
    buyer.subscribes()
    with pytest.raises(DomainError, match="has a plan already"):
        buying.open_checkout(plan=plan("band-25"), interval=MONTH, **wish)


def test_a_smaller_plan_begins_when_the_paid_period_ends(buyer: Buyer) -> None:
    buyer.subscribes("band-100")
    buyer.hears()
    for _twice in range(2):
        changed(buyer, "band-25")
    row = buyer.row
    assert (row.plan, row.next_plan, row.next_at) == (plan("band-100"), plan("band-25"), row.period_ends_at)
    assert buying.keep_plan(society=buyer.society, by=None).next_plan is None
    changed(buyer, "band-25")
    with buyer.later(timedelta(days=32)):
        buyer.hears()
    assert (buyer.row.plan, buyer.row.next_plan) == (plan("band-25"), None)


def test_nothing_is_bought_where_payments_are_not_set_up(sierra: Society) -> None:
    begin_trial(society=sierra)
    with context.platform():
        Price.objects.filter(plan__key="band-25", interval="month").update(stripe_id="price_x")
    with pytest.raises(DomainError, match="Payments are not set up here"):
        buying.open_checkout(society=sierra, plan=plan("band-25"), interval=MONTH, done="", back_to="")
