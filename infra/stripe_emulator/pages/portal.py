"""The billing portal: plan, card, details and invoices of one customer."""

from __future__ import annotations

from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from stripe_emulator.due import period_end
from stripe_emulator.errors import missing
from stripe_emulator.kinds import Body
from stripe_emulator.pages.papers import day
from stripe_emulator.pages.rendering import cost, go_to, method_name, render
from stripe_emulator.pages.serving import page
from stripe_emulator.world import World

LASTS = 3_600
SAID = {
    "plan": "Your plan is changed.",
    "later": "Your plan will change at the end of the period.",
    "canceled": "Your plan is canceled.",
    "kept": "Your plan goes on.",
    "card": "Your card is saved.",
    "removed": "The card is removed.",
    "details": "Your details are saved.",
}
FLOWS = {"payment_method_update": "card", "customer_update": "details"}
STATES = {"trialing": "trial", "past_due": "past due"}


class Visit:
    """Somebody at the portal: the session, its customer, and what they may do."""

    def __init__(self, world: World, secret: str) -> None:
        found = world.find("billing_portal.session", _page=secret)
        if not found or world.now_of(found[0]) > found[0]["created"] + LASTS:
            raise missing("billing_portal.session", "that page")
        self.session = found[0]
        self.here = f"/p/{secret}"
        self.customer = world.get("customer", self.session["customer"])
        self.features: Body = world.get("billing_portal.configuration", self.session["configuration"])["features"]

    def subscription(self, world: World, identity: str) -> Body:
        """One of their own subscriptions."""
        body = world.get("subscription", identity)
        if body["customer"] != self.customer["id"]:
            raise missing("subscription", identity)
        return body

    def done(self, word: str) -> Response:
        """Back to the portal's first page, or to where the flow says."""
        after = (self.session["flow"] or {}).get("after_completion") or {}
        if after.get("type") == "redirect":
            return go_to(after["redirect"]["return_url"])
        return go_to(f"{self.here}?said={word}")


@page("GET /p/{secret}")
def home(world: World, request: Request, secret: str) -> Response:
    visit = Visit(world, secret)
    flow, said = visit.session["flow"], request.args.get("said", "")
    if flow and not said and "all" not in request.args:
        return go_to(f"{visit.here}/{_step(flow)}")
    back = visit.session["return_url"]
    return render(
        "portal.html",
        here=visit.here,
        back=back,
        back_name=urlsplit(back).hostname if back else "",
        customer=visit.customer,
        features=visit.features,
        said=SAID.get(said, ""),
        plans=[_plan(world, visit, body) for body in _running(world, visit)],
        methods=_methods(world, visit),
        invoices=[body for body in world.find("invoice", customer=visit.customer["id"]) if body["number"]],
    )


def _step(flow: Body) -> str:
    kind = flow["type"]
    if kind in FLOWS:
        return FLOWS[kind]
    step = "cancel" if kind == "subscription_cancel" else "plan"
    return f"{step}/{flow[kind]['subscription']}"


def _running(world: World, visit: Visit) -> list[Body]:
    found = world.find("subscription", customer=visit.customer["id"])
    return [body for body in found if body["status"] not in ("canceled", "incomplete_expired")]


def _plan(world: World, visit: Visit, body: Body) -> Body:
    price = world.get("price", body["_items"][0]["price"])
    leaves, end = body["cancel_at"], day(period_end(body))
    if leaves:
        following = f"Ends on {day(leaves)}."
    elif body["status"] == "trialing":
        following = f"Free until {day(body['trial_end'])}."
    else:
        following = f"Next invoice on {end}."
    cancels = visit.features["subscription_cancel"]["enabled"]
    return {
        "id": body["id"],
        "name": world.get("product", price["product"])["name"],
        "price": cost(price),
        "status": STATES.get(body["status"], body["status"]),
        "next": following,
        "may_change": visit.features["subscription_update"]["enabled"] and not leaves,
        "may_cancel": cancels and not leaves and not body["schedule"],
        "may_keep": cancels and bool(leaves),
    }


def _methods(world: World, visit: Visit) -> list[Body]:
    names = {body["default_payment_method"] for body in _running(world, visit)}
    charged = names - {None} or {visit.customer["invoice_settings"]["default_payment_method"]}
    found = world.find("payment_method", customer=visit.customer["id"])
    return [
        {"id": method["id"], "name": method_name(method), "is_default": method["id"] in charged} for method in found
    ]
