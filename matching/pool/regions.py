"""Where people are: the first three digits of a ZIP code, called by the county that most of them are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from programs.policy.places import county_of

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


def _named(region: str, counties: Counter[str]) -> str:
    del counties[""]
    if not counties:
        return _("ZIP codes %(digits)s…") % {"digits": region}
    county = min(counties, key=lambda name: (-counties[name], name))
    return _("%(county)s (%(digits)s…)") % {"county": county, "digits": region}
