"""The way to Stripe. It and `translating` alone know its library; what comes back is plain and typed.

Nothing here touches the database. Call it before the first write of a request, or in a task outside of doors: the
network is slow, and locks are not to wait for it. Every write bears an idempotency key, so that trying again is safe.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext as _

from billing import translating
from billing.models import Interval, Method
from billing.seen import Coupon, SeenInvoice, SeenPrice, SeenProduct, SeenSubscription, Told
from chiron.kernel.errors import DomainError

logger = logging.getLogger(__name__)

API_VERSION = "2026-08-26.dahlia"
TIMEOUT = 20
# How old a signed message may be.
TOLERANCE = 300
DAYS_UNTIL_DUE = 30


class StripeAway(DomainError):
    """Stripe cannot be reached, or does not answer: nothing is known to have changed."""


class PaymentRefused(DomainError):
    """The card was declined. Nothing was changed."""


class NotSigned(Exception):
    """A message that Stripe did not sign, or too long ago."""


@cache
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base, "files": base} if base else {},
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )


def client() -> stripe.StripeClient:
    """Stripe's, or at a desk its emulator's: only the address differs. DomainError without a key."""
    if not settings.STRIPE_SECRET_KEY:
        raise DomainError(_("Payments are not set up here: STRIPE_SECRET_KEY is missing."))
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@contextmanager
def _spoken() -> Iterator[None]:
    """Stripe's errors as sentences for whoever sits in front of the page."""
    try:
        yield
    except stripe.CardError as error:
        raise PaymentRefused(
            _("The card was declined, and nothing was changed. Try another card, or pay by invoice.")
        ) from error
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError, stripe.IdempotencyError) as error:
        logger.warning("Stripe is away: %s", type(error).__name__)
        raise StripeAway(
            _("Our payment service does not answer at the moment. Nothing is lost: try again in a few minutes.")
        ) from error


def key_of(what: str, *parts: object) -> str:
    """An idempotency key: the same for the same wish in the same situation, whoever repeats it."""
    digest = hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
    return f"chiron-{what}-{digest[:40]}"


# --- The price list


def products() -> list[SeenProduct]:
    with _spoken():
        found = client().v1.products.list({"active": True, "limit": 100})
        return [
            SeenProduct(each.id, each.name, each.metadata["chiron_plan"])
            for each in found.auto_paging_iter()
            if "chiron_plan" in each.metadata
        ]


def create_product(*, plan: str, name: str) -> str:
    with _spoken():
        made = client().v1.products.create(
            {"name": name, "metadata": {"chiron_plan": plan}}, {"idempotency_key": key_of("product", plan, name)}
        )
        return made.id


def rename_product(product_id: str, *, name: str) -> None:
    with _spoken():
        client().v1.products.update(product_id, {"name": name}, _key("rename", product_id, name))


def prices(lookup_keys: Sequence[str]) -> list[SeenPrice]:
    """The current prices of these names."""
    if not lookup_keys:
        return []
    with _spoken():
        found = client().v1.prices.list({"lookup_keys": list(lookup_keys), "active": True, "limit": 100})
        return [translating.price(each) for each in found.auto_paging_iter()]


def create_price(
    *, product_id: str, lookup_key: str, cents: int, currency: str, interval: Interval, before: str
) -> SeenPrice:
    """A new current price under a name; the one that had the name stays for those who pay it."""
    with _spoken():
        made = client().v1.prices.create(
            {
                "product": product_id,
                "unit_amount": cents,
                "currency": currency,
                "recurring": {"interval": interval.value},
                "lookup_key": lookup_key,
                "transfer_lookup_key": True,
            },
            _key("price", lookup_key, cents, currency, product_id, before),
        )
        return translating.price(made)


# --- Customers


def create_customer(*, society_id: object, name: str, mail: str) -> str:
    with _spoken():
        made = client().v1.customers.create(
            {"name": name, "email": mail, "metadata": {"society": str(society_id)}}, _key("customer", society_id)
        )
        return made.id


