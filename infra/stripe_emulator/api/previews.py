"""What an invoice would be: the next one, after a change, or of a subscription that has not begun."""

from __future__ import annotations

from stripe_emulator.api.subscription_params import change_of, line_of, trial_end_of
from stripe_emulator.billing.changing import PRORATIONS
from stripe_emulator.billing.previewing import after_change, of_start, of_waiting, upcoming
from stripe_emulator.billing.subscribing import Start
from stripe_emulator.errors import StripeError, required
from stripe_emulator.kinds import Body
from stripe_emulator.params import Params
from stripe_emulator.routing import route
from stripe_emulator.world import World


@route("POST /v1/invoices/create_preview")
def preview_invoice(world: World, params: Params) -> Body:
    params.text("preview_mode", "next", among=("next",))
    wish = params.child("subscription_details")
    if identity := params.text("subscription"):
        params.text("customer")
        return _of_subscription(world, world.named("subscription", identity, "subscription"), wish)
    name = params.text("customer")
    if not name:
        raise required("customer")
    customer = world.named("customer", name, "customer")
    if wish is None:
        return of_waiting(world, customer)
    now = world.now_of(customer)
    lines = [line_of(world, item) for item in wish.children("items")]
    fields = {"collection_method": "send_invoice", "days_until_due": 30}
    return of_start(world, Start(customer, lines, trial_end=trial_end_of(wish, now), fields=fields))


def _of_subscription(world: World, body: Body, wish: Params | None) -> Body:
    if body["status"] in ("canceled", "incomplete_expired"):
        raise StripeError("No upcoming invoices for customer", status=404, code="invoice_upcoming_none")
    changes = [change_of(world, body, item) for item in wish.children("items")] if wish else []
    if wish is None or not changes:
        if body["cancel_at"]:
            raise StripeError("No upcoming invoices for customer", status=404, code="invoice_upcoming_none")
        return upcoming(world, body)
    now = world.now_of(body)
    proration = wish.text("proration_behavior", "create_prorations", among=PRORATIONS) or "create_prorations"
    date = wish.integer("proration_date", now) or now
    return after_change(world, body, changes, proration=proration, date=date)
