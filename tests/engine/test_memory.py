"""What a solve holds at its most: blocks and the pairs that matter, never the whole table, and no pair many times."""

from __future__ import annotations

import subprocess
import sys

PER_PAIR = 130
"""Bytes that each pair of the flow may take at most, OR-Tools' own half of that included."""

SCRIPT = """
import numpy as np
from matching.bench.cases import Case
from matching.bench.peers import peak_mb
from matching.bench.pools import Synthetic
from matching.engine import Effort, Problem, solve

def solved(mentees, mentors):
    pool = Synthetic(Case(mentees, mentors), 0)
    solve(Problem(pool, pool.places), effort=Effort(first=64, more=32, block=2**16))

solved(8, 6)
before = peak_mb()
solved(6000, 400)
print(int((peak_mb() - before) * 2**20))
"""


def test_a_solve_holds_little_more_than_the_pairs_that_matter() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 6000 * 98 * PER_PAIR
