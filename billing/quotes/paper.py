"""A quote on paper: one Letter page."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.models import Interval
from billing.quotes.models import Quote
from billing.quotes.words import when_invoiced
from billing.showing import footer_of_invoices, money
from chiron.design.brand import ACCENT, PRIMARY, palette
from chiron.design.color import Color, parse
from chiron.design.tagged import HEIGHT, WIDTH, Kind, TaggedPage, Weight, lines_of, width_of

INK, QUIET, RULE = parse("#1b1917"), parse("#5c5751"), parse("#d9d5d0")
LEFT, RIGHT = 60.0, WIDTH - 60
ROOM: Final = RIGHT - LEFT
LEADING: Final = 1.4


def quote_pdf(quote: Quote) -> bytes:
    """The whole file; the same quote gives the same bytes."""
    brand = palette(PRIMARY, ACCENT, "light")
    title = _("Quote %(number)s") % {"number": quote.number}
    page = TaggedPage(title=title, author="Chiron", language=get_language() or "en-us")
    page.box(0, HEIGHT - 12, WIDTH, 12, brand.fill)
    y = _write(page, "P", "Chiron", HEIGHT - 60, size=16, weight=600, color=brand.text)
    y = _write(page, "P", settings.POSTAL_ADDRESS or settings.CHIRON_CONTACT, y, size=10, color=QUIET) - 26
    y = _write(page, "H1", title, y, size=24, weight=600)
    for line in (
        _("Made on %(day)s") % {"day": date_format(quote.made_at.astimezone(quote.society.zone), "F j, Y")},
        _("Valid until %(day)s") % {"day": date_format(quote.valid_until, "F j, Y")},
    ):
        y = _write(page, "P", line, y, size=11, color=QUIET)
    y = _write(page, "H2", _("For"), y - 16, size=13, weight=600)
    y = _write(page, "P", f"{quote.society.name}\n{quote.contact_name}\n{quote.address}", y, size=11) - 18
    y = _table(page, quote, y)
    for line in _terms(quote):
        y = _write(page, "P", line, y - 4, size=10.5, color=INK)
    return page.finished()


def _table(page: TaggedPage, quote: Quote, y: float) -> float:
    """What it is, for how long, and what it costs."""
    price = money(quote.cents, quote.currency)
    page.box(LEFT, y + 4, ROOM, 1, RULE)
    y -= 16
    with page.text("P"):
        page.line(LEFT, y, _what(quote), size=12.5, weight=600, color=INK)
        page.line(RIGHT - width_of(price, 12.5, 600), y, price, size=12.5, weight=600, color=INK)
    y = _write(page, "P", _room(quote), y - 18, size=10.5, color=QUIET)
    if quote.off:
        off = money(-quote.off, quote.currency)
        with page.text("P"):
            page.line(LEFT, y - 4, _("Discount: %(what)s") % {"what": quote.off_for}, size=10.5, color=INK)
            page.line(RIGHT - width_of(off, 10.5, 400), y - 4, off, size=10.5, color=INK)
        y -= 22
    page.box(LEFT, y, ROOM, 1, RULE)
    with page.text("P"):
        total = _("Total, before tax where it applies")
        paid = money(quote.total, quote.currency)
        page.line(LEFT, y - 20, total, size=12.5, weight=600, color=INK)
        page.line(RIGHT - width_of(paid, 12.5, 600), y - 20, paid, size=12.5, weight=600, color=INK)
    return y - 52


def _room(quote: Quote) -> str:
    free = _("Sign-ups, members and staff are not counted.")
    if (limit := quote.plan.mentorships) is None:
        return _("As many mentorships at a time as you like. %(free)s") % {"free": free}
    return _("Up to %(limit)s mentorships running at a time. %(free)s") % {"limit": limit, "free": free}


def _what(quote: Quote) -> str:
    words = _("one year") if quote.interval == Interval.YEAR else _("one month")
    return _("%(plan)s, %(time)s") % {"plan": quote.plan.name, "time": words}


def _terms(quote: Quote) -> list[str]:
    return [
        when_invoiced(quote),
        _("It can be paid by card or bank transfer with the link in the invoice, or by check."),
        footer_of_invoices(),
    ]


def _write(
    page: TaggedPage, kind: Kind, text: str, y: float, *, size: float, weight: Weight = 400, color: Color = INK
) -> float:
    """Lines under each other; answers where the next one would stand."""
    with page.text(kind):
        for part in text.splitlines():
            for line in lines_of(part, size, ROOM, weight):
                page.line(LEFT, y, line, size=size, weight=weight, color=color)
                y -= size * LEADING
    return y
