"""What operators take off a plan: pages, quotes, invoices and the hourly check say what Stripe has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from werkzeug.test import Client as StripeBrowser

from billing import buying, catalog, discounts, reconciling, syncing
from billing.models import Discount, Interval, Invoice, Subscription
from billing.quotes import services as quotes
from chiron.console.models import Operator
from chiron.console.services import add_operator
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import context
from tenants.audit.models import Entry
from tenants.people.models import StaffRole
from tests.billing.buying import Buyer, plan
from tests.billing.test_buying import FILE
from tests.factories.staff import browser_of, make_staff
from tests.quotes.test_quotes import path_of, quoted, treasurer
from tests.stripe_emulator.test_pages import FINE, send
from tests.stripe_emulator.test_pages import path_of as path_at_stripe

MONTH, YEAR = Interval.MONTH, Interval.YEAR
Lasts = Discount.Lasts


@pytest.fixture
def operator(buyer: Buyer, visitor: Callable[[str], Client]) -> Client:
    client = visitor("localhost")
    with context.platform():
        client.force_login(add_operator(email="ann@chiron.example.org", name="Ann Lee").account)
    return client


def page_of(buyer: Buyer, *more: object) -> str:
    return "/".join(["/console/societies", str(buyer.society.pk), "plan", *map(str, more), ""])


def ann() -> Operator:
    with context.platform():
        return Operator.objects.first() or add_operator(email="ann@example.org", name="Ann")


def promised(buyer: Buyer, lasts: Discount.Lasts = Lasts.FOREVER, **wish: Any) -> Discount:
    facts = {"percent": 20, "cents": None, "reason": "Founders", **wish}
    return discounts.give(society=buyer.society, lasts=lasts, by=ann(), **facts)


def buys(buyer: Buyer, key: str = "band-25", interval: Interval = MONTH) -> None:
    """By card, at Stripe's page."""
    wish: dict[str, Any] = {"society": buyer.society, "done": "http://x.test/done", "back_to": "http://x.test/"}
    address = buying.open_checkout(plan=plan(key), interval=interval, **wish)
    browser = StripeBrowser(buyer.desk.emulator.application)
    filled = {"do": "buy", "card": FINE, "name": "Sierra", "line1": "1 Pine St", "city": "Reno", "state": "NV"}
    filled |= {"postal_code": "89501", "country": "US"}
    assert send(browser, path_at_stripe(address), filled).status_code == 303
    buyer.hears()


def no_trial(buyer: Buyer) -> None:
    with context.platform():
        Subscription.objects.update(trial_ends_at=clock.now())


def totals(buyer: Buyer) -> list[int]:
    buyer.hears()
    with context.platform():
        return [each.total for each in Invoice.objects.order_by("made_at", "number") if each.total]


def test_an_operator_promises_it_with_a_reason_and_takes_it_back(operator: Client, buyer: Buyer) -> None:
    where = page_of(buyer, "discount")
    for wrong, says in (
        ({"lasts": "once", "reason": "x"}, "either how many percent or which amount"),
        ({"percent": 20, "amount": "5", "lasts": "once", "reason": "x"}, "either how many percent or which amount"),
        ({"percent": 20, "lasts": "months", "reason": "x"}, "for how many months"),
        ({"percent": 20, "lasts": "once", "reason": " "}, "reason"),
        ({"percent": 101, "lasts": "once", "reason": "x"}, "100"),
    ):
        refused = operator.post(where, wrong)
        assert (refused.status_code, says in refused.content.decode()) == (422, True), wrong
    for _twice in range(2):
        operator.post(where, {"amount": "100.00", "lasts": "once", "reason": "Promised at the congress"})
    text = operator.get(page_of(buyer)).content.decode()
    for said in ("$100.00 off the first invoice, as soon as there is a plan", "Promised at the congress", "Ann Lee"):
        assert said in text
    with context.society(buyer.society):
        owner = browser_of(make_staff(StaffRole.Kind.OWNER), buyer.society)
    own_page = owner.get(reverse("plan:plan")).content.decode()
    assert "$100.00 off the first invoice" in own_page
    assert "Promised at the congress" not in own_page
    with context.platform():
        one = Discount.objects.get()
    for _twice in range(2):
        operator.post(page_of(buyer, "discount", one.pk, "back"))
    assert "$100.00" not in owner.get(reverse("plan:plan")).content.decode()
    with context.platform():
        verbs = Entry.objects.filter(verb__startswith="billing.discount").order_by("at").values_list("verb", flat=True)
        assert list(verbs) == ["billing.discount_given", "billing.discount_taken_back"]


def test_a_page_at_stripe_that_was_open_before_offers_what_holds_now(buyer: Buyer) -> None:
    wish: dict[str, Any] = {"society": buyer.society, "done": "http://x.test/done", "back_to": "http://x.test/"}
    plain = buying.open_checkout(plan=plan("band-25"), interval=MONTH, **wish)
    promise = promised(buyer)
    with_it = buying.open_checkout(plan=plan("band-25"), interval=MONTH, **wish)
    assert with_it not in ("", plain)
    assert buying.open_checkout(plan=plan("band-25"), interval=MONTH, **wish) == with_it
    (open_one,) = buyer.desk.client.v1.checkout.sessions.list({"customer": buyer.row.customer_id, "status": "open"})
    assert open_one.allow_promotion_codes is None
    discounts.take_back(discount=promise, by=ann())
    assert buying.open_checkout(plan=plan("band-25"), interval=MONTH, **wish) not in (plain, with_it)


