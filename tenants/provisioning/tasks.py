"""What the owner does by itself, on the one worker that has the owner's address."""

from __future__ import annotations

from collections.abc import Callable

from celery import shared_task

from tenants.archive.leaving import drop_who_left
from tenants.provisioning.spares import fill_spares
from tenants.rehearsals import end_forgotten

_works: list[Callable[[], None]] = []


def upkeep_does(work: Callable[[], None]) -> None:
    """Registered by a room above that needs the owner's address now and then; it is safe to run twice."""
    if work not in _works:
        _works.append(work)


@shared_task(name="tenants.provisioning.upkeep")
def upkeep() -> None:
    """Lay spare schemas ready, and delete the data of those who left long enough ago."""
    fill_spares()
    end_forgotten()
    drop_who_left()
    for work in _works:
        work()
