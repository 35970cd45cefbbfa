"""Templates, and the replies that pages make of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from stripe_emulator.billing.cards import BY_NUMBER
from stripe_emulator.kinds import Body
from stripe_emulator.money import written
from stripe_emulator.pages.papers import day

FOLDER = Path(__file__).parent / "templates"
COUNTRIES = [("US", "United States"), ("CA", "Canada"), ("GB", "United Kingdom"), ("CH", "Switzerland")]
POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
CARDS = [
    ("4242424242424242", "is charged without a question"),
    ("4000002500003155", "asks its owner to confirm"),
    ("4000000000000341", "is taken now, and refused when it is charged"),
    ("4000000000000002", "is refused"),
    ("4000000000009995", "is refused: there is not enough money"),
]


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.ChainableUndefined, trim_blocks=True
    )
    found.filters |= {"money": written, "day": day}
    found.globals["countries"] = COUNTRIES
    return found


def render(template: str, *, status: int = 200, **context: object) -> Response:
    """A page."""
    words = _templates().get_template(template).render(context)
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(words, status=status, content_type="text/html; charset=utf-8", headers=headers)


def go_to(address: str) -> Response:
    """Send the browser on, with a request that does nothing when it is made again."""
    return redirect(address, code=303)


def message(
    title: str, words: str, *, link: str | None = None, link_words: str = "Go back", status: int = 200
) -> Response:
    """A page that only says something."""
    return render("message.html", title=title, words=words, link=link, link_words=link_words, status=status)


def not_found() -> Response:
    return message("There is nothing here", "The address is wrong, or the page is not open any more.", status=404)


def card_choices() -> list[tuple[str, str, str]]:
    """The test cards to choose from: no number is ever typed, so no real one can be."""
    return [(number, _name(number), f"This card {does}.") for number, does in CARDS]


def _name(number: str) -> str:
    groups = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return f"{BY_NUMBER[number].brand.title()} {groups}"


def method_name(method: Body) -> str:
    """A saved card, as its owner knows it."""
    return f"{method['card']['brand'].title()} ending in {method['card']['last4']}"


def cost(price: Body) -> str:
    """What a price costs, and how often."""
    recurring = price["recurring"]
    every = f" per {recurring['interval']}" if recurring else ""
    return f"{written(price['unit_amount'], price['currency'])}{every}"
