"""What is told of the measurements: lines for people, the same for programs, and where there is no edge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from matching.bench.measuring import Line

AS_GOOD = 1.05  # nobody could tell such a difference from chance


def for_programs(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Each line with the same keys always, as JSON holds them."""
    return [
        asdict(line)
        | {
            "case": str(line.case),
            "bar": line.bar and {"of": line.bar.of, "limit": line.bar.limit},
        }
        for line in lines
    ]


def for_people(lines: Sequence[Line]) -> list[str]:
    """A table per case with its proof above it, and sentences at the end."""
    told = []
    for case, some in groupby(lines, key=lambda line: line.case):
        here = list(some)
        told += [f"{case.words}: medians of {runs_in_words(here[0].runs)}", *_proof(here)]
        for _, row in groupby(here, key=lambda line: (line.id, line.what)):
            told += [_line(line, first=not number) for number, line in enumerate(row)]
        told += [""]
    return [*told, *edges(lines)]


def runs_in_words(runs: int) -> str:
    """How many runs there were, with their seeds."""
    return "1 run (seed 0)" if runs == 1 else f"{runs} runs (seeds 0 to {runs - 1})"


def edges(lines: Sequence[Line]) -> list[str]:
    """A sentence for each comparison in which a peer did as well as we did, or better."""
    behind = [line for line in lines if line.ratio is not None and line.ratio < AS_GOOD]
    if not behind:
        return ["There was no comparison in this run in which a peer did as well."]
    rows = groupby(behind, key=lambda line: (line.case.words, line.what))
    return ["Where there is no edge:", *(f"  {_edge(words, what, list(row))}" for (words, what), row in rows)]


def _edge(where: str, what: str, row: Sequence[Line]) -> str:
    said = []
    for line in row:
        assert line.ratio is not None
        times = f"{1 / line.ratio:.2g}" if line.ratio > 0.01 else f"{1 / line.ratio:,.0f}"
        better = f"is {times} times as fast" if line.unit == "s" else f"takes {times} times less"
        said.append(f"{line.peer_name} {'does as well' if line.ratio > 1 / AS_GOOD else better}")
    return f"{where}, {what}: {', '.join(said)}."


def _proof(lines: Iterable[Line]) -> list[str]:
    proofs = [line.certificate for line in lines if line.certificate]
    return [
        f"  proven (seed {proof['seed']}): {proof['pairs']:,} pairs, {proof['total']:,} points, "
        f"value {proof['value']:,} = bound {proof['bound']:,}"
        for proof in proofs[:1]
    ]


def _line(line: Line, *, first: bool) -> str:
    missing = line.note and line.unit == "points"
    head = f"{line.id:<4}{line.what:<62}{'' if missing else _figure(line.ours, line.unit):>9}"
    peer = line.note or ("" if line.peer is None else _figure(line.peer, line.unit))
    ratio = "" if line.ratio is None else f"{line.ratio:,.3g} ×"
    verdict = {None: "", True: "kept", False: "NOT KEPT"}[line.kept]
    told = f"{f'{line.peer_name} {peer}':<24}{ratio:>9}  {'' if line.bar is None else line.bar!s:<8}{verdict}"
    return f"  {head if first else ' ' * len(head)}  {told}".rstrip()


def _figure(figure: float, unit: str) -> str:
    if unit == "s":
        return f"{figure * 1000:.3g} ms" if figure < 0.9995 else f"{figure:,.3g} s"
    if unit == "MB":
        return f"{figure:,.0f} MB"
    return f"{figure:.2g}" if unit == "share" else f"{figure:,.0f}"
