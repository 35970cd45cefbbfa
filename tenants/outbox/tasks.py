"""What the worker does for the outbox."""

from __future__ import annotations

from tenants import due
from tenants.outbox.sending import deliver
from tenants.outbox.services import KIND


@due.steps(KIND, while_leaving=True)
def send_mail(job: due.Job) -> None:
    deliver(job)
