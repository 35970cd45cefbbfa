"""What works beside the web needs real servers beside the tests: for mail here, for tasks in `workers`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sentry_sdk
from kombu import pools
from pytest_django import Settings
from redis import Redis

from chiron.celery_app import app
from chiron.observability import reports
from chiron.supervisor.valkey import Broker
from tests.beside.lines import Lines
from tests.beside.sentry import Sentry
from tests.beside.smtp import MailServer
from tests.beside.workers import Worker

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


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker for the run."""
    with Broker(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture
def broker_url(valkey: Broker, monkeypatch: pytest.MonkeyPatch, forget_broker: None) -> str:
    """The address of an empty broker, where this process queues its tasks as well."""
    url = valkey.url(0)
    with Redis.from_url(url) as client:
        client.flushdb()
    monkeypatch.setenv("CELERY_BROKER_URL", url)
    return url


@pytest.fixture
def forget_broker() -> Iterator[None]:
    """Before and after the test Celery knows no broker, nor which queues it has made there."""
    pools.reset()
    app._after_fork()
    yield
    pools.reset()
    app._after_fork()


@pytest.fixture
def worker(broker_url: str, mail_server: MailServer, tmp_path: Path) -> Iterator[Worker]:
    """A worker at work."""
    with Worker(tmp_path / "worker.log", broker=broker_url) as running:
        yield running


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    before = sentry_sdk.get_client()
    with Sentry() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            reports.start(server.dsn, environment="test", release="1")
            yield server
            sentry_sdk.get_client().close()
        finally:
            sentry_sdk.get_global_scope().set_client(before)
            server.shutdown()


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What everything logs during the test, as the platform writes it."""
    kept = Lines()
    root = logging.getLogger()
    root.addHandler(kept.handler)
    yield kept
    root.removeHandler(kept.handler)
