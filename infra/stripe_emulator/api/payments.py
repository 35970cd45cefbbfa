"""Payment methods, payments, charges and refunds."""

from __future__ import annotations

from stripe_emulator.billing.cards import BY_NAME, attach, by_number, detach, make_method
from stripe_emulator.billing.refunding import refund
from stripe_emulator.errors import StripeError, missing, not_now, required
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page
from stripe_emulator.params import Params, address_of, change_metadata, change_texts
from stripe_emulator.routing import route
from stripe_emulator.world import World


@route("POST /v1/payment_methods")
def create_payment_method(world: World, params: Params) -> Body:
    params.need("type", among=("card",))
    given = params.child("card")
    if given is None:
        raise required("card")
    if token := given.text("token"):
        if token not in BY_NAME:
            raise missing("token", token, "card[token]", 400)
        card = BY_NAME[token]
        method = make_method(world, card)
    else:
        method = make_method(world, by_number(given.need("number"), "card[number]"))
        method["card"] |= {"exp_month": given.integer("exp_month"), "exp_year": given.integer("exp_year")}
        given.text("cvc")
    _change_method(method, params)
    return world.save(method)


def _change_method(method: Body, params: Params) -> None:
    change_metadata(method, params)
    if details := params.child("billing_details"):
        change_texts(method["billing_details"], details, "email", "name", "phone")
        if details.given("address"):
            method["billing_details"]["address"] = address_of(details.child("address"))


@route("GET /v1/payment_methods/{payment_method}")
def retrieve_payment_method(world: World, params: Params, identity: str) -> Body:
    return world.get("payment_method", identity)


@route("POST /v1/payment_methods/{payment_method}")
def update_payment_method(world: World, params: Params, identity: str) -> Body:
    method = world.get("payment_method", identity)
    _change_method(method, params)
    return world.save(method, event="payment_method.updated")


@route("POST /v1/payment_methods/{payment_method}/attach")
def attach_payment_method(world: World, params: Params, identity: str) -> Body:
    return attach(world, identity, world.named("customer", params.need("customer"), "customer"))


@route("POST /v1/payment_methods/{payment_method}/detach")
def detach_payment_method(world: World, params: Params, identity: str) -> Body:
    method = world.get("payment_method", identity)
    if method["customer"] is None:
        raise not_now("The payment method you provided is not attached to a customer so detachment is impossible.")
    return detach(world, method)


@route("GET /v1/payment_methods")
def list_payment_methods(world: World, params: Params) -> Body:
    customer = params.text("customer")
    return page(
        world,
        params,
        "/v1/payment_methods",
        "payment_method",
        by=("type",),
        where=lambda body: body["customer"] is not None and body["customer"] == customer,
    )


@route("GET /v1/payment_intents/{intent}")
def retrieve_payment_intent(world: World, params: Params, identity: str) -> Body:
    return world.get("payment_intent", identity)


@route("GET /v1/payment_intents")
def list_payment_intents(world: World, params: Params) -> Body:
    return page(world, params, "/v1/payment_intents", "payment_intent", by=("customer",))


@route("GET /v1/setup_intents/{intent}")
def retrieve_setup_intent(world: World, params: Params, identity: str) -> Body:
    return world.get("setup_intent", identity)


@route("GET /v1/charges/{charge}")
def retrieve_charge(world: World, params: Params, identity: str) -> Body:
    return world.get("charge", identity)


@route("GET /v1/charges")
def list_charges(world: World, params: Params) -> Body:
    return page(world, params, "/v1/charges", "charge", by=("customer", "payment_intent"))


@route("POST /v1/refunds")
def create_refund(world: World, params: Params) -> Body:
    charge = params.text("charge")
    if intent := params.text("payment_intent"):
        charge = world.named("payment_intent", intent, "payment_intent")["latest_charge"]
    if not charge:
        raise StripeError("One of the following params should be provided: charge or payment_intent.")
    reason = params.text("reason", among=("duplicate", "fraudulent", "requested_by_customer"))
    body = refund(
        world, world.named("charge", charge, "charge"), amount=params.integer("amount", least=1), reason=reason
    )
    change_metadata(body, params)
    return world.save(body)


@route("GET /v1/refunds/{refund}")
def retrieve_refund(world: World, params: Params, identity: str) -> Body:
    return world.get("refund", identity)


@route("GET /v1/refunds")
def list_refunds(world: World, params: Params) -> Body:
    return page(world, params, "/v1/refunds", "refund", by=("charge", "payment_intent"))
