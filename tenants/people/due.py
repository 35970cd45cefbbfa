"""What becomes due about staff roles that end: a word a week before, and the end itself."""

from __future__ import annotations

from tenants import due
from tenants.people import services
from tenants.people.models import StaffRole


@due.handler(services.ENDS_SOON)
def tell_of_end(ref: str) -> None:
    """A week before the last day."""
    if role := StaffRole.objects.filter(pk=ref).first():
        services.tell_of_end(role=role)


@due.handler(services.OVER)
def close_role(ref: str) -> None:
    """The day after the last one."""
    if role := StaffRole.objects.filter(pk=ref).first():
        services.close_role(role=role)
