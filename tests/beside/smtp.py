"""A real mail server that does as a test tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from chiron.supervisor.services import free_port

OK = "250 OK"


class MailServer:
    """Keeps what it takes. `answer_to` decides about recipients, `on_data` about a message it has already read."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer_to: Callable[[str], str] = lambda address: OK
        self.on_data: Callable[[SMTP], str] = lambda server: OK
        self.port = free_port()

    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.taken]

    async def handle_RCPT(  # noqa: N802, the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answer_to(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(cast(bytes, envelope.content), policy=policy.default)
        self.taken.append(cast(EmailMessage, message))
        return self.on_data(server)

    @contextmanager
    def running(self) -> Iterator[MailServer]:
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


def break_off(server: SMTP) -> str:
    """Hang up after having read the whole message, before saying what became of it."""
    server.transport.abort()
    return OK
