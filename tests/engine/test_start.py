"""What importing the engine costs: nothing heavy, for every process of the platform pays for it at its start."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("scipy", "ortools", "numba", "django")


def test_importing_the_engine_loads_nothing_heavy() -> None:
    script = f"import matching.engine, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
