"""Where a ZIP code lies. Offline; the table is that of the `zipcodes` package."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import zipcodes


class ZipCode(NamedTuple):
    """The state of a ZIP code and its centroid in degrees; military ZIP codes have no centroid."""

    state: str
    centroid: tuple[float, float] | None


@cache
def look_up(code: str) -> ZipCode | None:
    """Find a five-digit ZIP code, or None if there is no such code."""
    if not (len(code) == 5 and code.isascii() and code.isdigit()):
        return None
    for entry in zipcodes.matching(code):  # type: ignore[no-untyped-call]
        latitude, longitude = float(entry["lat"]), float(entry["long"])
        return ZipCode(entry["state"], (latitude, longitude) if latitude or longitude else None)
    return None


def state_of(code: str | None) -> str | None:
    """The two-letter state in which a ZIP code lies, if both are known."""
    place = look_up(code) if code else None
    return place.state if place else None
