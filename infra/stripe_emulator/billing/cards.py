"""Stripe's test cards: what each is made to do, as payment methods of a customer."""

from __future__ import annotations

from dataclasses import dataclass

from stripe_emulator.errors import StripeError, declined, missing, not_now
from stripe_emulator.kinds import Body, new_id
from stripe_emulator.world import World

FINE, FAILS, FAILS_LATER, ASKS_ONCE, ASKS_ALWAYS = "fine", "fails", "fails_later", "asks_once", "asks_always"
EXPIRES_YEAR = 2034


@dataclass(frozen=True)
class Card:
    """A test card. It is refused with these codes, at once or only when it is charged."""

    number: str
    does: str
    names: tuple[str, ...]
    brand: str = "visa"
    code: str = "card_declined"
    decline_code: str | None = "generic_decline"
    message: str = "Your card was declined."


CARDS = [
    Card("4242424242424242", FINE, ("pm_card_visa", "tok_visa")),
    Card("4000056655665556", FINE, ("pm_card_visa_debit", "tok_visa_debit")),
    Card("5555555555554444", FINE, ("pm_card_mastercard", "tok_mastercard"), brand="mastercard"),
    Card("378282246310005", FINE, ("pm_card_amex", "tok_amex"), brand="amex"),
    Card("4000000000000002", FAILS, ("pm_card_visa_chargeDeclined", "pm_card_chargeDeclined", "tok_chargeDeclined")),
    Card(
        "4000000000009995",
        FAILS,
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "tok_chargeDeclinedInsufficientFunds"),
        decline_code="insufficient_funds",
        message="Your card has insufficient funds.",
    ),
    Card(
        "4000000000000069",
        FAILS,
        ("pm_card_chargeDeclinedExpiredCard", "tok_chargeDeclinedExpiredCard"),
        code="expired_card",
        decline_code=None,
        message="Your card has expired.",
    ),
    Card("4000000000000341", FAILS_LATER, ("pm_card_chargeCustomerFail", "tok_chargeCustomerFail")),
    Card("4000002500003155", ASKS_ONCE, ("pm_card_authenticationRequiredOnSetup",)),
    Card("4000002760003184", ASKS_ALWAYS, ("pm_card_authenticationRequired",)),
]
BY_NUMBER = {card.number: card for card in CARDS}
BY_NAME = {name: card for card in CARDS for name in card.names}
MUST_AUTHENTICATE = "Your card was declined. This transaction requires authentication."


def card_of(method: Body) -> Card:
    """What the card of a payment method does."""
    return BY_NUMBER[method["_number"]]


def by_number(number: str, param: str = "number") -> Card:
    """The test card with a number; every other number is refused, so that nobody types a real one."""
    digits = "".join(letter for letter in number if letter.isdigit())
    if digits not in BY_NUMBER:
        raise StripeError(
            "Your card was declined. Only Stripe's test cards are taken here, such as 4242 4242 4242 4242.",
            status=402,
            kind="card_error",
            code="card_declined",
            decline_code="test_mode_live_card",
            param=param,
        )
    return BY_NUMBER[digits]


def make_method(world: World, card: Card, *, customer: Body | None = None, details: Body | None = None) -> Body:
    """A payment method of a card, of nobody yet."""
    nobody: Body = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    method: Body = {
        "allow_redisplay": "unspecified",
        "billing_details": nobody | (details or {}),
        "card": {
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "US",
            "display_brand": card.brand,
            "exp_month": 12,
            "exp_year": EXPIRES_YEAR,
            "fingerprint": f"fingerprint{card.number[-5:]}",
            "funding": "credit",
            "generated_from": None,
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "customer": None,
        "customer_account": None,
        "metadata": {},
        "type": "card",
        "_number": card.number,
        "_authenticated": False,
    }
    if customer is not None:
        method["_clock"] = customer.get("_clock")
    return world.add("payment_method", method)


def attach(world: World, identity: str, customer: Body) -> Body:
    """Give a payment method to a customer: one of theirs to be, or one of Stripe's by name, such as `pm_card_visa`."""
    if identity in BY_NAME:
        method = make_method(world, BY_NAME[identity], customer=customer)
    else:
        method = world.named("payment_method", identity, "payment_method")
    if method["customer"] and method["customer"] != customer["id"]:
        raise not_now("The payment method you provided has already been attached to a customer.")
    card = card_of(method)
    if card.does == FAILS:
        raise refusal(card)
    method["customer"] = customer["id"]
    method["_clock"] = customer.get("_clock")
    world.save(method)
    world.emit("payment_method.attached", method)
    return method


def detach(world: World, method: Body) -> Body:
    """Take a payment method from its customer, for good, and from wherever it was the default."""
    customer = world.get("customer", method["customer"])
    settings = customer["invoice_settings"]
    if settings["default_payment_method"] == method["id"]:
        settings["default_payment_method"] = None
        world.save(customer, event="customer.updated")
    for subscription in world.find("subscription", customer=customer["id"], default_payment_method=method["id"]):
        subscription["default_payment_method"] = None
        world.save(subscription, event="customer.subscription.updated")
    before = dict(method)
    method["customer"] = None
    world.save(method)
    world.changed("payment_method.detached", before, method)
    return method


def refusal(card: Card) -> StripeError:
    """What the bank says when this card is refused."""
    return declined(card.message, code=card.code, decline_code=card.decline_code)


def default_method(world: World, customer: Body, *owners: Body) -> Body | None:
    """The card that is charged: the invoice's, else the subscription's, else the customer's own default."""
    names = [owner["default_payment_method"] for owner in owners]
    for identity in [*names, customer["invoice_settings"]["default_payment_method"]]:
        if identity and (method := world.look(identity)) and method["customer"] == customer["id"]:
            return method
    return None


def own_method(world: World, identity: str, customer: Body, param: str) -> Body:
    """A payment method that has to be the customer's; one of Stripe's test names is given to them."""
    if identity in BY_NAME:
        return attach(world, identity, customer)
    method = world.look(identity)
    if method is None or method["object"] != "payment_method":
        raise missing("PaymentMethod", identity, param, 400)
    if method["customer"] != customer["id"]:
        raise not_now(
            f"The customer does not have a payment method with the ID {identity}. "
            "The payment method must be attached to the customer.",
            code="resource_missing",
        )
    return method


def secret_of(identity: str) -> str:
    """What a page proves with that it was let to see one payment."""
    return f"{identity}_secret_{new_id('request')[4:]}"
