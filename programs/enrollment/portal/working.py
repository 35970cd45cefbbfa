"""What the pages on a worker's work have in common."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from programs.enrollment import working
from tenants.people.access import SocietyRequest


def progress(request: SocietyRequest, pk: UUID) -> dict[str, Any]:
    """How far the work on a thing is, for a page that asks again at its own address."""
    done, total = working.look(pk) or (0, 0)
    stopping, silent = working.is_stopped(pk), working.is_silent(pk)
    return {"address": request.path, "done": done, "total": total, "stopping": stopping, "silent": silent}