def change_customer(customer_id: str, *, name: str, mail: str) -> None:
    with _spoken():
        client().v1.customers.update(customer_id, {"name": name, "email": mail}, _key("named", customer_id, name, mail))


def change_customer_fields(
    customer_id: str, fields: Mapping[str, str], *, turn: object, footer: str = "", address: str = ""
) -> None:
    """What stands on each invoice besides, such as the number of a purchase order; under it; and to whom it goes."""
    both: list[Any] = [{"name": name, "value": value} for name, value in fields.items()]
    wish: Any = {"invoice_settings": {"custom_fields": both or "", "footer": footer}}
    if address:
        # As somebody typed it, in the two lines that Stripe prints as they are.
        first, *rest = address.splitlines()
        wish["address"] = {"line1": first, "line2": ", ".join(rest)}
    with _spoken():
        client().v1.customers.update(customer_id, wish, _key("fields", customer_id, wish, turn))


def exempt_customer(customer_id: str) -> None:
    """From now on without tax."""
    with _spoken():
        client().v1.customers.update(customer_id, {"tax_exempt": "exempt"}, _key("exempt", customer_id))


def portal(customer_id: str, *, back_to: str) -> str:
    """An address at Stripe where the payment method, tax ids and invoices are, for a few minutes."""
    with _spoken():
        return client().v1.billing_portal.sessions.create({"customer": customer_id, "return_url": back_to}).url


# --- Checkout


def checkout(
    *,
    customer_id: str,
    price_id: str,
    trial_ends_at: datetime | None,
    coupon: Coupon | None = None,
    done: str,
    back_to: str,
    turn: object,
) -> str:
    """An address at Stripe where a subscription is paid for by card. Of one customer no two can be open. Codes are
    asked for where nothing was promised: Stripe takes the one or the other.
    """
    about = {"price": price_id, "discount": coupon.discount if coupon else ""}
    with _spoken():
        here = client().v1.checkout.sessions
        before = here.list({"customer": customer_id, "limit": 100}).data
        for session in before:
            if session.status != "open":
                continue
            if session.metadata and session.metadata.to_dict() == _said(about) and session.url:
                return session.url
            here.expire(session.id)
        subscription: dict[str, Any] = {}
        if trial_ends_at:
            subscription["trial_end"] = int(trial_ends_at.timestamp())
        wish: dict[str, Any] = {
            "mode": "subscription",
            "customer": customer_id,
            "line_items": [{"price": price_id, "quantity": 1}],
            "subscription_data": subscription,
            "metadata": _said(about),
            "billing_address_collection": "required",
            "customer_update": {"address": "auto", "name": "auto"},
            "tax_id_collection": {"enabled": True},
            "success_url": done,
            "cancel_url": back_to,
        }
        if coupon:
            subscription["metadata"] = {"discount": coupon.discount}
            wish["discounts"] = [{"coupon": _coupon(coupon)}]
        else:
            wish["allow_promotion_codes"] = True
        # What was wished once and closed since is a new wish.
        last = before[0].id if before else ""
        made = here.create(wish, _key("checkout", wish, turn, last))  # type: ignore[arg-type]
    assert made.url, "A session that is open has an address."
    return made.url


def close_checkouts(customer_id: str) -> None:
    """What was offered on a page that is still open is offered no more."""
    with _spoken():
        here = client().v1.checkout.sessions
        for session in here.list({"customer": customer_id, "status": "open"}).auto_paging_iter():
            here.expire(session.id)


def _coupon(coupon: Coupon) -> str:
    """A coupon of one society's own."""
    wish: dict[str, Any] = {"name": coupon.name[:40], "metadata": {"discount": coupon.discount}}
    wish |= {"percent_off": coupon.percent} if coupon.percent else {"amount_off": coupon.cents, "currency": "usd"}
    wish |= {"duration": "repeating", "duration_in_months": coupon.months} if coupon.months else {"duration": "forever"}
    return client().v1.coupons.create(wish, _key("coupon", wish)).id  # type: ignore[arg-type]


