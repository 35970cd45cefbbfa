"""What requests say of subscriptions, in the words that creating, changing, Checkout and quotes share."""

from __future__ import annotations

from stripe_emulator.billing.cards import own_method
from stripe_emulator.billing.changing import ItemChange
from stripe_emulator.billing.subscribing import Line
from stripe_emulator.dates import DAY
from stripe_emulator.errors import StripeError, required
from stripe_emulator.kinds import Body
from stripe_emulator.params import Params, change_metadata, change_texts, custom_fields_of
from stripe_emulator.world import World

COLLECTION = ("charge_automatically", "send_invoice")
FEEDBACK = (
    "",
    "customer_service",
    "low_quality",
    "missing_features",
    "other",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
)


def line_of(world: World, params: Params) -> Line:
    """A price that a request names, and how many of it."""
    price = world.named("price", params.need("price"), "items[0][price]")
    metadata: Body = {"metadata": {}}
    change_metadata(metadata, params)
    quantity = params.integer("quantity", 1, least=0)
    assert quantity is not None
    return Line(price, quantity, metadata["metadata"])


def change_of(world: World, body: Body, params: Params) -> ItemChange:
    """What a request wants of one item; what it does not say stays."""
    identity = params.text("id")
    deleted = params.flag("deleted")
    current = next((item for item in body["_items"] if item["id"] == identity), None)
    if deleted:
        return ItemChange(identity, None, deleted=True)
    if current is None:
        return ItemChange(identity, line_of(world, params) if identity is None else None)
    name = params.text("price")
    price = world.named("price", name or current["price"], "items[0][price]")
    if name and not price["active"]:
        raise StripeError(f"The price specified is inactive: {name}", param="items[0][price]")
    quantity = params.integer("quantity", current["quantity"], least=0)
    assert quantity is not None
    metadata: Body = {"metadata": dict(current["metadata"])}
    change_metadata(metadata, params)
    return ItemChange(identity, Line(price, quantity, metadata["metadata"]))


def change_settings(world: World, body: Body, customer: Body, params: Params) -> None:
    """What may be said at any time: how it is paid, what its invoices show, when it is canceled."""
    change_texts(body, params, "description")
    change_metadata(body, params)
    if params.given("default_payment_method"):
        identity = params.text("default_payment_method")
        method = own_method(world, identity, customer, "default_payment_method") if identity else None
        body["default_payment_method"] = method["id"] if method else None
    _change_collection(body, params)
    if params.given("cancel_at_period_end"):
        body["_cancel_at_period_end"] = params.flag("cancel_at_period_end")
    if params.given("cancel_at"):
        body["cancel_at"] = params.integer("cancel_at")
    if settings := params.child("invoice_settings"):
        body["invoice_settings"] = dict(body["invoice_settings"])
        change_texts(body["invoice_settings"], settings, "description", "footer")
        if settings.given("custom_fields"):
            body["invoice_settings"]["custom_fields"] = custom_fields_of(settings)
    if settings := params.child("payment_settings"):
        saves = settings.text("save_default_payment_method", among=("off", "on_subscription"))
        body["payment_settings"] = body["payment_settings"] | {
            "payment_method_types": settings.texts("payment_method_types") or None,
            "save_default_payment_method": saves or "off",
        }
    body["trial_settings"] = trial_settings_of(params) or body["trial_settings"]
    if tax := params.child("automatic_tax"):
        body["automatic_tax"] = body["automatic_tax"] | {"enabled": tax.flag("enabled")}
    if details := params.child("cancellation_details"):
        change_cancellation(body, details)


def change_cancellation(body: Body, params: Params) -> None:
    """Why somebody leaves, in their own words."""
    body["cancellation_details"] = dict(body["cancellation_details"])
    change_texts(body["cancellation_details"], params, "comment")
    if params.given("feedback"):
        body["cancellation_details"]["feedback"] = params.text("feedback", among=FEEDBACK)


def trial_settings_of(params: Params) -> Body | None:
    settings = params.child("trial_settings")
    behavior = settings.child("end_behavior") if settings else None
    if behavior is None:
        return None
    outcome = behavior.need("missing_payment_method", among=("cancel", "create_invoice", "pause"))
    return {"end_behavior": {"missing_payment_method": outcome}}


def _change_collection(body: Body, params: Params) -> None:
    if params.given("collection_method"):
        body["collection_method"] = params.need("collection_method", among=COLLECTION)
    if params.given("days_until_due"):
        body["days_until_due"] = params.integer("days_until_due", least=0)
    if body["collection_method"] == "charge_automatically":
        if params.given("days_until_due"):
            raise StripeError(
                "You can only set `days_until_due` if the collection method is `send_invoice`.", param="days_until_due"
            )
        body["days_until_due"] = None
    elif body["days_until_due"] is None:
        raise required("days_until_due")


def trial_end_of(params: Params, now: int) -> int | None:
    """When the trial that a request wants ends."""
    days = params.integer("trial_period_days", least=1)
    if days is not None:
        return now + days * DAY
    if params.text("trial_end") == "now":
        return now
    end = params.integer("trial_end")
    if end is not None and end > now + 2 * 366 * DAY + 3 * 365 * DAY:
        raise StripeError("The trial end cannot be more than five years from now.", param="trial_end")
    return end


def settle_cancellation(body: Body, now: int, period_end: int) -> None:
    """Make the fields that tell of a planned cancellation agree."""
    wished = body.pop("_cancel_at_period_end", None)
    if wished is True:
        body |= {"cancel_at_period_end": True, "cancel_at": period_end}
    elif wished is False:
        body |= {"cancel_at_period_end": False, "cancel_at": None}
    elif body["cancel_at"] != period_end:
        body["cancel_at_period_end"] = False
    if body["cancel_at"] is None:
        body["canceled_at"] = None
        body["cancellation_details"] = body["cancellation_details"] | {"reason": None}
    elif body["canceled_at"] is None:
        body["canceled_at"] = now
        body["cancellation_details"] = body["cancellation_details"] | {"reason": "cancellation_requested"}
