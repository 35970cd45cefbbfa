"""The flyer of a session: one Letter page in the society's color, for a board, a break room, a table at a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chiron.design.brand import ACCENT, Palette, palette
from chiron.design.color import WHITE, Color, parse
from chiron.design.tagged import HEIGHT, WIDTH, TaggedPage, Weight, lines_of, width_of
from programs.opening.kit import Kit
from programs.policy.describing import Line
from tenants.brands import in_a_line

INK, QUIET, RULE = parse("#1b1917"), parse("#5c5751"), parse("#d9d5d0")
LEFT, RIGHT = 54.0, WIDTH - 54
FOOT: Final = 84.0  # below it stands whom to ask
BAND: Final = 236.0  # the height of the society's color
CODE: Final = 150.0
SIDE: Final = CODE + 36  # the card around the code
BESIDE: Final = RIGHT - SIDE - 34 - LEFT  # the room left of it
TITLE, LEAD, TEXT = (44.0, 38.0, 32.0, 26.0, 21.0), (16.5, 15.0, 13.0, 11.5), (13.5, 12.5, 11.5, 10.5, 9.5)
LEADING: Final = 1.32
LABELS: Final = 0.27  # the part of a line that what it is about takes


def flyer_pdf(kit: Kit, *, logo: bytes | None) -> bytes:
    """The whole file; the same session gives the same bytes."""
    title = _("%(name)s: sign up") % {"name": kit.name}
    page = TaggedPage(title=title, author=kit.society.name, language=get_language() or "en-us")
    colors = palette(kit.society.brand_color, ACCENT, "light")
    pen = _Pen(page)
    _head(pen, kit, colors, logo)
    below = _lead(pen, kit)
    _card(pen, kit, colors, below)
    _facts(pen, kit, colors, below)
    _foot(pen, kit, colors)
    return page.finished()


@dataclass(frozen=True)
class _Pen:
    """Writes lines under each other; answers where the next one would stand."""

    page: TaggedPage

    def write(
        self, lines: Sequence[str], x: float, y: float, size: float, color: Color, *, weight: Weight = 400
    ) -> float:
        for line in lines:
            self.page.line(x, y, line, size=size, weight=weight, color=color)
            y -= size * LEADING
        return y


def _head(pen: _Pen, kit: Kit, colors: Palette, logo: bytes | None) -> None:
    """The society's color with its name and logo, and what this is about in letters that are read across a room."""
    page, room, top = pen.page, RIGHT - LEFT, HEIGHT - 46
    page.box(0, HEIGHT - BAND, WIDTH, BAND, colors.fill)
    x = LEFT
    if logo:
        page.box(LEFT, top - 30, 46, 46, WHITE, round_=8)
        with page.text("Figure", instead=_("The logo of %(society)s") % {"society": kit.society.name}):
            page.picture(LEFT + 4, top - 26, 38, logo)
        x += 60
    with page.text("P"):
        name = lines_of(kit.society.name, 16, RIGHT - x, 600)[:2]
        pen.write(name, x, top - 12 + 10 * (len(name) - 1), 16, colors.on_fill, weight=600)
    title, size = _fitting(kit.name, TITLE, room, 2, 600)
    title = _balanced(title, size, room)
    with page.text("H1"):
        low = HEIGHT - BAND + 62
        y = low + size * LEADING * 0.84 * (len(title) - 1)
        for line in title:
            page.line(LEFT, y, line, size=size, weight=600, color=colors.on_fill)
            y -= size * LEADING * 0.84
    with page.text("P"):
        said = _("We are looking for %(called)s.") % {"called": kit.called}
        page.line(LEFT, HEIGHT - BAND + 28, said, size=17, color=colors.on_fill)


def _lead(pen: _Pen, kit: Kit) -> float:
    lines, size = _fitting(kit.cycle.version.policy.purpose, LEAD, RIGHT - LEFT, 5, 400)
    with pen.page.text("P"):
        return pen.write(lines, LEFT, HEIGHT - BAND - 40, size, INK) - 22


