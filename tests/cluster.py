"""A PostgreSQL cluster for one test run: `python -m tests.cluster FOLDER PID` keeps it until the process PID is gone.

It is a process of its own because the workers of pytest-xdist come and go, while the cluster serves all of them.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from pathlib import Path

from chiron.supervisor.forget import forget
from chiron.supervisor.postgres import Cluster

# Nobody needs the data after a crash, so nothing waits for the disk.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "128MB",
}


def launch(folder: Path, run: int) -> str:
    """Start a cluster for the run whose process is given, and answer the superuser's address."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", __name__, str(folder), str(run)],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # Ctrl-C is for the tests; the cluster ends after them
    )
    assert keeper.stdout is not None
    with keeper.stdout as said:
        address = said.readline().strip()
    assert address, "The cluster for tests did not start; what it said stands above."
    keeper.returncode = 0  # it is meant to outlive us
    return address


def keep(folder: Path, run: int) -> None:
    """Run the cluster until the process is gone, then delete it."""
    over = os.pidfd_open(run)
    home = folder / "cluster"
    try:
        with Cluster(home, settings=FAST) as cluster:
            print(cluster.superuser_dsn, flush=True)
            select.select([over], [], [])
    finally:
        forget(home)
        shutil.rmtree(folder)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]))
