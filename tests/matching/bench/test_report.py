"""What is told of the measurements: bars, proofs, what was left out, and where there is no edge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matching.bench.bars import IDS, ROWS, Bar, Row, up_to
from matching.bench.cases import FEW, HUGE, LADDER, LARGE, MIDDLE, RESIDENCY, SMALL, USUAL, Case
from matching.bench.measuring import Line
from matching.bench.report import edges, for_people, for_programs, runs_in_words

LINE = Line(
    case=MIDDLE,
    id="B3",
    what="proven",
    unit="s",
    ours=0.5,
    peer=2.0,
    peer_name="scipy",
    ratio=4.0,
    bar=Bar("ratio", 3),
    kept=True,
    runs=3,
    certificate={"seed": 0, "pairs": 4_900, "total": 7, "value": 7, "bound": 7},
    peak_mb={"ours": 180.0, "peer": 600.0},
)


def test_a_bar_is_kept_on_its_own_side() -> None:
    assert Bar("ours", 0.2).kept(0.1, None)
    assert not Bar("ours", 0.2).kept(0.3, 100)
    assert Bar("ratio", 2).kept(9, 3.0)
    assert not Bar("ratio", 2).kept(0, 1.0)
    assert Bar("ratio", 2).kept(0, None) is None


def test_every_bar_of_the_ten_stands_on_some_case_of_those_that_all_measures() -> None:
    here = [(row, case) for row in ROWS for case in (*USUAL, LARGE, HUGE) if row.fits(case)]
    lines = [(row, case, peer) for row, case in here for peer in row.peers or ("",)]
    judged = {row.id for row, case, peer in lines if row.bar(case, peer)}
    assert judged == set(IDS) == {f"B{number}" for number in range(1, 11)}


def test_a_bar_on_our_own_figure_is_judged_once_and_a_gap_against_every_peer() -> None:
    row = Row("B2", "", "s", "proven", up_to(9), ("scipy", "lapx"), bars=(Bar("ours", 1),))
    assert [row.bar(FEW, peer) is not None for peer in row.peers] == [True, False]
    assert [row._replace(gap=True).bar(FEW, peer) is not None for peer in row.peers] == [True, True]
    named = row._replace(bars=(Bar("ratio", 2, peer="lapx"),))
    assert [named.bar(FEW, peer) is not None for peer in named.peers] == [False, True]


@pytest.mark.parametrize("case", [*USUAL, *LADDER, LARGE, HUGE, Case(700, 70)])
def test_no_comparison_is_made_twice(case: Case) -> None:
    here = [(row.id, row.what) for row in ROWS if row.fits(case)]
    assert here
    assert len(here) == len(set(here))
    assert not [row for row in ROWS if case == RESIDENCY and row.fits(case) and row.ours != "stable_pairs"]


def told(*lines: Line) -> str:
    return "\n".join(for_people(lines))


def test_the_report_tells_figures_ratio_bar_and_proof() -> None:
    report = told(LINE, replace(LINE, peer_name="lapx", ratio=2.0, peer=1.0, kept=False))
    assert "5,000 × 3,000: medians of 3 runs (seeds 0 to 2)" in report
    assert "proven (seed 0): 4,900 pairs, 7 points, value 7 = bound 7" in report
    words = [line.split() for line in report.splitlines()]
    assert ["B3", "proven", "500", "ms", "scipy", "2", "s", "4", "×", "≥", "3", "×", "kept"] in words
    assert ["lapx", "1", "s", "2", "×", "≥", "3", "×", "NOT", "KEPT"] in words
    assert report.endswith("There was no comparison in this run in which a peer did as well.")
    assert runs_in_words(1) == "1 run (seed 0)"


def test_a_peer_that_was_not_run_is_named_with_the_reason() -> None:
    left_out = replace(LINE, peer=None, ratio=None, kept=None, note="not run: `make peers`")
    assert "scipy not run: `make peers`" in told(left_out)
    assert edges([left_out]) == edges([LINE])


def test_where_there_is_no_edge_is_said_from_the_figures() -> None:
    slower = replace(LINE, case=SMALL, ratio=0.25)
    even = replace(slower, peer_name="lapx", ratio=0.98)
    larger = replace(slower, what="memory", unit="MB", ratio=0.5)
    assert edges([LINE, slower, even, larger]) == [
        "Where there is no edge:",
        "  1,000 × 600, proven: scipy is 4 times as fast, lapx does as well.",
        "  1,000 × 600, memory: scipy takes 2 times less.",
    ]


def test_programs_get_the_same_keys_always() -> None:
    keys = {
        *("case", "id", "what", "unit", "ours", "peer", "peer_name", "ratio", "bar", "kept", "runs", "certificate"),
        *("peak_mb", "note"),
    }
    found: list[dict[str, Any]] = for_programs([LINE, replace(LINE, bar=None, certificate=None, peer=None)])
    assert [set(line) for line in found] == [keys, keys]
    assert found[0]["case"] == "5000x3000"
    assert found[0]["bar"] == {"of": "ratio", "limit": 3}
    assert found[1]["bar"] is None
