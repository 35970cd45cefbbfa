"""The billing portal: what customers may do there, and the way in."""

from __future__ import annotations

import secrets

from stripe_emulator.api.subscription_params import FEEDBACK
from stripe_emulator.billing.changing import PRORATIONS
from stripe_emulator.errors import StripeError, not_now, required
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page
from stripe_emulator.params import Params, change_metadata, change_texts
from stripe_emulator.routing import route
from stripe_emulator.world import World

CONFIGURATIONS, SESSIONS = "/v1/billing_portal/configurations", "/v1/billing_portal/sessions"
CONFIGURATION, SESSION = "billing_portal.configuration", "billing_portal.session"
FLOWS = ("customer_update", "payment_method_update", "subscription_cancel", "subscription_update")
REASONS = tuple(reason for reason in FEEDBACK if reason)


def blank() -> Body:
    """A configuration that allows nothing but to read invoices."""
    return {
        "active": True,
        "application": None,
        "business_profile": {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None},
        "default_return_url": None,
        "features": {
            "customer_update": {"allowed_updates": [], "enabled": False},
            "invoice_history": {"enabled": False},
            "payment_method_update": {"enabled": False, "payment_method_configuration": None},
            "subscription_cancel": {
                "cancellation_reason": {"enabled": False, "options": ["other", "too_expensive", "unused"]},
                "enabled": False,
                "mode": "at_period_end",
                "proration_behavior": "none",
            },
            "subscription_update": {
                "billing_cycle_anchor": None,
                "default_allowed_updates": [],
                "enabled": False,
                "products": [],
                "proration_behavior": "none",
                "schedule_at_period_end": {"conditions": []},
                "trial_update_behavior": "end_trial",
            },
        },
        "is_default": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "name": None,
        "updated": 0,
    }


@route(f"POST {CONFIGURATIONS}")
def create_configuration(world: World, params: Params) -> Body:
    if not params.given("features"):
        raise required("features")
    body = blank() | {"is_default": not world.find(CONFIGURATION), "updated": world.now()}
    _change(world, body, params)
    return world.add(CONFIGURATION, body, event=f"{CONFIGURATION}.created")


def _change(world: World, body: Body, params: Params) -> None:
    change_texts(body, params, "name", "default_return_url")
    change_metadata(body, params)
    if profile := params.child("business_profile"):
        change_texts(body["business_profile"], profile, "headline", "privacy_policy_url", "terms_of_service_url")
    if (own := params.child("login_page")) and own.flag("enabled"):
        raise StripeError("The emulator has no sign-in of the portal's own.", param="login_page[enabled]")
    if features := params.child("features"):
        _change_features(world, body["features"], features)


def _change_features(world: World, features: Body, params: Params) -> None:
    for name in ("invoice_history", "payment_method_update"):
        if wish := params.child(name):
            features[name]["enabled"] = wish.flag("enabled")
    if wish := params.child("customer_update"):
        features["customer_update"] |= {
            "enabled": wish.flag("enabled"),
            "allowed_updates": wish.texts("allowed_updates"),
        }
    if wish := params.child("subscription_cancel"):
        cancel = features["subscription_cancel"]
        cancel["enabled"] = wish.flag("enabled")
        cancel["mode"] = wish.text("mode", cancel["mode"], among=("at_period_end", "immediately"))
        cancel["proration_behavior"] = wish.text("proration_behavior", "none", among=PRORATIONS)
        if reason := wish.child("cancellation_reason"):
            options = reason.texts("options") or list(REASONS)
            cancel["cancellation_reason"] = {"enabled": reason.flag("enabled"), "options": options}
    if wish := params.child("subscription_update"):
        _change_updates(world, features["subscription_update"], wish)


