"""Where a running platform leaves its addresses, so that `chiron society list` in another window finds it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from chiron.supervisor.home import make_folder

LOCK = "lock"


@contextmanager
def open_for_commands(home: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Leave the addresses, for our own user alone, while the platform runs."""
    note = _note(home)
    make_folder(note.parent)
    note.unlink(missing_ok=True)
    with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(dict(variables), file)
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def join(environment: MutableMapping[str, str]) -> None:
    """Work with the platform that runs in this CHIRON_HOME, unless the environment names a database of its own."""
    home = Path(environment.get("CHIRON_HOME") or ".chiron").expanduser().absolute()
    if environment.get("DATABASE_URL") or not _is_held(home / LOCK):
        return
    try:
        variables: dict[str, str] = json.loads(_note(home).read_text())
    except (FileNotFoundError, PermissionError, json.JSONDecodeError):
        return
    environment.update(variables)


def _note(home: Path) -> Path:
    return home / "run" / "addresses.json"


def _is_held(lock: Path) -> bool:
    try:
        with lock.open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
