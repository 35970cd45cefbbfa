"""When something happens to an object by itself: the one moment that a clock has to stop at next."""

from __future__ import annotations

from stripe_emulator.dates import DAY, HOUR
from stripe_emulator.kinds import Body

DRAFT_LASTS = HOUR
FIRST_PAYMENT_LASTS = 23 * HOUR
WARNED_BEFORE_TRIAL_ENDS = 3 * DAY
WARNED_BEFORE_RENEWAL = 7 * DAY
ENDED = ("canceled", "incomplete_expired")


def due_of(body: Body) -> int | None:
    """The next moment, or None for what only people change."""
    moments = _MOMENTS.get(body["object"])
    return min((at for at in moments(body) if at is not None), default=None) if moments else None


def _subscription(body: Body) -> list[int | None]:
    if body["status"] in ENDED or body["status"] == "paused":
        return []
    if body["status"] == "incomplete":
        return [body["created"] + FIRST_PAYMENT_LASTS]
    warning = None
    if body["status"] == "trialing" and not body["_warned"]:
        warning = body["trial_end"] - WARNED_BEFORE_TRIAL_ENDS
    upcoming = None if body["_announced"] else period_end(body) - WARNED_BEFORE_RENEWAL
    return [period_end(body), warning, upcoming, body["cancel_at"]]


def period_end(subscription: Body) -> int:
    """The end of the period that runs: since 2025 periods are the items', and ours all share one."""
    return int(subscription["_items"][0]["current_period_end"])


def _invoice(body: Body) -> list[int | None]:
    if body["status"] == "draft":
        return [body["automatically_finalizes_at"] if body["auto_advance"] else None]
    if body["status"] != "open":
        return []
    overdue = None if body["_overdue"] else body["due_date"]
    return [overdue, body["next_payment_attempt"]]


def _schedule(body: Body) -> list[int | None]:
    if body["status"] not in ("active", "not_started"):
        return []
    current = body["current_phase"]
    return [current["end_date"] if current else body["phases"][0]["start_date"]]


def _expiring(body: Body) -> list[int | None]:
    return [body["expires_at"]] if body["status"] == "open" or (body["object"] == "quote" and _undecided(body)) else []


def _undecided(quote: Body) -> bool:
    return quote["status"] in ("draft", "open")


_MOMENTS = {
    "subscription": _subscription,
    "invoice": _invoice,
    "subscription_schedule": _schedule,
    "checkout.session": _expiring,
    "quote": _expiring,
}
