"""A society's look, derived from two colors: its own color and an accent.

Nothing here can go wrong for a society: colors that would be hard to read are lightened or darkened until they meet
WCAG 2.2 (4.5 for text, 3.0 for the parts of a page) in the light and the dark scheme, and `check` says so in sentences.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from django.utils.translation import gettext as _

from chiron.design.color import BLACK, WHITE, Color, clear_of, contrast, mend, mix, parse, shift

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")

TEXT = 4.5
PART = 3.0
PRIMARY, ACCENT = "#1d4f63", "#b0741a"  # Chiron's own

# What text and parts lie on; _tokens.scss draws with the same values.
GROUNDS: Mapping[Scheme, tuple[Color, ...]] = MappingProxyType(
    {
        "light": tuple(map(parse, ("#ffffff", "#fbfaf9", "#f4f3f1"))),
        "dark": tuple(map(parse, ("#211f1d", "#171614", "#2a2724"))),
    }
)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colors of one scheme."""

    fill: Color  # buttons, ticks, the current step
    on_fill: Color
    hover: Color
    tint: Color  # a quiet ground in the society's color
    edge: Color  # the line around it
    text: Color  # links, and everything in the society's color that is read; focus rings too
    text_hover: Color
    accent: Color
    bars: tuple[Color, ...]  # the parts of a score, strongest first


@dataclass(frozen=True, slots=True)
class Mend:
    """A color that was not used as given, and why, as a sentence for the society's owner."""

    given: Color
    used: Color
    sentence: str


@lru_cache(maxsize=256)
def palette(primary: str, accent: str, scheme: Scheme) -> Palette:
    """Derive one scheme's colors. DomainError if a color cannot be read."""
    own, second, grounds = parse(primary), parse(accent), GROUNDS[scheme]
    dark = scheme == "dark"
    fill = mend(own, grounds, PART, lighter=dark)
    on_fill = WHITE if contrast(WHITE, fill) >= TEXT else BLACK
    tint = mix(fill, grounds[0], 0.22 if dark else 0.08)
    text = mend(own, (*grounds, tint), TEXT, lighter=dark)
    return Palette(
        fill=fill,
        on_fill=on_fill,
        hover=_hover(fill, on_fill, grounds),
        tint=tint,
        edge=mix(fill, grounds[0], 0.5 if dark else 0.25),
        text=text,
        text_hover=mend(shift(text, 0.06 if dark else -0.06), (*grounds, tint), TEXT, lighter=dark),
        accent=mend(second, grounds, PART, lighter=dark),
        bars=_bars(text if dark else fill, grounds, dark=dark),
    )


def _hover(fill: Color, on_fill: Color, grounds: tuple[Color, ...]) -> Color:
    """A step darker or lighter that keeps the button's words and its edge; the button itself if neither does."""
    for by in (-0.05, 0.05):
        moved = shift(fill, by)
        if clear_of(moved, grounds, PART) and contrast(moved, on_fill) >= TEXT:
            return moved
    return fill


def _bars(strong: Color, grounds: tuple[Color, ...], *, dark: bool) -> tuple[Color, ...]:
    """Five steps from the society's color towards the ground, none fainter than a part may be."""
    faint = mix(strong, grounds[0], 0.45)
    return tuple(mend(mix(faint, strong, step / 4), grounds, PART, lighter=dark) for step in range(5))


def variables(palette: Palette) -> dict[str, str]:
    """The palette as the custom properties that our stylesheet and Tabler read."""
    named = {
        "primary": palette.fill,
        "primary-fg": palette.on_fill,
        "primary-darken": palette.hover,
        "primary-lt": palette.tint,
        "primary-edge": palette.edge,
        "focus": palette.text,
        "link-color": palette.text,
        "link-hover-color": palette.text_hover,
        "accent": palette.accent,
    }
    named |= {f"bar-{number}": color for number, color in enumerate(palette.bars, start=1)}
    return {f"--{name}": str(color) for name, color in named.items()}


def stylesheet(primary: str, accent: str) -> str:
    """The stylesheet of one society, a kilobyte. Paper is always light."""
    light, dark = (
        "".join(f"{name}:{value};" for name, value in variables(palette(primary, accent, scheme)).items())
        for scheme in SCHEMES
    )
    return (
        f":root{{{light}}}\n"
        f'@media screen{{[data-bs-theme="dark"]{{{dark}}}}}\n'
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-bs-theme]){{{dark}}}}}\n"
    )


def digest(css: str) -> str:
    """The name under which a stylesheet can be kept for a year."""
    return hashlib.sha256(css.encode()).hexdigest()[:16]


def check(primary: str, accent: str) -> list[Mend]:
    """What was lightened or darkened, one sentence each; nothing if both colors serve as they are."""
    own, second = parse(primary), parse(accent)
    mends = []
    for scheme in SCHEMES:
        made = palette(primary, accent, scheme)
        uses = ((own, made.fill, _("buttons")), (own, made.text, _("links")), (second, made.accent, _("the accent")))
        mends += [Mend(given, used, _said(given, used, use, scheme)) for given, used, use in uses if used != given]
    return mends


def _said(given: Color, used: Color, use: str, scheme: Scheme) -> str:
    facts = {"given": given, "used": used, "use": use}
    if scheme == "dark":
        return _("On dark screens %(given)s is too dark for %(use)s; we use %(used)s there.") % facts
    return _("%(given)s is too light for %(use)s on white; we use %(used)s there.") % facts
