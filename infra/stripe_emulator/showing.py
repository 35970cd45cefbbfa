"""Objects as Stripe shows them: what is nested in them, what only `expand` brings, and ids replaced by objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from stripe_emulator.errors import StripeError
from stripe_emulator.kinds import Body, listing, without_private

DEEPEST = 4


class Reader(Protocol):
    """What showing needs of the world."""

    def look(self, identity: str) -> Body | None: ...

    def find(self, kind: str, **fields: object) -> list[Body]: ...


def show(world: Reader, body: Body) -> Body:
    """An object as it stands in a reply that expands nothing."""
    if body.get("_deleted"):
        return {"id": body["id"], "object": body["object"], "deleted": True}
    shown = without_private(body)
    if nested := _NESTED.get(body["object"]):
        nested(world, body, shown)
    return shown


def expand(world: Reader, shown: Body, paths: list[str]) -> Body:
    """Replace ids by what they stand for, as far as the request wishes."""
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEEPEST + (parts[0] == "data"):
            raise StripeError(f"You cannot expand more than {DEEPEST} levels of a property.", param="expand")
        _expand(world, shown, parts, path)
    return shown


def _expand(world: Reader, here: Any, parts: list[str], path: str) -> None:
    if isinstance(here, list):
        for element in here:
            _expand(world, element, parts, path)
        return
    if not parts or here is None:
        return
    name, rest = parts[0], parts[1:]
    if not isinstance(here, dict):
        raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
    if included := _INCLUDED.get((str(here.get("object")), name)):
        if not isinstance(here.get(name), dict):
            here[name] = included(world, here)
    elif name not in here:
        raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
    elif isinstance(here[name], str):
        here[name] = _found(world, here[name], path)
    elif isinstance(here[name], list):
        here[name] = [_found(world, one, path) if isinstance(one, str) else one for one in here[name]]
    _expand(world, here[name], rest, path)


def _found(world: Reader, identity: str, path: str) -> Body:
    body = world.look(identity)
    if body is None:
        raise StripeError(f"This property cannot be expanded ({path}).", param="expand")
    return show(world, body)


def _subscription(world: Reader, body: Body, shown: Body) -> None:
    items = [{**without_private(item), "price": _price(world, item["price"])} for item in body["_items"]]
    shown["items"] = listing(items, f"/v1/subscription_items?subscription={body['id']}")


def _price(world: Reader, identity: str) -> Body:
    price = world.look(identity)
    assert price is not None
    return show(world, price)


def _invoice(world: Reader, body: Body, shown: Body) -> None:
    lines = body["_lines"]
    shown["lines"] = listing(lines[:10], f"/v1/invoices/{body['id']}/lines", has_more=len(lines) > 10)


def _credit_note(world: Reader, body: Body, shown: Body) -> None:
    shown["lines"] = listing(body["_lines"], f"/v1/credit_notes/{body['id']}/lines")


_NESTED: dict[str, Callable[[Reader, Body, Body], None]] = {
    "subscription": _subscription,
    "invoice": _invoice,
    "credit_note": _credit_note,
}


def _list_of(kind: str, field: str, url: str) -> Callable[[Reader, Body], Body]:
    def included(world: Reader, here: Body) -> Body:
        found = [show(world, body) for body in world.find(kind, **{field: here["id"]}) if not body.get("_deleted")]
        return listing(found, url.format(here["id"]))

    return included


def _running(world: Reader, here: Body) -> Body:
    found = [body for body in world.find("subscription", customer=here["id"]) if body["status"] != "canceled"]
    return listing([show(world, body) for body in found], f"/v1/customers/{here['id']}/subscriptions")


def line_items(world: Reader, here: Body) -> Body:
    """The lines of a Checkout session or a quote, each with its price."""
    owner = world.look(here["id"])
    assert owner is not None
    room = "checkout/sessions" if here["object"] == "checkout.session" else "quotes"
    lines = [{**line, "price": _price(world, line["price"])} for line in owner["_lines"]]
    return listing(lines, f"/v1/{room}/{here['id']}/line_items")


def _confirmation(world: Reader, here: Body) -> Body | None:
    """What a page of the platform's own would confirm the payment of an open invoice with."""
    for payment in world.find("invoice_payment", invoice=here["id"], status="open"):
        intent = world.look(payment["payment"]["payment_intent"])
        if intent is not None:
            return {"client_secret": intent["client_secret"], "type": "payment_intent"}
    return None


_INCLUDED: dict[tuple[str, str], Callable[[Reader, Body], Body | None]] = {
    ("customer", "tax_ids"): _list_of("tax_id", "customer", "/v1/customers/{}/tax_ids"),
    ("customer", "subscriptions"): _running,
    ("invoice", "confirmation_secret"): _confirmation,
    ("invoice", "payments"): _list_of("invoice_payment", "invoice", "/v1/invoice_payments?invoice={}"),
    ("charge", "refunds"): _list_of("refund", "charge", "/v1/charges/{}/refunds"),
    ("checkout.session", "line_items"): line_items,
    ("quote", "line_items"): line_items,
}


def difference(before: Body, after: Body) -> Body:
    """What an event says of how an object was: the old values of what has changed, level by level."""
    found: Body = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        found[name] = difference(old, new) if isinstance(old, dict) and isinstance(new, dict) else old
    return found
