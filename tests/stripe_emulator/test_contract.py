"""What the platform relies on in Stripe, asked of the emulator, and of Stripe's own test mode where there is a key.

`STRIPE_TEST_SECRET_KEY=sk_test_… make test` runs it against both.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import stripe

from stripe_emulator import API_VERSION
from tests.stripe_emulator.judging import judged_desk
from tests.stripe_emulator.shop import DAY, Shop

REAL_KEY = os.environ.get("STRIPE_TEST_SECRET_KEY", "")
ASIDE = "https://example.org/done"


@pytest.fixture(scope="module", params=["emulator", "stripe"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[stripe.StripeClient]:
    """The official library, talking to the one or the other."""
    if request.param == "emulator":
        with judged_desk(tmp_path_factory.mktemp("stripe")) as desk:
            yield desk.client
    elif REAL_KEY:
        assert REAL_KEY.startswith(("sk_test_", "rk_test_")), "only a test key is ever used here"
        yield stripe.StripeClient(REAL_KEY, stripe_version=API_VERSION)
    else:
        pytest.skip("not run: STRIPE_TEST_SECRET_KEY is not set, so Stripe's own test mode was not asked")


@pytest.fixture(scope="module")
def plan(client: stripe.StripeClient) -> Shop:
    """A plan on sale, once for all."""
    return Shop(client).open()


@pytest.fixture
def shop(plan: Shop) -> Iterator[Shop]:
    """The plan, with a test clock of this test's own."""
    clock = plan.client.v1.test_helpers.test_clocks.create({"frozen_time": int(time.time()), "name": "contract"})
    yield Shop(plan.client, clock.id, plan.prices, plan.product)
    plan.client.v1.test_helpers.test_clocks.delete(clock.id)


@pytest.fixture
def advance(shop: Shop) -> Callable[[int], None]:
    """Move the test clock to a moment and wait until everything has happened."""
    clocks = shop.client.v1.test_helpers.test_clocks

    def move(to: int) -> None:
        assert shop.clock
        clocks.advance(shop.clock, {"frozen_time": to})
        while clocks.retrieve(shop.clock).status == "advancing":
            time.sleep(2)  # only Stripe's own takes its time

    return move


def subscription_now(shop: Shop, subscription: stripe.Subscription, **more: Any) -> stripe.Subscription:
    wish: Any = more
    return shop.client.v1.subscriptions.retrieve(subscription.id, wish)


def period_end(subscription: stripe.Subscription) -> int:
    end: int = subscription["items"].data[0].current_period_end
    return end


def test_a_lookup_key_goes_over_to_the_new_price(client: stripe.StripeClient, plan: Shop) -> None:
    key = f"band_{uuid4().hex}"
    wish: Any = {"product": plan.product, "currency": "usd", "unit_amount": 100, "lookup_key": key}
    wish["recurring"] = {"interval": "month"}
    first = client.v1.prices.create(wish)
    wish["unit_amount"] = 200
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.prices.create(wish)
    wish["transfer_lookup_key"] = True
    second = client.v1.prices.create(wish)
    (found,) = client.v1.prices.list({"lookup_keys": [key], "expand": ["data.product"]}).data
    assert (found.id, found.product.id) == (second.id, plan.product)  # type: ignore[union-attr]
    assert client.v1.prices.retrieve(first.id).lookup_key is None
    assert client.v1.prices.update(first.id, {"active": False}).active is False


