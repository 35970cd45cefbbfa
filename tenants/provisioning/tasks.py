"""What the owner does by itself, on the one worker that has the owner's address."""

from __future__ import annotations

from celery import shared_task

from tenants.archive.leaving import drop_who_left
from tenants.provisioning.spares import fill_spares
from tenants.rehearsals import end_forgotten


@shared_task(name="tenants.provisioning.upkeep")
def upkeep() -> None:
    """Lay spare schemas ready, and delete the data of those who left long enough ago."""
    fill_spares()
    end_forgotten()
    drop_who_left()
