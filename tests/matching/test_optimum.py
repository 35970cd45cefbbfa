"""The samples under the shipped policies: other solvers, given scores.csv alone, find no better total."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_array

import programs.enrollment.importing
import programs.policy
from matching.commands import match
from programs.policy.document import Policy, dump_policy, load_policy

SAMPLES = Path(programs.enrollment.importing.__file__).parent / "samples"
TEMPLATES = Path(programs.policy.__file__).parent / "templates"
SOCIETIES = {
    "sierra": "mentorship-in-medicine",
    "commonwealth": "physician-to-physician-pilot",
    "northstar": "premed-mentorship",
}
Scores = NDArray[np.int64]
HUGE = 10**12


class Answer:
    """One society's match, read back from its files, with places read from its sheets."""

    def __init__(self, society: str, policy: Policy, folder: Path) -> None:
        (folder / "policy.yaml").write_text(dump_policy(policy), encoding="utf-8")
        mentors, mentees = (SAMPLES / f"{society}-{role}s.csv" for role in ("mentor", "mentee"))
        sheets = [f"--mentors={mentors}", f"--mentees={mentees}"]
        outputs = [f"--out={folder / 'pairs.csv'}", f"--scores={folder / 'scores.csv'}"]
        done = CliRunner().invoke(match, [f"--policy={folder / 'policy.yaml'}", *sheets, *outputs, "--json"])
        assert done.exit_code == 0, done.output
        self.run = json.loads(done.output)["run"]
        head, *rows = read(folder / "scores.csv")
        self.mentees, self.mentors = [row[0] for row in rows], head[1:]
        self.scores = np.array([row[1:] for row in rows], np.int64)
        self.pairs = read(folder / "pairs.csv")[1:]
        part = policy.parts[0]
        self.capacity = places(mentors, "capacity", part.roles["mentor"].places.most, self.mentors)
        self.demand = places(mentees, "wants_mentors", part.roles["mentee"].mentors.most, self.mentees)

    @property
    def total(self) -> int:
        return sum(int(pair[3]) for pair in self.pairs)


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def places(sheet: Path, column: str, most: int, keys: list[str]) -> list[int]:
    head, *rows = read(sheet)
    offered = {row[head.index("member_id")]: row[head.index(column)] for row in rows}
    return [min(int(offered[key]), most) for key in keys]


@pytest.fixture(scope="module", params=[(name, aim) for name in SOCIETIES for aim in ("most_pairs", "total")])
def answer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    society, aim = request.param
    data: Any = load_policy((TEMPLATES / f"{SOCIETIES[society]}.yaml").read_text(encoding="utf-8"))
    part = data.parts[0].model_copy(update={"matching": data.parts[0].matching.model_copy(update={"aim": aim})})
    policy = data.model_copy(update={"parts": (part, *data.parts[1:])})
    return Answer(society, policy, tmp_path_factory.mktemp(society))


def test_the_pairs_are_those_of_the_scores_and_keep_to_all_limits(answer: Answer) -> None:
    column = {key: place for place, key in enumerate(answer.mentors)}
    row = {key: place for place, key in enumerate(answer.mentees)}
    for mentee, mentor, _, points in answer.pairs:
        assert int(points) == answer.scores[row[mentee], column[mentor]] >= 0
    assert len({(pair[0], pair[1]) for pair in answer.pairs}) == len(answer.pairs)
    for keys, limits, side in ((answer.mentees, answer.demand, 0), (answer.mentors, answer.capacity, 1)):
        used = [sum(pair[side] == key for pair in answer.pairs) for key in keys]
        assert all(count <= limit for count, limit in zip(used, limits, strict=True))
    assert answer.run["cap"] is None or len(answer.pairs) <= answer.run["cap"]
    assert (answer.run["pairs"], answer.run["total"]) == (len(answer.pairs), answer.total)


def test_an_integer_program_finds_the_same_optimum(answer: Answer) -> None:
    pairs, total = best_by_milp(answer)
    assert total == answer.total
    assert pairs == len(answer.pairs) or answer.run["aim"] == "total"


def test_an_assignment_solver_finds_the_same_optimum(answer: Answer) -> None:
    """Mentors' places as columns of their own, columns worth nothing for having nobody, and for the cap as many columns
    as mentees must stay without, worth more than anything.
    """
    assert set(answer.demand) == {1}
    people = len(answer.mentees)
    without = max(0, people - (answer.run["cap"] or people))
    real = np.repeat(np.where(answer.scores < 0, -1, answer.scores + bonus(answer)), answer.capacity, axis=1)
    worth = np.hstack([real, np.zeros((people, people)), np.full((people, without), HUGE)])
    rows, cols = linear_sum_assignment(worth, maximize=True)
    expected = answer.total + bonus(answer) * len(answer.pairs) + HUGE * without
    assert worth[rows, cols].sum() == expected


def bonus(answer: Answer) -> int:
    """What one more pair is worth: more than all points together if as many pairs as possible are the aim."""
    return 10**9 if answer.run["aim"] == "most_pairs" else 0


def best_by_milp(answer: Answer) -> tuple[int, int]:
    """How many pairs and points HiGHS finds: first the most pairs if that is the aim, then the most points."""
    row, col = np.nonzero(answer.scores >= 0)
    points = answer.scores[row, col]
    ones = np.ones(len(row))
    limits = [
        LinearConstraint(csr_array((ones, (side, np.arange(len(side)))), (len(most), len(side))), ub=most)
        for side, most in ((row, answer.demand), (col, answer.capacity))
    ]
    if answer.run["cap"]:
        limits.append(LinearConstraint(ones[None, :], ub=answer.run["cap"]))
    if answer.run["aim"] == "most_pairs":
        limits.append(LinearConstraint(ones[None, :], lb=solve(ones, limits).sum()))
    chosen = solve(points, limits)
    return int(chosen.sum()), int(chosen @ points)


def solve(worth: NDArray[Any], limits: list[LinearConstraint]) -> Scores:
    whole, exact = np.ones(len(worth)), {"mip_rel_gap": 0}
    found = milp(-worth, integrality=whole, bounds=Bounds(0, 1), constraints=limits, options=exact)
    assert found.success
    return np.rint(found.x).astype(np.int64)
