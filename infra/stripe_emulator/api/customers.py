"""Customers and their tax ids."""

from __future__ import annotations

from stripe_emulator.billing.cards import attach
from stripe_emulator.billing.customers import add_tax_id, blank
from stripe_emulator.billing.ending import end_now
from stripe_emulator.errors import StripeError, missing
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page
from stripe_emulator.params import Params, address_of, change_metadata, change_texts, custom_fields_of
from stripe_emulator.routing import route
from stripe_emulator.world import World, clock_of

EXEMPTIONS = ("", "exempt", "none", "reverse")
OPEN_SUBSCRIPTIONS = ("active", "past_due", "trialing", "unpaid", "incomplete", "paused")


@route("POST /v1/customers")
def create_customer(world: World, params: Params) -> Body:
    clock = params.text("test_clock")
    if clock:
        world.named("test_helpers.test_clock", clock, "test_clock")
    customer = blank(world) | {"balance": params.integer("balance", 0), "test_clock": clock}
    method = params.text("payment_method")
    _change(world, customer, params)
    body = world.add("customer", customer, event="customer.created")
    if method:
        attach(world, method, body)
    for tax_id in params.children("tax_id_data"):
        _add_tax_id(world, body, tax_id)
    return world.get("customer", body["id"])


def _change(world: World, customer: Body, params: Params) -> None:
    change_texts(customer, params, "description", "email", "name", "phone")
    change_metadata(customer, params)
    if params.given("address"):
        customer["address"] = address_of(params.child("address"))
    if params.given("shipping"):
        shipping = params.child("shipping")
        customer["shipping"] = shipping and {
            "address": address_of(shipping.child("address")),
            "name": shipping.need("name"),
            "phone": shipping.text("phone"),
        }
    if params.given("preferred_locales"):
        customer["preferred_locales"] = params.texts("preferred_locales")
    if params.given("tax_exempt"):
        customer["tax_exempt"] = params.text("tax_exempt", among=EXEMPTIONS) or "none"
    if settings := params.child("invoice_settings"):
        _change_invoice_settings(world, customer, settings)


def _change_invoice_settings(world: World, customer: Body, params: Params) -> None:
    settings = customer["invoice_settings"]
    if params.given("custom_fields"):
        settings["custom_fields"] = custom_fields_of(params)
    change_texts(settings, params, "footer")
    if params.given("default_payment_method"):
        identity = params.text("default_payment_method")
        if identity:
            method = world.named("payment_method", identity, "invoice_settings[default_payment_method]")
            if method["customer"] != customer.get("id"):
                raise StripeError(
                    "The customer does not have a payment method with the ID "
                    f"{identity}. The payment method must be attached to the customer.",
                    code="resource_missing",
                    param="invoice_settings[default_payment_method]",
                )
        settings["default_payment_method"] = identity


@route("GET /v1/customers/{customer}")
def retrieve_customer(world: World, params: Params, identity: str) -> Body:
    body = world.look(identity)
    if body is None or body["object"] != "customer":
        raise missing("customer", identity)
    return body


@route("POST /v1/customers/{customer}")
def update_customer(world: World, params: Params, identity: str) -> Body:
    customer = world.get("customer", identity)
    if params.given("balance"):
        customer["balance"] = params.integer("balance", 0)
    _change(world, customer, params)
    return world.save(customer, event="customer.updated")


@route("DELETE /v1/customers/{customer}")
def delete_customer(world: World, params: Params, identity: str) -> Body:
    customer = world.get("customer", identity)
    for subscription in world.find("subscription", customer=identity):
        if subscription["status"] in OPEN_SUBSCRIPTIONS:
            end_now(world, subscription, reason="cancellation_requested")
    world.emit("customer.deleted", customer)
    customer["_deleted"] = True
    return world.save(customer)


@route("GET /v1/customers")
def list_customers(world: World, params: Params) -> Body:
    # Like Stripe: who lives by a test clock is only listed when one asks for that clock.
    clock = params.text("test_clock")
    return page(world, params, "/v1/customers", "customer", by=("email",), where=lambda body: clock_of(body) == clock)


@route("POST /v1/customers/{customer}/tax_ids")
def create_tax_id(world: World, params: Params, identity: str) -> Body:
    return _add_tax_id(world, world.get("customer", identity), params)


def _add_tax_id(world: World, customer: Body, params: Params) -> Body:
    return add_tax_id(world, customer, params.need("type"), params.need("value"))


@route("GET /v1/customers/{customer}/tax_ids")
def list_tax_ids(world: World, params: Params, identity: str) -> Body:
    world.get("customer", identity)
    url = f"/v1/customers/{identity}/tax_ids"
    return page(world, params, url, "tax_id", where=lambda body: body["customer"] == identity)


@route("DELETE /v1/customers/{customer}/tax_ids/{id}")
def delete_tax_id(world: World, params: Params, customer: str, identity: str) -> Body:
    tax_id = world.get("tax_id", identity)
    world.emit("customer.tax_id.deleted", tax_id)
    tax_id["_deleted"] = True
    return world.save(tax_id)


@route("GET /v1/customers/{customer}/payment_methods")
def list_customers_methods(world: World, params: Params, identity: str) -> Body:
    world.get("customer", identity)
    url = f"/v1/customers/{identity}/payment_methods"
    return page(world, params, url, "payment_method", by=("type",), where=lambda body: body["customer"] == identity)
