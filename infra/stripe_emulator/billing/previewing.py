"""Invoices that are not there yet: the next one, and what a change would cost. Everything is done and undone."""

from __future__ import annotations

from collections.abc import Sequence

from stripe_emulator.billing import invoicing
from stripe_emulator.billing.changing import ItemChange, change_items
from stripe_emulator.billing.subscribing import Start, draft_for, next_period_end, subscribe
from stripe_emulator.due import period_end
from stripe_emulator.kinds import Body
from stripe_emulator.world import World


def upcoming(world: World, body: Body) -> Body:
    """The invoice that comes at the end of the period, as far as it is known."""
    with world.store.rehearsal():
        return _unsaved(_next(world, body))


def _next(world: World, body: Body) -> Body:
    """Draft the next period's invoice."""
    start = period_end(body)
    recurring = world.get("price", body["_items"][0]["price"])["recurring"]
    anchor = start if body["status"] == "trialing" else body["billing_cycle_anchor"]
    end = next_period_end(anchor, recurring, start)
    for item in body["_items"]:
        item |= {"current_period_start": start, "current_period_end": end}
    invoice = draft_for(world, body, reason="upcoming")
    customer = world.get("customer", body["customer"])
    waiting = invoicing.waiting_items(world, customer, body["currency"], body["id"])
    invoicing.fill(world, invoice, invoicing.lines_of_subscription(world, body), waiting)
    return invoice | {"period_start": start, "next_payment_attempt": start + 3_600}


def after_change(world: World, body: Body, changes: Sequence[ItemChange], *, proration: str, date: int) -> Body:
    """The invoice that a change would bring: at once with `always_invoice`, else the next one."""
    with world.store.rehearsal():
        before = body["latest_invoice"]
        change_items(world, body, changes, proration=proration, date=date)
        world.save(body)
        at_once = world.get("subscription", body["id"])["latest_invoice"]
        invoice = world.get("invoice", at_once) if at_once != before else _next(world, body)
        return _unsaved(invoice)


def of_start(world: World, start: Start) -> Body:
    """The first invoice of a subscription that has not begun."""
    with world.store.rehearsal():
        return _unsaved(world.get("invoice", subscribe(world, start)["latest_invoice"]))


def of_waiting(world: World, customer: Body) -> Body:
    """What waits for a customer, as one invoice."""
    with world.store.rehearsal():
        now, currency = world.now_of(customer), customer["currency"] or "usd"
        invoice = invoicing.draft(
            world,
            customer,
            reason="upcoming",
            currency=currency,
            collection_method="charge_automatically",
            period=(now, now),
        )
        invoicing.fill(world, invoice, [], invoicing.waiting_items(world, customer, currency, None))
        return _unsaved(invoice)


def _unsaved(invoice: Body) -> Body:
    """As a draft that nobody pays and that has no address."""
    unpaid = {"amount_remaining": invoice["amount_due"], "amount_paid": 0, "status": "draft", "number": None}
    nowhere = {"hosted_invoice_url": None, "invoice_pdf": None, "status_transitions": _NOT_YET}
    return invoice | unpaid | nowhere | {"id": f"upcoming_{invoice['id']}", "attempted": False, "attempt_count": 0}


_NOT_YET: Body = {"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None}
