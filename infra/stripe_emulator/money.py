"""Shares of amounts, in whole cents."""

from __future__ import annotations


def share(amount: int, part: int, whole: int) -> int:
    """`amount · part / whole`, rounded to the nearest cent, half a cent away from zero."""
    if whole <= 0:
        return 0
    sign = -1 if amount * part < 0 else 1
    return sign * ((2 * abs(amount) * part + whole) // (2 * whole))


def percent(amount: int, percentage: float) -> int:
    """A percentage of an amount, of which Stripe keeps two digits."""
    return share(amount, round(percentage * 100), 10_000)


def written(amount: int, currency: str) -> str:
    """An amount as a person reads it."""
    sign = {"usd": "$", "eur": "€", "gbp": "£"}.get(currency, f"{currency.upper()} ")
    return f"{'-' if amount < 0 else ''}{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"
