"""The measurements measure what they say: on a small pool, where every figure can be checked."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from matching.engine.bench import KINDS, Bar, Synthetic, matching


def test_every_kind_of_work_comes_to_the_same_total() -> None:
    pool = Synthetic(60, 40, seed=3)
    totals = {KINDS[kind](pool)["total"] for kind in ("ours", "scipys", "dense_ours", "dense_scipys")}
    assert len(totals) == 1
    assert KINDS["shuffled"](pool) == {"changed": 0}
    assert KINDS["explained"](pool)["pairs"] > 30


def test_a_bar_is_kept_on_its_own_side() -> None:
    assert Bar("1x1", "seconds", 0.1, 0.2).kept
    assert not Bar("1x1", "seconds", 0.3, 0.2).kept
    assert Bar("1x1", "times", 3.0, 2.0, at_least=True).kept
    assert not Bar("1x1", "times", 1.0, 2.0, at_least=True).kept


def test_the_command_prints_figures_for_programs() -> None:
    result = CliRunner().invoke(matching, ["--case", "12x12", "--runs", "1", "--json"])
    (figure,) = json.loads(result.stdout)
    assert (figure["case"], figure["bar"]) == ("12x12", 0.05)
    assert result.exit_code == (0 if figure["kept"] else 1)
    assert result.stderr == "measuring 12x12 explained …\n"


@pytest.mark.parametrize("case", ["5000", "x", "0x5", "5x-1", "fivexfive"])
def test_a_case_that_is_no_size_is_refused(case: str) -> None:
    result = CliRunner().invoke(matching, ["--case", case])
    assert result.exit_code == 2
    assert "write mentees and mentors, like 5000x3000" in result.stderr
