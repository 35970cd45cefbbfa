"""What happened, and who is told of it."""

from __future__ import annotations

import secrets

from stripe_emulator import API_VERSION
from stripe_emulator.errors import StripeError, required
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page
from stripe_emulator.params import Params, change_metadata, change_texts
from stripe_emulator.routing import route
from stripe_emulator.world import World

MOST_ENDPOINTS = 16


@route("GET /v1/events/{id}")
def retrieve_event(world: World, params: Params, identity: str) -> Body:
    return world.get("event", identity)


@route("GET /v1/events")
def list_events(world: World, params: Params) -> Body:
    kind, kinds = params.text("type"), set(params.texts("types"))
    if kind and kinds:
        raise StripeError("You may pass either `type` or `types`, but not both.", param="type")
    return page(
        world,
        params,
        "/v1/events",
        "event",
        where=lambda body: (not kinds or body["type"] in kinds) and (kind is None or _matches(body["type"], kind)),
    )


def _matches(kind: str, wanted: str) -> bool:
    return kind.startswith(wanted[:-1]) if wanted.endswith(".*") else kind == wanted


@route("POST /v1/webhook_endpoints")
def create_endpoint(world: World, params: Params) -> Body:
    if len(world.find("webhook_endpoint")) >= MOST_ENDPOINTS:
        raise StripeError(f"You have reached the maximum of {MOST_ENDPOINTS} test webhook endpoints.")
    version = params.text("api_version", API_VERSION)
    if version != API_VERSION:
        raise StripeError(f"Only {API_VERSION} is spoken here.", param="api_version")
    params.flag("connect")
    body = register(world, params.need("url"), _kinds(params), [f"whsec_{secrets.token_hex(16)}"])
    change_texts(body, params, "description")
    change_metadata(body, params)
    world.save(body)
    return body | {"secret": body["_secrets"][0]}


def register(world: World, url: str, kinds: list[str], signing: list[str]) -> Body:
    """An address that is told of events, each message signed with these secrets."""
    body: Body = {
        "api_version": API_VERSION,
        "application": None,
        "description": None,
        "enabled_events": kinds,
        "metadata": {},
        "status": "enabled",
        "url": url,
        "_secrets": signing,
    }
    return world.add("webhook_endpoint", body)


def _kinds(params: Params) -> list[str]:
    kinds = params.texts("enabled_events")
    if not kinds:
        raise required("enabled_events")
    return kinds


@route("GET /v1/webhook_endpoints/{webhook_endpoint}")
def retrieve_endpoint(world: World, params: Params, identity: str) -> Body:
    return world.get("webhook_endpoint", identity)


@route("POST /v1/webhook_endpoints/{webhook_endpoint}")
def update_endpoint(world: World, params: Params, identity: str) -> Body:
    body = world.get("webhook_endpoint", identity)
    if params.given("url"):
        body["url"] = params.need("url")
    if params.given("enabled_events"):
        body["enabled_events"] = _kinds(params)
    if params.given("disabled"):
        body["status"] = "disabled" if params.flag("disabled") else "enabled"
    change_texts(body, params, "description")
    change_metadata(body, params)
    return world.save(body)


@route("DELETE /v1/webhook_endpoints/{webhook_endpoint}")
def delete_endpoint(world: World, params: Params, identity: str) -> Body:
    body = world.get("webhook_endpoint", identity)
    return world.save({**body, "_deleted": True, "status": "disabled"})


@route("GET /v1/webhook_endpoints")
def list_endpoints(world: World, params: Params) -> Body:
    return page(world, params, "/v1/webhook_endpoints", "webhook_endpoint")
