"""One attempt to charge a card: payment intent, charge, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from stripe_emulator.billing.cards import ASKS_ALWAYS, ASKS_ONCE, FINE, MUST_AUTHENTICATE, Card, card_of, secret_of
from stripe_emulator.errors import StripeError, declined
from stripe_emulator.kinds import Body
from stripe_emulator.showing import show
from stripe_emulator.world import World


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt; `error` is what whoever asked for it is told."""

    paid: bool
    error: StripeError | None = None
    needs_authentication: bool = False


def make_intent(world: World, customer: Body, amount: int, currency: str, description: str) -> Body:
    """A payment that is expected and not tried yet."""
    intent: Body = {
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic",
        "client_secret": None,
        "confirmation_method": "automatic",
        "currency": currency,
        "customer": customer["id"],
        "customer_account": None,
        "description": description,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {"card": _CARD_OPTIONS},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": "off_session",
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }
    body = world.add("payment_intent", intent)
    body["client_secret"] = secret_of(body["id"])
    world.save(body)
    world.emit("payment_intent.created", body)
    return body


_CARD_OPTIONS: Body = {
    "installments": None,
    "mandate_options": None,
    "network": None,
    "request_three_d_secure": "automatic",
}


def charge(world: World, intent: Body, method: Body, *, authenticated: bool = False) -> Outcome:
    """Try a card. `authenticated` says that its owner is there and has just confirmed it."""
    card = card_of(method)
    intent["payment_method"] = method["id"]
    asks = card.does == ASKS_ALWAYS or (card.does == ASKS_ONCE and not method["_authenticated"])
    if asks and not authenticated:
        return _ask(world, intent, method)
    if card.does not in (FINE, ASKS_ONCE, ASKS_ALWAYS):
        return _refuse(world, intent, method, card)
    if asks:
        method["_authenticated"] = True
        world.save(method)
    return _succeed(world, intent, method)


def _succeed(world: World, intent: Body, method: Body) -> Outcome:
    made = _charge(world, intent, method, None)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": made["id"],
        "last_payment_error": None,
        "next_action": None,
    }
    world.save(intent)
    world.emit("charge.succeeded", made)
    world.emit("payment_intent.succeeded", intent)
    return Outcome(paid=True)


def _refuse(world: World, intent: Body, method: Body, card: Card) -> Outcome:
    made = _charge(world, intent, method, card)
    error: Body = {"type": "card_error", "code": card.code, "decline_code": card.decline_code, "message": card.message}
    error = {name: value for name, value in error.items() if value} | {"charge": made["id"]}
    intent |= {
        "status": "requires_payment_method",
        "latest_charge": made["id"],
        "last_payment_error": error | {"payment_method": show(world, method)},
        "payment_method": None,
        "next_action": None,
    }
    world.save(intent)
    world.emit("charge.failed", made)
    world.emit("payment_intent.payment_failed", intent)
    return Outcome(
        paid=False,
        error=declined(
            card.message,
            code=card.code,
            decline_code=card.decline_code,
            charge=made["id"],
            payment_intent=show(world, intent),
            payment_method=show(world, method),
        ),
    )


def _ask(world: World, intent: Body, method: Body) -> Outcome:
    url = f"{world.base}/authenticate/{intent['id']}"
    intent |= {
        "status": "requires_action",
        "next_action": {"type": "redirect_to_url", "redirect_to_url": {"return_url": None, "url": url}},
    }
    world.save(intent)
    world.emit("payment_intent.requires_action", intent)
    error = declined(
        MUST_AUTHENTICATE,
        code="authentication_required",
        decline_code="authentication_required",
        payment_intent=show(world, intent),
        payment_method=show(world, method),
    )
    return Outcome(paid=False, error=error, needs_authentication=True)


def _charge(world: World, intent: Body, method: Body, refused: Card | None) -> Body:
    details = {name: value for name, value in method["card"].items() if name in _SHOWN_OF_CARD}
    body: Body = {
        "amount": intent["amount"],
        "amount_captured": 0 if refused else intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "CHIRON",
        "captured": refused is None,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": refused and refused.code,
        "failure_message": refused and refused.message,
        "fraud_details": {},
        "metadata": {},
        "on_behalf_of": None,
        "outcome": _outcome(refused),
        "paid": refused is None,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"type": "card", "card": details | {"network": method["card"]["brand"]}},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "failed" if refused else "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }
    return world.add("charge", body)


def _outcome(refused: Card | None) -> Body:
    return {
        "advice_code": "try_again_later" if refused else None,
        "network_advice_code": None,
        "network_decline_code": "01" if refused else None,
        "network_status": "declined_by_network" if refused else "approved_by_network",
        "reason": (refused.decline_code or refused.code) if refused else None,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "The bank did not return any further details." if refused else "Payment complete.",
        "type": "issuer_declined" if refused else "authorized",
    }


_SHOWN_OF_CARD = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")


def cancel_intent(world: World, intent: Body, reason: str) -> None:
    """A payment that is not expected any more."""
    if intent["status"] in ("succeeded", "canceled"):
        return
    intent |= {"status": "canceled", "canceled_at": world.now_of(intent), "cancellation_reason": reason}
    world.save(intent)
    world.emit("payment_intent.canceled", intent)
