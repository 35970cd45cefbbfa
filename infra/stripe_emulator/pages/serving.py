"""Which page answers which address. An address holds a secret that cannot be guessed, as Stripe's do."""

from __future__ import annotations

import re
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from stripe_emulator.errors import StripeError
from stripe_emulator.pages.rendering import FOLDER, message, not_found
from stripe_emulator.world import World

Page = Callable[..., Response]
PAGES: list[tuple[str, re.Pattern[str], Page]] = []


def page(address: str) -> Callable[[Page], Page]:
    """Register a page for `METHOD /path/{secret}`; it takes the world, the request and what stands in the path."""
    method, path = address.split(" ")
    pattern = re.compile(re.sub(r"\{\w+\}", r"([^/]+)", path))

    def register(function: Page) -> Page:
        PAGES.append((method, pattern, function))
        return function

    return register


def answer(world: World, request: Request) -> Response:
    """Answer a browser; a page is one transaction, and what is refused is undone."""
    method = "GET" if request.method == "HEAD" else request.method
    for wanted, pattern, function in PAGES:
        if method == wanted and (match := pattern.fullmatch(request.path)):
            try:
                with world.store.transaction(), world.still():
                    return function(world, request, *match.groups())
            except StripeError as error:
                return not_found() if error.status == 404 else message("That did not work", str(error), status=400)
    return not_found()


@page("GET /style.css")
def style(world: World, request: Request) -> Response:
    return Response((FOLDER / "style.css").read_bytes(), content_type="text/css; charset=utf-8")


@page("GET /")
def front(world: World, request: Request) -> Response:
    return message(
        "A Stripe for this desk",
        "Checkout, the billing portal and invoices open here when the platform sends you to them. "
        "No card is charged, and no real key is taken.",
    )
