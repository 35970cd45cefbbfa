"""Telling everybody of a society that it leaves, or that it stays after all."""

from __future__ import annotations

from billing.leaving import mails
from billing.leaving.models import Departure
from billing.leaving.services import TELL
from tenants import context, due


@due.handler(TELL, while_leaving=True)
def tell(ref: str) -> None:
    """Half an hour after it was said; nobody who never heard of a leaving is told that it was stopped."""
    with context.platform():
        departure = Departure.objects.filter(pk=ref, deleted_at=None).first()
    if departure is not None:
        mails.tell_everybody(departure)