# --- Subscriptions


def subscriptions_of(customer_id: str) -> list[SeenSubscription]:
    """All that a customer has or had, the oldest first."""
    with _spoken():
        listed = client().v1.subscriptions.list(
            {
                "customer": customer_id,
                "status": "all",
                "limit": 100,
                "expand": ["data.schedule", "data.discounts.source.coupon"],
            }
        )
        found = [translating.subscription(each) for each in listed.auto_paging_iter()]
    return sorted(found, key=lambda each: (each.began_at, each.id))


def subscribe_by_invoice(
    *,
    customer_id: str,
    price_id: str,
    trial_ends_at: datetime | None,
    days_until_due: int = DAYS_UNTIL_DUE,
    coupon: Coupon | None = None,
    turn: object,
    custom_fields: Mapping[str, str] | None = None,
    footer: str = "",
    address: str = "",
) -> str:
    """A subscription whose invoices are sent, and paid by transfer, check or card within some days."""
    wish: dict[str, Any] = {
        "customer": customer_id,
        "items": [{"price": price_id}],
        "collection_method": "send_invoice",
        "days_until_due": days_until_due,
    }
    if trial_ends_at:
        wish["trial_end"] = int(trial_ends_at.timestamp())
    with _spoken():
        if custom_fields or footer or address:
            change_customer_fields(customer_id, custom_fields or {}, turn=turn, footer=footer, address=address)
        if coupon:
            wish |= {"metadata": {"discount": coupon.discount}, "discounts": [{"coupon": _coupon(coupon)}]}
        made = client().v1.subscriptions.create(wish, _key("invoiced", wish, turn))  # type: ignore[arg-type]
        return made.id


def change_now(seen: SeenSubscription, *, price_id: str, turn: object) -> None:
    """Another price at once: what is left of the old one is taken off, and the difference is due now.

    By card: PaymentRefused, and nothing is changed, if it cannot be paid.
    """
    wish: dict[str, Any] = {
        "items": [{"id": seen.item_id, "price": price_id}],
        "proration_behavior": "always_invoice",
    }
    if seen.method == Method.CARD:
        wish["payment_behavior"] = "error_if_incomplete"
    with _spoken():
        client().v1.subscriptions.update(seen.id, wish, _key("change", seen.id, wish, turn))  # type: ignore[arg-type]


def due_now(seen: SeenSubscription, *, price_id: str) -> tuple[int, str]:
    """What `change_now` would ask for, in the currency's smallest unit, and the currency. Nothing is changed."""
    wish: Any = {
        "customer": seen.customer_id,
        "subscription": seen.id,
        "subscription_details": {
            "items": [{"id": seen.item_id, "price": price_id}],
            "proration_behavior": "always_invoice",
        },
    }
    with _spoken():
        said = client().v1.invoices.create_preview(wish)
        return said.amount_due, said.currency


def take_off(seen: SeenSubscription, coupon: Coupon | None, *, turn: object) -> None:
    """Take this off what comes from now on, in the place of what was taken off before; or nothing more."""
    with _spoken():
        wish: Any = {"discounts": [{"coupon": _coupon(coupon)}] if coupon else ""}
        wish["metadata"] = {"discount": coupon.discount if coupon else seen.promised}
        client().v1.subscriptions.update(seen.id, wish, _key("discount", seen.id, wish, turn))


def change_later(seen: SeenSubscription, *, price_id: str, turn: object) -> None:
    """Another price from the end of the period on."""
    schedules = client().v1.subscription_schedules
    with _spoken():
        schedule_id = seen.schedule_id
        if not schedule_id:
            made = schedules.create({"from_subscription": seen.id}, _key("schedule", seen.id, turn))
            schedule_id = made.id
        schedule = schedules.retrieve(schedule_id)
        now = schedule.phases[0]
        # A phase has the discounts that it names, and no other.
        kept = {"discounts": [{"discount": each.id} for each in seen.discounts]} if seen.discounts else {}
        phases: list[Any] = [
            {
                **kept,
                "items": [{"price": seen.price_id, "quantity": 1}],
                "start_date": now.start_date,
                "end_date": int(seen.period_ends_at.timestamp()),
                "proration_behavior": "none",
            },
            {**kept, "items": [{"price": price_id, "quantity": 1}], "proration_behavior": "none"},
        ]
        schedules.update(
            schedule_id,
            {"phases": phases, "end_behavior": "release"},
            _key("later", schedule_id, phases, turn),
        )


