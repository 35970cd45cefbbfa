"""How far long work of the desk is: a note that the worker leaves and the desk reads; nothing rests on it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.core.cache import cache

from matching.engine import Cancelled, Progress
from programs.policy.models import Cycle

# A worker that died is forgotten after this; the draft before is there all the time.
KEPT_FOR = 600

What = Literal["suggesting", "trying"]


@dataclass(frozen=True)
class Working:
    """One long piece of work: how much is done, or why it ended without an answer."""

    done: int = 0
    total: int = 0
    refused: str = ""


def begin(cycle: Cycle, what: What = "suggesting") -> None:
    """A worker has been asked."""
    cache.delete(_key(cycle, what, "stop"))
    note(cycle, Working(), what)


def note(cycle: Cycle, working: Working, what: What = "suggesting") -> None:
    """Leave word for the desk."""
    cache.set(_key(cycle, what), asdict(working), KEPT_FOR)


def note_progress(cycle: Cycle, progress: Progress, what: What = "suggesting") -> None:
    """Leave word of how far it is; Cancelled if somebody stopped it meanwhile."""
    if cache.get(_key(cycle, what, "stop")):
        raise Cancelled
    note(cycle, Working(progress.done, progress.total), what)


def look(cycle: Cycle, what: What = "suggesting") -> Working | None:
    """What is being worked on for a session; None if nothing is."""
    found: dict[str, Any] | None = cache.get(_key(cycle, what))
    return Working(**found) if found else None


def stop(cycle: Cycle, what: What = "suggesting") -> None:
    """Let the worker end at its next step; nothing of its work is kept. Without a worker, nothing happens."""
    if look(cycle, what):
        cache.set(_key(cycle, what, "stop"), value=True, timeout=KEPT_FOR)
        cache.delete(_key(cycle, what))


def end(cycle: Cycle, refused: str = "", what: What = "suggesting") -> None:
    """Nothing is being worked on any more; the desk tells once what was refused."""
    if refused:
        note(cycle, Working(refused=refused), what)
    else:
        cache.delete(_key(cycle, what))


def _key(cycle: Cycle, what: What, more: str = "") -> str:
    return "-".join(part for part in (what, more, str(cycle.pk)) if part)
