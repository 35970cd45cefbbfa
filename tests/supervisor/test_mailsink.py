"""The mail sink keeps what it takes, as it came."""

from __future__ import annotations

import mailbox
import smtplib
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from chiron.supervisor.children import mail_sink
from chiron.supervisor.services import HOST, free_port
from tests.supervisor.watching import bare_environment

pytestmark = pytest.mark.supervisor


def test_a_message_lies_in_the_folder_when_it_was_accepted(home: Path) -> None:
    message = EmailMessage()
    message["From"] = "Sierra Medical Society <sierra@example.org>"
    message["To"] = "ana@example.org"
    message["Subject"] = "Your mentor is Dr. Núñez"
    message.set_content("See you on Tuesday.\n.\nA line of one dot stands above.\n")
    port = free_port()
    with mail_sink(home, port, bare_environment()), smtplib.SMTP(HOST, port) as client:
        client.send_message(message, to_addrs=["ana@example.org", "blind@example.org"])
        (key,) = (box := mailbox.Maildir(home / "mail")).keys()
        kept = message_from_bytes(box.get_bytes(key), policy=policy.default)
        assert kept["Subject"] == message["Subject"]
        assert kept["X-Envelope-To"] == "ana@example.org, blind@example.org"
        assert kept.get_content().splitlines() == message.get_content().splitlines()


def test_a_sink_that_is_asked_to_stop_ends_well(home: Path) -> None:
    sink = mail_sink(home, free_port(), bare_environment())
    sink.start()
    process = sink.process
    sink.stop()
    assert process is not None
    assert process.returncode == 0