def _card(pen: _Pen, kit: Kit, colors: Palette, top: float) -> None:
    """The code, and until when: what somebody takes home."""
    page, x = pen.page, RIGHT - SIDE
    # Broken where its parts end.
    link, size = _fitting(kit.short_link.replace("/", "/ "), (10.5, 9.5, 8.5), SIDE - 24, 3, 600)
    asks, day = _asks(kit)
    height = CODE + (100 if day else 76) + len(link) * size * LEADING
    page.box(x, top + 12 - height, SIDE, height, colors.tint, round_=12)
    code = top + 12 - 18 - CODE
    page.box(x + 14, code - 4, CODE + 8, CODE + 8, WHITE, round_=6)
    with page.text("Figure", instead=_("A code that leads to %(link)s") % {"link": kit.link}):
        page.tiles(x + 24, code + 6, CODE - 12, kit.qr().matrix, INK)
    middle = x + SIDE / 2
    with page.text("P"):
        _centered(page, middle, code - 28, asks, 11.5, QUIET)
        if day:
            _centered(page, middle, code - 49, day, 17, colors.text, 600)
    with page.text("P"):
        y = code - (72 if day else 50)
        for line in link:
            _centered(page, middle, y, line.replace("/ ", "/"), size, INK, 600)
            y -= size * LEADING
    page.link(x, top + 12 - height, SIDE, height, kit.link)


def _asks(kit: Kit) -> tuple[str, str]:
    """What whoever reads this may do, and by which day where there is one."""
    if kit.by_invitation:
        return _("Scan it to read more"), ""
    return (_("Scan it and sign up any time"), "") if kit.rolls else (_("Scan it and sign up by"), kit.until)


def _facts(pen: _Pen, kit: Kit, colors: Palette, top: float) -> None:
    """What it takes and who can take part, in the largest letters in which all of it fits."""
    runs = [] if kit.rolls else [Line(_("When"), kit.runs)]
    passages = [(_("What it takes"), [*kit.takes, *runs]), (_("Who can take part"), list(kit.who))]
    room = top - FOOT - 18
    size = next((each for each in TEXT if _height(passages, each) <= room), TEXT[-1])
    while _height(passages, size) > room and any(lines for _title, lines in passages):
        max(passages, key=lambda passage: _height([passage], size))[1].pop()  # the page behind the code says it all
    y = top
    for title, lines in passages:
        with pen.page.text("H2"):
            y = pen.write([title], LEFT, y, size + 4, colors.text, weight=600) - 3
        for line in lines:
            with pen.page.text("P"):
                low = pen.write(_label_of(line, size), LEFT, y, size, QUIET)
                y = min(low, pen.write(_text_of(line, size), LEFT + BESIDE * LABELS, y, size, INK)) - size * 0.5
        y -= size


def _height(passages: Sequence[tuple[str, Sequence[Line]]], size: float) -> float:
    total = 0.0
    for _title, lines in passages:
        total += (size + 4) * LEADING + 3 + size
        highest = (max(len(_label_of(line, size)), len(_text_of(line, size))) for line in lines)
        total += sum(rows * size * LEADING + size * 0.5 for rows in highest)
    return total


def _label_of(line: Line, size: float) -> list[str]:
    return lines_of(line.label, size, BESIDE * LABELS - 8)


def _text_of(line: Line, size: float) -> list[str]:
    text = line.text[:1].upper() + line.text[1:]
    return lines_of(text, size, BESIDE * (1 - LABELS))


def _foot(pen: _Pen, kit: Kit, colors: Palette) -> None:
    page = pen.page
    page.box(LEFT, FOOT - 14, RIGHT - LEFT, 0.8, RULE)
    with page.text("P"):
        asks = _("Questions? Write to %(contact)s") % {"contact": kit.cycle.program.contact}
        page.line(LEFT, FOOT - 36, lines_of(asks, 12, RIGHT - LEFT, 600)[0], size=12, weight=600, color=colors.text)
    with page.text("P"):
        who = " · ".join(filter(None, [kit.society.name, in_a_line(kit.society.postal_address)]))
        pen.write(lines_of(who, 9.5, RIGHT - LEFT)[:2], LEFT, FOOT - 53, 9.5, QUIET)


def _fitting(text: str, sizes: Sequence[float], room: float, most: int, weight: Weight) -> tuple[list[str], float]:
    """A text in at most so many lines, as large as it can be; what is longer still ends in dots."""
    for size in sizes:
        lines = lines_of(text, size, room, weight)
        if len(lines) <= most:
            return lines, size
    kept = lines[:most]
    kept[-1] = kept[-1][: max(len(kept[-1]) - 2, 1)].rstrip() + "…"
    return kept, sizes[-1]


def _balanced(lines: list[str], size: float, room: float) -> list[str]:
    """The same words in as many lines of about the same length, so that no line holds one word alone."""
    narrower = room
    while narrower > room / 2:
        narrower -= 6
        found = lines_of(" ".join(lines), size, narrower, 600)
        if len(found) > len(lines) or max(width_of(line, size, 600) for line in found) > narrower:
            break
        lines = found
    return lines


def _centered(
    page: TaggedPage, middle: float, y: float, text: str, size: float, color: Color, weight: Weight = 400
) -> None:
    page.line(middle - width_of(text, size, weight) / 2, y, text, size=size, weight=weight, color=color)
