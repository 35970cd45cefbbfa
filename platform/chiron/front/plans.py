"""What it costs, from the plans that can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing.features import FEATURES
from billing.models import Interval, Plan


@dataclass(frozen=True)
class Offered:
    """A plan as the page shows it."""

    name: str
    mentorships: int | None
    month: str
    year: str
    features: Sequence[object]


def offered() -> list[Offered]:
    """The plans of today, the smallest first; two queries."""
    plans = Plan.objects.filter(offered=True).prefetch_related("prices")
    return [_shown(plan) for plan in plans]


def _shown(plan: Plan) -> Offered:
    costs = {price.interval: dollars(price.cents) for price in plan.prices.all() if price.replaced_at is None}
    features = [words for thing, words in FEATURES.items() if thing in plan.features]
    return Offered(plan.name, plan.mentorships, costs.get(Interval.MONTH, ""), costs.get(Interval.YEAR, ""), features)


def dollars(cents: int) -> str:
    """“$79”, or “$79.50” where there are cents."""
    return f"${cents // 100:,}" if cents % 100 == 0 else f"${cents / 100:,.2f}"
