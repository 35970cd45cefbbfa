"""Sixty days before a year ends."""

from __future__ import annotations

from billing.quotes import services
from tenants import context, due


@due.handler(services.RENEW)
def renew(ref: str) -> None:
    """Write the quote for another year."""
    society = context.current()
    assert society is not None, "It is scheduled by a society."
    services.quote_renewal(society)
