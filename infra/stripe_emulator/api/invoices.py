"""Invoices and what waits for them."""

from __future__ import annotations

from stripe_emulator.api.subscription_params import COLLECTION
from stripe_emulator.billing import discounts, invoicing, paying
from stripe_emulator.billing.cards import own_method
from stripe_emulator.billing.finalizing import finalize, send
from stripe_emulator.billing.subscribing import require_mail
from stripe_emulator.errors import StripeError, not_now, required
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page, page_of, within
from stripe_emulator.params import Params, change_metadata, change_texts
from stripe_emulator.routing import route
from stripe_emulator.shapes import invoices as shapes
from stripe_emulator.world import World


@route("POST /v1/invoices")
def create_invoice(world: World, params: Params) -> Body:
    customer = world.named("customer", params.need("customer"), "customer")
    now = world.now_of(customer)
    of = params.text("subscription")
    subscription = world.named("subscription", of, "subscription") if of else None
    method = params.text("collection_method", "charge_automatically", among=COLLECTION) or "charge_automatically"
    days = params.integer("days_until_due", least=0)
    if method == "send_invoice":
        require_mail(customer)
    if method == "send_invoice" and days is None and not params.given("due_date"):
        raise required("days_until_due")
    currency = params.text("currency", customer["currency"] or "usd") or "usd"
    body = invoicing.draft(
        world,
        customer,
        reason="manual",
        currency=currency,
        collection_method=method,
        period=(now, now),
        subscription=subscription,
        days_until_due=days,
        auto_advance=params.flag("auto_advance"),
    )
    _change(world, body, customer, params)
    behavior = params.text("pending_invoice_items_behavior", "exclude", among=("exclude", "include"))
    items = invoicing.waiting_items(world, customer, currency, of) if behavior == "include" else []
    invoicing.fill(world, body, [], items)
    invoicing.announce(world, body)
    return body


def _change(world: World, body: Body, customer: Body, params: Params) -> None:
    invoicing.change_draft(body, params)
    if params.given("default_payment_method"):
        identity = params.text("default_payment_method")
        method = own_method(world, identity, customer, "default_payment_method") if identity else None
        body["default_payment_method"] = method["id"] if method else None
    if params.given("discounts"):
        now = world.now_of(body)
        body["discounts"] = discounts.grant(world, params.children("discounts"), customer, now=now, invoice=body["id"])


@route("GET /v1/invoices/{invoice}")
def retrieve_invoice(world: World, params: Params, identity: str) -> Body:
    return world.get("invoice", identity)


@route("POST /v1/invoices/{invoice}")
def update_invoice(world: World, params: Params, identity: str) -> Body:
    body = world.get("invoice", identity)
    if body["status"] == "draft":
        _change(world, body, world.get("customer", body["customer"]), params)
        invoicing.reckon(world, body)
    else:
        change_metadata(body, params)
        if params.given("auto_advance"):
            body["auto_advance"] = params.flag("auto_advance")
        if any(params.unread()):
            raise not_now("Finalized invoices can't be updated in this way.", code="invoice_not_editable")
    return world.save(body, event="invoice.updated")


@route("DELETE /v1/invoices/{invoice}")
def delete_invoice(world: World, params: Params, identity: str) -> Body:
    body = world.get("invoice", identity)
    if body["status"] != "draft":
        raise not_now("You can only delete draft invoices.", code="invoice_not_editable")
    world.emit("invoice.deleted", body)
    for item in world.find("invoiceitem", invoice=identity):
        world.save({**item, "_deleted": True})
    return world.save({**body, "_deleted": True, "auto_advance": False})


@route("GET /v1/invoices")
def list_invoices(world: World, params: Params) -> Body:
    of = params.text("subscription")
    due = params.given("due_date")

    def wanted(body: Body) -> bool:
        if of is not None and invoicing.subscription_of(body) != of:
            return False
        return not due or body in within(params, [body], "due_date")

    return page(world, params, "/v1/invoices", "invoice", by=("customer", "status", "collection_method"), where=wanted)


@route("GET /v1/invoices/{invoice}/lines")
def list_lines(world: World, params: Params, identity: str) -> Body:
    return page_of(world, params, f"/v1/invoices/{identity}/lines", world.get("invoice", identity)["_lines"])


@route("POST /v1/invoices/{invoice}/finalize")
def finalize_invoice(world: World, params: Params, identity: str) -> Body:
    body = world.get("invoice", identity)
    if params.given("auto_advance"):
        body["auto_advance"] = params.flag("auto_advance")
    body = finalize(world, body)
    if body["status"] == "open" and body["auto_advance"] and body["collection_method"] == "charge_automatically":
        body["next_payment_attempt"] = world.now_of(body) + 3_600
        world.save(body)
    return body


