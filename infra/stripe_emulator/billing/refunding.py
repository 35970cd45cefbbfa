"""Money that goes back to a card."""

from __future__ import annotations

from stripe_emulator.errors import StripeError
from stripe_emulator.kinds import Body
from stripe_emulator.money import written
from stripe_emulator.world import World


def refund(world: World, charge: Body, *, amount: int | None = None, reason: str | None = None) -> Body:
    """Give back a charge, or a part of it, never more than is left."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if amount is None else amount
    if amount > left:
        raise StripeError(
            f"Refund amount ({written(amount, charge['currency'])}) is greater than unrefunded amount on charge "
            f"({written(left, charge['currency'])})",
            param="amount",
        )
    body: Body = {
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {"card": {"type": "refund", "reference_status": "pending"}, "type": "card"},
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
        "_clock": charge["_clock"],
    }
    made = world.add("refund", body, event="refund.created")
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    before = world.get("charge", charge["id"])
    world.save(charge)
    world.changed("charge.refunded", before, charge)
    return made
