"""The hosted pages, as a browser without scripts uses them: forms that are sent and read again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tests.stripe_emulator.desk import StripeDesk
from tests.stripe_emulator.shop import Shop

DONE, BACK = "https://example.org/done?session={CHECKOUT_SESSION_ID}", "https://example.org/back"
FINE, REFUSED, FAILS_LATER, ASKS = "4242424242424242", "4000000000000002", "4000000000000341", "4000002500003155"
FILLED = {
    "do": "buy",
    "card": FINE,
    "name": "Sierra Medical Society",
    "line1": "1 Main Street",
    "city": "Reno",
    "state": "NV",
    "postal_code": "89501",
    "country": "US",
}


@pytest.fixture
def browser(stripe_desk: StripeDesk) -> Client:
    return Client(stripe_desk.emulator.application)


def path_of(url: str | None) -> str:
    assert url
    return "/" + url.split("/", 3)[3]


def send(browser: Client, path: str, fields: Mapping[str, str]) -> TestResponse:
    return browser.post(path, data=dict(fields))


def checkout(shop: Shop, customer: str, **fields: Any) -> Any:
    wish: Any = {
        "mode": "subscription",
        "customer": customer,
        "line_items": [{"price": shop.prices["small"], "quantity": 1}],
        "success_url": DONE,
        "cancel_url": BACK,
        "customer_update": {"address": "auto", "name": "auto"},
        "billing_address_collection": "required",
        **fields,
    }
    return shop.client.v1.checkout.sessions.create(wish)


def test_checkout_begins_a_trial_with_a_saved_card_and_a_tax_id(shop: Shop, browser: Client) -> None:
    customer = shop.customer(card=None)
    data = {"trial_period_days": 30, "metadata": {"society": "sierra"}}
    session = checkout(shop, customer, subscription_data=data, tax_id_collection={"enabled": True})
    page = browser.get(path_of(session.url))
    assert "No card is charged" in page.text
    assert "<script" not in page.text
    reply = send(browser, path_of(session.url), {**FILLED, "tax_id": "12-3456789"})
    assert (reply.status_code, reply.location) == (303, DONE.replace("{CHECKOUT_SESSION_ID}", session.id))
    done = shop.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (done.status, done.payment_status) == ("complete", "no_payment_required")
    subscription: Any = done.subscription
    assert (subscription.status, subscription.metadata.society) == ("trialing", "sierra")
    assert subscription.default_payment_method
    kept = shop.client.v1.customers.retrieve(customer, {"expand": ["tax_ids"]})
    assert kept.address is not None
    assert kept.tax_ids is not None
    assert (kept.address.city, [tax_id.value for tax_id in kept.tax_ids.data]) == ("Reno", ["12-3456789"])


def test_pressing_twice_and_coming_back_buys_once(shop: Shop, browser: Client) -> None:
    customer = shop.customer(card=None)
    path = path_of(checkout(shop, customer).url)
    assert [send(browser, path, FILLED).status_code for _ in range(2)] == [303, 303]
    assert "This is done" in browser.get(path).text
    assert len(shop.client.v1.subscriptions.list({"customer": customer}).data) == 1


@pytest.mark.parametrize("card", [REFUSED, FAILS_LATER])
def test_a_refused_card_keeps_the_page_open_and_what_was_typed(shop: Shop, browser: Client, card: str) -> None:
    customer = shop.customer(card=None)
    session = checkout(shop, customer)
    reply = send(browser, path_of(session.url), {**FILLED, "card": card, "line1": "9 Other Street"})
    assert "Your card was declined." in reply.text
    assert "9 Other Street" in reply.text
    assert shop.invoices(customer) == []
    assert shop.client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert send(browser, path_of(session.url), FILLED).status_code == 303


def test_a_bank_that_asks_is_answered_on_a_page(shop: Shop, browser: Client) -> None:
    customer = shop.customer(card=None)
    session = checkout(shop, customer)
    asked = send(browser, path_of(session.url), {**FILLED, "card": ASKS})
    assert "Your bank asks" in asked.text
    carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    assert "Choose another one" in send(browser, path_of(session.url), {**carried, "confirmed": "no"}).text
    assert send(browser, path_of(session.url), {**carried, "confirmed": "yes"}).status_code == 303
    assert shop.client.v1.subscriptions.list({"customer": customer}).data[0].status == "active"


def test_a_promotion_code_is_tried_and_then_counts(shop: Shop, browser: Client) -> None:
    coupon = shop.client.v1.coupons.create({"percent_off": 50, "duration": "forever"})
    shop.client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "HALF"})
    customer = shop.customer(card=None)
    path = path_of(checkout(shop, customer, allow_promotion_codes=True).url)
    assert "not valid" in send(browser, path, {**FILLED, "do": "apply", "promotion": "NONE"}).text
    assert "Pay $25.00" in send(browser, path, {**FILLED, "do": "apply", "promotion": "half"}).text
    assert send(browser, path, {**FILLED, "promotion": "half"}).status_code == 303
    assert shop.invoices(customer)[0].amount_paid == 2_500


def test_a_session_that_expired_buys_nothing(stripe_desk: StripeDesk, shop: Shop, browser: Client) -> None:
    session = checkout(shop, shop.customer(card=None))
    stripe_desk.move_to(session.expires_at + 1)
    assert browser.get(path_of(session.url)).status_code == 410
    assert send(browser, path_of(session.url), FILLED).status_code == 410


def test_the_portal_changes_plan_card_and_details_and_cancels(shop: Shop, browser: Client) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    features: Any = {
        "customer_update": {"enabled": True, "allowed_updates": ["name", "email", "address", "tax_id"]},
        "invoice_history": {"enabled": True},
        "payment_method_update": {"enabled": True},
        "subscription_cancel": {"enabled": True, "cancellation_reason": {"enabled": True, "options": ["unused"]}},
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price"],
            "proration_behavior": "always_invoice",
            "products": [{"product": shop.product, "prices": list(shop.prices.values())}],
            "schedule_at_period_end": {"conditions": [{"type": "decreasing_item_amount"}]},
        },
    }
    configuration = shop.client.v1.billing_portal.configurations.create({"features": features})
    wish: Any = {"customer": customer, "configuration": configuration.id, "return_url": BACK}
    here = path_of(shop.client.v1.billing_portal.sessions.create(wish).url)
    subscriptions = shop.client.v1.subscriptions

    moved = send(browser, f"{here}/plan/{subscription.id}", {"price": shop.prices["large"]})
    assert "Your plan is changed." in browser.get(moved.location).text
    assert subscriptions.retrieve(subscription.id)["items"].data[0].price.id == shop.prices["large"]
    later = send(browser, f"{here}/plan/{subscription.id}", {"price": shop.prices["small"]})
    assert "at the end of the period" in browser.get(later.location).text
    schedule = str(subscriptions.retrieve(subscription.id).schedule)
    assert shop.client.v1.subscription_schedules.retrieve(schedule).phases[1].items[0].price == shop.prices["small"]
    shop.client.v1.subscription_schedules.release(schedule)

    assert "Your card was declined." in send(browser, f"{here}/card", {"card": REFUSED}).text
    send(browser, f"{here}/card", {"card": FAILS_LATER})
    saved: Any = shop.client.v1.customers.retrieve(customer, {"expand": ["invoice_settings.default_payment_method"]})
    assert saved.invoice_settings.default_payment_method.card.last4 == "0341"

    send(browser, f"{here}/details", {"name": "Renamed", "email": "new@example.org", "tax_id": "98-7654321"})
    assert shop.client.v1.customers.retrieve(customer).name == "Renamed"
    assert "needs an @" in send(browser, f"{here}/details", {"name": "Renamed", "email": "nobody"}).text

    send(browser, f"{here}/cancel/{subscription.id}", {"feedback": "unused", "comment": "We merge."})
    leaving = subscriptions.retrieve(subscription.id)
    assert leaving.cancellation_details is not None
    assert (leaving.cancel_at_period_end, leaving.cancellation_details.comment) == (True, "We merge.")
    assert "Keep the plan" in browser.get(here).text
    send(browser, f"{here}/keep/{subscription.id}", {})
    assert subscriptions.retrieve(subscription.id).cancel_at_period_end is False


def test_a_portal_shows_nobody_elses_subscription_and_closes_after_an_hour(
    stripe_desk: StripeDesk, shop: Shop, browser: Client
) -> None:
    other = shop.subscribe(shop.customer())
    session = shop.client.v1.billing_portal.sessions.create({"customer": shop.customer()})
    here = path_of(session.url)
    assert browser.get(here).status_code == 200
    assert browser.get(f"{here}/cancel/{other.id}").status_code == 404
    assert send(browser, f"{here}/cancel/{other.id}", {}).status_code == 404
    stripe_desk.move_to(session.created + 3_700)
    assert browser.get(here).status_code == 404


def test_an_invoice_is_read_downloaded_and_paid_by_whoever_has_its_link(shop: Shop, browser: Client) -> None:
    customer = shop.customer(card=None)
    shop.client.v1.invoice_items.create({"customer": customer, "amount": 125_000, "currency": "usd"})
    invoice = shop.client.v1.invoices.create(
        {
            "customer": customer,
            "collection_method": "send_invoice",
            "days_until_due": 30,
            "custom_fields": [{"name": "PO number", "value": "4711"}],
            "pending_invoice_items_behavior": "include",
        }
    )
    invoice = shop.client.v1.invoices.send_invoice(invoice.id)
    path = path_of(invoice.hosted_invoice_url)
    assert "4711" in browser.get(path).text
    assert browser.get(path_of(invoice.invoice_pdf)).data.startswith(b"%PDF-")
    assert "Your card was declined." in send(browser, path, {"card": FAILS_LATER}).text
    assert shop.client.v1.invoices.retrieve(invoice.id).attempt_count == 1
    assert "Your bank asks" in send(browser, path, {"card": ASKS}).text
    send(browser, path, {"card": FINE})
    assert "Paid on" in browser.get(path).text
    assert send(browser, path, {"card": FINE}).status_code == 303
    assert shop.client.v1.invoices.retrieve(invoice.id).amount_paid == 125_000


def test_names_are_shown_as_they_are_and_never_as_markup(shop: Shop, browser: Client) -> None:
    customer = shop.customer(card=None, name="<b>Sierra</b>")
    assert "&lt;b&gt;Sierra&lt;/b&gt;" in browser.get(path_of(checkout(shop, customer).url)).text


def test_no_number_but_a_test_cards_is_taken(shop: Shop, browser: Client) -> None:
    path = path_of(checkout(shop, shop.customer(card=None)).url)
    assert "Only Stripe&#39;s test cards" in send(browser, path, {**FILLED, "card": "4111111111111111"}).text
