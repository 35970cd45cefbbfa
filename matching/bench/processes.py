"""One kind of work at a time, each in a process of its own, on one core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from matching.bench import peers
from matching.bench.cases import Case

Figures = dict[str, Any]
PEERS = Path(sys.prefix) / ".peers"
PACKAGES = {"lapx": "lap", "algmatch": "algmatch", "matching": "matching"}  # the others come with us
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
DENSE_UP_TO = 20_000 * 10_000
MINUTES_ABOVE = {"highs": 100_000, "matching": 1_000 * 600, "algmatch": 5_000 * 3_000}
PATIENTLY_UP_TO = 1_000 * 600  # HiGHS again


def run(kind: str, case: Case, seed: int, folder: Path) -> Figures:
    """The figures of one kind of work, ours or a peer's. Raises subprocess.CalledProcessError if it dies."""
    if kind in peers.KINDS:
        command = [sys.executable, "-P", peers.__file__, kind, str(folder), str(PEERS)]
    else:
        module = "matching.bench.scoring" if kind in ("built", "loop") else "matching.bench.work"
        command = [sys.executable, "-m", module, kind, str(case), str(seed), str(folder)]
    done = subprocess.run(command, env={**os.environ, **ONE_CORE}, check=True, stdout=subprocess.PIPE, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def why_not_run(kind: str, case: Case, *, patiently: bool = False) -> str:
    """Why a kind of work is left out for this case; empty if it is not."""
    if kind in PACKAGES and not (PEERS / PACKAGES[kind]).is_dir():
        return "not run: `make peers`"
    if kind in ("scipy", "lapx") and case.pairs > DENSE_UP_TO:
        return f"not run: its matrix alone takes {16 * case.pairs / 1e9:,.0f} GB"
    if case.pairs > MINUTES_ABOVE.get(kind, case.pairs) and not (patiently and case.pairs <= PATIENTLY_UP_TO):
        return "not run: takes minutes"
    return ""
