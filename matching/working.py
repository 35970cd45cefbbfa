"""How far a long suggestion is: a note that the worker leaves and the desk reads. Nothing rests on it but a picture."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache

from matching.engine import Progress
from programs.policy.models import Cycle

# A worker that died is forgotten after this; the draft before is there all the time.
KEPT_FOR = 600


@dataclass(frozen=True)
class Working:
    """One long suggestion: how much is done, or why it ended without a draft."""

    done: int = 0
    total: int = 0
    refused: str = ""


def note(cycle: Cycle, working: Working) -> None:
    """Leave word for the desk."""
    cache.set(_key(cycle), asdict(working), KEPT_FOR)


def note_progress(cycle: Cycle, progress: Progress) -> None:
    note(cycle, Working(progress.done, progress.total))


def look(cycle: Cycle) -> Working | None:
    """What is being worked on for a session; None if nothing is."""
    found: dict[str, Any] | None = cache.get(_key(cycle))
    return Working(**found) if found else None


def end(cycle: Cycle, refused: str = "") -> None:
    """Nothing is being worked on any more; the desk tells once what was refused."""
    if refused:
        note(cycle, Working(refused=refused))
    else:
        cache.delete(_key(cycle))


def _key(cycle: Cycle) -> str:
    return f"suggesting-{cycle.pk}"
