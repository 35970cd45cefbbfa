"""Real workers on a real broker, which a test may kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import connections
from redis import Redis

from chiron.celery_app import REDELIVERY
from chiron.supervisor.processes import wait_until

ROOT = Path(__file__).parents[2]


def eventually(ready: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for what another process does, and fail if it does not."""
    assert wait_until(ready, seconds=seconds), "it did not happen in time"


class Worker:
    """A Celery worker with one child, on this test's database, broker and mail server."""

    def __init__(self, log: Path, *, broker: str, more: dict[str, str] | None = None) -> None:
        self.log = log
        place = connections["default"].settings_dict
        address = f"{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "tests.beside.worker_settings",
            "TEST_ROLE_PREFIX": settings.DATABASE_ROLE_PREFIX,
            "DATABASE_URL": f"postgresql://{address}",
            "CELERY_BROKER_URL": broker,
            "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
            "CHIRON_HOME": str(log.parent),
            **(more or {}),
        }

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "celery", "-A", "tests.beside.worker_app", "worker", "--concurrency=1"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *quiet], env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()

    def kill(self) -> None:
        """End the worker and its child as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def kill_child(self) -> None:
        """End the process in which the task runs, and not its parent."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)

    def long_ago(self) -> None:
        """Let its messages wait as long as those of a dead worker must before another one may take them."""
        with Redis.from_url(self.environment["CELERY_BROKER_URL"]) as broker:
            for message in broker.zrange("unacked_index", 0, -1):
                broker.zincrby("unacked_index", -REDELIVERY.total_seconds(), message)

    def lines(self) -> list[dict[str, Any]]:
        """What the worker has logged."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
