"""Places by ZIP code, without a network: in which state, county and town it lies, and where its middle is."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Final

import zipcodes

# Five digits, or a ZIP+4 of which the first five count.
ZIP: Final = re.compile(r"\d{5}(-?\d{4})?", re.ASCII)


@lru_cache(maxsize=50_000)
def _place(code: str) -> dict[str, Any] | None:
    """What is known of a ZIP code; None if there is no such code."""
    words = code.strip()
    if not ZIP.fullmatch(words):
        return None
    found: list[dict[str, Any]] = zipcodes.matching(words[:5])  # type: ignore[no-untyped-call]
    return found[0] if found else None


def state_of(code: str) -> str | None:
    """The two letters of the state; None if there is no such code."""
    place = _place(code)
    return str(place["state"]) if place else None


def county_of(code: str) -> str:
    """The county; empty if it is not known."""
    place = _place(code)
    return str(place["county"] or "") if place else ""


def town_of(code: str) -> str:
    """The town; empty if there is no such code."""
    place = _place(code)
    return str(place["city"]) if place else ""


def middle_of(code: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None if there is no such code, or if it is of no place."""
    place = _place(code)
    if place is None:
        return None
    latitude, longitude = float(place["lat"]), float(place["long"])
    return (latitude, longitude) if latitude or longitude else None


@cache
def codes_in(state: str) -> tuple[str, ...]:
    """The codes of a state where people live, by number; all of its codes where it has no such ones."""
    found: list[dict[str, Any]] = zipcodes.filter_by(state=state)  # type: ignore[no-untyped-call]
    lived_in = [each for each in found if each["zip_code_type"] == "STANDARD"]
    return tuple(each["zip_code"] for each in lived_in or found)
