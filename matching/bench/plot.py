"""Time and memory against size as an SVG that stands alone: log-log, readable in light and dark, told in words too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from statistics import median
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from matching.bench.bars import DENSE, PROVEN, Row, up_to
from matching.bench.cases import HUGE, Case
from matching.bench.measuring import NEED_SCORES, Runs

WIDTH, PANEL, TOP, GAP = 640, 300, 32, 96
LEFT, RIGHT = 84, 40
NAMES = {"proven": "this engine", "scipy": "scipy", "lapx": "lapx", "highs": "HiGHS"}
MARKS = {
    "proven": "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0z",
    "scipy": "M-4.5,-4.5h9v9h-9z",
    "lapx": "M0,-6l5.5,10h-11z",
    "highs": "M0,-6l6,6l-6,6l-6,-6z",
}
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2933 }
.name { font-weight: 600; font-size: 16px } .ground { fill: #ffffff } .grid { stroke: #d5dbe1 }
.line { fill: none; stroke-width: 2 } .proven .line { stroke-width: 3.5 }
.proven { stroke: #0b5cad; fill: #0b5cad } .scipy { stroke: #b3471c; fill: #b3471c }
.lapx { stroke: #2c7a35; fill: #2c7a35 } .highs { stroke: #7a3e9d; fill: #7a3e9d }
.series text { stroke: none }
@media (prefers-color-scheme: dark) {
text { fill: #e6eaee } .ground { fill: #14191f } .grid { stroke: #3a444e }
.proven { stroke: #6cb4ff; fill: #6cb4ff } .scipy { stroke: #ff9a6b; fill: #ff9a6b }
.lapx { stroke: #7fd48a; fill: #7fd48a } .highs { stroke: #cf9df0; fill: #cf9df0 }
}
"""
PLOTTED = (Row("", PROVEN, "s", "proven", up_to(HUGE.pairs), (*DENSE, "highs"), with_scores=True),)


