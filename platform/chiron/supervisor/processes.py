"""Child processes that cannot outlive us, and waiting that heeds a request to stop."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO, Final

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)  # loaded here, since nothing may be loaded between fork and exec

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_told_to_stop: list[int] = []


class Interrupted(Exception):
    """We were told to stop while waiting for something."""


def heed_stop_signals() -> None:
    """From now on a stop signal is noted, and raised where we wait: never in the middle of starting a child."""
    for each in STOP_SIGNALS:
        if each is not signal.SIGHUP or signal.getsignal(each) is not signal.SIG_IGN:  # `nohup` stays in force
            signal.signal(each, _note)


def _note(number: int, _frame: FrameType | None) -> None:
    _told_to_stop.append(number)


def pause(seconds: float) -> None:
    """Sleep a little; Interrupted if we are to stop."""
    if not _told_to_stop:
        time.sleep(seconds)
    if _told_to_stop:
        raise Interrupted


def wait_until(ready: Callable[[], bool], *, seconds: float) -> bool:
    """Whether something became true in time; Interrupted if we are to stop."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        pause(0.05)
    return True


def die_with_parent(parent: int, how: signal.Signals) -> None:
    """Ask the kernel to send this process a signal when the thread that started it ends; exit if that has happened."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: IO[bytes],
    on_parent_death: signal.Signals,
    uid: int | None = None,
    gid: int | None = None,
    stdin: int = subprocess.DEVNULL,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, to be called from the main thread.

    A child's death signal hangs on the thread that started it, and a change of user clears it: Popen runs
    `preexec_fn` after that change.
    """
    parent = os.getpid()
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        stdin=stdin,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(parent, on_parent_death),
    )


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether a child is over. It is not collected yet, so that nobody else can get its number."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float], asked: bool = False) -> str:
    """End a child by ever stronger signals, each with the seconds it is given, and say how it ended.

    What is left of its group is killed. With `asked` the first signal has been sent already.
    """
    for number, (how, seconds) in enumerate(steps):
        deadline = time.monotonic() + seconds
        if not has_ended(process) and not (asked and number == 0):
            process.send_signal(how)
        while not has_ended(process) and time.monotonic() < deadline:
            time.sleep(0.02)
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):  # the whole group is gone already
            os.killpg(process.pid, signal.SIGKILL)
    status = process.wait()
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def run_to_end(command: Sequence[str | Path], *, env: Mapping[str, str], output: IO[bytes]) -> int:
    """Run a command that is expected to end, and return its exit status. It is ended first if we are to stop."""
    process = spawn(command, env=env, log=output, on_parent_death=signal.SIGKILL)
    try:
        while not has_ended(process):
            pause(0.02)
    finally:
        stop(process, (signal.SIGTERM, 10))
    return process.wait()


def is_running(pid: int) -> bool:
    """Whether a process exists and is not a zombie that nobody has collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
