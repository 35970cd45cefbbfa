"""Products and prices."""

from __future__ import annotations

from stripe_emulator.errors import StripeError, not_now, required
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page
from stripe_emulator.params import Params, change_metadata, change_texts
from stripe_emulator.routing import route
from stripe_emulator.world import World

INTERVALS = ("day", "week", "month", "year")


@route("POST /v1/products")
def create_product(world: World, params: Params) -> Body:
    identity = params.text("id")
    if identity and world.look(identity):
        raise StripeError(f"Product already exists: {identity}", code="resource_already_exists", param="id")
    now = world.now()
    product: Body = {
        "active": params.flag("active", True),
        "default_price": None,
        "description": None,
        "images": params.texts("images"),
        "marketing_features": [{"name": feature.need("name")} for feature in params.children("marketing_features")],
        "metadata": {},
        "name": params.need("name"),
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "unit_label": None,
        "updated": now,
        "url": None,
    }
    _change_product(product, params)
    return world.add("product", product, event="product.created", identity=identity)


@route("GET /v1/products/{id}")
def retrieve_product(world: World, params: Params, identity: str) -> Body:
    return world.get("product", identity)


@route("POST /v1/products/{id}")
def update_product(world: World, params: Params, identity: str) -> Body:
    product = world.get("product", identity)
    if params.given("name"):
        product["name"] = params.need("name")
    product["active"] = params.flag("active", product["active"])
    if params.given("default_price"):
        product["default_price"] = world.named("price", params.need("default_price"), "default_price")["id"]
    _change_product(product, params)
    product["updated"] = world.now()
    return world.save(product, event="product.updated")


def _change_product(product: Body, params: Params) -> None:
    change_texts(product, params, "description", "statement_descriptor", "tax_code", "unit_label", "url")
    change_metadata(product, params)


@route("DELETE /v1/products/{id}")
def delete_product(world: World, params: Params, identity: str) -> Body:
    product = world.get("product", identity)
    if world.find("price", product=identity):
        raise not_now(f"This product cannot be deleted because it has one or more user-created prices: {identity}")
    product["_deleted"] = True
    world.save(product)
    world.emit("product.deleted", product)
    return product


@route("GET /v1/products")
def list_products(world: World, params: Params) -> Body:
    wanted = set(params.texts("ids"))
    active = params.flag("active") if params.given("active") else None
    return page(
        world,
        params,
        "/v1/products",
        "product",
        where=lambda body: (not wanted or body["id"] in wanted) and active in (None, body["active"]),
    )


@route("POST /v1/prices")
def create_price(world: World, params: Params) -> Body:
    if new := params.child("product_data"):
        product = create_product(world, new)
    else:
        product = world.named("product", params.need("product"), "product")
    amount = params.integer("unit_amount", least=0)
    if amount is None:
        raise required("unit_amount")
    recurring = params.child("recurring")
    price: Body = {
        "active": params.flag("active", True),
        "billing_scheme": params.text("billing_scheme", "per_unit", among=("per_unit",)),
        "currency": params.need("currency").lower(),
        "custom_unit_amount": None,
        "lookup_key": _lookup_key(world, params),
        "metadata": {},
        "nickname": params.text("nickname"),
        "product": product["id"],
        "recurring": _recurring(recurring) if recurring else None,
        "tax_behavior": params.text("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }
    change_metadata(price, params)
    return world.add("price", price, event="price.created")


def _recurring(params: Params) -> Body:
    return {
        "interval": params.need("interval", among=INTERVALS),
        "interval_count": params.integer("interval_count", 1, least=1),
        "meter": None,
        "usage_type": params.text("usage_type", "licensed", among=("licensed",)),
    }


def _lookup_key(world: World, params: Params) -> str | None:
    """The key, taken away from the price that has it if the request says so."""
    key, transfers = params.text("lookup_key"), params.flag("transfer_lookup_key")
    holders = world.find("price", lookup_key=key) if key else []
    if holders and not transfers:
        raise StripeError(
            f"A price (`{holders[0]['id']}`) already uses that lookup key.",
            code="resource_already_exists",
            param="lookup_key",
        )
    for holder in holders:
        world.save({**holder, "lookup_key": None}, event="price.updated")
    return key


@route("GET /v1/prices/{price}")
def retrieve_price(world: World, params: Params, identity: str) -> Body:
    return world.get("price", identity)


@route("POST /v1/prices/{price}")
def update_price(world: World, params: Params, identity: str) -> Body:
    price = world.get("price", identity)
    price["active"] = params.flag("active", price["active"])
    change_texts(price, params, "nickname", "tax_behavior")
    if params.given("lookup_key"):
        if params.text("lookup_key") != price["lookup_key"]:
            price["lookup_key"] = _lookup_key(world, params)
        else:
            params.flag("transfer_lookup_key")
    change_metadata(price, params)
    return world.save(price, event="price.updated")


@route("GET /v1/prices")
def list_prices(world: World, params: Params) -> Body:
    keys = set(params.texts("lookup_keys"))
    active = params.flag("active") if params.given("active") else None
    recurring = params.child("recurring")
    interval = recurring.text("interval") if recurring else None
    return page(
        world,
        params,
        "/v1/prices",
        "price",
        by=("product", "currency", "type"),
        where=lambda body: (
            (not keys or body["lookup_key"] in keys)
            and active in (None, body["active"])
            and interval in (None, (body["recurring"] or {}).get("interval"))
        ),
    )
