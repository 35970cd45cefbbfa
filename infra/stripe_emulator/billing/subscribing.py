"""How subscriptions begin: by a request, through Checkout, by an accepted quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stripe_emulator.billing import invoicing
from stripe_emulator.billing.cards import default_method
from stripe_emulator.billing.finalizing import finalize
from stripe_emulator.billing.paying import collect, payment_method_for, try_card
from stripe_emulator.dates import next_after
from stripe_emulator.due import WARNED_BEFORE_RENEWAL, WARNED_BEFORE_TRIAL_ENDS
from stripe_emulator.errors import StripeError, required
from stripe_emulator.kinds import Body, new_id
from stripe_emulator.shapes import subscriptions as shapes
from stripe_emulator.world import World


@dataclass
class Line:
    """A price, and how many of it."""

    price: Body
    quantity: int = 1
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass
class Start:
    """How a subscription shall begin; `fields` are taken over as they are."""

    customer: Body
    lines: Sequence[Line]
    trial_end: int | None = None
    anchor: int | None = None
    behavior: str = "allow_incomplete"
    authenticated: bool = False
    fields: Body = field(default_factory=dict)
    billing_reason: str = "subscription_create"


def subscribe(world: World, start: Start) -> Body:
    """Begin a subscription, with its first invoice: paid, awaited, or free for the trial."""
    if not start.lines:
        raise required("items")
    now = world.now_of(start.customer)
    recurring = _interval(start.lines)
    currency = start.lines[0].price["currency"]
    identity = new_id("subscription")
    trial = start.trial_end if start.trial_end and start.trial_end > now else None
    anchor = trial or start.anchor or now
    end = trial or (start.anchor if start.anchor and start.anchor > now else next_period_end(anchor, recurring, now))
    body = shapes.subscription(start.customer, currency=currency, now=now) | start.fields
    body |= {
        "billing_cycle_anchor": anchor,
        "trial_start": now if trial else None,
        "trial_end": trial,
        "_items": [
            shapes.item(identity, line.price, quantity=line.quantity, now=now, start=now, end=end)
            | {"metadata": line.metadata}
            for line in start.lines
        ],
        "_announced": end - now <= WARNED_BEFORE_RENEWAL,
    }
    _require_payer(world, body, start, trial)
    body["status"] = _first_status(body, start, trial)
    body = world.add("subscription", body, identity=identity)
    for discount in body["discounts"]:
        made = world.get("discount", discount)
        world.save({**made, "subscription": identity})
    world.emit("customer.subscription.created", body)
    _first_invoice(world, body, start, trial is not None)
    body = world.get("subscription", identity)
    if trial and trial - now <= WARNED_BEFORE_TRIAL_ENDS:
        warn_of_trial_end(world, body)
    return world.get("subscription", identity)


def _interval(lines: Sequence[Line]) -> Body:
    found: list[Body] = []
    for line in lines:
        if line.price["recurring"] is None:
            raise StripeError(
                f"The price specified is set to `type=one_time` but this field only accepts prices with "
                f"`type=recurring`: {line.price['id']}",
                param="items[0][price]",
            )
        if not line.price["active"]:
            raise StripeError(
                f"The price specified is inactive. This field only accepts active prices: {line.price['id']}",
                param="items[0][price]",
            )
        found.append(line.price["recurring"])
    if any(other != found[0] for other in found):
        raise StripeError("Currency and interval fields must match across all plans on this subscription.")
    return found[0]


def next_period_end(anchor: int, recurring: Body, moment: int) -> int:
    """The end of the period that a moment lies in."""
    return next_after(anchor, recurring["interval"], recurring["interval_count"], moment)


def _require_payer(world: World, body: Body, start: Start, trial: int | None) -> None:
    """Stripe makes no subscription that it could never charge."""
    if body["collection_method"] == "send_invoice":
        require_mail(start.customer)
        return
    if trial or start.behavior == "default_incomplete":
        return
    free = all(line.price["unit_amount"] * line.quantity == 0 for line in start.lines)
    if not free and default_method(world, start.customer, body) is None:
        raise StripeError(
            "This customer has no attached payment source or default payment method. Please consider adding a "
            "default payment method.",
            code="resource_missing",
        )


def require_mail(customer: Body) -> None:
    """Who gets invoices by mail has to have an address."""
    if not customer["email"]:
        raise StripeError(
            "Missing email. In order to create invoices that are sent to the customer, the customer must have a valid "
            "email."
        )


def _first_status(body: Body, start: Start, trial: int | None) -> str:
    if trial:
        return "trialing"
    if body["collection_method"] == "send_invoice":
        return "active"
    return "incomplete"


def _first_invoice(world: World, body: Body, start: Start, trial: bool) -> None:
    sends = body["collection_method"] == "send_invoice"
    invoice = draft_for(world, body, reason=start.billing_reason)
    lines = invoicing.lines_of_subscription(world, body, trial=trial)
    waiting = invoicing.waiting_items(world, start.customer, body["currency"], body["id"])
    invoicing.fill(world, invoice, lines, waiting)
    invoicing.announce(world, invoice)
    body["latest_invoice"] = invoice["id"]
    world.save(body)
    if sends and not trial:
        return
    invoice = finalize(world, invoice)
    if invoice["status"] == "open" and not sends:
        _first_payment(world, invoice, start)


def _first_payment(world: World, invoice: Body, start: Start) -> None:
    if start.behavior == "default_incomplete":
        return
    card = payment_method_for(world, invoice)
    assert card is not None
    error = try_card(world, invoice, card, authenticated=start.authenticated)
    if error is not None and start.behavior == "error_if_incomplete":
        error.keep = False
        raise error


def draft_for(world: World, body: Body, *, reason: str, auto_advance: bool = True) -> Body:
    """The draft of a subscription's next invoice, with the discounts that still count."""
    now = world.now_of(body)
    item = body["_items"][0]
    invoice = invoicing.draft(
        world,
        world.get("customer", body["customer"]),
        reason=reason,
        currency=body["currency"],
        collection_method=body["collection_method"],
        period=(item["current_period_start"], now),
        subscription=body,
        days_until_due=body["days_until_due"],
        auto_advance=auto_advance,
    )
    invoice["discounts"] = list(body["discounts"])
    return invoice


def warn_of_trial_end(world: World, body: Body) -> None:
    """Three days before a trial ends, or at once where it is shorter."""
    body["_warned"] = True
    world.save(body)
    world.emit("customer.subscription.trial_will_end", body)


def bill_at_once(world: World, body: Body, *, reason: str, lines: Sequence[Body] = ()) -> Body | None:
    """Invoice now what waits for a subscription, finalize it and collect it; None where nothing waits."""
    customer = world.get("customer", body["customer"])
    waiting = invoicing.waiting_items(world, customer, body["currency"], body["id"])
    if not waiting and not lines:
        return None
    invoice = draft_for(world, body, reason=reason)
    invoicing.fill(world, invoice, lines, waiting)
    invoicing.announce(world, invoice)
    body["latest_invoice"] = invoice["id"]
    world.save(body)
    if body["collection_method"] == "send_invoice":
        return invoice
    invoice = finalize(world, invoice)
    if invoice["status"] == "open":
        collect(world, invoice)
    return world.get("invoice", invoice["id"])
