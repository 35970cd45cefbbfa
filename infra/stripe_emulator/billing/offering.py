"""What an offer comes to: its lines and discounts, before anything is bought."""

from __future__ import annotations

from collections.abc import Sequence

from stripe_emulator.billing.discounts import coupon_of, off
from stripe_emulator.billing.subscribing import Line
from stripe_emulator.kinds import Body
from stripe_emulator.shapes.selling import line_items
from stripe_emulator.world import World


def lines_for(world: World, lines: Sequence[Line], coupons: Sequence[Body]) -> list[Body]:
    """The lines of an offer, with what these coupons take off."""
    amount = sum(line.price["unit_amount"] * line.quantity for line in lines)
    left = amount
    for coupon in coupons:
        left -= off(coupon, left)
    names = [str((world.look(line.price["product"]) or {}).get("name")) for line in lines]
    return line_items(lines, names, amount - left)


def coupons_of(world: World, discounts: Sequence[str]) -> list[Body]:
    """The coupons of discounts that are already granted."""
    return [coupon_of(world, world.get("discount", identity)) for identity in discounts]


def wished(world: World, body: Body) -> list[Line]:
    """The prices of an offer, as they shall be bought."""
    return [Line(world.get("price", line["price"]), line["quantity"], line["metadata"]) for line in body["_lines"]]
