"""What becomes due about people who are interested."""

from __future__ import annotations

from programs.enrollment import interests
from programs.policy.models import Interest
from tenants import due


@due.handler(interests.KIND)
def ask_or_forget(ref: str) -> None:
    """Twelve silent months are over, or the month after the question."""
    if interest := Interest.objects.select_related("program").filter(pk=ref).first():
        interests.ask_or_forget(interest=interest)
