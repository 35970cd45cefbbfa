"""What somebody changes in the billing portal."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.wrappers import Request, Response

from stripe_emulator.api.customers import update_customer
from stripe_emulator.api.portal import REASONS
from stripe_emulator.api.schedules import create_schedule, update_schedule
from stripe_emulator.api.subscriptions import cancel_subscription, update_subscription
from stripe_emulator.billing import checking_out
from stripe_emulator.billing.cards import attach, by_number, detach, make_method
from stripe_emulator.billing.customers import add_tax_id
from stripe_emulator.due import period_end
from stripe_emulator.errors import StripeError, missing
from stripe_emulator.kinds import Body
from stripe_emulator.pages.papers import day
from stripe_emulator.pages.portal import Visit
from stripe_emulator.pages.rendering import card_choices, cost, go_to, render
from stripe_emulator.pages.serving import page
from stripe_emulator.params import Params, nested
from stripe_emulator.world import World

PLACE = ("line1", "city", "state", "postal_code", "country")


def asked(fields: Mapping[str, str]) -> Params:
    """A page's wish in the words of a request, so that both do the same."""
    return Params(nested(fields.items()))


@page("GET /p/{secret}/plan/{subscription}")
def show_plans(world: World, request: Request, secret: str, identity: str) -> Response:
    visit = _may(world, secret, "subscription_update")
    return _plans(world, visit, visit.subscription(world, identity))


def _plans(world: World, visit: Visit, body: Body, error: str = "") -> Response:
    current = body["_items"][0]["price"]
    prices = [world.get("price", price) for price in _on_offer(visit)]
    choices = [
        (price["id"], world.get("product", price["product"])["name"], cost(price), price["id"] == current)
        for price in sorted(prices, key=lambda price: (price["recurring"]["interval"], price["unit_amount"]))
    ]
    return render("plan.html", here=f"{visit.here}?all", choices=choices, error=error, status=400 if error else 200)


def _on_offer(visit: Visit) -> list[str]:
    products = visit.features["subscription_update"]["products"] or []
    return [price for product in products for price in product["prices"]]


@page("POST /p/{secret}/plan/{subscription}")
def change_plan(world: World, request: Request, secret: str, identity: str) -> Response:
    visit = _may(world, secret, "subscription_update")
    body = visit.subscription(world, identity)
    price = request.form.get("price", "")
    item = body["_items"][0]
    if price == item["price"]:
        return go_to(visit.here)
    if price not in _on_offer(visit):
        return _plans(world, visit, body, "Choose one of the plans.")
    try:
        with world.store.attempt():
            if _waits(world, visit, body, price):
                _plan_for_later(world, body, price)
                return visit.done("later")
            wish = {
                "items[0][id]": item["id"],
                "items[0][price]": price,
                "proration_behavior": visit.features["subscription_update"]["proration_behavior"],
                "payment_behavior": "error_if_incomplete",
            }
            update_subscription(world, asked(wish), identity)
    except StripeError as error:
        return _plans(world, visit, body, str(error))
    return visit.done("plan")


def _waits(world: World, visit: Visit, body: Body, price: str) -> bool:
    """Whether the configuration lets this change happen only at the end of the period."""
    conditions = {one["type"] for one in visit.features["subscription_update"]["schedule_at_period_end"]["conditions"]}
    old, new = world.get("price", body["_items"][0]["price"]), world.get("price", price)
    is_cheaper = new["unit_amount"] < old["unit_amount"] and new["recurring"] == old["recurring"]
    is_shorter = (old["recurring"]["interval"], new["recurring"]["interval"]) == ("year", "month")
    waits_for = {"decreasing_item_amount": is_cheaper, "shortening_interval": is_shorter}
    return any(waits_for[condition] for condition in conditions)


def _plan_for_later(world: World, body: Body, price: str) -> None:
    item = body["_items"][0]
    schedule = body["schedule"] or create_schedule(world, asked({"from_subscription": body["id"]}))["id"]
    wish = {
        "end_behavior": "release",
        "phases[0][items][0][price]": item["price"],
        "phases[0][start_date]": str(world.get("subscription_schedule", schedule)["phases"][0]["start_date"]),
        "phases[0][end_date]": str(period_end(body)),
        "phases[1][items][0][price]": price,
        "phases[1][proration_behavior]": "none",
    }
    update_schedule(world, asked(wish), schedule)


@page("GET /p/{secret}/cancel/{subscription}")
def ask_to_cancel(world: World, request: Request, secret: str, identity: str) -> Response:
    visit = _may(world, secret, "subscription_cancel")
    body = visit.subscription(world, identity)
    feature = visit.features["subscription_cancel"]
    at_end = feature["mode"] == "at_period_end"
    words = f"Your plan goes on until {day(period_end(body))}." if at_end else "Your plan ends at once."
    names = {value: value.replace("_", " ").capitalize() for value in REASONS}
    reason = feature["cancellation_reason"]
    reasons = [(value, names[value]) for value in reason["options"]] if reason["enabled"] else []
    return render("cancel.html", here=f"{visit.here}?all", words=words, reasons=reasons)


