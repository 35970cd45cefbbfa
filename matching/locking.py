"""What is held while a session's pairs are suggested, decided upon or published."""

from __future__ import annotations

from programs.policy.models import Cycle


def locked_cycle(cycle: Cycle) -> Cycle:
    """The session's row, held until the end: suggesting, deciding and publishing come one after the other."""
    return Cycle.objects.select_for_update(of=["self"]).select_related("version", "program").get(pk=cycle.pk)
