"""Gunicorn's settings under the supervisor; where it listens is on its command line."""

from __future__ import annotations

import os
import signal
from typing import Any

from chiron.supervisor.processes import die_with_parent

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
preload_app = True
graceful_timeout = 10
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """A worker ends with its master, however that ended."""
    die_with_parent(worker.ppid, signal.SIGKILL)
