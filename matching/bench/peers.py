"""What others do with an instance that was handed to them as a file: `python -P peers.py KIND FOLDER PEERS`.

A script of its own that imports nothing of ours: one of the peers is a package `matching` too, which is found here in
place of ours. PEERS is where `make peers` put them. Figures go to standard output as JSON; seconds are the processor's.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Figures = dict[str, Any]
ROWS_AT_ONCE = 256


def peak_mb() -> float:
    """The most memory that this process ever held, in MB; what it had before it became this program does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def scipy(folder: Path) -> Figures:
    """scipy's Jonker-Volgenant, each mentor's column repeated for each place."""
    solve = import_module("scipy.optimize").linear_sum_assignment
    return _assigned(folder, solve)


def lapx(folder: Path) -> Figures:
    """The quickest solver of lapx on these pools, on the same matrix as scipy's."""
    solve = import_module("lap").lapjvr
    return _assigned(folder, lambda cost: solve(cost, extend_cost=True, return_cost=False))


def highs(folder: Path) -> Figures:
    """The linear program over all pairs that are worth anything, by HiGHS; its optimum is whole."""
    linprog, csc_array = import_module("scipy.optimize").linprog, import_module("scipy.sparse").csc_array
    scores, places = np.load(folder / "scores.npy"), np.load(folder / "places.npy")
    row, col = np.nonzero(scores > 0)
    worth, pair = scores[row, col].astype(float), np.arange(len(row))
    used = csc_array((np.ones(2 * len(row)), (np.r_[row, len(scores) + col], np.r_[pair, pair])))
    limits = np.r_[np.ones(len(scores)), places][: used.shape[0]]
    linprog([1.0], method="highs")
    started = time.process_time()
    answer = linprog(-worth, A_ub=used, b_ub=limits, method="highs")
    return {"seconds": time.process_time() - started, "total": round(-answer.fun)}


def algmatch(folder: Path) -> Figures:
    """Deferred acceptance by algmatch, from dictionaries to its checked answer.

    Only its part for residents and hospitals is loaded: other parts of it need a solver that is not free.
    """
    spec = find_spec("algmatch")
    assert spec
    sys.modules["algmatch"] = package = ModuleType("algmatch")
    package.__path__ = spec.submodule_search_locations or []
    solver = import_module("algmatch.hospitalResidentsProblem").HospitalResidentsProblem
    residents, hospitals, places = _ranked(folder)
    instance = {
        "residents": {one + 1: [other + 1 for other in ranked] for one, ranked in residents.items()},
        "hospitals": {
            one + 1: {"capacity": places[one], "preferences": [other + 1 for other in ranked]}
            for one, ranked in hospitals.items()
        },
    }
    started = time.process_time()
    answer = solver(dictionary=instance, optimised_side="residents").get_stable_matching()
    seconds = time.process_time() - started
    given = {int(one[1:]) - 1: int(other[1:]) - 1 for one, other in answer["resident_sided"].items() if other}
    return {"seconds": seconds, "pairs": sorted(given.items())}


def matching(folder: Path) -> Figures:
    """Deferred acceptance by the library `matching`, from dictionaries to its answer."""
    games = import_module("matching.games")
    sys.setrecursionlimit(10**6)  # it copies everybody by way of whom they rank
    residents, hospitals, places = _ranked(folder)
    names = {one: f"r{one}" for one in residents}, {one: f"h{one}" for one in hospitals}
    ranked = {names[0][one]: [names[1][other] for other in some] for one, some in residents.items()}
    ranking = {names[1][one]: [names[0][other] for other in some] for one, some in hospitals.items()}
    capacity = {names[1][one]: places[one] for one in hospitals}
    started = time.process_time()
    answer = games.HospitalResident.create_from_dictionaries(ranked, ranking, capacity).solve(optimal="resident")
    seconds = time.process_time() - started
    pairs = [(int(one.name[1:]), int(other.name[1:])) for other, some in answer.items() for one in some]
    return {"seconds": seconds, "pairs": sorted(pairs)}


def _assigned(folder: Path, solve: Callable[[NDArray[np.float64]], Any]) -> Figures:
    """Time and total of a solver of square or rectangular assignments."""
    cost = _cost(folder)
    solve(-np.eye(4))  # what is timed is the work, not getting ready for it
    started = time.process_time()
    row, place = solve(cost)
    seconds = time.process_time() - started
    return {"seconds": seconds, "total": round(-float(cost[row, place].sum()))}


def _cost(folder: Path) -> NDArray[np.float64]:
    """What such a solver wants, and nothing besides in memory: floats to be minimized, a column for each place."""
    places = np.load(folder / "places.npy")
    column = np.repeat(np.arange(len(places)), places)
    with (folder / "scores.npy").open("rb") as file:
        np.lib.format.read_magic(file)
        (rows, cols), _, kind = np.lib.format.read_array_header_1_0(file)
        cost = np.empty((rows, len(column)))
        for first in range(0, rows, ROWS_AT_ONCE):
            some = cost[first : first + ROWS_AT_ONCE]
            some[:] = -np.maximum(np.fromfile(file, kind, len(some) * cols).reshape(-1, cols), 0)[:, column]
    return cost


def _ranked(folder: Path) -> tuple[dict[int, list[int]], dict[int, list[int]], dict[int, int]]:
    """Lists of residents and of hospitals, those that nobody named left out, and everybody's places."""
    lists = np.load(folder / "lists.npz")
    sides = []
    for who in ("mentee", "mentor"):
        start, choice = lists[f"{who}_start"].tolist(), lists[f"{who}_choice"].tolist()
        sides.append({one: choice[start[one] : start[one + 1]] for one in range(len(start) - 1)})
    hospitals = {one: ranked for one, ranked in sides[1].items() if ranked}
    return sides[0], hospitals, dict(enumerate(lists["places"].tolist()))


KINDS: dict[str, Callable[[Path], Figures]] = {kind.__name__: kind for kind in (scipy, lapx, highs, algmatch, matching)}

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[3])
    found = KINDS[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({**found, "peak_mb": peak_mb()}))