def test_whoever_was_promised_three_months_pays_three_months_less_after_the_trial(buyer: Buyer) -> None:
    promised(buyer, Lasts.MONTHS, months=3)
    buys(buyer)
    for days in (61, 92, 123, 154):
        with buyer.later(timedelta(days=days)):
            buyer.hears()
    assert totals(buyer) == [6320, 6320, 6320, 7900]
    assert buyer.row.discounts == []


def test_off_the_first_invoice_is_off_the_first_that_is_paid(buyer: Buyer) -> None:
    promised(buyer, Lasts.ONCE, percent=None, cents=10000)
    quote = quoted(buyer)
    assert (quote.cents, quote.off, quote.total) == (79000, 10000, 69000)
    page = treasurer().get(path_of(quote)).content.decode()
    for said in ("$790.00", "-$100.00", "$100.00 off the first invoice", "$690.00"):
        assert said in page
    quotes.accept(quote=quote, purchase_order="", by="Tess")
    with buyer.later(timedelta(days=61)):
        assert totals(buyer) == [69000]
        next_year = quotes.quote_renewal(buyer.society)
        assert next_year is not None
        assert next_year.total == 79000


def test_the_sum_of_a_larger_plan_is_that_of_its_invoice(buyer: Buyer) -> None:
    no_trial(buyer)
    promised(buyer)
    buys(buyer)
    assert totals(buyer) == [6320]
    with buyer.later(timedelta(days=15)):
        due = buying.due_at_once(society=buyer.society, plan=plan("band-100"), interval=MONTH)
        buying.change_plan(society=buyer.society, plan=plan("band-100"), interval=MONTH, by=None)
        assert due == (totals(buyer)[-1], "usd")
        # A smaller one that waits for the end of the period keeps it.
        buying.change_plan(society=buyer.society, plan=plan("band-25"), interval=MONTH, by=None)
        assert [each["percent"] for each in buyer.row.discounts] == [20]
    with buyer.later(timedelta(days=32)):
        assert totals(buyer)[-1] == 6320
        assert [each["percent"] for each in buyer.row.discounts] == [20]


def test_where_there_is_a_plan_it_counts_from_the_next_invoice_on(buyer: Buyer, operator: Client) -> None:
    no_trial(buyer)
    buys(buyer)
    with buyer.later(timedelta(days=10)):
        promise = promised(buyer, Lasts.ONCE, percent=50)
    assert promise.used_at is not None
    assert "50% off every invoice before" in operator.get(page_of(buyer)).content.decode()
    for days in (32, 63):
        with buyer.later(timedelta(days=days)):
            buyer.hears()
    assert totals(buyer) == [7900, 3950, 7900]


def test_taken_back_it_counts_no_more(buyer: Buyer) -> None:
    no_trial(buyer)
    promise = promised(buyer)
    buys(buyer)
    with context.platform():
        promise.refresh_from_db()
    discounts.take_back(discount=promise, by=ann())
    assert buyer.row.discounts == []
    with buyer.later(timedelta(days=32)):
        assert totals(buyer) == [6320, 7900]


def test_it_is_not_had_twice(buyer: Buyer) -> None:
    no_trial(buyer)
    promised(buyer)
    buys(buyer)
    buyer.desk.client.v1.subscriptions.cancel(buyer.row.stripe_id)
    buyer.hears()
    buys(buyer)
    assert totals(buyer) == [6320, 7900]


def test_a_quote_holds_its_price_and_says_so_when_its_discount_is_another_one(buyer: Buyer) -> None:
    no_trial(buyer)
    before = quoted(buyer)
    promised(buyer)
    with pytest.raises(DomainError, match="another one by now"):
        quotes.accept(quote=before, purchase_order="", by="Tess")
    held = quoted(buyer)
    catalog.write(catalog.read(FILE.replace("79000", "89000")))
    catalog.bring_to_stripe()
    assert quoted(buyer).cents == 89000
    quotes.accept(quote=held, purchase_order="", by="Tess")
    with buyer.later(timedelta(hours=2)):
        assert totals(buyer) == [held.total] == [63200]


def test_the_quote_for_the_next_year_takes_off_what_counts_then(buyer: Buyer) -> None:
    no_trial(buyer)
    promised(buyer, Lasts.MONTHS, months=14)
    quotes.accept(quote=quoted(buyer), purchase_order="", by="Tess")
    first = quotes.quote_renewal(buyer.society)
    assert first is not None
    assert first.total == 63200
    assert first.off_for.startswith("20% off every invoice before ")
    with buyer.later(timedelta(hours=2)):
        (invoice,) = buyer.desk.client.v1.invoices.list({"customer": buyer.row.customer_id}).data
        buyer.desk.client.v1.invoices.pay(invoice.id, {"paid_out_of_band": True})
    with buyer.later(timedelta(days=366)):
        buyer.hears()
        assert totals(buyer) == [63200, 63200]
        second = quotes.quote_renewal(buyer.society)
        assert second is not None
        assert (second.total, second.off_for) == (79000, "")


def test_the_hourly_check_finds_what_was_changed_at_stripe(buyer: Buyer) -> None:
    no_trial(buyer)
    buys(buyer)
    buyer.desk.take()
    coupon = buyer.desk.client.v1.coupons.create({"percent_off": 12.5, "duration": "once"})
    buyer.desk.client.v1.subscriptions.update(buyer.row.stripe_id, {"discounts": [{"coupon": coupon.id}]})
    assert reconciling.find_drift(buyer.society.pk) == ["discounts"]
    assert buyer.row.discounts == [{"percent": 12.5, "cents": None, "once": True, "until": None}]
    assert syncing.sync(buyer.society.pk).changed == []
