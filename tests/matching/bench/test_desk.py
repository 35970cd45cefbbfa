"""The command that measures a slider of the desk."""

from __future__ import annotations

from click.testing import CliRunner

from matching.bench.desk import desk


def test_a_move_is_measured_for_each_aim_and_kept_within_its_limit() -> None:
    reply = CliRunner().invoke(desk, ["--case", "20x10", "--moves", "1"])
    assert reply.exit_code == 0
    assert [line.partition(":")[0] for line in reply.output.splitlines()] == [
        "20 × 10",
        "most_pairs",
        "total",
        "worst_off_first",
    ]
