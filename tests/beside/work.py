"""Tasks of the tests' own, for a real worker."""

from __future__ import annotations

import logging
from pathlib import Path

from chiron.supervisor.processes import wait_until
from tenants import audit
from tenants.tasks import TryAgainError, platform_task, society_task
from tests.beside.planted import raise_planted

logger = logging.getLogger(__name__)


@society_task
def note(*, verb: str) -> None:
    """Leave an entry in the society's trail."""
    audit.record(verb)
    logger.info("noted")


@platform_task
def note_for_all(*, verb: str) -> None:
    """Leave an entry in the platform's trail."""
    audit.record(verb)


@society_task
def note_while(*, verb: str, folder: str) -> None:
    """Leave an entry, say so by a file, and go on until another file is there."""
    audit.record(verb)
    (Path(folder) / "began").touch()
    wait_until((Path(folder) / "end").exists, seconds=60)


@society_task
def note_at_last(*, verb: str, folder: str) -> None:
    """Leave an entry at every attempt, of which the first comes too early."""
    audit.record(verb)
    if not (Path(folder) / "tried").exists():
        (Path(folder) / "tried").touch()
        raise TryAgainError


@society_task
def stumble(*, verb: str) -> None:
    """Leave an entry, and fail with what a person wrote."""
    audit.record(verb)
    raise_planted()
