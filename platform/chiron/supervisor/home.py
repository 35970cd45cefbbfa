"""CHIRON_HOME: everything that outlives a run, and the rule that one supervisor at a time uses it."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chiron.supervisor.faults import Exit, Fault

MEGABYTE = 1 << 20
SPACE_TO_START = 256 * MEGABYTE
SPACE_TO_GO_ON = 64 * MEGABYTE
LOG_KEPT = 16 * MEGABYTE


def make_folder(path: Path, mode: int = 0o700) -> Path:
    """A folder, for our eyes only unless told; a Fault says why it cannot be had."""
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise fault_of(error, f"The folder {path} cannot be made") from error
    return path


def make_home(home: Path) -> Path:
    """CHIRON_HOME itself: others may pass through (the database's own user does), its folders are closed to them."""
    return make_folder(home, mode=0o711)


def fault_of(error: OSError, what: str) -> Fault:
    """The fault behind an operating system's error."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Fault(Exit.DISK_FULL, f"{what}: the disk is full. Make room and start again.")
    return Fault(Exit.NOT_ALLOWED, f"{what}: {error.strerror}. Set CHIRON_HOME to a folder of yours.")


def require_space(path: Path, needed: int) -> None:
    """Refuse to go on where the databases could be cut off in the middle of a write."""
    try:
        free = shutil.disk_usage(path).free
    except OSError as error:
        raise fault_of(error, f"The folder {path} cannot be used any more") from error
    if free < needed:
        raise Fault(
            Exit.DISK_FULL,
            f"The disk is full: {free // MEGABYTE} MB are left for {path} and {needed // MEGABYTE} MB are needed. "
            "Make room and start again.",
        )


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a folder's lock file. The system lets go of it however we end, so it is never stale."""
    make_home(lock.parent)
    try:
        handle = lock.open("a")
    except OSError as error:
        raise fault_of(error, f"The lock file {lock} cannot be written") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Fault(
                Exit.HOME_IN_USE,
                f"The data folder {lock.parent} is in use by another Chiron. Stop that one, or set CHIRON_HOME.",
            ) from error
        yield


def secret(home: Path, name: str) -> str:
    """A password made once, readable by its owner alone."""
    path = make_folder(make_home(home) / "secrets") / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _write_secret(path, secrets.token_urlsafe(48))
    except OSError as error:
        raise fault_of(error, f"The secret {path} cannot be read") from error


def has_secret(home: Path, name: str) -> bool:
    """Whether a password was made in an earlier start."""
    return (home / "secrets" / name).exists()


def _write_secret(path: Path, value: str) -> str:
    """Write it whole or not at all: a password cut off by a crash would lock us out for good."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as error:
        raise fault_of(error, f"The secret {path} cannot be written") from error
    return value


def log_file(home: Path, name: str) -> Path:
    """Where a child writes; a long log of earlier runs is set aside first."""
    path = make_folder(make_home(home) / "logs") / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_KEPT:
        path.replace(path.with_suffix(".log.1"))
    return path