def test_a_customer_is_changed_field_by_field(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create(
        {
            "name": "Sierra",
            "metadata": {"society": "sierra", "gone": "soon"},
            "address": {"line1": "1 Main St", "city": "Reno", "state": "NV", "postal_code": "89501", "country": "US"},
            "tax_id_data": [{"type": "us_ein", "value": "12-3456789"}],
        }
    )
    changed = client.v1.customers.update(
        customer.id,
        {
            "tax_exempt": "exempt",
            "metadata": {"gone": ""},
            "invoice_settings": {"custom_fields": [{"name": "PO number", "value": "4711"}]},
            "expand": ["tax_ids"],
        },
    )
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"society": "sierra"}
    assert changed.tax_ids is not None
    assert [tax_id.value for tax_id in changed.tax_ids.data] == ["12-3456789"]
    assert (changed.tax_exempt, changed.name) == ("exempt", "Sierra")
    client.v1.customers.delete(customer.id)
    assert client.v1.customers.retrieve(customer.id).deleted


def test_the_same_key_brings_the_same_reply_and_other_words_an_error(client: stripe.StripeClient) -> None:
    key: Any = {"idempotency_key": uuid4().hex}
    first = client.v1.customers.create({"name": "Once"}, key)
    assert client.v1.customers.create({"name": "Once"}, key).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"name": "Twice"}, key)


def test_errors_say_what_and_where(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.customers.retrieve("cus_nobody")
    assert (missing.value.http_status, missing.value.code, missing.value.param) == (404, "resource_missing", "id")
    assert missing.value.request_id
    wrong: Any = {"name": "x", "colour": "red"}
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.customers.create(wrong)
    assert (unknown.value.code, unknown.value.param) == ("parameter_unknown", "colour")
    with pytest.raises(stripe.AuthenticationError):
        other = stripe.StripeClient("sk_test_wrong", base_addresses=client._requestor._options.base_addresses)
        other.v1.customers.list()


def test_lists_are_paged_from_the_newest_on(client: stripe.StripeClient) -> None:
    product = client.v1.products.create({"name": "Paged"}).id
    made = [
        client.v1.prices.create({"product": product, "currency": "usd", "unit_amount": amount}).id
        for amount in (1, 2, 3)
    ]
    first = client.v1.prices.list({"product": product, "limit": 2})
    assert ([price.id for price in first.data], first.has_more) == (made[:0:-1], True)
    assert [price.id for price in first.auto_paging_iter()] == made[::-1]


def test_an_upgrade_is_paid_at_once_for_the_rest_of_the_period(shop: Shop, advance: Callable[[int], None]) -> None:
    subscription = shop.subscribe(shop.customer())
    start, end = subscription["items"].data[0].current_period_start, period_end(subscription)
    date = start + (end - start) // 4
    advance(date)
    upgraded = shop.change_to(
        subscription,
        "large",
        proration_behavior="always_invoice",
        payment_behavior="error_if_incomplete",
        proration_date=date,
        expand=["latest_invoice"],
    )
    invoice: Any = upgraded.latest_invoice
    assert invoice.parent.subscription_details.subscription == subscription.id
    assert (invoice.status, invoice.total) == ("paid", round(5_000 * (end - date) / (end - start)))
    assert period_end(upgraded) == end


def test_a_preview_says_what_an_upgrade_will_cost_and_changes_nothing(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    item = subscription["items"].data[0]
    preview = shop.client.v1.invoices.create_preview(
        {
            "customer": customer,
            "subscription": subscription.id,
            "subscription_details": {
                "items": [{"id": item.id, "price": shop.prices["large"]}],
                "proration_behavior": "always_invoice",
                "proration_date": item.current_period_start,
            },
        }
    )
    assert preview.total == 5_000
    assert len(shop.invoices(customer)) == 1
    assert subscription_now(shop, subscription)["items"].data[0].price.id == shop.prices["small"]
    following = shop.client.v1.invoices.create_preview({"customer": customer, "subscription": subscription.id})
    assert (following.total, following.lines.data[0].period.start) == (5_000, period_end(subscription))


def test_a_downgrade_waits_for_the_end_of_the_period(shop: Shop, advance: Callable[[int], None]) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer, "large")
    end = period_end(subscription)
    schedules = shop.client.v1.subscription_schedules
    schedule = schedules.create({"from_subscription": subscription.id})
    now = schedule.phases[0]
    schedules.update(
        schedule.id,
        {
            "end_behavior": "release",
            "phases": [
                {
                    "items": [{"price": shop.prices["large"], "quantity": 1}],
                    "start_date": now.start_date,
                    "end_date": now.end_date,
                },
                {"items": [{"price": shop.prices["small"], "quantity": 1}], "proration_behavior": "none"},
            ],
        },
    )
    assert subscription_now(shop, subscription)["items"].data[0].price.id == shop.prices["large"]
    advance(end + 2 * 3_600)
    lower = subscription_now(shop, subscription)
    assert lower["items"].data[0].price.id == shop.prices["small"]
    assert [invoice.total for invoice in shop.invoices(customer)] == [10_000, 5_000]
    released = schedules.release(schedule.id)
    assert (released.status, released.released_subscription) == ("released", subscription.id)
    assert subscription_now(shop, subscription).schedule is None


def test_a_card_that_begins_to_fail_puts_the_subscription_past_due(shop: Shop, advance: Callable[[int], None]) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    failing = shop.client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    shop.client.v1.subscriptions.update(subscription.id, {"default_payment_method": failing.id})
    advance(period_end(subscription) + 2 * 3_600)
    late = subscription_now(shop, subscription, expand=["latest_invoice"])
    invoice: Any = late.latest_invoice
    assert (late.status, invoice.status, invoice.attempt_count) == ("past_due", "open", 1)
    assert invoice.next_payment_attempt > period_end(subscription)
    with pytest.raises(stripe.CardError) as refused:
        shop.client.v1.invoices.pay(invoice.id)
    assert (refused.value.http_status, refused.value.code) == (402, "card_declined")
    good = shop.client.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    assert shop.client.v1.invoices.pay(invoice.id, {"payment_method": good.id}).status == "paid"
    assert subscription_now(shop, subscription).status == "active"


def test_a_refused_card_cannot_be_attached(shop: Shop) -> None:
    customer = shop.customer(card=None)
    with pytest.raises(stripe.CardError) as refused:
        shop.client.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer})
    assert (refused.value.code, refused.value.http_status) == ("card_declined", 402)


