"""One case after the other: all kinds of work that its comparisons need, in turn, run by run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory
from typing import Any

from matching.bench import peers
from matching.bench.bars import Bar, Row, Unit
from matching.bench.cases import Case
from matching.bench.processes import Figures, run, why_not_run

NAMES = {"loop": "a Python loop", "highs": "HiGHS"}
NEED_SCORES = ("scipy", "lapx", "highs")
Runs = dict[str, list[Figures]]


@dataclass(frozen=True)
class Line:
    """What came of one comparison. ours and peer are medians, in `unit`; ratio says how many times better ours is.

    kept is None where there is no bar, or where nothing was run: then `note` says why.
    """

    case: Case
    id: str
    what: str
    unit: Unit
    ours: float
    peer: float | None
    peer_name: str
    ratio: float | None
    bar: Bar | None
    kept: bool | None
    runs: int
    certificate: dict[str, int] | None
    peak_mb: dict[str, float]
    note: str = ""


def measure(
    case: Case,
    rows: Iterable[Row],
    runs: int,
    tell: Callable[[str], object],
    *,
    patiently: bool = False,
) -> tuple[list[Line], Runs]:
    """All lines of a case, and the figures they come from.

    In each run, which has its number as its seed, ours and the peers' work take turns, so that whatever else the
    machine does hits all of them alike.
    """
    here = [row for row in rows if row.fits(case)]
    kinds = [kind for kind in _kinds(here) if not why_not_run(kind, case, patiently=patiently)]
    found: Runs = {kind: [] for kind in kinds}
    dead = set[str]()
    for seed in range(runs):
        with TemporaryDirectory() as folder:
            for kind in kinds:
                tell(f"{case}, run {seed + 1} of {runs}: {NAMES.get(kind, kind)}")
                try:
                    found[kind].append(run(kind, case, seed, Path(folder)))
                except CalledProcessError:
                    if kind not in peers.KINDS:
                        raise
                    dead.add(kind)
    found = {kind: [] if kind in dead else some for kind, some in found.items()}
    return [line for row in here for line in _lines(case, row, found, runs, patiently=patiently)], found


def _kinds(rows: Iterable[Row]) -> list[str]:
    """What must be run, what others need first."""
    wanted = dict.fromkeys(kind for row in rows for kind in (row.ours, *row.peers))
    first = ["scores"] if any(kind in wanted for kind in NEED_SCORES) else []
    return [*first, *wanted]


def _lines(case: Case, row: Row, found: Runs, runs: int, *, patiently: bool) -> Iterator[Line]:
    ours = found[row.ours]
    for peer in row.peers or ("",):
        theirs = found.get(peer, [])
        mine, its = _figures(row, ours, theirs, found.get("scores", []))
        ratio = None if its is None or row.gap else its / mine
        bar = row.bar(case, peer)
        yield Line(
            case=case,
            id=row.id,
            what=row.what,
            unit=row.unit,
            ours=mine,
            peer=its,
            peer_name=NAMES.get(peer, peer),
            ratio=ratio,
            bar=bar,
            kept=None if bar is None or (row.gap and not theirs) else bar.kept(mine, ratio),
            runs=runs,
            certificate=ours[0].get("certificate"),
            peak_mb={who: _median(some, "peak_mb") for who, some in (("ours", ours), ("peer", theirs)) if some},
            note="" if theirs or not peer else why_not_run(peer, case, patiently=patiently) or "died",
        )


def _figures(row: Row, ours: list[Figures], theirs: list[Figures], scores: list[Figures]) -> tuple[float, float | None]:
    """Our figure and the peer's, None if it was not run. A gap stands in place of ours: the largest there was."""
    if row.gap:
        both = [(one[row.figure], other[row.figure]) for one, other in zip(ours, theirs, strict=bool(theirs))]
        gap = max((_gap(one, other) for one, other in both), default=0)
        return gap, median(_size(other) for _, other in both) if both else None
    mine = _median(ours, row.figure) if row.unit in ("s", "MB") else max(figures[row.figure] for figures in ours)
    if not theirs:
        return mine, None
    before = _median(scores, "seconds") if row.with_scores else 0
    return mine, _median(theirs, row.figure) + before


def _gap(one: Any, other: Any) -> float:
    """Between two numbers; between two lists of pairs, how many are in one of them only."""
    if isinstance(one, list):
        return len(set(map(tuple, one)) ^ set(map(tuple, other)))
    return abs(float(one - other))


def _size(figure: Any) -> float:
    return len(figure) if isinstance(figure, list) else float(figure)


def _median(runs: list[Figures], figure: str) -> float:
    return float(median(figures[figure] for figures in runs))
