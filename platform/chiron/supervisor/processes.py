"""Child processes that cannot outlive us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)  # loaded here, since nothing may be loaded between fork and exec


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


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """End a child by ever stronger signals, each with the seconds it is given, then kill its whole group."""
    for how, seconds in steps:
        if process.poll() is not None:
            break
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    with suppress(ProcessLookupError, PermissionError):  # nobody is left in the group
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(ready: Callable[[], bool], *, seconds: float, pause: float = 0.05) -> bool:
    """Whether something became true in time."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def is_running(pid: int) -> bool:
    """Whether a process exists and is not a zombie that nobody has collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
