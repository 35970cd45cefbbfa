"""A certificate that somebody took part in a mentorship: one Letter page in the society's color."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chiron.design.brand import ACCENT, palette
from chiron.design.color import Color, parse
from chiron.design.frame import Brand
from chiron.design.tagged import HEIGHT, WIDTH, Kind, TaggedPage, Weight, lines_of, width_of
from programs.mentorships.models import Participation

INK, QUIET = parse("#1b1917"), parse("#5c5751")
ROOM: Final = WIDTH - 160


def certificate_pdf(place: Participation, brand: Brand, today: date) -> bytes:
    """The whole file. It names the person, the program and the time; nobody whom they met."""
    colors = palette(brand.primary, ACCENT, "light")
    page = TaggedPage(title=_("Certificate"), author=brand.name, language=get_language() or "en-us")
    for edge in (0, HEIGHT - 18):
        page.box(0, edge, WIDTH, 18, colors.fill)
    y = HEIGHT - 170
    for kind, text, size, weight, color, below in (
        ("P", brand.name, 16, 600, colors.text, 60),
        ("H1", _("Certificate"), 34, 600, INK, 64),
        ("P", place.person.name, 26, 600, INK, 42),
        ("P", _took_part(place), 14, 400, INK, 32),
        ("P", place.mentorship.cycle.program.name, 20, 600, colors.text, 28),
        ("P", _span(place, today), 13, 400, QUIET, 110),
        ("P", _given(brand, today), 11, 400, QUIET, 16),
        ("P", brand.contact, 11, 400, QUIET, 0),
    ):
        y = _centered(page, kind, text, y, size=size, weight=weight, color=color) - below  # type: ignore[arg-type]
    return page.finished()


def _took_part(place: Participation) -> str:
    called = place.mentorship.cycle.settings.roles[place.role].called
    return _("took part as %(role)s in") % {"role": called.lower()}


def _span(place: Participation, today: date) -> str:
    """From the introduction to the end: that of the mentorship, else of its session, else today."""
    mentorship = place.mentorship
    assert mentorship.introduced_at is not None, "It ran."
    ended = mentorship.ended_on or min(today, mentorship.cycle.ends_on or today)
    days = [date_format(day, "F j, Y") for day in (mentorship.introduced_at, ended)]
    return _("%(first)s to %(last)s") % {"first": days[0], "last": days[1]}


def _given(brand: Brand, today: date) -> str:
    return _("Given by %(society)s on %(day)s") % {"society": brand.name, "day": date_format(today, "F j, Y")}


def _centered(page: TaggedPage, kind: Kind, text: str, y: float, *, size: float, weight: Weight, color: Color) -> float:
    """Lines in the middle; answers where the last one stands."""
    with page.text(kind):
        for number, line in enumerate(lines_of(text, size, ROOM, weight)):
            y -= size * 1.3 if number else 0
            page.line((WIDTH - width_of(line, size, weight)) / 2, y, line, size=size, weight=weight, color=color)
    return y