def test_a_coupon_takes_its_part_off_once(shop: Shop, advance: Callable[[int], None]) -> None:
    coupon = shop.client.v1.coupons.create({"percent_off": 20, "duration": "once", "name": "Founders"})
    customer = shop.customer()
    subscription = shop.subscribe(customer, discounts=[{"coupon": coupon.id}])
    advance(period_end(subscription) + 2 * 3_600)
    assert [invoice.total for invoice in shop.invoices(customer)] == [4_000, 5_000]
    assert shop.client.v1.coupons.retrieve(coupon.id).times_redeemed == 1


def test_a_discount_is_given_kept_by_a_plan_of_changes_and_taken_back(
    shop: Shop, advance: Callable[[int], None]
) -> None:
    wish: Any = {"amount_off": 1_000, "currency": "usd", "duration": "repeating", "duration_in_months": 3}
    coupon = shop.client.v1.coupons.create(wish)
    customer = shop.customer()
    subscription = shop.subscribe(customer, "large")
    begun: Any = {"discounts": [{"coupon": coupon.id}], "metadata": {"discount": "ours"}}
    shop.client.v1.subscriptions.update(subscription.id, begun)
    listed: Any = {"customer": customer, "expand": ["data.discounts.source.coupon"]}
    (seen,) = shop.client.v1.subscriptions.list(listed).data
    (discount,) = seen.discounts
    assert not isinstance(discount, str)
    assert isinstance(discount.source.coupon, stripe.Coupon)
    assert (discount.source.coupon.amount_off, seen.metadata.to_dict()) == (1_000, {"discount": "ours"})
    schedules = shop.client.v1.subscription_schedules
    schedule = schedules.create({"from_subscription": subscription.id})
    now, kept = schedule.phases[0], {"discounts": [{"discount": discount.id}]}
    phases: Any = [
        {
            **kept,
            "items": [{"price": shop.prices["large"], "quantity": 1}],
            "start_date": now.start_date,
            "end_date": now.end_date,
        },
        {**kept, "items": [{"price": shop.prices["small"], "quantity": 1}], "proration_behavior": "none"},
    ]
    schedules.update(schedule.id, {"phases": phases, "end_behavior": "release"})
    advance(period_end(subscription) + 2 * 3_600)
    assert [invoice.total for invoice in shop.invoices(customer)] == [10_000, 4_000]
    schedules.release(schedule.id)
    assert shop.client.v1.subscriptions.update(subscription.id, {"discounts": ""}).discounts == []


