"""The Checkout page."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.wrappers import Request, Response

from stripe_emulator.billing import checking_out, offering
from stripe_emulator.billing.cards import by_number
from stripe_emulator.billing.checking_out import Filled
from stripe_emulator.errors import StripeError
from stripe_emulator.kinds import Body
from stripe_emulator.money import written
from stripe_emulator.pages.papers import day
from stripe_emulator.pages.rendering import card_choices, go_to, message, render
from stripe_emulator.pages.serving import page
from stripe_emulator.world import World

ADDRESS = ("line1", "city", "state", "postal_code", "country")


@page("GET /c/{session}")
def show(world: World, request: Request, identity: str) -> Response:
    session = world.get("checkout.session", identity)
    return _closed(session) or _form(world, session, _known(world, session))


@page("POST /c/{session}")
def submit(world: World, request: Request, identity: str) -> Response:
    session = world.get("checkout.session", identity)
    if closed := _closed(session):
        # The second press of the button, or the page of another tab: what was done stays done, once.
        return go_to(_success(session)) if session["status"] == "complete" else closed
    form = request.form
    try:
        if form.get("do") == "apply":
            if form.get("promotion"):
                checking_out.promotion_by_code(world, session, form["promotion"])
            return _form(world, session, form)
        filled = _read(session, form)
        if checking_out.asks(filled.card) and form.get("confirmed") != "yes":
            if form.get("confirmed") == "no":
                return _form(world, session, form, error="The bank did not confirm this card. Choose another one.")
            return _ask(session, form)
        with world.store.attempt():
            checking_out.complete(world, session, filled)
    except StripeError as error:
        fresh = world.get("checkout.session", identity)
        return _form(world, fresh, form, error=str(error))
    return go_to(_success(session))


def _closed(session: Body) -> Response | None:
    if session["status"] == "open":
        return None
    if session["status"] == "complete":
        return message("This is done", "Everything was taken over.", link=_success(session), link_words="Go on")
    return message(
        "This page has expired",
        "Nothing was bought. Start again where you came from.",
        link=session["cancel_url"],
        status=410,
    )


def _success(session: Body) -> str:
    return str(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))


def _known(world: World, session: Body) -> dict[str, str]:
    customer = world.look(session["customer"]) if session["customer"] else None
    known = {"card": card_choices()[0][0], "email": session["customer_email"] or "", "country": "US"}
    if customer:
        known |= {"name": customer["name"] or "", "email": customer["email"] or ""}
        known |= {name: value for name, value in (customer["address"] or {}).items() if value}
    return known


def _read(session: Body, form: Mapping[str, str]) -> Filled:
    asks_address = session["billing_address_collection"] == "required"
    address: Body | None = None
    if asks_address:
        address = {name: form.get(name, "").strip() or None for name in ADDRESS} | {"line2": None}
        if not all(address[name] for name in ADDRESS):
            raise StripeError("Fill in the whole address.")
    number = form.get("card", "")
    needed = session["mode"] == "setup" or session["payment_method_collection"] == "always"
    if needed and not number:
        raise StripeError("Choose a card.")
    if session.get("consent_collection") and _wants_terms(session) and form.get("terms") != "yes":
        raise StripeError("Agree to the terms of service to go on.")
    tax_id = form.get("tax_id", "").strip()
    return Filled(
        card=by_number(number) if number else None,
        email=form.get("email", "").strip(),
        name=form.get("name", "").strip(),
        address=address,
        tax_id=("us_ein", tax_id) if tax_id else None,
        promotion=form.get("promotion", "").strip() if session["allow_promotion_codes"] else "",
    )


def _wants_terms(session: Body) -> bool:
    consent = session["consent_collection"]
    return bool(consent and consent["terms_of_service"] == "required")


def _ask(session: Body, form: Mapping[str, str]) -> Response:
    fields = [(name, value) for name, value in form.items() if name not in ("do", "confirmed")]
    amount = written(session["amount_total"], session["currency"]) if session["amount_total"] else ""
    return render("confirm.html", action=f"/c/{session['id']}", fields=[*fields, ("do", "buy")], amount=amount)


def _form(world: World, session: Body, filled: Mapping[str, str], error: str = "") -> Response:
    now = world.now_of(session)
    coupons = offering.coupons_of(world, session["_granted"])
    code = filled.get("promotion", "").strip() if session["allow_promotion_codes"] else ""
    if code and not error:
        promotion = checking_out.promotion_by_code(world, session, code)
        coupons = [*coupons, world.get("coupon", promotion["promotion"]["coupon"])]
    wished = offering.wished(world, session)
    lines = offering.lines_for(world, wished, coupons)
    total = sum(line["amount_total"] for line in lines)
    trial_end = checking_out.trial_end_of(session, now)
    each = f"per {wished[0].price['recurring']['interval']}" if wished else ""
    return render(
        "checkout.html",
        **_words(session, total, each, trial_end),
        error=error,
        lines=lines,
        every=each,
        currency=session["currency"],
        off=sum(line["amount_discount"] for line in lines),
        promotion=code,
        due=0 if trial_end else total,
        takes_codes=session["allow_promotion_codes"],
        words=session["custom_text"],
        asks_mail=not session["customer"],
        asks_address=session["billing_address_collection"] == "required",
        asks_tax_id=(session.get("tax_id_collection") or {}).get("enabled"),
        asks_card=checking_out.needs_card(session, now),
        asks_terms=_wants_terms(session),
        cards=card_choices(),
        filled=filled,
        cancel_url=session["cancel_url"],
        status=400 if error else 200,
    )


def _words(session: Body, total: int, each: str, trial_end: int | None) -> dict[str, str]:
    """What the page is called, what it promises, and what its button says."""
    if session["mode"] == "setup":
        return {
            "title": "Save a card",
            "summary": "It is charged later, when an invoice is due.",
            "button": "Save card",
        }
    amount = written(total, session["currency"])
    if trial_end:
        summary = f"Free until {day(trial_end)}, then {amount} {each}."
        return {"title": "Start your trial", "summary": summary, "button": "Start trial"}
    return {"title": "Subscribe", "summary": f"{amount} {each}, until you cancel.", "button": f"Pay {amount}"}
