"""The mail sink: takes every message over SMTP and keeps it in a maildir, so that nothing leaves this machine."""

from __future__ import annotations

import asyncio
import mailbox
import signal
from pathlib import Path

import click
from aiosmtpd.smtp import SMTP, Envelope, Session

from chiron.supervisor.services import HOST


class Keeper:
    """Answers to a finished message by writing it down before it says so."""

    def __init__(self, maildir: Path) -> None:
        self._box = mailbox.Maildir(maildir, create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        way = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        self._box.add(way.encode() + (envelope.original_content or b""))
        return "250 OK"


async def serve(port: int, maildir: Path) -> None:
    """Take mail until told to stop."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    keeper = Keeper(maildir)
    server = await loop.create_server(lambda: SMTP(keeper, enable_SMTPUTF8=True, loop=loop), HOST, port)
    async with server:
        await told.wait()


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--maildir", type=click.Path(path_type=Path), required=True)
def main(port: int, maildir: Path) -> None:
    asyncio.run(serve(port, maildir))


if __name__ == "__main__":
    main()
