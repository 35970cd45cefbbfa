"""What becomes due of a start: the space that it waits for, and a reminder and the end of one that was left."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from billing.starting import services
from billing.starting.models import Start
from chiron.kernel import clock
from tenants import context, due
from tenants.provisioning.services import NoSpareSchema, ask_for_spares

A_MOMENT, LONGEST = timedelta(seconds=4), timedelta(minutes=10)


@due.steps(services.OPEN)
def open_when_ready(job: due.Job) -> None:
    """Take the spare space that was asked for; while there is none, look again soon, and later ever more seldom."""
    try:
        with context.platform():
            services.open_agreed(pk=UUID(job.ref))
            due.finish(job)
    except NoSpareSchema:
        ask_for_spares()
        due.again(job, at=clock.now() + _pause(UUID(job.ref)))


@due.handler(services.REMIND)
def remind_of_what_was_left(ref: str) -> None:
    services.remind(pk=UUID(ref))


@due.handler(services.FORGET)
def forget_what_was_left(ref: str) -> None:
    services.forget(pk=UUID(ref))


def _pause(pk: UUID) -> timedelta:
    """A tenth of the time that somebody has waited already."""
    with context.platform():
        start = Start.objects.get(pk=pk)
    waited = clock.now() - (start.agreed_at or clock.now())
    return min(max(A_MOMENT, waited / 10), LONGEST)
