"""What invented people do, day by day."""

from __future__ import annotations

from programs.rehearsing import acting
from tenants import context, due


@due.handler(acting.DAY)
def live_a_day(ref: str) -> None:
    """Let everybody do what they would do today, and come back tomorrow; only where nobody is real."""
    society = context.current()
    if society is not None and society.is_rehearsal:
        acting.live_a_day()
        acting.plan_next_day()
