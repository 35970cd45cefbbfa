"""The command `chiron bench sheets`."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from tenants.bench import BAR_MISSED, ground
from tenants.commanding import say_json

SECONDS, MEGABYTES = 120, 300


@click.command()
@click.option("--rows", default=100_000, show_default=True, help="How many rows the sheets have.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")
def sheets(*, rows: int, as_json: bool) -> None:
    """Measure bringing large sheets in: time, and the most memory that the process ever had.

    It starts a database of its own and deletes it afterwards. Each sheet goes through a process of its own, as in a
    worker: looked at, taken and taken back. A sheet of pairs brings two people with each row.

    \b
    Exit status: 0 looking and taking keep to 2 minutes each, and all to 300 MB · 3 one does not
    """
    with ground():
        from programs.enrollment.importing.measuring import prepare

        prepare()
        results = [_measured(kind, rows) for kind in ("members", "signups", "pairs")]
    if as_json:
        say_json(results)
    else:
        for result in results:
            click.echo(", ".join(f"{name} {value}" for name, value in result.items()))
    if not all(_is_met(result) for result in results):
        raise SystemExit(BAR_MISSED)


def _measured(kind: str, rows: int) -> dict[str, float]:
    """The figures of one sheet, from a process that does nothing else."""
    import json

    command = [sys.executable, "-m", "programs.enrollment.importing.measuring", kind, str(rows)]
    done = subprocess.run(command, env=os.environ, check=True, capture_output=True, text=True)
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


def _is_met(result: dict[str, float]) -> bool:
    return max(result["look_s"], result["take_s"]) <= SECONDS and result["peak_mb"] <= MEGABYTES
