"""What happens when somebody fills in the Checkout page."""

from __future__ import annotations

from dataclasses import dataclass

from stripe_emulator.billing import discounts, offering
from stripe_emulator.billing.cards import ASKS_ALWAYS, ASKS_ONCE, FAILS, Card, attach, make_method, refusal
from stripe_emulator.billing.customers import add_tax_id, new_customer
from stripe_emulator.billing.subscribing import Start, subscribe
from stripe_emulator.dates import DAY
from stripe_emulator.errors import StripeError, not_now
from stripe_emulator.kinds import Body
from stripe_emulator.shapes.selling import totals
from stripe_emulator.world import World


@dataclass
class Filled:
    """What somebody typed and chose."""

    card: Card | None
    email: str = ""
    name: str = ""
    address: Body | None = None
    tax_id: tuple[str, str] | None = None
    promotion: str = ""


def trial_end_of(session: Body, now: int) -> int | None:
    """When the trial that a session promises ends."""
    days: int | None = session["_trial_days"]
    end: int | None = session["_trial_end"]
    return now + days * DAY if days else end


def needs_card(session: Body, now: int) -> bool:
    """Whether the page asks for a card: a trial may do without."""
    free_now = session["mode"] == "subscription" and trial_end_of(session, now) is not None
    return not (free_now and session["payment_method_collection"] == "if_required")


def asks(card: Card | None) -> bool:
    """Whether the bank wants its customer to confirm."""
    return card is not None and card.does in (ASKS_ONCE, ASKS_ALWAYS)


def promotion_by_code(world: World, session: Body, code: str) -> Body:
    """The promotion code that somebody typed."""
    customer = world.look(session["customer"]) if session["customer"] else None
    for promotion in world.find("promotion_code"):
        if promotion["code"].lower() == code.strip().lower():
            discounts.check_promotion(world, promotion, customer)
            return promotion
    raise StripeError("This code is not valid.", code="resource_missing", param="promotion")


def complete(world: World, session: Body, filled: Filled) -> Body:
    """Buy what a session offers. A refused card changes nothing: the page stays open."""
    if session["status"] != "open":
        raise not_now("This session is not open any more.")
    now = world.now_of(session)
    customer = _customer(world, session, filled)
    method = _card(world, customer, filled) if filled.card else None
    if session["mode"] == "setup":
        session["setup_intent"] = _set_up(world, session, customer, method)["id"]
        session["payment_status"] = "no_payment_required"
    else:
        _buy(world, session, customer, method, filled, now)
    customer = world.get("customer", customer["id"])
    session |= {
        "status": "complete",
        "url": None,
        "customer": customer["id"],
        "customer_details": details(world, customer),
    }
    world.save(session)
    world.emit("checkout.session.completed", session)
    return session


def _customer(world: World, session: Body, filled: Filled) -> Body:
    if session["customer"]:
        customer = world.get("customer", session["customer"])
        updates = session["_customer_update"]
        if filled.address and updates.get("address") == "auto":
            customer["address"] = filled.address
        if filled.name and updates.get("name") == "auto":
            customer["name"] = filled.name
        world.save(customer, event="customer.updated")
    else:
        customer = new_customer(world, email=filled.email or session["customer_email"], name=filled.name)
        customer["address"] = filled.address
        world.save(customer)
        world.emit("customer.created", customer)
    if filled.tax_id:
        add_tax_id(world, customer, *filled.tax_id)
    return customer


def _card(world: World, customer: Body, filled: Filled) -> Body:
    assert filled.card is not None
    if filled.card.does == FAILS:
        raise refusal(filled.card)
    name = filled.name or customer["name"]
    details = {"email": filled.email or customer["email"], "name": name, "address": filled.address}
    method = make_method(world, filled.card, customer=customer, details=details)
    method = attach(world, method["id"], customer)
    # Whoever came here by the page has confirmed the card there, if its bank asked.
    method["_authenticated"] = True
    return world.save(method)


def _buy(world: World, session: Body, customer: Body, method: Body | None, filled: Filled, now: int) -> None:
    granted = list(session["_granted"])
    if filled.promotion:
        promotion = promotion_by_code(world, session, filled.promotion)
        granted.append(discounts.redeem(world, customer, now=now, promotion=promotion))
        session["discounts"] = [{"coupon": None, "promotion_code": promotion["id"]}]
    trial_end = trial_end_of(session, now)
    fields = dict(session["_fields"])
    fields |= {"default_payment_method": method["id"] if method else None, "discounts": granted}
    start = Start(
        customer,
        offering.wished(world, session),
        trial_end=trial_end,
        behavior="error_if_incomplete",
        authenticated=True,
        fields=fields,
    )
    subscription = subscribe(world, start)
    set_amounts(world, session, offering.coupons_of(world, granted))
    session |= {
        "subscription": subscription["id"],
        "invoice": subscription["latest_invoice"],
        "payment_status": "no_payment_required" if subscription["status"] == "trialing" else "paid",
    }


def set_amounts(world: World, session: Body, coupons: list[Body]) -> None:
    """Work out what a session's lines come to; a trial makes today's total nothing."""
    session["_lines"] = offering.lines_for(world, offering.wished(world, session), coupons)
    free = trial_end_of(session, world.now_of(session)) is not None
    subtotal = 0 if free else sum(line["amount_subtotal"] for line in session["_lines"])
    taken = 0 if free else sum(line["amount_discount"] for line in session["_lines"])
    session |= {
        "amount_subtotal": subtotal,
        "amount_total": subtotal - taken,
        "total_details": totals(taken),
    }


def details(world: World, customer: Body) -> Body:
    """What a completed session says of its customer."""
    tax_ids = [body for body in world.find("tax_id", customer=customer["id"]) if not body.get("_deleted")]
    return {
        "address": customer["address"],
        "business_name": None,
        "email": customer["email"],
        "individual_name": None,
        "name": customer["name"],
        "phone": customer["phone"],
        "tax_exempt": customer["tax_exempt"],
        "tax_ids": [{"type": body["type"], "value": body["value"]} for body in tax_ids],
    }


def _set_up(world: World, session: Body, customer: Body, method: Body | None) -> Body:
    assert method is not None
    intent: Body = {
        "application": None,
        "automatic_payment_methods": None,
        "cancellation_reason": None,
        "client_secret": None,
        "customer": customer["id"],
        "customer_account": None,
        "description": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "mandate": None,
        "metadata": session["_fields"].get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": method["id"],
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"mandate_options": None, "network": None, "request_three_d_secure": None}},
        "payment_method_types": ["card"],
        "single_use_mandate": None,
        "status": "succeeded",
        "usage": "off_session",
    }
    made = world.add("setup_intent", intent, event="setup_intent.created")
    world.emit("setup_intent.succeeded", made)
    return made