def test_a_phase_that_names_no_discount_has_none(shop: Shop) -> None:
    coupon = shop.client.v1.coupons.create({"percent_off": 20, "duration": "forever"})
    subscription = shop.subscribe(shop.customer(), "large", discounts=[{"coupon": coupon.id}])
    schedules = shop.client.v1.subscription_schedules
    schedule = schedules.create({"from_subscription": subscription.id})
    assert len(schedule.phases[0].discounts) == 1
    now = schedule.phases[0]
    phase: Any = {"items": [{"price": shop.prices["large"], "quantity": 1}]}
    phase |= {"start_date": now.start_date, "end_date": now.end_date}
    schedules.update(schedule.id, {"phases": [phase]})
    assert subscription_now(shop, subscription).discounts == []


def test_a_quote_becomes_a_subscription_that_is_paid_by_invoice(shop: Shop, advance: Callable[[int], None]) -> None:
    customer = shop.customer(card=None)
    begun = int(time.time())
    quotes = shop.client.v1.quotes
    quote = quotes.create(
        {
            "customer": customer,
            "line_items": [{"price": shop.prices["yearly"], "quantity": 1}],
            "collection_method": "send_invoice",
            "invoice_settings": {"days_until_due": 30},
            "expires_at": begun + 60 * DAY,
            "test_clock": shop.clock or "",
        }
    )
    assert (quote.status, quote.amount_total) == ("draft", 50_000)
    quote = quotes.finalize_quote(quote.id)
    assert (quote.status, bool(quote.number)) == ("open", True)
    paper: Any = quotes.pdf(quote.id)
    assert paper.io.read(5) == b"%PDF-"
    accepted = quotes.accept(quote.id)
    assert accepted.status == "accepted"
    advance(begun + 3 * 3_600)
    (invoice,) = shop.invoices(customer)
    assert (invoice.status, invoice.total, invoice.collection_method) == ("open", 50_000, "send_invoice")
    assert invoice.due_date is not None
    assert invoice.hosted_invoice_url
    shop.client.v1.invoices.pay(invoice.id, {"paid_out_of_band": True})
    subscription = shop.client.v1.subscriptions.retrieve(str(accepted.subscription))
    assert (subscription.status, subscription.collection_method) == ("active", "send_invoice")


def test_an_invoice_of_its_own_is_sent_with_its_order_number(shop: Shop) -> None:
    customer = shop.customer(card=None)
    invoices = shop.client.v1.invoices
    shop.client.v1.invoice_items.create(
        {"customer": customer, "amount": 1_200, "currency": "usd", "description": "Setting up"}
    )
    invoice = invoices.create(
        {
            "customer": customer,
            "collection_method": "send_invoice",
            "days_until_due": 30,
            "custom_fields": [{"name": "PO number", "value": "4711"}],
            "footer": "Checks to: Chiron, 1 Main St, Reno NV",
            "pending_invoice_items_behavior": "include",
        }
    )
    sent = invoices.send_invoice(invoice.id)
    assert (sent.status, sent.amount_due) == ("open", 1_200)
    assert sent.custom_fields is not None
    assert [(field.name, field.value) for field in sent.custom_fields] == [("PO number", "4711")]
    given_up = invoices.mark_uncollectible(invoice.id)
    assert given_up.status == "uncollectible"
    assert invoices.void_invoice(invoice.id).status == "void"


