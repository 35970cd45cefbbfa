"""Every operation that the emulator knows is asked at least once, and what it answers is as Stripe describes it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import Client

from stripe_emulator.routing import ROUTES
from tests.stripe_emulator.desk import StripeDesk
from tests.stripe_emulator.shop import Shop
from tests.stripe_emulator.test_pages import BACK, FINE, checkout, path_of, send

# What is in a path before an id says what the id is of.
KINDS = {
    "charges": "charge",
    "configurations": "billing_portal.configuration",
    "coupons": "coupon",
    "credit_notes": "credit_note",
    "customers": "customer",
    "events": "event",
    "invoiceitems": "invoiceitem",
    "invoices": "invoice",
    "payment_intents": "payment_intent",
    "payment_methods": "payment_method",
    "prices": "price",
    "products": "product",
    "promotion_codes": "promotion_code",
    "quotes": "quote",
    "refunds": "refund",
    "sessions": "checkout.session",
    "setup_intents": "setup_intent",
    "subscription_schedules": "subscription_schedule",
    "subscriptions": "subscription",
    "tax_ids": "tax_id",
    "test_clocks": "test_helpers.test_clock",
    "webhook_endpoints": "webhook_endpoint",
}


@pytest.fixture
def browser(stripe_desk: StripeDesk) -> Client:
    return Client(stripe_desk.emulator.application)


def one_of_each(shop: Shop, browser: Client) -> None:
    """A shop in which there is something of every kind."""
    v1 = shop.client.v1
    customer = shop.customer(tax_id_data=[{"type": "us_ein", "value": "12-3456789"}])
    coupon = v1.coupons.create({"amount_off": 100, "currency": "usd", "duration": "once"})
    v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}})
    subscription = shop.subscribe(customer)
    v1.subscription_schedules.create({"from_subscription": subscription.id})
    v1.credit_notes.create({"invoice": str(subscription.latest_invoice), "amount": 100, "refund_amount": 100})
    v1.quotes.create({"customer": customer, "line_items": [{"price": shop.prices["small"]}]})
    v1.invoice_items.create({"customer": customer, "amount": 100, "currency": "usd"})
    v1.billing_portal.sessions.create({"customer": customer})
    v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["payout.paid"]})
    v1.test_helpers.test_clocks.create({"frozen_time": subscription.created})
    setup = v1.checkout.sessions.create({"mode": "setup", "customer": customer, "currency": "usd", "success_url": BACK})
    assert send(browser, path_of(setup.url), {"do": "buy", "name": "Sierra", "card": FINE}).status_code == 303


def test_everything_can_be_read(stripe_desk: StripeDesk, shop: Shop, browser: Client) -> None:
    one_of_each(shop, browser)
    store = stripe_desk.emulator.store
    known = {kind: next(body["id"] for body in store.find(kind) if not body.get("_deleted")) for kind in KINDS.values()}
    needed = {"/v1/subscription_items": {"subscription": known["subscription"]}}
    headers = {"Authorization": f"Bearer {stripe_desk.key}"}
    for _pattern, route in ROUTES["GET"]:
        path = re.sub(r"/(\w+)/\{\w+\}", lambda part: f"/{part[1]}/{known[KINDS[part[1]]]}", route.path)
        reply = browser.get(path, query_string=needed.get(route.path, {}), headers=headers)
        assert reply.status_code == 200, (path, reply.text)


def test_everything_can_be_changed_and_taken_away(shop: Shop, browser: Client) -> None:
    v1 = shop.client.v1
    customer = shop.customer()
    product = v1.products.create({"name": "Old"})
    assert v1.products.update(product.id, {"name": "New", "description": "Better"}).name == "New"
    assert v1.products.delete(product.id).deleted
    coupon = v1.coupons.create({"percent_off": 10, "duration": "forever"})
    assert v1.coupons.update(coupon.id, {"name": "Ten"}).name == "Ten"
    code = v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "TEN"})
    assert v1.promotion_codes.update(code.id, {"active": False}).active is False
    assert v1.coupons.delete(coupon.id).deleted
    tax_id = v1.customers.tax_ids.create(customer, {"type": "us_ein", "value": "12-3456789"})
    assert v1.customers.tax_ids.delete(customer, tax_id.id).deleted
    card: Any = {"type": "card", "card": {"token": "tok_mastercard"}, "billing_details": {"name": "Ann"}}
    method = v1.payment_methods.create(card)
    v1.payment_methods.attach(method.id, {"customer": customer})
    assert v1.payment_methods.update(method.id, {"metadata": {"of": "ann"}}).id == method.id
    assert v1.payment_methods.detach(method.id).customer is None
    endpoint = v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["payout.paid"]})
    assert v1.webhook_endpoints.delete(endpoint.id).deleted
    configuration = v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    assert v1.billing_portal.configurations.update(configuration.id, {"active": False}).active is False


def test_drafts_are_changed_and_thrown_away(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = shop.customer()
    item = v1.invoice_items.create({"customer": customer, "amount": 100, "currency": "usd"})
    assert v1.invoice_items.update(item.id, {"amount": 300, "description": "Three"}).amount == 300
    draft = v1.invoices.create({"customer": customer, "pending_invoice_items_behavior": "include"})
    assert v1.invoices.update(draft.id, {"footer": "Thank you"}).footer == "Thank you"
    assert v1.invoices.delete(draft.id).deleted
    other = v1.invoice_items.create({"customer": customer, "amount": 100, "currency": "usd"})
    assert v1.invoice_items.delete(other.id).deleted
    quote = v1.quotes.create({"customer": customer, "line_items": [{"price": shop.prices["small"]}]})
    assert v1.quotes.update(quote.id, {"header": "For a year"}).header == "For a year"
    assert v1.quotes.cancel(quote.id).status == "canceled"


def test_a_credit_note_on_an_open_invoice_lowers_what_is_to_be_paid_until_it_is_voided(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = shop.customer(card=None)
    v1.invoice_items.create({"customer": customer, "amount": 1_000, "currency": "usd"})
    draft = v1.invoices.create({"customer": customer, "pending_invoice_items_behavior": "include"})
    invoice = v1.invoices.finalize_invoice(draft.id)
    note = v1.credit_notes.create({"invoice": invoice.id, "amount": 400, "memo": "Too much"})
    assert (note.type, v1.invoices.retrieve(invoice.id).amount_remaining) == ("pre_payment", 600)
    assert v1.credit_notes.update(note.id, {"memo": "Far too much"}).memo == "Far too much"
    assert v1.credit_notes.void_credit_note(note.id).status == "void"
    assert v1.invoices.retrieve(invoice.id).amount_remaining == 1_000


def test_a_plan_that_is_canceled_ends_its_subscription_and_so_does_canceling_it(shop: Shop) -> None:
    v1 = shop.client.v1
    planned, plain = shop.subscribe(shop.customer()), shop.subscribe(shop.customer())
    schedule = v1.subscription_schedules.create({"from_subscription": planned.id})
    assert v1.subscription_schedules.cancel(schedule.id).status == "canceled"
    assert v1.subscriptions.retrieve(planned.id).status == "canceled"
    ended = v1.subscriptions.cancel(plain.id, {"cancellation_details": {"comment": "We merge."}})
    assert ended.cancellation_details is not None
    assert (ended.status, ended.cancellation_details.comment) == ("canceled", "We merge.")


def test_somebody_unknown_becomes_a_customer_at_checkout(shop: Shop, browser: Client) -> None:
    wish: Any = {
        "mode": "subscription",
        "line_items": [{"price": shop.prices["small"], "quantity": 1}],
        "success_url": BACK,
    }
    session = shop.client.v1.checkout.sessions.create(wish)
    filled = {"do": "buy", "card": FINE, "name": "Lakes", "email": "office@lakes.example.org"}
    assert send(browser, path_of(session.url), filled).status_code == 303
    done = shop.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer", "line_items"]})
    customer: Any = done.customer
    assert (customer.email, done.payment_status) == ("office@lakes.example.org", "paid")


def test_a_link_into_the_portal_leads_to_one_page_and_back(shop: Shop, browser: Client) -> None:
    customer = shop.customer()
    wish: Any = {
        "customer": customer,
        "flow_data": {
            "type": "payment_method_update",
            "after_completion": {"type": "redirect", "redirect": {"return_url": BACK}},
        },
    }
    here = path_of(shop.client.v1.billing_portal.sessions.create(wish).url)
    step = browser.get(here)
    assert step.location == f"{here}/card"
    assert send(browser, step.location, {"card": FINE}).location == BACK


def test_a_discount_at_checkout_is_shown_and_counts(shop: Shop, browser: Client) -> None:
    coupon = shop.client.v1.coupons.create({"amount_off": 1_000, "currency": "usd", "duration": "once"})
    customer = shop.customer(card=None)
    session = checkout(shop, customer, discounts=[{"coupon": coupon.id}], billing_address_collection="auto")
    assert session.amount_total == 4_000
    assert "Pay $40.00" in browser.get(path_of(session.url)).text
    send(browser, path_of(session.url), {"do": "buy", "card": FINE, "name": "Sierra"})
    assert shop.invoices(customer)[0].amount_paid == 4_000
