"""Invoices, credit notes and quotes on paper."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from stripe_emulator.kinds import Body
from stripe_emulator.money import written
from stripe_emulator.world import World

NOTICE = "This paper comes from the emulator: no money is owed, and no card is charged."
LEFT, RIGHT, TOP, STEP, WIDEST = 56, 556, 730, 16, 80


def day(moment: int | None) -> str:
    """A date as it is written on paper."""
    if moment is None:
        return "–"
    at = datetime.fromtimestamp(moment, UTC)
    return f"{at:%B} {at.day}, {at.year}"


def invoice_pdf(world: World, body: Body) -> bytes:
    """An invoice with its number, its lines and what is due."""
    facts = [
        ("Invoice number", body["number"] or "draft"),
        ("Date", day(body["effective_at"])),
        ("Date due", day(body["due_date"])),
        *((field["name"], field["value"]) for field in body["custom_fields"] or []),
    ]
    sums = [("Subtotal", body["subtotal"])]
    sums += [("Discount", -taken["amount"]) for taken in body["total_discount_amounts"]]
    sums += [("Total", body["total"]), ("Amount due", body["amount_remaining"])]
    return _paper(
        "Invoice", facts, _address(body), body["_lines"], sums, body["currency"], [body["description"], body["footer"]]
    )


def credit_note_pdf(world: World, body: Body) -> bytes:
    """A credit note with its number and its invoice's."""
    invoice = world.get("invoice", body["invoice"])
    facts = [("Credit note", body["number"]), ("Invoice", invoice["number"]), ("Date", day(body["effective_at"]))]
    sums = [("Credited", body["total"])]
    return _paper("Credit note", facts, _address(invoice), body["_lines"], sums, body["currency"], [body["memo"]])


def quote_pdf(world: World, body: Body) -> bytes:
    """A quote with the day until which it is valid."""
    customer = world.get("customer", body["customer"])
    facts = [("Quote", body["number"] or "draft"), ("Valid until", day(body["expires_at"]))]
    facts += [(field["name"], field["value"]) for field in body["invoice_settings"]["custom_fields"] or []]
    lines = [line | {"amount": line["amount_subtotal"]} for line in body["_lines"]]
    sums = [("Subtotal", body["amount_subtotal"]), ("Total", body["amount_total"])]
    to = [customer["name"], *_lines_of(customer["address"])]
    words = [body["description"], body["footer"]]
    return _paper(body["header"] or "Quote", facts, to, lines, sums, body["currency"] or "usd", words)


def _address(body: Body) -> list[str]:
    return [body["customer_name"], *_lines_of(body["customer_address"]), body["customer_email"]]


def _lines_of(address: Body | None) -> list[str]:
    if address is None:
        return []
    place = " ".join(address[name] or "" for name in ("city", "state", "postal_code"))
    return [address["line1"], address["line2"], place.strip(), address["country"]]


def _paper(
    title: str,
    facts: Sequence[tuple[str, str]],
    to: Sequence[str | None],
    lines: Sequence[Body],
    sums: Sequence[tuple[str, int]],
    currency: str,
    words: Sequence[str | None],
) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=LETTER, invariant=1)
    canvas.setTitle(title)
    sheet = _Sheet(canvas)
    sheet.say(title, size=22)
    sheet.say(NOTICE, size=9)
    for name, value in facts:
        sheet.say(f"{name}: {value}")
    sheet.gap()
    for line in to:
        if line:
            sheet.say(line)
    sheet.gap()
    for line_of in lines:
        sheet.pair(str(line_of["description"]), written(line_of["amount"], currency))
    sheet.gap()
    for name, amount in sums:
        sheet.pair(name, written(amount, currency))
    sheet.gap()
    for word in words:
        for line in (word or "").splitlines():
            sheet.say(line)
    canvas.save()
    return file.getvalue()


class _Sheet:
    """Lines from the top of a page to its foot, and on to the next."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._at = TOP

    def say(self, words: str, size: int = 11) -> None:
        for line in textwrap.wrap(words, WIDEST) or [""]:
            self._down(max(STEP, size + 4))
            self._canvas.setFont("Helvetica", size)
            self._canvas.drawString(LEFT, self._at, line)

    def pair(self, words: str, amount: str) -> None:
        self.say(words)
        self._canvas.drawRightString(RIGHT, self._at, amount)

    def gap(self) -> None:
        self._down(STEP)

    def _down(self, step: int) -> None:
        self._at -= step
        if self._at < LEFT:
            self._canvas.showPage()
            self._at = TOP
