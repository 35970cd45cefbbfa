"""Watching a supervisor from outside: its events, its processes, and waiting with a deadline."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chiron.supervisor.processes import is_running

ROOT = Path(__file__).resolve().parents[2]
PATH = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])


def eventually(true: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Fail with a sentence unless something becomes true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


class Observed:
    """A supervisor in a process of its own that says what happens as JSON."""

    def __init__(self, command: Sequence[str], variables: Mapping[str, str], log: Path) -> None:
        self._errors = log
        self.events: list[dict[str, Any]] = []
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                command,
                env={**bare_environment(), **variables},
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def await_event(self, event: str) -> dict[str, Any]:
        """The next event of a kind; the events before it are kept too."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))
            if self.events[-1]["event"] == event:
                return self.events[-1]
        raise AssertionError(f"no “{event}” before the end; it said {self.events} and {self._errors.read_text()}")

    def end(self, how: signal.Signals = signal.SIGTERM, *, seconds: float = 60) -> int:
        """Send a signal and return the exit status; what is left of its events is read."""
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=seconds)
        self.events += [json.loads(line) for line in rest.splitlines()]
        return self.process.returncode

    def events_named(self, event: str) -> list[dict[str, Any]]:
        return [each for each in self.events if each["event"] == event]


@contextmanager
def observed(command: Sequence[str], variables: Mapping[str, str], log: Path) -> Iterator[Observed]:
    """Run a supervisor for a block, and kill it if it is still there."""
    supervisor = Observed(command, variables, log)
    try:
        yield supervisor
    finally:
        supervisor.process.kill()
        supervisor.process.communicate()


@contextmanager
def driver(home: Path, *services: str, ignoring: str = "") -> Iterator[Observed]:
    """The supervisor over stand-in services (see `tests.supervisor.driver`), born with signals ignored."""
    home.mkdir(exist_ok=True)
    born = ["sh", "-c", f'trap "" {ignoring or 0}; exec "$@"', "sh"]
    command = [*born, sys.executable, "-m", "tests.supervisor.driver", str(home), *services]
    with observed(command, {}, home.with_name("driver.err")) as supervisor:
        yield supervisor


def bare_environment() -> dict[str, str]:
    """What a process of ours needs, and nothing of the settings around the tests."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": PATH}


def family(pid: int) -> set[int]:
    """The processes that descend from one; zombies are none."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            children.setdefault(_parent(entry), []).append(int(entry.name))
    found: set[int] = set()
    rest = [pid]
    while rest:
        born = [child for child in children.get(rest.pop(), []) if is_running(child)]
        found.update(born)
        rest += born
    return found


def running(pids: set[int]) -> set[int]:
    return {pid for pid in pids if is_running(pid)}


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[None]:
    """Make a folder a file system of its own that is soon full; the test is skipped where that cannot be done."""
    options = f"size={megabytes}m,mode=755"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "chiron", str(folder)], check=False)
    if mounted.returncode != 0:
        pytest.skip(f"a file system of {megabytes} MB cannot be mounted here: that takes root, outside of a container")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
