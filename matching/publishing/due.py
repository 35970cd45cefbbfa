"""What becomes due about publishing."""

from __future__ import annotations

from matching.publishing import leaving
from matching.publishing.models import Publication
from tenants import due


@due.handler(leaving.KIND)
def leave(ref: str) -> None:
    """Publish what nobody stopped."""
    if publication := Publication.objects.filter(pk=ref).first():
        leaving.leave(publication=publication)
