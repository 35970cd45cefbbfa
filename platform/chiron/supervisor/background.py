"""The way into Celery for a supervised worker or beat: `python -m chiron.supervisor.background -A … worker …`.

Beside what `celery` does, it tells the supervisor when the work begins, and ties the worker's own children to it:
those killed with the supervisor's worker would otherwise stay behind.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from celery.bin.celery import main
from celery.signals import beat_init, worker_process_init, worker_ready

from chiron.supervisor.processes import die_with_parent

_WORKER = os.getpid()


@worker_process_init.connect
def _tie(**_: object) -> None:
    die_with_parent(_WORKER, signal.SIGKILL)


@worker_ready.connect
@beat_init.connect
def _tell(**_: object) -> None:
    Path(os.environ["CHIRON_READY_FILE"]).touch()


if __name__ == "__main__":
    sys.exit(main())
