"""Credit notes."""

from __future__ import annotations

from stripe_emulator.billing import crediting
from stripe_emulator.errors import StripeError, required
from stripe_emulator.kinds import Body
from stripe_emulator.lists import page, page_of
from stripe_emulator.params import Params, change_metadata, change_texts
from stripe_emulator.routing import route
from stripe_emulator.world import World

URL = "/v1/credit_notes"
REASONS = ("duplicate", "fraudulent", "order_change", "product_unsatisfactory")


@route(f"POST {URL}")
def create_credit_note(world: World, params: Params) -> Body:
    invoice = world.named("invoice", params.need("invoice"), "invoice")
    lines = [_line(invoice, wish) for wish in params.children("lines")]
    amount = params.integer("amount", least=1)
    if amount is None and not lines:
        amount = sum(params.integer(name, 0) or 0 for name in ("refund_amount", "credit_amount", "out_of_band_amount"))
        if not amount:
            raise required("amount")
    if amount is not None and lines:
        raise StripeError("You may only specify one of these parameters: amount, lines.", param="amount")
    if amount is None:
        amount = sum(line["amount"] for line in lines)
    if not lines:
        lines = [crediting.line(amount=amount, description="Credit", quantity=1, invoice_line=None)]
    params.text("email_type", "credit_note", among=("credit_note", "none"))
    body = crediting.issue(
        world,
        invoice,
        amount=amount,
        lines=lines,
        refund_amount=params.integer("refund_amount", least=0),
        credit_amount=params.integer("credit_amount", least=0),
        out_of_band_amount=params.integer("out_of_band_amount", least=0),
        reason=params.text("reason", among=REASONS),
        memo=params.text("memo"),
    )
    change_metadata(body, params)
    return world.save(body)


def _line(invoice: Body, params: Params) -> Body:
    kind = params.need("type", among=("custom_line_item", "invoice_line_item"))
    quantity, amount = params.integer("quantity", least=1), params.integer("amount", least=1)
    each = params.integer("unit_amount", least=0)
    if kind == "custom_line_item":
        if each is None and amount is None:
            raise required("lines[0][unit_amount]")
        total = amount if amount is not None else (each or 0) * (quantity or 1)
        return crediting.line(
            amount=total, description=params.need("description"), quantity=quantity, invoice_line=None
        )
    identity = params.need("invoice_line_item")
    found = next((line for line in invoice["_lines"] if line["id"] == identity), None)
    if found is None:
        raise StripeError(f"No such line item: '{identity}'", code="resource_missing", param="lines")
    total = amount if amount is not None else found["amount"] * (quantity or found["quantity"]) // found["quantity"]
    return crediting.line(
        amount=total, description=found["description"], quantity=quantity or found["quantity"], invoice_line=identity
    )


@route(f"GET {URL}/{{id}}")
def retrieve_credit_note(world: World, params: Params, identity: str) -> Body:
    return world.get("credit_note", identity)


@route(f"POST {URL}/{{id}}")
def update_credit_note(world: World, params: Params, identity: str) -> Body:
    body = world.get("credit_note", identity)
    change_texts(body, params, "memo")
    change_metadata(body, params)
    return world.save(body, event="credit_note.updated")


@route(f"POST {URL}/{{id}}/void")
def void_credit_note(world: World, params: Params, identity: str) -> Body:
    return crediting.void(world, world.get("credit_note", identity))


@route(f"GET {URL}/{{credit_note}}/lines")
def list_lines(world: World, params: Params, identity: str) -> Body:
    return page_of(world, params, f"{URL}/{identity}/lines", world.get("credit_note", identity)["_lines"])


@route(f"GET {URL}")
def list_credit_notes(world: World, params: Params) -> Body:
    return page(world, params, URL, "credit_note", by=("invoice", "customer"))
