"""Color arithmetic: sRGB, contrast as WCAG 2.2 defines it, and lightness as people see it (Oklab, Ottosson 2020)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError

_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


class Color(NamedTuple):
    """An sRGB color, each part 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


WHITE = Color(255, 255, 255)
BLACK = Color(0, 0, 0)


def parse(text: str) -> Color:
    """Read "#7b1e3a" or "#abc", with or without the sign; DomainError for anything else."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        raise DomainError(_("“%(text)s” is not a color. Write it like #7b1e3a.") % {"text": text})
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    return Color(int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def luminance(color: Color) -> float:
    """Relative luminance, 0 for black to 1 for white (WCAG 2.2)."""
    red, green, blue = (_linear(part) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def clear_of(color: Color, grounds: Iterable[Color], ratio: float) -> bool:
    """Whether the color has at least this contrast with every ground."""
    return all(contrast(color, ground) >= ratio for ground in grounds)


def mix(color: Color, ground: Color, share: float) -> Color:
    """So much of the color on that ground, as a translucent layer would look."""
    return Color(*(round(part * share + under * (1 - share)) for part, under in zip(color, ground, strict=True)))


def shift(color: Color, by: float) -> Color:
    """The same hue, lighter (by > 0, up to 1) or darker."""
    lightness, chroma, hue = _to_oklch(color)
    return _from_oklch(min(1.0, max(0.0, lightness + by)), chroma, hue)


def mend(color: Color, grounds: Iterable[Color], ratio: float, *, lighter: bool) -> Color:
    """The nearest color of that hue with enough contrast to every ground, found by lightening or by darkening.

    Grounds must lie on the other side, so that white or black is always an answer at the end of the way.
    """
    grounds = tuple(grounds)
    if clear_of(color, grounds, ratio):
        return color
    lightness, chroma, hue = _to_oklch(color)
    end = 1.0 if lighter else 0.0
    for step in range(1, 100):
        candidate = _from_oklch(lightness + (end - lightness) * step / 100, chroma, hue)
        if clear_of(candidate, grounds, ratio):
            return candidate
    return WHITE if lighter else BLACK


def _linear(part: int) -> float:
    value = part / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _to_oklch(color: Color) -> tuple[float, float, float]:
    red, green, blue = (_linear(part) for part in color)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _oklch_to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _from_oklch(lightness: float, chroma: float, hue: float) -> Color:
    """The color, or the most vivid one of that lightness and hue which a screen can show."""
    linear = _oklch_to_linear(lightness, chroma, hue)
    if not _shown(linear):
        low, high = 0.0, chroma
        for _step in range(12):
            middle = (low + high) / 2
            low, high = (middle, high) if _shown(_oklch_to_linear(lightness, middle, hue)) else (low, middle)
        linear = _oklch_to_linear(lightness, low, hue)
    return Color(*(round(255 * _encoded(min(1.0, max(0.0, value)))) for value in linear))


def _shown(linear: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= value <= 1.0005 for value in linear)
