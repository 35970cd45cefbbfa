"""How an invoice comes to its end: paid by card, outside of Stripe, tried again, or given up."""

from __future__ import annotations

from stripe_emulator.billing import standing
from stripe_emulator.billing.cards import default_method, own_method
from stripe_emulator.billing.charging import cancel_intent, charge
from stripe_emulator.dates import DAY
from stripe_emulator.errors import StripeError, not_now
from stripe_emulator.kinds import Body
from stripe_emulator.world import World

RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)


def payments_of(world: World, body: Body) -> list[Body]:
    return world.find("invoice_payment", invoice=body["id"])


def intent_of(world: World, body: Body) -> Body | None:
    """The payment that an open invoice expects."""
    open_ones = [payment for payment in payments_of(world, body) if payment["status"] == "open"]
    return world.get("payment_intent", open_ones[0]["payment"]["payment_intent"]) if open_ones else None


def payment_method_for(world: World, body: Body) -> Body | None:
    """The card that an invoice is charged to."""
    customer = world.get("customer", body["customer"])
    subscription = standing.subscription_of(world, body)
    return default_method(world, customer, *([body, subscription] if subscription else [body]))


def pay(world: World, body: Body, *, method: str | None = None, authenticated: bool = False) -> Body:
    """Charge an open invoice because somebody asks for it; the error says why a card was refused."""
    require_open(body)
    customer = world.get("customer", body["customer"])
    card = own_method(world, method, customer, "payment_method") if method else payment_method_for(world, body)
    if card is None:
        raise StripeError(
            "There is no `default_payment_method` set on this Customer or Invoice. Please attach a payment method.",
            code="resource_missing",
        )
    error = try_card(world, body, card, authenticated=authenticated)
    if error is not None:
        raise error
    return world.get("invoice", body["id"])


def try_card(world: World, body: Body, card: Body, *, authenticated: bool = False) -> StripeError | None:
    """One attempt on an invoice, with all that follows from it; the error if it failed."""
    intent = intent_of(world, body)
    assert intent is not None
    body["attempt_count"] += 1
    body["attempted"] = True
    outcome = charge(world, intent, card, authenticated=authenticated)
    if outcome.paid:
        settle(world, body, paid=body["amount_due"])
        return None
    world.save(body)
    if outcome.needs_authentication:
        world.emit("invoice.payment_action_required", body)
    world.emit("invoice.payment_failed", body)
    standing.payment_failed(world, body)
    return outcome.error


def collect(world: World, body: Body) -> None:
    """An attempt that time makes: the first after finalizing, and those after a refusal."""
    card = payment_method_for(world, body)
    if card is None:
        body["attempt_count"] += 1
        body["attempted"] = True
        world.save(body)
        world.emit("invoice.payment_failed", body)
        standing.payment_failed(world, body)
        failed = True
    else:
        failed = try_card(world, body, card) is not None
    if failed:
        _plan_retry(world, world.get("invoice", body["id"]))


def _plan_retry(world: World, body: Body) -> None:
    tries = body["attempt_count"]
    if tries <= len(RETRIES):
        body["next_payment_attempt"] = world.now_of(body) + RETRIES[tries - 1]
        world.save(body, event="invoice.updated")
        return
    body["next_payment_attempt"] = None
    body["auto_advance"] = False
    world.save(body, event="invoice.updated")
    standing.given_up(world, body)


def settle(world: World, body: Body, *, paid: int = 0, out_of_band: bool = False) -> Body:
    """Mark an invoice as paid, whichever way."""
    before = world.store.get(body["id"])
    now = world.now_of(body)
    body |= {
        "status": "paid",
        "amount_paid": paid,
        "amount_paid_off_stripe": body["amount_due"] if out_of_band else 0,
        "amount_remaining": 0,
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status_transitions": body["status_transitions"] | {"paid_at": now},
    }
    world.save(body)
    for payment in payments_of(world, body):
        if payment["status"] == "open":
            _end_payment(world, payment, paid, now)
    if before is not None:
        world.changed("invoice.updated", before, body)
    world.emit("invoice.paid", body)
    if not out_of_band:
        world.emit("invoice.payment_succeeded", body)
    standing.paid(world, body)
    return body


def _end_payment(world: World, payment: Body, paid: int, now: int) -> None:
    if paid:
        transitions = payment["status_transitions"] | {"paid_at": now}
        payment |= {"status": "paid", "amount_paid": paid, "status_transitions": transitions}
        world.save(payment)
        world.emit("invoice_payment.paid", payment)
        return
    cancel_intent(world, world.get("payment_intent", payment["payment"]["payment_intent"]), "void_invoice")
    payment |= {"status": "canceled", "status_transitions": payment["status_transitions"] | {"canceled_at": now}}
    world.save(payment)


def pay_out_of_band(world: World, body: Body) -> Body:
    """Record money that came another way, such as a check."""
    require_open(body, also=("uncollectible",))
    return settle(world, body, out_of_band=True)


def void(world: World, body: Body) -> Body:
    """Take back an invoice that nobody shall pay."""
    require_open(body, also=("uncollectible",))
    return _give_up(world, body, "void", "voided_at", "invoice.voided")


def mark_uncollectible(world: World, body: Body) -> Body:
    """Give up hope for an invoice; it can still be paid."""
    require_open(body)
    return _give_up(world, body, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible")


def _give_up(world: World, body: Body, status: str, when: str, event: str) -> Body:
    now = world.now_of(body)
    body |= {
        "status": status,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status_transitions": body["status_transitions"] | {when: now},
    }
    if status == "void":
        for payment in payments_of(world, body):
            if payment["status"] == "open":
                _end_payment(world, payment, 0, now)
    world.save(body)
    world.emit(event, body)
    standing.invoice_ended(world, body)
    return body


def require_open(body: Body, also: tuple[str, ...] = ()) -> None:
    """Refuse what only makes sense for an invoice that is finalized and not at its end."""
    if body["status"] == "paid":
        raise not_now("Invoice is already paid", code="invoice_already_paid")
    if body["status"] not in ("open", *also):
        raise not_now(
            f"You can only do this with an open invoice; this one is {body['status']}.", code="invoice_not_editable"
        )
