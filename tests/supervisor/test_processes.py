"""Children that end with us, whole groups of them, and a stop that grows stronger."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chiron.supervisor.processes import has_ended, is_running, run_to_end, spawn, stop
from tests.supervisor.watching import bare_environment, eventually

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
PARENT = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(child.pid, flush=True)
child.wait()
"""


@contextmanager
def spawned(code: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = spawn(
            [sys.executable, "-c", code], env=bare_environment(), log=output, on_parent_death=signal.SIGKILL
        )
    try:
        yield process
    finally:
        stop(process)


def test_a_deaf_process_is_killed_when_its_time_is_up(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with spawned(DEAF, log) as process:
        eventually(lambda: log.read_text() == "deaf\n", "it ignores the signal from now on")
        assert stop(process, (signal.SIGTERM, 0.2)) == "signal SIGKILL"


def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with spawned(PARENT, log) as process:
        eventually(lambda: log.read_text().endswith("\n"), "it has a child")
        grandchild = int(log.read_text())
        assert is_running(grandchild)
        assert stop(process, (signal.SIGTERM, 10)) == "signal SIGTERM"
        eventually(lambda: not is_running(grandchild), "the grandchild is gone")


def test_an_ended_process_keeps_its_number_until_it_is_collected(tmp_path: Path) -> None:
    with spawned("raise SystemExit(3)", tmp_path / "log") as process:
        eventually(lambda: has_ended(process), "it has ended")
        assert Path(f"/proc/{process.pid}").exists()
        assert not is_running(process.pid)
        assert stop(process) == "exit status 3"
        assert not Path(f"/proc/{process.pid}").exists()


def test_a_command_is_run_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "said").open("wb") as output:
        command = [sys.executable, "-c", "import os; print(os.environ['WORD']); raise SystemExit(4)"]
        assert run_to_end(command, env={**bare_environment(), "WORD": "hello"}, output=output) == 4
    assert (tmp_path / "said").read_text() == "hello\n"


def test_a_child_has_a_group_of_its_own(tmp_path: Path) -> None:
    """So that Ctrl-C in a terminal reaches the supervisor alone, which stops the others in order."""
    with spawned("import signal; signal.pause()", tmp_path / "log") as process:
        assert os.getpgid(process.pid) == process.pid != os.getpgid(0)
