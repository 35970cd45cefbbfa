"""What the supervisor starts, watches and stops: one child process each, with a gate that says when it is ready."""

from __future__ import annotations

import random
import re
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from chiron.supervisor.faults import Exit, Fault
from chiron.supervisor.home import fault_of, log_file
from chiron.supervisor.processes import has_ended, is_running, stop, wait_until

BELOW_OUTGOING, TRIES = range(20_000, 32_768), 100
HOST = "127.0.0.1"
SECONDS_FOR_PREDECESSOR = 30


class Service(ABC):
    """A child process with a name, a log and a gate. Started from the main thread (see `processes.spawn`)."""

    name: str
    seconds_to_start: ClassVar[float] = 60
    stop_steps: ClassVar[tuple[tuple[signal.Signals, float], ...]] = ((signal.SIGTERM, 15), (signal.SIGQUIT, 5))

    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self.process: subprocess.Popen[bytes] | None = None
        self._asked = False
        self._log_begins = 0

    @abstractmethod
    def spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the process with its output going to the log."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the running process does its work."""

    @property
    def pid(self) -> int | None:
        return None if self.process is None else self.process.pid

    @property
    def folder(self) -> Path:
        """Where its data grow."""
        return self.home

    @property
    def log(self) -> Path:
        return self.home / "logs" / f"{self.name}.log"

    def launch(self) -> None:
        """Start the process without waiting for its gate."""
        try:
            with log_file(self.home, self.name).open("ab") as log:
                self._log_begins = log.tell()
                self.process = self.spawn(log)
                self._asked = False
        except OSError as error:
            raise fault_of(error, f"{self.name} cannot be started") from error

    def await_ready(self) -> None:
        """Wait at the gate; a Fault says why the process did not get there."""
        ready = wait_until(lambda: self.has_ended() or self.is_ready(), seconds=self.seconds_to_start)
        if self.has_ended():
            raise complaint(f"{self.name} did not start (its log is {self.log})", self._said())
        if not ready:
            raise Fault(
                Exit.BROKEN, f"{self.name} was not ready after {self.seconds_to_start:.0f} s. Its log is {self.log}."
            )

    def start(self) -> None:
        """Start and return when ready; nothing is left behind otherwise."""
        try:
            self.launch()
            self.await_ready()
        except BaseException:
            self.stop()
            raise

    def has_ended(self) -> bool:
        return self.process is not None and has_ended(self.process)

    def ask_to_stop(self) -> None:
        """Send the first, gentlest signal and do not wait."""
        if self.process is not None and not self._asked and not has_ended(self.process):
            self.process.send_signal(self.stop_steps[0][0])
            self._asked = True

    def stop(self) -> None:
        """Stop in order; safe to call at any time."""
        if self.process is not None:
            stop(self.process, *self.stop_steps, asked=self._asked)
        self.process = None

    def collect(self) -> str:
        """Clear away what an unexpected end left behind, and say how it ended."""
        assert self.process is not None, "nothing has been started"
        how, self.process = stop(self.process), None
        return how

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _said(self) -> str:
        return self.log.read_bytes()[self._log_begins :].decode(errors="replace")


def complaint(what: str, said: str) -> Fault:
    """The fault in a program's last words."""
    if "No space left on device" in said:
        return Fault(Exit.DISK_FULL, f"{what}: the disk is full. Make room and start again.")
    lines = re.findall(r"(?:FATAL|PANIC|error|ERROR): +(.+)", said) or said.split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "no reason given")
    return Fault(Exit.BROKEN, f"{what}: {last.rstrip('.')}.")


def free_port() -> int:
    """A port of this machine that nobody listens on.

    It lies below those that the system gives to outgoing connections: one of them could take it before its service.
    """
    for port in random.sample(BELOW_OUTGOING, TRIES):
        with suppress(OSError), socket.create_server((HOST, port)):
            return port
    raise Fault(Exit.PORT_IN_USE, f"{TRIES} ports of this machine were tried, and all are in use.")


def kept_port(file: Path) -> int:
    """The port that was used here before, or a free one, kept for the next time: addresses stay what they were."""
    with suppress(OSError, ValueError):
        port = int(file.read_text())
        socket.create_server((HOST, port)).close()
        return port
    port = free_port()
    file.write_text(f"{port}\n")
    return port


def require_free(port: int, otherwise: str = "choose another") -> None:
    """Refuse a port that somebody listens on, before anything is started."""
    try:
        socket.create_server((HOST, port)).close()
    except PermissionError as error:
        raise Fault(
            Exit.NOT_ALLOWED, f"Port {port} may not be used by an ordinary user, only one above 1023: {otherwise}."
        ) from error
    except OSError as error:
        raise Fault(Exit.PORT_IN_USE, f"Port {port} is in use. Stop what listens there, or {otherwise}.") from error


def outlast_predecessor(pid_file: Path, folder: Path) -> None:
    """Let a server whose supervisor was killed finish, and clear away a pid file that it never got to remove.

    A server takes any process with the number in its pid file for another server, be it a zombie or a stranger.
    """
    try:
        pid = int(pid_file.read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return
    if not wait_until(lambda: not _works_in(pid, folder), seconds=SECONDS_FOR_PREDECESSOR):
        raise Fault(Exit.HOME_IN_USE, f"The data in {folder} is in use by process {pid}. Stop it, or set CHIRON_HOME.")
    pid_file.unlink(missing_ok=True)


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return is_running(pid) and Path(f"/proc/{pid}/cwd").samefile(folder)
    except (FileNotFoundError, PermissionError):
        return False
