"""The command `chiron bench matching` from its options to its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matching.bench import command, processes
from matching.bench.bars import ROWS, Bar
from matching.bench.cases import Case
from matching.bench.command import matching


def bench(*options: str) -> Result:
    return CliRunner().invoke(matching, options)


def test_figures_come_from_real_runs_and_go_on_without_a_peer_that_dies(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "lap").mkdir()
    (tmp_path / "lap/__init__.py").write_text("raise MemoryError")
    monkeypatch.setattr(processes, "PEERS", tmp_path)
    result = bench("--case", "12x12", "--runs", "1", "--json", "--bars", "b9,B10")
    lines = {(line["id"], line["peer_name"]): line for line in json.loads(result.stdout)}
    assert set(lines) == {("B9", "scipy"), ("B9", "lapx"), ("B9", "HiGHS"), ("B10", "")}
    assert lines["B9", "scipy"]["ours"] == 0
    assert lines["B9", "scipy"]["peer"] > 0
    assert lines["B9", "scipy"]["certificate"]["value"] == lines["B9", "scipy"]["certificate"]["bound"]
    assert (lines["B9", "lapx"]["note"], lines["B9", "lapx"]["kept"]) == ("died", None)
    assert lines["B9", "scipy"]["kept"] is lines["B9", "HiGHS"]["kept"] is lines["B10", ""]["kept"] is True
    assert result.exit_code == 0


def test_a_bar_that_is_not_kept_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row._replace(bars=(Bar("ours", -1),)) for row in ROWS if row.id == "B10"]
    monkeypatch.setattr(command, "ROWS", rows)
    result = bench("--case", "9x9", "--runs", "2", "--bars", "B10")
    assert result.exit_code == 1
    assert "NOT KEPT" in result.stdout
    assert "measuring 9x9, run 2 of 2: shuffled …\n" in result.stderr


def test_it_draws_what_it_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "LADDER", (Case(12, 9), Case(15, 10)))
    monkeypatch.setitem(processes.MINUTES_ABOVE, "highs", 0)
    monkeypatch.setattr(processes, "PEERS", tmp_path)
    result = bench("--case", "12x9", "--runs", "1", "--bars", "B9", "--plot", str(tmp_path / "speed.svg"))
    assert result.exit_code == 0, result.output
    picture = (tmp_path / "speed.svg").read_text()
    assert "at 108 pairs" in picture
    assert "at 150 pairs" in picture
    assert result.stderr.count("measuring 12x9, run 1 of 1: proven …") == 1, "nothing is measured twice"


@pytest.mark.parametrize("case", ["5000", "x", "0x5", "5x-1", "fivexfive"])
def test_a_case_that_is_no_size_is_refused(case: str) -> None:
    result = bench("--case", case)
    assert result.exit_code == 2
    assert "write mentees and mentors, like 5000x3000" in result.stderr


def test_a_bar_that_there_is_not_is_refused() -> None:
    result = bench("--bars", "B11")
    assert result.exit_code == 2
    assert "B11 is no bar; there are B1, B2" in result.stderr