def keep_price(seen: SeenSubscription, *, turn: object) -> None:
    """Forget a change that waits for the end of the period."""
    if seen.schedule_id:
        with _spoken():
            client().v1.subscription_schedules.release(seen.schedule_id, {}, _key("release", seen.schedule_id, turn))


def cancel_at_end(seen: SeenSubscription, *, cancels: bool, words: str = "", turn: object) -> None:
    """End with the period, or not after all."""
    wish: dict[str, Any] = {"cancel_at_period_end": cancels}
    if cancels and words:
        wish["cancellation_details"] = {"comment": words[:500]}
    with _spoken():
        client().v1.subscriptions.update(seen.id, wish, _key("cancel", seen.id, wish, turn))  # type: ignore[arg-type]


def cancel_now(subscription_id: str) -> None:
    """End at once; what is left of the period becomes credit."""
    with _spoken():
        client().v1.subscriptions.cancel(
            subscription_id, {"prorate": True, "invoice_now": True}, _key("end", subscription_id)
        )


# --- Invoices


def invoices_of(customer_id: str) -> list[SeenInvoice]:
    with _spoken():
        listed = client().v1.invoices.list({"customer": customer_id, "limit": 100})
        found = list(listed.auto_paging_iter())
        back = _given_back(customer_id)
        return [translating.invoice(each, _refunded(each, back)) for each in found]


def pay_outside(invoice_id: str) -> None:
    """Note that an invoice was paid by check or transfer; doing it again changes nothing."""
    with _spoken():
        client().v1.invoices.pay(invoice_id, {"paid_out_of_band": True}, _key("outside", invoice_id))


def _given_back(customer_id: str) -> dict[str, int]:
    """What was given back of a customer's payments, by the payment; nothing, nearly always."""
    charges = client().v1.charges.list({"customer": customer_id, "limit": 100})
    return {
        translating.id_of(each.payment_intent): each.amount_refunded
        for each in charges.auto_paging_iter()
        if each.amount_refunded
    }


def _refunded(invoice: stripe.Invoice, back: Mapping[str, int]) -> int:
    """How much of what was paid for an invoice was given back."""
    if not back or invoice.status != "paid" or not invoice.id:
        return 0
    payments = client().v1.invoice_payments.list({"invoice": invoice.id}).auto_paging_iter()
    amounts: list[int] = [
        back.get(translating.id_of(each.payment.payment_intent), 0) for each in payments if each.payment
    ]
    return sum(amounts)


# --- What Stripe tells


def read_message(body: bytes, signature: str) -> Told:
    """What a message says, if it is signed with one of our secrets; NotSigned or translating.NotReadable otherwise."""
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        return translating.message(body)
    raise NotSigned


def told_since(moment: datetime) -> list[Told]:
    """Everything that Stripe has told since a moment, the oldest first, whether or not it arrived here."""
    with _spoken():
        listed = client().v1.events.list({"created": {"gte": int(moment.timestamp())}, "limit": 100})
        found = [translating.event(each.to_dict()) for each in listed.auto_paging_iter()]
    return sorted(found, key=lambda each: (each.happened_at, each.id))


# --- Small things that all of them need


def _key(what: str, *parts: object) -> stripe.RequestOptions:
    return {"idempotency_key": key_of(what, *parts)}


def _said(about: Mapping[str, str]) -> dict[str, str]:
    """Stripe keeps nothing that is empty."""
    return {name: value for name, value in about.items() if value}
