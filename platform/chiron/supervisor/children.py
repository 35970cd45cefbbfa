"""The platform's own processes, as data: what to run, and the gate that says it works."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from chiron.supervisor.home import make_folder, make_home
from chiron.supervisor.processes import spawn
from chiron.supervisor.services import HOST, Service

Gate = Callable[[], bool]


class Program(Service):
    """A process of ours. Nothing is lost when it is killed: requests are transactions, tasks are acknowledged late."""

    def __init__(self, home: Path, name: str, command: Sequence[str], env: Mapping[str, str], gate: Gate) -> None:
        super().__init__(home)
        self.name = name
        self._command = command
        self._env = env
        self._gate = gate

    def spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return spawn(self._command, env=self._env, log=log, on_parent_death=signal.SIGKILL)

    def is_ready(self) -> bool:
        return self._gate()


class Background(Program):
    """A Celery worker or beat, which says itself when it works (see `background`)."""

    def __init__(self, home: Path, name: str, arguments: Sequence[str], env: Mapping[str, str]) -> None:
        self._ready_file = make_folder(make_home(home) / "run") / f"{name}.ready"
        command = [sys.executable, "-m", "chiron.supervisor.background", "--app=chiron.celery_app", *arguments]
        super().__init__(
            home, name, command, {**env, "CHIRON_READY_FILE": str(self._ready_file)}, self._ready_file.exists
        )

    def launch(self) -> None:
        self._ready_file.unlink(missing_ok=True)
        super().launch()


def mail_sink(home: Path, port: int, env: Mapping[str, str]) -> Program:
    """Every message that the platform sends, kept in a folder."""
    arguments = [f"--port={port}", f"--maildir={home / 'mail'}"]
    command = [sys.executable, "-m", "chiron.supervisor.mailsink", *arguments]
    return Program(home, "mail", command, env, lambda: greets(port))


def stripe(home: Path, port: int, env: Mapping[str, str], hook: str) -> Program:
    """The Stripe of the desk. Its key and the secrets of its web hooks come by the environment, as for the web."""
    arguments = [f"--port={port}", f"--file={make_folder(home / 'stripe') / 'stripe.sqlite'}", f"--hook={hook}"]
    command = [sys.executable, "-m", "stripe_emulator", *arguments]
    return Program(home, "stripe", command, env, lambda: serves(port, "/style.css"))


def web(home: Path, port: int, env: Mapping[str, str]) -> Program:
    """The portals and the public site."""
    arguments = ["--config=python:chiron.supervisor.gunicorn_conf", f"--bind={HOST}:{port}", "chiron.wsgi:application"]
    return Program(home, "web", [sys.executable, "-m", "gunicorn", *arguments], env, lambda: serves(port, "/readyz"))


def workers(home: Path, env: Mapping[str, str], admin_env: Mapping[str, str]) -> list[Background]:
    """What works beside the web. Only the one that makes societies may own their tables."""
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Background(home, "worker", ["worker", "--hostname=worker@%h", "--concurrency=2", *quiet], env),
        Background(
            home,
            "provisioner",
            ["worker", "--hostname=provisioner@%h", "--queues=provision", "--concurrency=1", *quiet],
            admin_env,
        ),
        Background(home, "beat", ["beat"], env),
    ]


def greets(port: int) -> bool:
    """Whether a mail server says hello."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False


def serves(port: int, path: str) -> bool:
    """Whether the web answers a request with 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
