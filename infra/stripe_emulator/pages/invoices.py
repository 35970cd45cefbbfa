"""The page on which an invoice is read and paid, and papers to download."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from stripe_emulator.billing import checking_out
from stripe_emulator.billing.cards import attach, by_number, make_method
from stripe_emulator.billing.paying import pay
from stripe_emulator.errors import StripeError, missing
from stripe_emulator.kinds import Body
from stripe_emulator.money import written
from stripe_emulator.pages.papers import credit_note_pdf, day, invoice_pdf
from stripe_emulator.pages.rendering import card_choices, go_to, message, render
from stripe_emulator.pages.serving import page
from stripe_emulator.world import World


def _by_page(world: World, kind: str, secret: str) -> Body:
    for body in world.find(kind, _page=secret):
        return body
    raise missing(kind, "that page")


@page("GET /i/{secret}")
def show(world: World, request: Request, secret: str) -> Response:
    return _form(world, _by_page(world, "invoice", secret))


@page("POST /i/{secret}")
def submit(world: World, request: Request, secret: str) -> Response:
    invoice = _by_page(world, "invoice", secret)
    form = request.form
    if invoice["status"] != "open":
        return go_to(f"/i/{secret}")
    try:
        card = by_number(form.get("card", ""))
        if checking_out.asks(card) and form.get("confirmed") != "yes":
            if form.get("confirmed") == "no":
                return _form(world, invoice, error="The bank did not confirm this card. Choose another one.")
            amount = written(invoice["amount_remaining"], invoice["currency"])
            fields = [("card", form["card"])]
            return render("confirm.html", action=f"/i/{secret}", fields=fields, amount=amount)
        customer = world.get("customer", invoice["customer"])
        method = attach(world, make_method(world, card, customer=customer)["id"], customer)
        pay(world, invoice, method=method["id"], authenticated=True)
    except StripeError as error:
        # What the bank refused is kept as an attempt, and the page stays open.
        return _form(world, _by_page(world, "invoice", secret), error=str(error))
    return go_to(f"/i/{secret}")


def _form(world: World, invoice: Body, error: str = "") -> Response:
    paid_at = invoice["status_transitions"]["paid_at"]
    return render(
        "invoice.html",
        invoice=invoice,
        state={"open": "to be paid", "uncollectible": "given up"}.get(invoice["status"], invoice["status"]),
        error=error,
        words=f"Paid on {day(paid_at)}. Thank you." if paid_at else "",
        cards=card_choices(),
        chosen=card_choices()[0][0],
        status=200 if not error else 400,
    )


@page("GET /i/{secret}/pdf")
def download(world: World, request: Request, secret: str) -> Response:
    invoice = _by_page(world, "invoice", secret)
    return _paper(invoice_pdf(world, invoice), f"invoice-{invoice['number']}.pdf")


@page("GET /cn/{secret}/pdf")
def download_credit_note(world: World, request: Request, secret: str) -> Response:
    note = _by_page(world, "credit_note", secret)
    return _paper(credit_note_pdf(world, note), f"credit-note-{note['number']}.pdf")


def _paper(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type="application/pdf", headers=headers)


@page("GET /authenticate/{intent}")
def authenticate(world: World, request: Request, identity: str) -> Response:
    """Where a payment that needs its card's owner is taken up again: on the page of its invoice."""
    for payment in world.find("invoice_payment"):
        if payment["payment"].get("payment_intent") == identity:
            return go_to(world.get("invoice", payment["invoice"])["hosted_invoice_url"])
    return message("There is nothing to confirm", "This payment is of no invoice.", status=404)
