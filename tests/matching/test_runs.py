"""A run in one file: what it proves without a database, and that no number in it can be changed unseen."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from chiron.kernel.errors import DomainError
from matching.commands import match
from matching.engine import MatrixSource, Objective, Pin, Problem, Quota, Rounds
from matching.on_files.runs import BECAUSE, check_run, write_run

ABOUT = {"program": "Mentoring", "session": "Spring", "suggested_at": "2027-02-01", "settings": {"version": 3}}
SCORES = np.array([[700, 300, -1], [650, 640, 200], [400, 390, 380]])


def written(problem: Problem, objective: Objective = "total", served: list[int] | None = None) -> dict[str, Any]:
    file = BytesIO()
    fingerprint = write_run(file, ABOUT, Rounds.of(problem, objective=objective, served=served, seed=7))
    data: dict[str, Any] = json.loads(file.getvalue())
    assert data["fingerprint"] == fingerprint
    return data


def problem(**more: Any) -> Problem:
    return Problem(MatrixSource(SCORES), capacity=np.array([1, 1, 1]), **more)


def run(path: Path, *more: str) -> Result:
    return CliRunner().invoke(match, ["--verify", str(path), *more])


def keep(data: Any, path: Path) -> Path:
    path.write_text(json.dumps(data))
    return path


def numbers(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the numbers are."""
    if isinstance(data, dict | list):
        for key, part in data.items() if isinstance(data, dict) else enumerate(data):
            yield from numbers(part, (*path, key))
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield path


@pytest.mark.parametrize("objective", ["total", "most_pairs", "worst_off_first", "rounds"])
def test_no_number_can_be_changed_unseen(objective: str) -> None:
    if objective == "rounds":
        asked = problem(floor=100, demand=np.array([2, 1, 0]), person_of=np.array([4, 5, 6]))
        data = written(asked, "most_pairs", served=[5])
        assert check_run(data).first == 1
    else:
        data = written(problem(floor=100, max_pairs=2), objective)  # type: ignore[arg-type]
        assert check_run(data).first is None
    assert check_run(data).figures["pairs"] == 2 + (objective == "rounds")
    places = list(numbers(data))
    assert len(places) > 40
    for *path, last in places:
        changed = deepcopy(data)
        part = changed
        for key in path:
            part = part[key]
        part[last] += 1
        with pytest.raises(DomainError):
            check_run(changed)


def test_all_that_can_be_asked_is_in_the_file() -> None:
    asked = problem(
        demand=np.array([1, 2, 1]),
        min_load=np.array([0, 0, 1]),
        person_of=np.array([0, 1, 1]),
        quotas=[Quota("mentor", [0, 1], 2)],
        pins=[(1, 1)],
        mentee_keys=np.array([5, 6, 7], np.uint64),
    )
    assert check_run(written(asked)).value == check_run(written(asked)).bound


def test_why_a_pair_was_kept_against_a_rule_stays_in_the_house() -> None:
    data = written(problem(pins=[Pin(0, 2, "Ann is Bob’s cousin")]))
    assert "cousin" not in json.dumps(data)
    assert data["asked"]["keep"] == [[0, 2, BECAUSE]]
    assert check_run(data).figures["pairs"] == 3


def test_nobody_at_all_is_proven_too() -> None:
    data = written(Problem(MatrixSource(np.zeros((0, 2), int)), capacity=np.array([1, 0])))
    assert check_run(data).figures["mean"] is None


def test_the_command_says_what_is_proven(tmp_path: Path) -> None:
    ran = run(keep(written(problem()), tmp_path / "run.json"))
    assert ran.exit_code == 0, ran.output
    assert "checked: no better set of pairs exists" in ran.output
    assert "All 9 possible pairs were priced again: the pairs are worth 1,720" in ran.output
    assert "not checked" in ran.output
    told = json.loads(run(tmp_path / "run.json", "--json").output)
    assert (told["proven"], told["value"], told["bound"]) == (True, 1720, 1720)


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    data = written(problem())
    data["scores"][2][0] = 999
    ran = run(keep(data, tmp_path / "run.json"))
    assert ran.exit_code == 1
    assert "The result is not proven" in str(ran.exception)
    as_json = run(tmp_path / "run.json", "--json")
    assert as_json.exit_code == 1
    assert "The result is not proven" in json.loads(as_json.output)["error"]
    del data["figures"]
    assert run(keep(data, tmp_path / "run.json")).exit_code == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is no JSON file"),
        ("[]", "is no run that Chiron wrote"),
        ('{"chiron_run": 2}', "of version 2"),
        ('{"chiron_run": 1}', "does not hold what a run needs"),
        ('{"chiron_run": 1, "asked": {"mentees": 1, "mentors": 999999999999}, "scores": [[1]]}', "must be 9999"),
        ("[" * 100_000, "is no JSON file"),
    ],
)
def test_what_is_no_run_is_told_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "run.json").write_text(text)
    ran = run(tmp_path / "run.json")
    assert ran.exit_code == 1
    assert isinstance(ran.exception, DomainError)
    assert says in ran.exception.message


def test_checking_and_matching_are_two_things(tmp_path: Path) -> None:
    path = keep(written(problem()), tmp_path / "run.json")
    ran = run(path, "--out", str(tmp_path / "pairs.csv"))
    assert (ran.exit_code, "leave the other options out" in ran.output) == (2, True)
    ran = CliRunner().invoke(match, [])
    assert (ran.exit_code, "or --verify and a run" in ran.output) == (2, True)


def test_checking_needs_neither_django_nor_a_database(tmp_path: Path) -> None:
    path = keep(written(problem()), tmp_path / "run.json")
    code = (
        "import sys; from matching.commands import match; "
        f"match(['--verify', {str(path)!r}], standalone_mode=False); "
        "assert 'django' not in sys.modules and 'psycopg' not in sys.modules"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env={})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "checked" in ran.stdout
