"""Where people are: the first three digits of a ZIP code, called by the county that most of them are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

import zipcodes
from django.utils.translation import gettext as _

DIGITS = 3


def region_of(code: str | None) -> str:
    """The first digits of a ZIP code; empty if there is none."""
    said = (code or "").strip()[:DIGITS]
    return said if len(said) == DIGITS and said.isascii() and said.isdigit() else ""


def called(codes: Iterable[str]) -> dict[str, str]:
    """Each region of these ZIP codes as people would call it: “Placer County (956…)”."""
    counties: dict[str, Counter[str]] = {}
    for code in codes:
        if region := region_of(code):
            counties.setdefault(region, Counter())[county_of(code)] += 1
    return {region: _named(region, found) for region, found in counties.items()}


@cache
def county_of(code: str) -> str:
    """The county of a ZIP code, offline; empty if it is not known."""
    if not (len(code) >= len("95666") and code.isascii() and code[:5].isdigit()):
        return ""
    for entry in zipcodes.matching(code[:5]):  # type: ignore[no-untyped-call]
        return str(entry["county"] or "")
    return ""


def _named(region: str, counties: Counter[str]) -> str:
    del counties[""]
    if not counties:
        return _("ZIP codes %(digits)s…") % {"digits": region}
    county = min(counties, key=lambda name: (-counties[name], name))
    return _("%(county)s (%(digits)s…)") % {"county": county, "digits": region}
