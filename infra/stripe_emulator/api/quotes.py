"""Quotes: what a purchasing office approves before anything is bought."""

from __future__ import annotations

from stripe_emulator.api.subscription_params import COLLECTION, line_of
from stripe_emulator.billing import discounts, offering
from stripe_emulator.billing.subscribing import Line, Start, subscribe
from stripe_emulator.dates import DAY
from stripe_emulator.errors import StripeError, not_now, required
from stripe_emulator.kinds import Body, Document
from stripe_emulator.lists import page, page_of
from stripe_emulator.pages.papers import quote_pdf
from stripe_emulator.params import Params, change_metadata, change_texts, custom_fields_of
from stripe_emulator.routing import route
from stripe_emulator.shapes.selling import quote as blank
from stripe_emulator.shapes.selling import totals
from stripe_emulator.showing import line_items
from stripe_emulator.world import World

URL = "/v1/quotes"


@route(f"POST {URL}")
def create_quote(world: World, params: Params) -> Body:
    customer = world.named("customer", params.need("customer"), "customer")
    clock = params.text("test_clock")
    if clock and clock != customer["test_clock"]:
        raise StripeError("The test clock has to be the customer's.", param="test_clock")
    body = world.add("quote", blank(customer, now=world.now_of(customer)))
    _change(world, body, customer, params)
    world.save(body)
    world.emit("quote.created", body)
    return body


def _change(world: World, body: Body, customer: Body, params: Params) -> None:
    change_texts(body, params, "description", "footer", "header")
    change_metadata(body, params)
    body["expires_at"] = params.integer("expires_at", body["expires_at"])
    body["collection_method"] = params.text("collection_method", body["collection_method"], among=COLLECTION)
    if settings := params.child("invoice_settings"):
        if settings.given("custom_fields"):
            body["invoice_settings"]["custom_fields"] = custom_fields_of(settings)
        if settings.given("days_until_due"):
            body["invoice_settings"]["days_until_due"] = settings.integer("days_until_due", least=0)
        change_texts(body["invoice_settings"], settings, "description", "footer")
    if data := params.child("subscription_data"):
        change_texts(body["subscription_data"], data, "description")
        change_metadata(body["subscription_data"], data)
        if data.given("trial_period_days"):
            body["subscription_data"]["trial_period_days"] = data.integer("trial_period_days", least=0)
    if params.given("discounts"):
        now = world.now_of(body)
        body["discounts"] = discounts.grant(world, params.children("discounts"), customer, now=now)
    lines = [line_of(world, line) for line in params.children("line_items")]
    if lines or params.given("discounts"):
        _offer(world, body, lines or offering.wished(world, body))


def _offer(world: World, body: Body, lines: list[Line]) -> None:
    body["_lines"] = offering.lines_for(world, lines, offering.coupons_of(world, body["discounts"]))
    subtotal = sum(line["amount_subtotal"] for line in body["_lines"])
    taken = sum(line["amount_discount"] for line in body["_lines"])
    recurring = lines[0].price["recurring"]
    sums = {"amount_subtotal": subtotal, "amount_total": subtotal - taken, "total_details": totals(taken)}
    body |= sums | {"currency": lines[0].price["currency"]}
    period = {name: recurring[name] for name in ("interval", "interval_count")} if recurring else {}
    body["computed"] = {"recurring": sums | period if recurring else None, "upfront": sums}


@route(f"GET {URL}/{{quote}}")
def retrieve_quote(world: World, params: Params, identity: str) -> Body:
    return world.get("quote", identity)


@route(f"POST {URL}/{{quote}}")
def update_quote(world: World, params: Params, identity: str) -> Body:
    body = world.get("quote", identity)
    if body["status"] == "draft":
        _change(world, body, world.get("customer", body["customer"]), params)
    else:
        change_metadata(body, params)
    return world.save(body)


@route(f"POST {URL}/{{quote}}/finalize")
def finalize_quote(world: World, params: Params, identity: str) -> Body:
    body = _in(world, identity, "draft")
    if not body["_lines"]:
        raise required("line_items")
    now = world.now_of(body)
    body["expires_at"] = params.integer("expires_at", body["expires_at"])
    count = int(str(world.store.setting("quotes", 0))) + 1
    world.store.set("quotes", count)
    transitions = body["status_transitions"] | {"finalized_at": now}
    body |= {"status": "open", "number": f"QT-{count:06d}-1", "status_transitions": transitions}
    world.save(body)
    world.emit("quote.finalized", body)
    return body


@route(f"POST {URL}/{{quote}}/accept")
def accept_quote(world: World, params: Params, identity: str) -> Body:
    """Begin what was offered: the subscription, with its first invoice as a draft that is sent an hour later."""
    body = _in(world, identity, "open")
    customer = world.get("customer", body["customer"])
    now = world.now_of(body)
    settings, data = body["invoice_settings"], body["subscription_data"]
    sends = body["collection_method"] == "send_invoice"
    fields = {
        "collection_method": body["collection_method"],
        "days_until_due": (settings["days_until_due"] or 30) if sends else None,
        "description": data["description"],
        "metadata": data["metadata"],
        "discounts": body["discounts"],
        "invoice_settings": {
            "account_tax_ids": None,
            "custom_fields": settings["custom_fields"],
            "description": settings["description"],
            "footer": settings["footer"],
            "issuer": settings["issuer"],
        },
    }
    days = data["trial_period_days"]
    start = Start(customer, offering.wished(world, body), trial_end=now + days * DAY if days else None, fields=fields)
    subscription = subscribe(world, start)
    body |= {
        "status": "accepted",
        "status_transitions": body["status_transitions"] | {"accepted_at": now},
        "subscription": subscription["id"],
        "invoice": subscription["latest_invoice"],
    }
    world.save(body)
    world.emit("quote.accepted", body)
    return body


@route(f"POST {URL}/{{quote}}/cancel")
def cancel_quote(world: World, params: Params, identity: str) -> Body:
    body = _in(world, identity, "draft", "open")
    transitions = body["status_transitions"] | {"canceled_at": world.now_of(body)}
    body |= {"status": "canceled", "status_transitions": transitions}
    world.save(body)
    world.emit("quote.canceled", body)
    return body


@route(f"GET {URL}/{{quote}}/pdf")
def download_quote(world: World, params: Params, identity: str) -> Document:
    return Document(quote_pdf(world, world.get("quote", identity)))


@route(f"GET {URL}/{{quote}}/line_items")
def list_line_items(world: World, params: Params, identity: str) -> Body:
    body = world.get("quote", identity)
    return page_of(world, params, f"{URL}/{identity}/line_items", line_items(world, body)["data"])


@route(f"GET {URL}")
def list_quotes(world: World, params: Params) -> Body:
    return page(world, params, URL, "quote", by=("customer", "status", "test_clock"))


def _in(world: World, identity: str, *states: str) -> Body:
    body = world.get("quote", identity)
    if body["status"] not in states:
        raise not_now(f"This quote is {body['status']}, so that cannot be done with it.")
    return body
