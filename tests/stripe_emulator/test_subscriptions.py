"""Subscriptions from their beginning to their end, by requests and by time."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_emulator.desk import StripeDesk
from tests.stripe_emulator.shop import DAY, Shop


def test_a_card_pays_the_first_month_and_the_next(stripe_desk: StripeDesk, shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    assert subscription.status == "active"
    stripe_desk.move_to(subscription["items"].data[0].current_period_end + DAY)
    assert [(invoice.status, invoice.total) for invoice in shop.invoices(customer)] == [("paid", 5_000)] * 2


def test_an_upgrade_costs_the_difference_for_the_rest_of_the_month_to_the_second(
    stripe_desk: StripeDesk, shop: Shop
) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    item = subscription["items"].data[0]
    start, end = item.current_period_start, item.current_period_end
    stripe_desk.move_to(start + (end - start) // 3 + 7)
    changed = shop.change_to(subscription, "large", proration_behavior="always_invoice", expand=["latest_invoice"])
    left = end - (start + (end - start) // 3 + 7)
    invoice: Any = changed.latest_invoice
    amounts = [line.amount for line in invoice.lines.data]
    assert amounts == [-round(5_000 * left / (end - start)), round(10_000 * left / (end - start))]
    assert (invoice.status, invoice.total) == ("paid", sum(amounts))


def test_a_trial_without_a_card_becomes_past_due_and_a_card_makes_it_active(
    stripe_desk: StripeDesk, shop: Shop
) -> None:
    customer = shop.customer(card=None)
    subscription = shop.subscribe(customer, trial_period_days=14)
    assert (subscription.status, shop.invoices(customer)[0].total) == ("trialing", 0)
    trial_end = subscription.trial_end
    assert trial_end is not None
    stripe_desk.move_to(trial_end + 2 * 3_600)
    assert shop.client.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    method = shop.client.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    shop.client.v1.invoices.pay(shop.invoices(customer)[-1].id, {"payment_method": method.id})
    assert shop.client.v1.subscriptions.retrieve(subscription.id).status == "active"


@pytest.mark.parametrize(("outcome", "status"), [("unpaid", "unpaid"), ("canceled", "canceled"), ("past_due",) * 2])
def test_a_card_that_fails_is_tried_again_three_times_and_then_given_up(
    stripe_desk: StripeDesk, shop: Shop, outcome: str, status: str
) -> None:
    stripe_desk.tell("settings", after_retries=outcome)
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    failing = shop.client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    shop.client.v1.subscriptions.update(subscription.id, {"default_payment_method": failing.id})
    end = subscription["items"].data[0].current_period_end
    stripe_desk.move_to(end + DAY)
    assert shop.client.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    stripe_desk.move_to(end + 16 * DAY)
    assert shop.client.v1.subscriptions.retrieve(subscription.id).status == status
    assert shop.invoices(customer)[1].attempt_count == 4


def test_canceled_at_the_end_of_the_period_it_runs_until_then(stripe_desk: StripeDesk, shop: Shop) -> None:
    subscription = shop.subscribe(shop.customer())
    end = subscription["items"].data[0].current_period_end
    planned = shop.client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    assert (planned.status, planned.cancel_at) == ("active", end)
    stripe_desk.move_to(end + 1)
    ended = shop.client.v1.subscriptions.retrieve(subscription.id)
    assert (ended.status, ended.ended_at) == ("canceled", end)


def test_an_invoice_that_is_sent_is_past_due_after_its_days(stripe_desk: StripeDesk, shop: Shop) -> None:
    customer = shop.customer(card=None)
    subscription = shop.subscribe(customer, collection_method="send_invoice", days_until_due=30)
    assert subscription.status == "active"
    stripe_desk.move_to(subscription.created + 2 * 3_600)
    (invoice,) = shop.invoices(customer)
    assert (invoice.status, invoice.due_date) == ("open", subscription.created + 3_600 + 30 * DAY)
    stripe_desk.move_to(subscription.created + 31 * DAY)
    assert shop.client.v1.subscriptions.retrieve(subscription.id).status == "past_due"
    by_check = shop.client.v1.invoices.pay(invoice.id, {"paid_out_of_band": True})
    assert (by_check.status, by_check.amount_paid, by_check.amount_paid_off_stripe) == ("paid", 0, 5_000)


def test_a_card_that_is_refused_begins_nothing_that_asks_for_all_or_nothing(shop: Shop) -> None:
    customer = shop.customer("pm_card_chargeCustomerFail")
    with pytest.raises(stripe.CardError, match="declined"):
        shop.subscribe(customer, payment_behavior="error_if_incomplete")
    assert shop.invoices(customer) == []
    incomplete = shop.subscribe(customer)
    assert incomplete.status == "incomplete"


def test_a_first_payment_that_never_comes_ends_the_subscription_after_a_day(
    stripe_desk: StripeDesk, shop: Shop
) -> None:
    customer = shop.customer()
    waiting = shop.subscribe(customer, payment_behavior="default_incomplete", expand=["latest_invoice"])
    assert waiting.status == "incomplete"
    stripe_desk.move_to(waiting.created + DAY)
    assert shop.client.v1.subscriptions.retrieve(waiting.id).status == "incomplete_expired"
    assert [invoice.status for invoice in shop.invoices(customer)] == ["void"]


def test_a_trial_that_is_ended_is_paid_for_from_now_on(stripe_desk: StripeDesk, shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer, trial_period_days=14)
    stripe_desk.move_to(subscription.created + 3 * DAY)
    paid = shop.client.v1.subscriptions.update(subscription.id, {"trial_end": "now"})
    assert (paid.status, paid["items"].data[0].current_period_start) == ("active", subscription.created + 3 * DAY)
    assert [invoice.total for invoice in shop.invoices(customer)] == [0, 5_000]


def test_an_upgrade_that_the_card_does_not_pay_for_changes_nothing(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    failing = shop.client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    shop.client.v1.subscriptions.update(subscription.id, {"default_payment_method": failing.id})
    with pytest.raises(stripe.CardError, match="declined"):
        shop.change_to(
            subscription, "large", proration_behavior="always_invoice", payment_behavior="error_if_incomplete"
        )
    same = shop.client.v1.subscriptions.retrieve(subscription.id)
    assert (same.status, same["items"].data[0].price.id) == ("active", shop.prices["small"])
    assert len(shop.invoices(customer)) == 1


def test_from_the_month_to_the_year_is_credited_and_paid_at_once(stripe_desk: StripeDesk, shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    item = subscription["items"].data[0]
    half = (item.current_period_start + item.current_period_end) // 2
    stripe_desk.move_to(half)
    yearly = shop.change_to(subscription, "yearly", proration_behavior="always_invoice")
    assert yearly["items"].data[0].current_period_start == half
    assert shop.invoices(customer)[-1].total == 50_000 - 2_500


def test_what_is_wrong_in_a_request_is_refused_as_stripe_does(shop: Shop) -> None:
    nobody = shop.client.v1.customers.create({"name": "No mail"}).id
    with pytest.raises(stripe.InvalidRequestError, match="Missing email"):
        shop.subscribe(nobody, collection_method="send_invoice", days_until_due=30)
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        shop.subscribe(nobody)
    soon: Any = {
        "mode": "subscription",
        "customer": nobody,
        "line_items": [{"price": shop.prices["small"], "quantity": 1}],
        "success_url": "https://example.org",
        "subscription_data": {"trial_end": shop.client.v1.customers.retrieve(nobody).created + DAY},
    }
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.checkout.sessions.create(soon)
    with pytest.raises(stripe.InvalidRequestError, match="us_ein"):
        shop.client.v1.customers.tax_ids.create(nobody, {"type": "us_ein", "value": "12"})


def test_a_trial_without_a_card_can_pause_and_be_resumed_or_end(stripe_desk: StripeDesk, shop: Shop) -> None:
    def trial(outcome: str) -> stripe.Subscription:
        settings = {"end_behavior": {"missing_payment_method": outcome}}
        return shop.subscribe(shop.customer(card=None), trial_period_days=14, trial_settings=settings)

    pausing, ending = trial("pause"), trial("cancel")
    stripe_desk.move_to(pausing.created + 15 * DAY)
    assert shop.client.v1.subscriptions.retrieve(ending.id).status == "canceled"
    assert shop.client.v1.subscriptions.retrieve(pausing.id).status == "paused"
    method = shop.client.v1.payment_methods.attach("pm_card_visa", {"customer": str(pausing.customer)})
    shop.client.v1.subscriptions.update(pausing.id, {"default_payment_method": method.id})
    resumed = shop.client.v1.subscriptions.resume(pausing.id)
    assert (resumed.status, shop.invoices(str(pausing.customer))[-1].status) == ("active", "paid")
