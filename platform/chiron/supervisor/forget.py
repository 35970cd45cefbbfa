"""`python -m chiron.supervisor.forget` deletes what a CHIRON_HOME holds. It needs no package but ours."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from chiron.supervisor.desk import LOCK
from chiron.supervisor.faults import Fault
from chiron.supervisor.home import only_one
from chiron.supervisor.places import forget_place

FOLDERS = ("valkey", "mail", "stripe", "files", "logs", "run", "secrets")
FILES = ("postgres.lock", LOCK)


def forget(home: Path) -> None:
    """Delete what is ours, and the folder if nothing else lies in it; a Fault if it is in use."""
    if not home.is_dir():
        forget_place(home)  # the part that may lie elsewhere
        return
    with only_one(home / LOCK):
        forget_place(home)
        for name in FOLDERS:
            shutil.rmtree(home / name, ignore_errors=True)
        for name in FILES:
            (home / name).unlink(missing_ok=True)
    with suppress(OSError):
        home.rmdir()


def main() -> None:
    home = Path(os.environ.get("CHIRON_HOME") or ".chiron").expanduser().absolute()
    try:
        forget(home)
    except Fault as fault:
        print(f"chiron: {fault.message}", file=sys.stderr)
        sys.exit(fault.exit_status)


if __name__ == "__main__":
    main()
