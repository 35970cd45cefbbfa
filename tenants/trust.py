"""What a society may do before it is known to be who it says: all but write to many people."""

from __future__ import annotations

from tenants.models import Society

# So many can be written to as a society that nobody has confirmed.
MOST_UNCONFIRMED = 25


def may_write_to(society: Society, people: int) -> bool:
    """Whether a society may write to so many people at once, those counted whom it has invited so far."""
    return society.is_confirmed or people <= MOST_UNCONFIRMED