class Point(NamedTuple):
    """What one solver took for one size."""

    pairs: int
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis from low to high, laid from `first` to `last` in the picture."""

    low: float
    high: float
    first: float
    last: float

    @classmethod
    def around(cls, values: Sequence[float], first: float, last: float, steps: Sequence[int] = (1,)) -> Axis:
        """The axis that ends at the ticks around these values."""
        below = [tick for tick in _ticks(min(values) / 10, max(values), steps) if tick <= min(values)]
        above = [tick for tick in _ticks(min(values), max(values) * 10, steps) if tick >= max(values)]
        return cls(below[-1], above[0], first, last)

    def at(self, value: float) -> float:
        """Where a value lies."""
        share = log10(value / self.low) / log10(self.high / self.low)
        return round(self.first + share * (self.last - self.first), 1)


def series(figures: Mapping[Case, Runs]) -> dict[str, list[Point]]:
    """The points of each solver by size: seconds with scores and, for ours, the proof; medians."""
    found: dict[str, list[Point]] = {}
    for case in sorted(figures, key=lambda case: case.pairs):
        runs = figures[case]
        for kind in (kind for kind in NAMES if runs.get(kind)):
            before = median(run["seconds"] for run in runs["scores"]) if kind in NEED_SCORES else 0
            seconds = before + median(run["seconds"] for run in runs[kind])
            found.setdefault(kind, []).append(Point(case.pairs, seconds, median(run["peak_mb"] for run in runs[kind])))
    return found


def draw(points: Mapping[str, Sequence[Point]]) -> str:
    """The picture of these series."""
    height = TOP + 2 * (PANEL + GAP)
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}", role="img")
    root.set("aria-labelledby", "title desc")
    SubElement(root, "title", id="title").text = "Time and memory of exact assignment against the number of pairs"
    SubElement(root, "desc", id="desc").text = " ".join(_in_words(points))
    SubElement(root, "style").text = STYLE
    SubElement(root, "rect", {"class": "ground", "width": str(WIDTH), "height": str(height)})
    _legend(root, points)
    everything = [point for some in points.values() for point in some]
    across = Axis.around([point.pairs for point in everything], LEFT, WIDTH - RIGHT)
    for number, (name, column, unit, steps) in enumerate(
        (("Time, from scores to answer", 1, _time, (1,)), ("Memory, at its peak", 2, _memory, (1, 2, 5)))
    ):
        top = TOP + GAP / 2 + number * (PANEL + GAP)
        up = Axis.around([point[column] for point in everything], top + PANEL, top, steps)
        _text(root, LEFT, top - 12, name, kind="name")
        for tick in _ticks(up.low, up.high, steps):
            _grid(root, across.first, up.at(tick), across.last, up.at(tick))
            _text(root, LEFT - 8, up.at(tick) + 5, unit(tick), anchor="end")
        for tick in _ticks(across.low, across.high):
            _grid(root, across.at(tick), up.first, across.at(tick), up.last)
            _text(root, across.at(tick), up.first + 20, _count(tick), anchor="middle")
        _text(root, (LEFT + WIDTH - RIGHT) / 2, up.first + 42, "pairs (mentees × mentors)", anchor="middle")
        for kind, some in points.items():
            _curve(root, kind, [(across.at(point.pairs), up.at(point[column])) for point in some])
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _in_words(points: Mapping[str, Sequence[Point]]) -> Iterator[str]:
    yield "Two charts with logarithmic axes."
    for kind, some in points.items():
        first, last = some[0], some[-1]
        yield (
            f"{NAMES[kind]}: from {first.seconds:.3g} seconds and {first.megabytes:,.0f} megabytes at {first.pairs:,} "
            f"pairs to {last.seconds:.3g} seconds and {last.megabytes:,.0f} megabytes at {last.pairs:,} pairs."
        )


def _legend(root: Element, points: Mapping[str, Sequence[Point]]) -> None:
    for number, kind in enumerate(points):
        left = LEFT + number * 134
        group = SubElement(root, "g", {"class": f"series {kind}"})
        SubElement(group, "path", {"class": "line", "d": f"M{left},24h28"})
        SubElement(group, "path", d=MARKS[kind], transform=f"translate({left + 14},24)")
        _text(group, left + 36, 29, NAMES[kind])


def _curve(root: Element, kind: str, places: Sequence[tuple[float, float]]) -> None:
    group = SubElement(root, "g", {"class": f"series {kind}"})
    SubElement(group, "path", {"class": "line", "d": "M" + "L".join(f"{x},{y}" for x, y in places)})
    for x, y in places:
        SubElement(group, "path", d=MARKS[kind], transform=f"translate({x},{y})")


def _grid(root: Element, x1: float, y1: float, x2: float, y2: float) -> None:
    SubElement(root, "path", {"class": "grid", "d": f"M{x1},{y1}L{x2},{y2}"})


def _text(root: Element, x: float, y: float, words: str, *, anchor: str = "start", kind: str = "") -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor}
    SubElement(root, "text", place | ({"class": kind} if kind else {})).text = words


def _ticks(low: float, high: float, steps: Sequence[int] = (1,)) -> list[float]:
    """Round numbers from low to high: these steps in each power of ten."""
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    ticks = [step * 10.0**power for power in powers for step in steps]
    return [tick for tick in ticks if low * 0.999 <= tick <= high * 1.001]


def _time(seconds: float) -> str:
    return f"{seconds * 1000:g} ms" if seconds < 0.999 else f"{seconds:,.0f} s"


def _memory(megabytes: float) -> str:
    return f"{megabytes:g} MB" if megabytes < 999 else f"{megabytes / 1000:g} GB"


def _count(pairs: float) -> str:
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if pairs >= size * 0.999:
            return f"{pairs / size:,.0f} {name}"
    return f"{pairs:,.0f}"
