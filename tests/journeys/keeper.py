"""The platform with its demonstration, for one test run: `python -m tests.journeys.keeper FOLDER PID LOCK`.

It notes in FOLDER where the platform is, closes the file descriptor LOCK when it is ready, and stops it when the
process PID is gone. It is a process of its own because the workers of pytest-xdist come and go, while one platform
serves all of them.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import sys
from pathlib import Path

from chiron.supervisor.forget import forget
from chiron.supervisor.services import free_port
from tests.supervisor.watching import observed

UP = [sys.executable, "-m", "chiron", "up", "--demo", "--json"]


def keep(folder: Path, run: int, lock: int) -> None:
    """Run the platform until the process is gone, then delete what it kept."""
    over = os.pidfd_open(run)
    home = folder / "home"
    settings = {"CHIRON_HOME": str(home), "CHIRON_PORT": str(free_port())}
    try:
        with observed(UP, settings, folder / "up.err") as platform:
            platform.await_event("ready")
            place = {"home": str(home), "port": int(settings["CHIRON_PORT"])}
            (folder / "demonstration.json").write_text(json.dumps(place))
            os.close(lock)
            select.select([over], [], [])
            platform.end()
    finally:
        forget(home)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
