"""The `chiron match` command. It needs no server, no database and no Django."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from chiron.kernel.errors import DomainError
from matching.engine import CertificateError, ProblemError, Progress
from matching.on_files.envelope import read_run
from matching.on_files.facts import explanation
from matching.on_files.groups import CheckedGroups, check_groups
from matching.on_files.inputs import Inputs, read_inputs
from matching.on_files.outputs import check_outputs, write_all
from matching.on_files.report import of_checked, of_checked_groups, report
from matching.on_files.runs import check_run
from matching.on_files.tables import write_pairs, write_scores
from matching.solving.part import Solved, solve_part
from programs.enrollment.importing.sheets import SheetError
from programs.policy.document import PolicyError

READ = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITE = click.Path(path_type=Path)
LARGE = 2_000_000  # pairs; above, the work is long enough to say how it goes on


@click.command()
@click.option("--policy", type=READ, help="The program's policy, YAML.")
@click.option("--mentors", type=READ, help="Sign-ups of mentors, CSV.")
@click.option("--mentees", type=READ, help="Sign-ups of mentees, CSV.")
@click.option("--out", type=WRITE, help="Where the pairs go: mentee_id, mentor_id, aspect, points.")
@click.option("--scores", type=WRITE, help="Where the score of every eligible pair goes, to check with another solver.")
@click.option("--explain", type=WRITE, help="Where the reasons go, JSON: why these pairs, and why nobody for the rest.")
@click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), help="First day of the session, for the training clock.")
@click.option("--part", help="Which part of the program; else the first that pairs people one to one.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Draws among equals.")
@click.option("--verify", "taken_out", type=READ, help="Check a run that was taken out of the portal; nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def match(
    policy: Path | None,
    mentors: Path | None,
    mentees: Path | None,
    out: Path | None,
    scores: Path | None,
    explain: Path | None,
    starts: datetime | None,
    part: str | None,
    seed: int,
    taken_out: Path | None,
    as_json: bool,
) -> None:
    """Match mentors and mentees from two sheets and a policy, or check a run that was taken out of the portal.

    Everybody in a sheet counts as invited. Who is not eligible, or of whom that cannot be told yet, is left out and
    listed with the reason. The answer is the best there is, and that is checked against every pair; it is the same
    whatever the order of rows. Points are 1000 times those that staff see. Malformed input is told by file, line and
    column, and nothing is written; exit status 1.

    A sheet may also have the columns blocked, reports_to and ended_early_with: ids of people, separated by “; ”, with
    whom somebody must not be paired.

    --verify reads a file of the desk's “Take the proof out” and proves it again: every pair is priced, every figure
    reckoned; of groups, who is with whom and what none can exceed. Exit status 0 says what is proven, 1 what is wrong.
    """
    if taken_out:
        _no_more_than(taken_out, policy, mentors, mentees, out, scores, explain, starts, part)
        _verify(taken_out, as_json=as_json)
        return
    if not (policy and mentors and mentees and out):
        raise click.UsageError("Name --policy, --mentors, --mentees and --out; or --verify and a run.")
    outputs = [path for path in (out, scores, explain) if path]
    try:
        check_outputs(outputs, inputs=[policy, mentors, mentees])
        inputs = read_inputs(policy, mentors, mentees, part=part, starts=starts.date() if starts else None)
        solved = _solve(inputs, seed)
        explained = explanation(inputs, solved)
        files = {out: lambda file: write_pairs(solved, file)}
        if scores:
            files[scores] = lambda file: write_scores(solved, file)
        if explain:
            files[explain] = lambda file: _write_json(explained, file)
        write_all(files)
    except DomainError as error:
        _fail(error, as_json=as_json)
    del explained["pairs"]
    written = [str(path) for path in outputs]
    if as_json:
        _write_json({**explained, "written": written}, sys.stdout)
    else:
        click.echo(report(explained["run"], explained["not_matched"], explained["left_out"], written))


def _no_more_than(taken_out: Path, *others: object) -> None:
    if any(each is not None for each in others):
        raise click.UsageError(f"--verify checks {taken_out} and does nothing else: leave the other options out.")


def _verify(taken_out: Path, *, as_json: bool) -> None:
    """Say what a run proves, or what is wrong with it."""
    try:
        data = read_run(taken_out)
        checked = check_groups(data) if "groups" in data else check_run(data)
    except DomainError as error:
        _fail(error, as_json=as_json)
    if as_json:
        _write_json({"proven": True, **asdict(checked)}, sys.stdout)
    else:
        click.echo(of_checked_groups(checked) if isinstance(checked, CheckedGroups) else of_checked(checked))


def _solve(inputs: Inputs, seed: int) -> Solved:
    if inputs.part.matching.by_lists:
        raise DomainError(
            f"In “{inputs.part.name}” pairs follow the lists in which people rank each other. Sheets have no such "
            "lists, so its pairs are suggested in the portal; or let wishes count in points there."
        )
    try:
        return solve_part(
            inputs.part,
            inputs.people,
            on=inputs.starts,
            seed=seed,
            known=inputs.known,
            progress=_tell if len(inputs.people) ** 2 / 4 > LARGE else None,
        )
    except (ProblemError, CertificateError) as error:
        raise DomainError(f"No answer could be proven, so nothing was written: {error}") from error


def _tell(progress: Progress) -> None:
    click.echo(f"… {progress.step} {progress.done:,} of {progress.total:,}", err=True)


def _write_json(data: Any, file: Any) -> None:
    json.dump(data, file, ensure_ascii=False, indent=2)
    file.write("\n")


def _fail(error: DomainError, *, as_json: bool) -> NoReturn:
    """Tell what is wrong; as JSON with every fault by itself."""
    if not as_json:
        raise error
    faults = error.faults if isinstance(error, SheetError | PolicyError) else []
    _write_json({"error": error.message, "faults": [_fault(fault) for fault in faults]}, sys.stdout)
    sys.exit(1)


def _fault(fault: Any) -> dict[str, Any]:
    return {name: getattr(fault, name, None) for name in ("sheet", "line", "column", "path", "message")}