@route("POST /v1/invoices/{invoice}/send")
def send_invoice(world: World, params: Params, identity: str) -> Body:
    return send(world, world.get("invoice", identity))


@route("POST /v1/invoices/{invoice}/pay")
def pay_invoice(world: World, params: Params, identity: str) -> Body:
    body = world.get("invoice", identity)
    method, aside = params.text("payment_method"), params.flag("paid_out_of_band")
    params.flag("off_session", True)
    if body["status"] == "draft":
        body = finalize(world, body)
        if body["status"] == "paid":
            return body
    if aside:
        if method:
            raise StripeError("You cannot name a payment method for what was paid out of band.", param="payment_method")
        return paying.pay_out_of_band(world, body)
    return paying.pay(world, body, method=method)


@route("POST /v1/invoices/{invoice}/void")
def void_invoice(world: World, params: Params, identity: str) -> Body:
    return paying.void(world, world.get("invoice", identity))


@route("POST /v1/invoices/{invoice}/mark_uncollectible")
def give_up_invoice(world: World, params: Params, identity: str) -> Body:
    return paying.mark_uncollectible(world, world.get("invoice", identity))


@route("GET /v1/invoice_payments")
def list_invoice_payments(world: World, params: Params) -> Body:
    return page(world, params, "/v1/invoice_payments", "invoice_payment", by=("invoice", "status"))


@route("POST /v1/invoiceitems")
def create_item(world: World, params: Params) -> Body:
    customer = world.named("customer", params.need("customer"), "customer")
    now = world.now_of(customer)
    pricing = params.child("pricing")
    price = world.named("price", pricing.need("price"), "pricing[price]") if pricing else None
    quantity = params.integer("quantity", 1, least=0) or 0
    amount = price["unit_amount"] * quantity if price else params.integer("amount")
    if amount is None:
        raise required("amount")
    currency = price["currency"] if price else params.text("currency", customer["currency"] or "usd") or "usd"
    item = shapes.item(
        customer, amount=amount, currency=currency, description=params.text("description"), date=now, end=now
    )
    if period := params.child("period"):
        item["period"] = {"start": period.integer("start", now), "end": period.integer("end", now)}
    item |= {
        "discountable": params.flag("discountable", True),
        "pricing": shapes.pricing(price) if price else None,
        "quantity": quantity,
        "quantity_decimal": str(quantity),
    }
    if of := params.text("subscription"):
        world.named("subscription", of, "subscription")
        item["parent"] = {"type": "subscription_details", "subscription_details": {"subscription": of}}
    change_metadata(item, params)
    made = world.add("invoiceitem", item, event="invoiceitem.created")
    if name := params.text("invoice"):
        invoice = world.named("invoice", name, "invoice")
        if invoice["status"] != "draft":
            raise not_now("You can only add items to a draft invoice.", code="invoice_not_editable")
        invoicing.fill(world, invoice, [], [made])
    return made


@route("GET /v1/invoiceitems/{invoiceitem}")
def retrieve_item(world: World, params: Params, identity: str) -> Body:
    return world.get("invoiceitem", identity)


@route("POST /v1/invoiceitems/{invoiceitem}")
def update_item(world: World, params: Params, identity: str) -> Body:
    item = _waiting(world, identity)
    change_texts(item, params, "description")
    if params.given("amount"):
        item["amount"] = item["net_amount"] = params.integer("amount")
    change_metadata(item, params)
    return world.save(item)


@route("DELETE /v1/invoiceitems/{invoiceitem}")
def delete_item(world: World, params: Params, identity: str) -> Body:
    item = _waiting(world, identity)
    world.emit("invoiceitem.deleted", item)
    return world.save({**item, "_deleted": True})


def _waiting(world: World, identity: str) -> Body:
    item = world.get("invoiceitem", identity)
    if item["invoice"] is not None:
        raise not_now("This invoice item is already attached to an invoice.", code="invoice_not_editable")
    return item


@route("GET /v1/invoiceitems")
def list_items(world: World, params: Params) -> Body:
    pending = params.flag("pending") if params.given("pending") else None
    return page(
        world,
        params,
        "/v1/invoiceitems",
        "invoiceitem",
        by=("customer", "invoice"),
        where=lambda body: pending in (None, body["invoice"] is None),
    )
