"""What works beside the web needs real servers beside the tests: for mail here, for tasks in `workers`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.beside.smtp import MailServer

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture
def letters(settings: Settings) -> None:
    """Mail templates of the tests' own, such as `hello`."""
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [TEMPLATES]}]


@pytest.fixture
def mail_server(settings: Settings, letters: None) -> Iterator[MailServer]:
    """A mail server, and an outbox that sends to it."""
    server = MailServer()
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    with server.running():
        yield server
