"""A clock that is moved, and what becomes due on the way: each thing at its minute, as the platform does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from chiron.kernel import clock
from tenants import context, due
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.outbox.services import KIND

State = OutboxMail.State


@dataclass(frozen=True)
class Letter:
    """A mail that left, as its reader got it."""

    at: datetime
    template: str
    to: str
    text: str


@dataclass
class Days:
    """The days of a society, one after the other, and the mail that left on them."""

    society: Society
    year: int
    left: list[Letter] = field(default_factory=list)

    @contextmanager
    def on(self, month: int, day: int, hour: int = 18) -> Iterator[datetime]:
        """Let time pass to an hour, and be there; what is due at once then is done before it goes on."""
        moment = datetime(self.year, month, day, hour, tzinfo=self.society.zone)
        self.pass_to(moment)
        with clock.moved_to(moment):
            yield moment
            self._work()

    def pass_to(self, moment: datetime) -> None:
        """Do what becomes due until then."""
        while (at := self._next_due()) is not None and at <= moment:
            with clock.moved_to(at):
                self._work()

    def _next_due(self) -> datetime | None:
        with context.platform():
            row = Due.objects.filter(society=self.society, parked_at=None).order_by("due_at").first()
            return row.due_at if row else None

    def _work(self) -> None:
        """What a worker does; nothing may go wrong with it."""
        while True:
            self._take_to_the_post()
            if (job := due.claim()) is None:
                return
            if job.kind == KIND:  # it became due this very moment
                due.again(job, at=clock.now())
                continue
            due.run(job)
            with context.platform():
                row = Due.objects.filter(pk=job.id).first()
            assert row is None or not row.trouble, f"{job.kind}: {row.trouble}"

    def _take_to_the_post(self) -> None:
        """All mail that may leave by now leaves at once: how one mail does is tried where mail is tested."""
        with context.platform():
            rows = Due.objects.filter(society=self.society, kind=KIND, due_at__lte=clock.now())
            there = list(rows.values_list("ref", flat=True))
            rows.delete()
        mails = list(OutboxMail.objects.filter(pk__in=there, state=State.WAITING))
        for mail in mails:
            text = "\n".join((mail.subject, mail.text, mail.html))
            self.left.append(Letter(clock.now().astimezone(self.society.zone), mail.template, mail.recipient, text))
            mail.state, mail.sent_at = State.SENT, clock.now()
            mail.forget_secret()
        OutboxMail.objects.bulk_update(mails, ["state", "sent_at", "subject", "text", "html", "reply_to"])