@page("POST /p/{secret}/cancel/{subscription}")
def cancel(world: World, request: Request, secret: str, identity: str) -> Response:
    visit = _may(world, secret, "subscription_cancel")
    body = visit.subscription(world, identity)
    if body["cancel_at"] or body["status"] == "canceled":
        return visit.done("canceled")
    names = {name: request.form.get(name, "").strip() for name in ("feedback", "comment")}
    wish = {f"cancellation_details[{name}]": value for name, value in names.items() if value}
    if visit.features["subscription_cancel"]["mode"] == "at_period_end":
        update_subscription(world, asked({**wish, "cancel_at_period_end": "true"}), identity)
    else:
        cancel_subscription(world, asked(wish), identity)
    return visit.done("canceled")


@page("POST /p/{secret}/keep/{subscription}")
def keep(world: World, request: Request, secret: str, identity: str) -> Response:
    visit = _may(world, secret, "subscription_cancel")
    body = visit.subscription(world, identity)
    if body["cancel_at"]:
        update_subscription(world, asked({"cancel_at_period_end": "false"}), identity)
    return visit.done("kept")


@page("GET /p/{secret}/card")
def show_cards(world: World, request: Request, secret: str) -> Response:
    return _cards(_may(world, secret, "payment_method_update"))


def _cards(visit: Visit, error: str = "") -> Response:
    choices = card_choices()
    here = f"{visit.here}?all"
    return render(
        "card.html", here=here, cards=choices, chosen=choices[0][0], error=error, status=400 if error else 200
    )


@page("POST /p/{secret}/card")
def add_card(world: World, request: Request, secret: str) -> Response:
    visit = _may(world, secret, "payment_method_update")
    form = request.form
    try:
        card = by_number(form.get("card", ""))
        if checking_out.asks(card) and form.get("confirmed") != "yes":
            if form.get("confirmed") == "no":
                return _cards(visit, "The bank did not confirm this card. Choose another one.")
            return render("confirm.html", action=f"{visit.here}/card", fields=[("card", form["card"])])
        with world.store.attempt():
            method = attach(world, make_method(world, card, customer=visit.customer)["id"], visit.customer)
            world.save(method | {"_authenticated": True})
            _use(world, visit, method["id"])
    except StripeError as error:
        return _cards(visit, str(error))
    return visit.done("card")


def _use(world: World, visit: Visit, method: str) -> None:
    """Charge a card from now on, for everything that runs."""
    update_customer(world, asked({"invoice_settings[default_payment_method]": method}), visit.customer["id"])
    for body in world.find("subscription", customer=visit.customer["id"]):
        if body["default_payment_method"] and body["status"] not in ("canceled", "incomplete_expired"):
            update_subscription(world, asked({"default_payment_method": method}), body["id"])


@page("POST /p/{secret}/card/{method}/default")
def use_card(world: World, request: Request, secret: str, identity: str) -> Response:
    visit = _may(world, secret, "payment_method_update")
    _use(world, visit, _own_method(world, visit, identity)["id"])
    return visit.done("card")


@page("POST /p/{secret}/card/{method}/remove")
def remove_card(world: World, request: Request, secret: str, identity: str) -> Response:
    visit = _may(world, secret, "payment_method_update")
    detach(world, _own_method(world, visit, identity))
    return visit.done("removed")


def _own_method(world: World, visit: Visit, identity: str) -> Body:
    method = world.get("payment_method", identity)
    if method["customer"] != visit.customer["id"]:
        raise missing("payment_method", identity)
    return method


@page("GET /p/{secret}/details")
def show_details(world: World, request: Request, secret: str) -> Response:
    visit = _may(world, secret, "customer_update")
    customer = visit.customer
    filled = {name: customer[name] or "" for name in ("name", "email")} | (customer["address"] or {"country": "US"})
    filled["tax_id"] = next((body["value"] for body in _tax_ids(world, visit)), "")
    return _details(visit, filled)


def _details(visit: Visit, filled: Mapping[str, str], error: str = "") -> Response:
    allowed = visit.features["customer_update"]["allowed_updates"]
    here = f"{visit.here}?all"
    return render("details.html", here=here, allowed=allowed, filled=filled, error=error, status=400 if error else 200)


@page("POST /p/{secret}/details")
def save_details(world: World, request: Request, secret: str) -> Response:
    visit = _may(world, secret, "customer_update")
    allowed = visit.features["customer_update"]["allowed_updates"]
    form = {name: value.strip() for name, value in request.form.items()}
    if "@" not in form.get("email", "@"):
        return _details(visit, form, "The mail address needs an @.")
    wish: dict[str, str] = {name: form[name] for name in ("name", "email") if name in allowed and name in form}
    if "address" in allowed and form.get("line1"):
        wish |= {f"address[{name}]": form.get(name, "") for name in PLACE}
    update_customer(world, asked(wish), visit.customer["id"])
    if "tax_id" in allowed:
        _change_tax_id(world, visit, form.get("tax_id", ""))
    return visit.done("details")


def _tax_ids(world: World, visit: Visit) -> list[Body]:
    return [body for body in world.find("tax_id", customer=visit.customer["id"]) if not body.get("_deleted")]


def _change_tax_id(world: World, visit: Visit, value: str) -> None:
    old = _tax_ids(world, visit)
    if [body["value"] for body in old] == ([value] if value else []):
        return
    for body in old:
        world.emit("customer.tax_id.deleted", body)
        world.save({**body, "_deleted": True})
    if value:
        add_tax_id(world, visit.customer, "us_ein", value)


def _may(world: World, secret: str, feature: str) -> Visit:
    """The visit, if its configuration has that page."""
    visit = Visit(world, secret)
    if not visit.features[feature]["enabled"]:
        raise missing("page", feature)
    return visit
