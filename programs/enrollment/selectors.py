"""Questions about sign-ups."""

from __future__ import annotations

from programs.enrollment.models import Enrollment, Role


def places_of(enrollment: Enrollment) -> int:
    """How many others a sign-up is good for: the smaller of what the person offered and what the program allows."""
    role = enrollment.cycle.settings.roles[enrollment.role]
    allowed = role.places if enrollment.role == Role.MENTOR else role.mentors
    said = enrollment.answers.get("places")
    return min(said if said is not None else allowed.default, allowed.most)
