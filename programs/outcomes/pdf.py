"""The page for the board as a PDF: one Letter page in the society's color, whose text can be read aloud and copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chiron.design.brand import ACCENT, palette
from chiron.design.color import Color, parse
from chiron.design.frame import Brand
from chiron.design.tagged import HEIGHT, WIDTH, TaggedPage, lines_of, width_of
from programs.outcomes.report import Figure, Report

INK, QUIET, GROUND = parse("#1b1917"), parse("#5c5751"), parse("#ebe9e6")
LEFT, RIGHT, BOTTOM = 60.0, WIDTH - 60, 48.0
ROOM: Final = RIGHT - LEFT
LARGE, SMALL, MOST_LINES = 23.0, 15.0, 2  # the title's letters, and from where on they are small
QUOTES: Final = (11.0, 10.0, 9.0)  # a quote's letters: the largest with which all fit
LEADING: Final = 1.36
LABELS: Final = 210.0  # the figures stand to the right of what they count


def report_pdf(report: Report, brand: Brand) -> bytes:
    """The whole file; the same report gives the same bytes."""
    page = drawn(report, brand)
    day = date_format(report.day, "F j, Y")
    foot = _("As of %(day)s. What people answered is told only where five or more did.") % {"day": day}
    with page.text("P"):
        page.line(LEFT, BOTTOM - 12, foot, size=9, color=QUIET)
    return page.finished()


def drawn(report: Report, brand: Brand) -> TaggedPage:
    """The page without its last line."""
    colors = palette(brand.primary, ACCENT, "light")
    page = TaggedPage(title=f"{brand.name}: {report.title}", author=brand.name, language=get_language() or "en-us")
    page.box(0, HEIGHT - 12, WIDTH, 12, colors.fill)
    y = _head(page, report, brand, colors.text)
    for figure in report.figures:
        y = _figure(page, figure, y, colors.fill)
    if report.to_come:
        with page.text("P"):
            y = _lines(page, lines_of(report.to_come, 11, ROOM), LEFT, y, size=11, color=QUIET) - 10
    _quotes(page, report.quotes, y, colors.text)
    return page


def _head(page: TaggedPage, report: Report, brand: Brand, color: Color) -> float:
    with page.text("P"):
        y = _lines(page, lines_of(brand.name, 13, ROOM, 600), LEFT, HEIGHT - 52, size=13, weight=600, color=color)
    size = LARGE if len(lines_of(report.title, LARGE, ROOM, 600)) <= MOST_LINES else SMALL
    with page.text("H1"):
        y = _lines(page, lines_of(report.title, size, ROOM, 600), LEFT, y - 14, size=size, weight=600, color=INK)
    with page.text("P"):
        y = _lines(page, [report.span], LEFT, y - 1, size=11, color=QUIET)
    return y - 20


def _figure(page: TaggedPage, figure: Figure, y: float, color: Color) -> float:
    """What is counted, its number, a bar, and what the number means; answers where the next one begins."""
    beside = LEFT + LABELS
    with page.text("P"):
        page.line(LEFT, y, figure.label, size=11.5, color=INK)
        page.line(beside, y - 2, figure.said, size=19, weight=600, color=INK)
        after = beside + width_of(figure.said, 19, 600) + 10
        first, *rest = lines_of(figure.note, 9.5, RIGHT - after)
        page.line(after, y, first, size=9.5, color=QUIET)
        below = _lines(page, rest, after, y - 11, size=9.5, color=QUIET) if rest else y - 11
    if not figure.whole:
        return below - 17
    page.box(beside, below - 3, RIGHT - beside, 5, GROUND)
    page.box(beside, below - 3, (RIGHT - beside) * (figure.part or 0) / figure.whole, 5, color)
    return below - 27


def _quotes(page: TaggedPage, quotes: Sequence[str], y: float, color: Color) -> None:
    if not quotes:
        return
    with page.text("H2"):
        page.line(LEFT, y - 6, _("In their own words"), size=13, weight=600, color=INK)
    y -= 30
    size = next((each for each in QUOTES if _height(quotes, each) <= y - BOTTOM), QUOTES[-1])
    for quote in quotes:
        lines, step = _quote_lines(quote, size), size * LEADING
        page.box(LEFT, y - step * (len(lines) - 1) - 5, 3, step * len(lines), color)
        with page.text("BlockQuote"):
            y = _lines(page, lines, LEFT + 18, y, size=size, color=INK) - 8


def _height(quotes: Sequence[str], size: float) -> float:
    return sum(len(_quote_lines(quote, size)) * size * LEADING + 8 for quote in quotes)


def _quote_lines(quote: str, size: float) -> list[str]:
    return lines_of(f"“{quote}”", size, ROOM - 18)


def _lines(
    page: TaggedPage, lines: Sequence[str], x: float, y: float, *, size: float, color: Color, weight: int = 400
) -> float:
    """Lines under each other; answers where the next one would stand."""
    for line in lines:
        page.line(x, y, line, size=size, weight=600 if weight == 600 else 400, color=color)
        y -= size * LEADING
    return y
