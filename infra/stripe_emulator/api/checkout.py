"""Checkout sessions: what somebody buys on a page of Stripe's."""

from __future__ import annotations

from stripe_emulator.api.subscription_params import line_of, trial_settings_of
from stripe_emulator.billing import discounts, offering
from stripe_emulator.billing.checking_out import set_amounts
from stripe_emulator.dates import DAY
from stripe_emulator.errors import StripeError, not_now, required
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page, page_of
from stripe_emulator.params import Params, change_metadata, change_texts
from stripe_emulator.routing import route
from stripe_emulator.shapes.selling import checkout_session
from stripe_emulator.showing import line_items
from stripe_emulator.world import World

MODES = ("setup", "subscription")
URL = "/v1/checkout/sessions"


@route(f"POST {URL}")
def create_session(world: World, params: Params) -> Body:
    mode = params.need("mode", among=MODES)
    identity = params.text("customer")
    customer = world.named("customer", identity, "customer") if identity else None
    now = world.now_of(customer or {})
    session = checkout_session(mode=mode, now=now)
    params.text("ui_mode", among=("hosted_page",))
    session["success_url"] = params.need("success_url")
    change_texts(session, params, "cancel_url", "client_reference_id", "customer_email", "locale", "submit_type")
    change_metadata(session, params)
    if customer and session["customer_email"]:
        raise StripeError("You may only specify one of these parameters: customer, customer_email.")
    session["customer"] = identity
    session["customer_creation"] = None if identity else "always"
    session["expires_at"] = params.integer("expires_at", session["expires_at"], least=now + 30 * 60)
    if session["expires_at"] > now + DAY:
        raise StripeError("A session can be open for 24 hours at most.", param="expires_at")
    _collections(session, params)
    if mode == "subscription":
        _offer(world, session, customer, params, now)
    else:
        _setup(session, params)
    body = world.add("checkout.session", session)
    body["url"] = f"{world.base}/c/{body['id']}"
    return world.save(body)


def _collections(session: Body, params: Params) -> None:
    """What the page asks for beside the card."""
    updates = params.child("customer_update")
    session["_customer_update"] = {
        name: updates.text(name, among=("auto", "never")) for name in ("address", "name", "shipping")
    } if updates else {}  # fmt: skip
    session["billing_address_collection"] = params.text("billing_address_collection", among=("auto", "required"))
    if tax := params.child("automatic_tax"):
        enabled = tax.flag("enabled")
        status = "complete" if enabled else None
        session["automatic_tax"] |= {"enabled": enabled, "status": status}
    if tax_ids := params.child("tax_id_collection"):
        session["tax_id_collection"] = {
            "enabled": tax_ids.flag("enabled"),
            "required": tax_ids.text("required", "never", among=("if_supported", "never")),
        }
    if consent := params.child("consent_collection"):
        terms = consent.text("terms_of_service", "none", among=("none", "required"))
        session["consent_collection"] = {
            "payment_method_reuse_agreement": None,
            "promotions": None,
            "terms_of_service": terms,
        }
    if words := params.child("custom_text"):
        for place in session["custom_text"]:
            if message := words.child(place):
                session["custom_text"][place] = {"message": message.need("message")}
    if kinds := params.texts("payment_method_types"):
        session["payment_method_types"] = kinds


def _offer(world: World, session: Body, customer: Body | None, params: Params, now: int) -> None:
    lines = [line_of(world, line) for line in params.children("line_items")]
    if not lines:
        raise required("line_items")
    for line in lines:
        if line.price["recurring"] is None:
            raise StripeError("You must provide at least one recurring price in `subscription` mode.")
        if not line.price["active"]:
            raise StripeError(f"The price specified is inactive: {line.price['id']}", param="line_items[0][price]")
    session["currency"] = lines[0].price["currency"]
    session["allow_promotion_codes"] = params.flag("allow_promotion_codes") or None
    collection = params.text("payment_method_collection", "always", among=("always", "if_required"))
    session["payment_method_collection"] = collection
    _subscription_data(session, params.child("subscription_data"), now)
    wished = params.children("discounts")
    if wished and session["allow_promotion_codes"]:
        raise StripeError("You may only specify one of these parameters: allow_promotion_codes, discounts.")
    session["_granted"] = discounts.grant(world, wished, customer or {"id": None}, now=now)
    session["discounts"] = [_shown(world, identity) for identity in session["_granted"]]
    coupons = offering.coupons_of(world, session["_granted"])
    session["_lines"] = offering.lines_for(world, lines, coupons)
    session["_clock"] = (customer or {}).get("_clock")
    set_amounts(world, session, coupons)


def _shown(world: World, identity: str) -> Body:
    discount = world.get("discount", identity)
    code = discount["promotion_code"]
    return {"coupon": None if code else discount["source"]["coupon"], "promotion_code": code}


def _subscription_data(session: Body, params: Params | None, now: int) -> None:
    if params is None:
        return
    session["_trial_days"] = params.integer("trial_period_days", least=1)
    session["_trial_end"] = params.integer("trial_end", least=now + 2 * DAY)
    fields: Body = {"metadata": {}}
    change_texts(fields, params, "description")
    change_metadata(fields, params)
    if settings := trial_settings_of(params):
        fields["trial_settings"] = settings
    session["_fields"] = fields


def _setup(session: Body, params: Params) -> None:
    session["currency"] = params.text("currency")
    session["payment_status"] = "no_payment_required"
    fields: Body = {"metadata": {}}
    if data := params.child("setup_intent_data"):
        data.text("description")
        change_metadata(fields, data)
    session["_fields"] = fields
    session["_granted"] = []


@route(f"GET {URL}/{{session}}")
def retrieve_session(world: World, params: Params, identity: str) -> Body:
    return world.get("checkout.session", identity)


@route(f"GET {URL}")
def list_sessions(world: World, params: Params) -> Body:
    return page(world, params, URL, "checkout.session", by=("customer", "status", "subscription"))


@route(f"POST {URL}/{{session}}/expire")
def expire_session(world: World, params: Params, identity: str) -> Body:
    session = world.get("checkout.session", identity)
    if session["status"] != "open":
        raise not_now('Only Checkout Sessions with a status in ["open"] can be expired.')
    session |= {"status": "expired", "url": None}
    world.save(session)
    world.emit("checkout.session.expired", session)
    return session


@route(f"GET {URL}/{{session}}/line_items")
def list_line_items(world: World, params: Params, identity: str) -> Body:
    session = world.get("checkout.session", identity)
    return page_of(world, params, f"{URL}/{identity}/line_items", line_items(world, session)["data"])