def test_refunds_and_credit_notes_are_seen_on_the_invoice(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    identity = str(subscription.latest_invoice)
    note = shop.client.v1.credit_notes.create(
        {"invoice": identity, "amount": 2_000, "refund_amount": 1_500, "credit_amount": 500, "reason": "order_change"}
    )
    assert (note.status, note.type, note.post_payment_amount) == ("issued", "post_payment", 2_000)
    assert shop.client.v1.invoices.retrieve(identity).post_payment_credit_notes_amount == 2_000
    assert shop.client.v1.customers.retrieve(customer).balance == -500
    (payment,) = shop.client.v1.invoice_payments.list(
        {"invoice": identity, "expand": ["data.payment.payment_intent.latest_charge"]}
    ).data
    intent: Any = payment.payment.payment_intent
    assert intent.latest_charge.amount_refunded == 1_500
    rest = shop.client.v1.refunds.create({"charge": intent.latest_charge.id})
    assert (rest.amount, rest.status) == (3_500, "succeeded")
    assert [found.id for found in shop.client.v1.credit_notes.list({"invoice": identity}).data] == [note.id]


def test_checkout_is_open_until_it_expires(shop: Shop) -> None:
    customer = shop.customer(card=None)
    sessions = shop.client.v1.checkout.sessions
    session = sessions.create(
        {
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": shop.prices["small"], "quantity": 1}],
            "subscription_data": {"trial_period_days": 30, "metadata": {"society": "sierra"}},
            "allow_promotion_codes": True,
            "tax_id_collection": {"enabled": True},
            "customer_update": {"address": "auto", "name": "auto"},
            "billing_address_collection": "required",
            "success_url": ASIDE,
            "cancel_url": ASIDE,
        }
    )
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 0)
    assert session.url
    assert [line.description for line in sessions.line_items.list(session.id).data] == ["Up to 25 mentorships"]
    assert [found.id for found in sessions.list({"customer": customer, "status": "open"}).data] == [session.id]
    assert sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError):
        sessions.expire(session.id)


def test_the_portal_has_a_page_for_a_customer(shop: Shop) -> None:
    portal = shop.client.v1.billing_portal
    configuration = portal.configurations.create(
        {
            "features": {
                "invoice_history": {"enabled": True},
                "payment_method_update": {"enabled": True},
                "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
                "subscription_update": {
                    "enabled": True,
                    "default_allowed_updates": ["price"],
                    "proration_behavior": "always_invoice",
                    "products": [
                        {"product": shop.product, "prices": [shop.prices["small"], shop.prices["large"]]},
                    ],
                },
            }
        }
    )
    session = portal.sessions.create(
        {"customer": shop.customer(), "configuration": configuration.id, "return_url": ASIDE}
    )
    assert (session.configuration, session.return_url) == (configuration.id, ASIDE)
    assert session.url


def test_events_tell_what_happened_and_can_be_asked_for_again(shop: Shop) -> None:
    since = int(time.time()) - 5
    customer = shop.customer()
    shop.client.v1.customers.update(customer, {"name": "Renamed"})
    recent: Any = {"types": ["customer.updated"], "created": {"gte": since}, "limit": 100}
    found = [
        event
        for event in shop.client.v1.events.list(recent).data
        if event.data.object["id"] == customer and event.data.object["name"] == "Renamed"
    ]
    before: Any = found[0].data.previous_attributes
    assert before.to_dict() == {"name": "Sierra Medical Society"}
    again = shop.client.v1.events.retrieve(found[0].id)
    assert (again.type, again.api_version) == ("customer.updated", API_VERSION)