def _change_updates(world: World, update: Body, params: Params) -> None:
    update["enabled"] = params.flag("enabled")
    update["default_allowed_updates"] = params.texts("default_allowed_updates")
    update["proration_behavior"] = params.text("proration_behavior", "none", among=PRORATIONS)
    products = []
    for wish in params.children("products"):
        product = world.named("product", wish.need("product"), "features[subscription_update][products]")
        prices = [world.named("price", price, "prices")["id"] for price in wish.texts("prices")]
        fixed = {"enabled": False, "maximum": None, "minimum": 1}
        products.append({"adjustable_quantity": fixed, "prices": prices, "product": product["id"]})
    update["products"] = products
    if later := params.child("schedule_at_period_end"):
        conditions = [{"type": one.need("type")} for one in later.children("conditions")]
        update["schedule_at_period_end"] = {"conditions": conditions}


@route(f"GET {CONFIGURATIONS}/{{configuration}}")
def retrieve_configuration(world: World, params: Params, identity: str) -> Body:
    return world.get(CONFIGURATION, identity)


@route(f"POST {CONFIGURATIONS}/{{configuration}}")
def update_configuration(world: World, params: Params, identity: str) -> Body:
    body = world.get(CONFIGURATION, identity)
    body["active"] = params.flag("active", body["active"])
    _change(world, body, params)
    body["updated"] = world.now()
    return world.save(body, event=f"{CONFIGURATION}.updated")


@route(f"GET {CONFIGURATIONS}")
def list_configurations(world: World, params: Params) -> Body:
    active = params.flag("active") if params.given("active") else None
    default = params.flag("is_default") if params.given("is_default") else None
    return page(
        world,
        params,
        CONFIGURATIONS,
        CONFIGURATION,
        where=lambda body: active in (None, body["active"]) and default in (None, body["is_default"]),
    )


@route(f"POST {SESSIONS}")
def create_session(world: World, params: Params) -> Body:
    customer = world.named("customer", params.need("customer"), "customer")
    if name := params.text("configuration"):
        configuration = world.named(CONFIGURATION, name, "configuration")
    else:
        configuration = _default(world)
    session: Body = {
        "configuration": configuration["id"],
        "customer": customer["id"],
        "customer_account": None,
        "flow": _flow(world, params.child("flow_data"), customer),
        "locale": params.text("locale"),
        "on_behalf_of": None,
        "return_url": params.text("return_url") or configuration["default_return_url"],
        "url": "",
        "_page": secrets.token_urlsafe(24),
    }
    body = world.add(SESSION, session)
    body["url"] = f"{world.base}/p/{body['_page']}"
    world.save(body)
    world.emit(f"{SESSION}.created", body)
    return body


def _default(world: World) -> Body:
    """The default configuration; the dashboard's first “Save” is taken for granted, with the usual things allowed."""
    for configuration in world.find(CONFIGURATION, is_default=True):
        return configuration
    body = blank() | {"is_default": True, "updated": world.now()}
    features = body["features"]
    features["invoice_history"]["enabled"] = True
    features["payment_method_update"]["enabled"] = True
    features["customer_update"] = {"allowed_updates": ["address", "email", "name", "tax_id"], "enabled": True}
    features["subscription_cancel"]["enabled"] = True
    return world.add(CONFIGURATION, body)


def _flow(world: World, params: Params | None, customer: Body) -> Body | None:
    if params is None:
        return None
    kind = params.need("type", among=FLOWS)
    flow: Body = {
        "after_completion": {"hosted_confirmation": None, "redirect": None, "type": "portal_homepage"},
        "subscription_cancel": None,
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": kind,
    }
    if after := params.child("after_completion"):
        target = after.child("redirect")
        flow["after_completion"] |= {
            "type": after.need("type", among=("portal_homepage", "redirect")),
            "redirect": {"return_url": target.need("return_url")} if target else None,
        }
    if kind.startswith("subscription"):
        wish = params.child(kind)
        if wish is None:
            raise required(f"flow_data[{kind}]")
        subscription = world.named("subscription", wish.need("subscription"), f"flow_data[{kind}][subscription]")
        if subscription["customer"] != customer["id"]:
            raise not_now("The subscription is not this customer's.")
        flow[kind] = {"subscription": subscription["id"]}
        if kind == "subscription_cancel":
            flow[kind]["retention"] = None
    return flow
