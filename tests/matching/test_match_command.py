"""`chiron match` from its options to its files, report and exit status."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chiron.kernel import clock
from matching.commands import match
from tests.programs.sheets.writing import mentees, mentors, sheet

POLICY = """\
chiron_policy: 1
title: A small program
purpose: To try things.
time_commitment: an hour a month
contact: mentorship@example.org
calendar: {runs_for: 5 months}
first_cycle: {starts: 2027-03-01}
parts:
  - name: One-to-one
    format: one_to_one
    roles:
      mentor: {called: Mentor, places: {default: 1, most: 2}}
    eligible:
      mentee: training.completed within 2 years
    matching:
      by: solver
      aim: most_pairs
      never: [mentor_not_further_along, same_employer, no_common_language, meeting_modes_clash, blocked_by_either]
      weights: {aspects_covered: 400, shared_interests: 300, specialty: 200, my_own_preference: 100}
  - name: Evening
    format: speed
    evening: {rounds: 6, minutes: 8, change: 2}
"""


class Desk:
    """A folder with a policy and two sheets, and the command on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("policy.yaml", POLICY.encode())
        leads = {"member_id": "M2", "aspects_offered": "leadership", "capacity": "1"}
        self.write("mentors.csv", mentors({"member_id": "M1"}, leads))
        self.write(
            "mentees.csv",
            mentees(
                {"member_id": "E1"},
                {"member_id": "E2", "aspects_wanted": "Leadership; research"},
                {"member_id": "E3", "training_completed_on": "2020-06-30"},
                {"member_id": "E4", "training_completed_on": ""},
                {"member_id": "E5", "languages": "Hindi"},
            ),
        )

    def write(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    def run(self, *more: str, **options: str) -> Result:
        """Run the command; an option of this name replaces the usual file."""
        return CliRunner().invoke(match, [*self.options(**options), *more])

    def options(self, **more: str) -> list[str]:
        """The command's paths."""
        names = {"policy": "policy.yaml", "mentors": "mentors.csv", "mentees": "mentees.csv", "out": "pairs.csv"} | more
        return [part for name, file in names.items() for part in (f"--{name}", str(self.folder / file))]

    def table(self, name: str) -> list[list[str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_pairs_and_scores_are_written(desk: Desk) -> None:
    result = desk.run(scores="scores.csv")
    assert result.exit_code == 0, result.output
    # E1: aspects 500, interests 1000, specialty 1000, no preference 500, by weight; with M2 no aspect is covered.
    assert desk.table("scores.csv") == [
        ["mentee_id", "M1", "M2"],
        ["E1", "750000", "550000"],
        ["E2", "950000", "750000"],
        ["E5", "-1", "-1"],
    ]
    assert desk.table("pairs.csv") == [
        ["mentee_id", "mentor_id", "aspect", "points"],
        ["E1", "M1", "research", "750000"],
        ["E2", "M1", "Leadership; research", "950000"],
    ]


def test_the_report_says_who_was_matched_and_who_not_and_why(desk: Desk) -> None:
    lines = desk.run().output.splitlines()
    assert lines[0].startswith("A small program – One-to-one (settings ")
    assert lines[1] == "The session starts on March 1, 2027 (the policy's first_cycle)."
    assert lines[4:6] == [
        "Mentors            2         2         1",
        "Mentees            5         3         2",
    ]
    assert lines[6:] == [
        "The eligible mentors have 3 places.",
        "",
        "2 pairs, 1,700.000 points in all; aim: as many pairs as possible, then the most points.",
        "checked: no better set of pairs exists",
        "2 matched, 1 not matched.",
        "1 eligible mentor without a mentee.",
        "",
        "Not matched (1):",
        "  E5  no mentor may be theirs; ruled out: 2 because they have no common language",
        "",
        "Not eligible (1):",
        "  E3 (mentee)  Completed training on June 30, 2020, more than 2 years before March 1, 2027",
        "",
        "Can't tell yet (1):",
        "  E4 (mentee)  The day training was completed is not known",
        "",
        f"Written: {desk.folder / 'pairs.csv'}",
    ]


@pytest.mark.parametrize(("beyond", "told"), [("waitlist", "; waits"), ("refuse", "")])
def test_who_is_beyond_the_cap_is_told_what_happens(desk: Desk, beyond: str, told: str) -> None:
    cap = f"    format: one_to_one\n    cap: {{pairs: 1, beyond: {beyond}}}\n"
    desk.write("policy.yaml", POLICY.replace("    format: one_to_one\n", cap).encode())
    lines = desk.run().output.splitlines()
    assert f"  E1  beyond the cap of 1 pairs{told}" in lines
    assert desk.table("pairs.csv")[1:] == [["E2", "M1", "Leadership; research", "950000"]]


def explained(desk: Desk, *more: str) -> Any:
    result = desk.run(*more, explain="explain.json")
    assert result.exit_code == 0, result.output
    return json.loads((desk.folder / "explain.json").read_text(encoding="utf-8"))


def test_the_explanation_holds_points_that_add_up(desk: Desk) -> None:
    data = explained(desk, "--seed", "7")
    assert data["run"]["seed"] == 7
    assert data["run"]["policy"] == "A small program"
    assert data["run"]["checked"]["value"] == data["run"]["checked"]["bound"]
    first = data["pairs"][0]
    assert (first["mentee_id"], first["mentor_id"], first["score"]) == ("E1", "M1", 750_000)
    assert sum(each["share"] for each in first["points"].values()) == 750_000
    assert first["points"]["aspects_covered"] == {
        "points": 500,
        "weight": 400,
        "share": 200_000,
        "known": True,
        "facts": {"common": ["research"], "named": 2},
    }
    assert (first["rank"], first["of"]) == (1, 2)
    assert first["runner_up"] == {"mentor_id": "M2", "score": 550_000, "margin": 200_000}
    assert first["to_mentee"] == [
        "You share an interest in teaching and advocacy.",
        "Dr. Stone can help with research, which you asked for.",
        "You are both in neurology.",
    ]
    assert data["not_matched"] == [
        {"mentee_id": "E5", "why": "forbidden", "forbidden_by": {"no_common_language": 2}},
    ]
    assert [(each["id"], each["answer"]) for each in data["left_out"]] == [("E3", "no"), ("E4", "unknown")]
    assert data["mentors_without_mentee"] == [{"mentor_id": "M2", "why": "not_needed"}]


def test_the_explanation_holds_no_identity(desk: Desk) -> None:
    desk.write("mentees.csv", mentees({"prefers_shared": "gender; heritage"}))
    data = explained(desk)
    assert data["pairs"][0]["points"]["my_own_preference"]["points"] == 1000
    text = json.dumps(data).lower()
    assert not any(secret in text for secret in ("woman", "somali", '"gender"', '"heritage"'))


def test_unknown_facts_are_flagged(desk: Desk) -> None:
    desk.write("mentees.csv", mentees({"employer": ""}))
    assert explained(desk)["pairs"][0]["flags"] == [
        {
            "rule": "same_employer",
            "says": "cannot tell",
            "sentence": "We cannot tell whether both have the same employer.",
        }
    ]


def test_the_order_of_rows_changes_nothing(desk: Desk) -> None:
    many = [{"member_id": f"E{number:02}"} for number in range(12)]
    few = [{"member_id": f"M{number:02}"} for number in range(5)]
    written = []
    for seed in range(3):
        random.Random(seed).shuffle(many)
        random.Random(seed).shuffle(few)
        desk.write("mentees.csv", mentees(*many))
        desk.write("mentors.csv", mentors(*few))
        assert desk.run(scores="scores.csv", explain="explain.json").exit_code == 0
        written.append([(desk.folder / name).read_bytes() for name in ("pairs.csv", "scores.csv", "explain.json")])
    assert written[0] == written[1] == written[2]


def test_the_seed_draws_among_equals(desk: Desk) -> None:
    desk.write("mentees.csv", mentees(*({"member_id": f"E{number:02}"} for number in range(12))))
    drawn = set()
    for seed in range(5):
        assert desk.run("--seed", str(seed)).exit_code == 0
        drawn.add((desk.folder / "pairs.csv").read_bytes())
    assert len(drawn) > 1


def test_the_first_day_decides_and_is_told(desk: Desk) -> None:
    later = desk.run("--starts", "2029-03-01", "--json")
    facts = json.loads(later.output)
    assert facts["run"]["mentees"]["eligible"] == 0
    assert (facts["run"]["starts"], facts["run"]["starts_from"]) == ("2029-03-01", "given with --starts")
    desk.write("policy.yaml", POLICY.replace("first_cycle: {starts: 2027-03-01}\n", "").encode())
    with clock.moved_to(datetime(2026, 11, 21, 12, tzinfo=UTC)):
        today = json.loads(desk.run("--json").output)
    assert today["run"]["starts"] == "2026-11-21"
    assert today["run"]["starts_from"] == "today, for the policy has no first_cycle"


def test_the_report_as_json_has_everything_but_the_pairs(desk: Desk) -> None:
    data = json.loads(desk.run("--json").output)
    assert set(data) == {"run", "not_matched", "left_out", "mentors_without_mentee", "written"}
    assert data["run"]["pairs"] == 2


def test_listed_pairs_in_the_sheet_are_kept_apart(desk: Desk) -> None:
    desk.write("mentees.csv", mentees({"blocked": "M9; M1"}))
    assert desk.run(scores="scores.csv").exit_code == 0
    assert desk.table("scores.csv")[1] == ["E1", "-1", "550000"]


def test_columns_that_nothing_read_are_told(desk: Desk) -> None:
    desk.write("mentees.csv", mentees({"blocked": "", "favorite_color": "teal"}))
    assert f"Columns that nothing read: favorite_color ({desk.folder / 'mentees.csv'})." in desk.run().output


def test_a_part_can_be_named(desk: Desk) -> None:
    assert desk.run("--part", "one-to-ONE").exit_code == 0
    assert "does not pair people one to one" in str(desk.run("--part", "Evening").exception)
    assert "It has “One-to-one”, “Evening”." in str(desk.run("--part", "Circle").exception)


def test_somebody_in_both_sheets_is_not_paired_with_themselves(desk: Desk) -> None:
    desk.write("mentors.csv", mentors({"member_id": "X"}))
    desk.write("mentees.csv", mentees({"member_id": "X"}))
    assert desk.run(scores="scores.csv").exit_code == 0
    assert desk.table("scores.csv") == [["mentee_id", "X"], ["X", "-1"]]


@pytest.mark.parametrize("empty", ["mentors.csv", "mentees.csv"])
def test_a_sheet_without_people_gives_no_pairs(desk: Desk, empty: str) -> None:
    desk.write(empty, (desk.folder / empty).read_bytes().split(b"\r\n")[0] + b"\r\n")
    result = desk.run(scores="scores.csv", explain="explain.json")
    assert result.exit_code == 0
    assert desk.table("pairs.csv") == [["mentee_id", "mentor_id", "aspect", "points"]]


BAD = {
    "mentors.csv": (mentors({"capacity": "two"}), "mentors.csv, line 2, column capacity: “two” is not a whole number."),
    "mentees.csv": (
        mentees({"biosketch": "a\nb"}, {"zip": "x", "member_id": "E2"}),
        "mentees.csv, line 4, column zip: “x” is not a ZIP code of five digits.",
    ),
    "policy.yaml": (POLICY.replace("most: 2", "most: lots").encode(), "policy.yaml, line 12, parts[0].roles.mentor"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_by_place_and_nothing_is_written(desk: Desk, name: str) -> None:
    data, message = BAD[name]
    desk.write(name, data)
    desk.write("pairs.csv", b"from before")
    before = desk.files()
    result = desk.run(scores="scores.csv", explain="explain.json")
    assert result.exit_code == 1
    assert message in str(result.exception)
    assert desk.files() == before
    assert (desk.folder / "pairs.csv").read_bytes() == b"from before"
    faults = json.loads(desk.run("--json").output)["faults"]
    assert len(faults) == 1
    assert faults[0]["line"] in (2, 4, 12)


def test_the_faults_of_both_sheets_are_told_at_once(desk: Desk) -> None:
    desk.write("mentors.csv", BAD["mentors.csv"][0])
    desk.write("mentees.csv", BAD["mentees.csv"][0])
    assert str(desk.run().exception).splitlines() == [
        "2 faults in the sheets, so nothing was written.",
        f"{desk.folder}/{BAD['mentors.csv'][1]}",
        f"{desk.folder}/{BAD['mentees.csv'][1]}",
    ]


def test_an_output_over_an_input_is_refused_before_anything_is_read(desk: Desk) -> None:
    before = (desk.folder / "mentors.csv").read_bytes()
    assert "would be overwritten" in str(desk.run(out="mentors.csv").exception)
    assert (desk.folder / "mentors.csv").read_bytes() == before
    assert "is named for two outputs" in str(desk.run(scores="pairs.csv").exception)
    assert "there is no folder" in str(desk.run(out="nowhere/pairs.csv").exception)


@pytest.mark.parametrize("wrong", ["--policy=nowhere.yaml", "--starts=soon", "--seed=-1", "--out", "--unheard-of"])
def test_wrong_use_exits_with_2(desk: Desk, wrong: str) -> None:
    assert desk.run(wrong).exit_code == 2


def test_the_real_command_needs_no_django(desk: Desk) -> None:
    """In a process of its own: importing and running everything that `chiron match` needs."""
    code = (
        "import sys\nfrom chiron.cli import chiron\n"
        f"chiron({['match', *desk.options()]!r}, standalone_mode=False)\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('django', 'rest_framework', 'celery')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert "checked: no better set of pairs exists" in done.stdout


def test_the_real_command_tells_faults_on_standard_error(desk: Desk) -> None:
    desk.write("mentors.csv", sheet([{"member_id": "M1"}]))
    done = subprocess.run(
        [sys.executable, "-m", "chiron", "match", *desk.options()], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "mentors.csv, line 1, column capacity: This column is missing." in done.stderr
    assert "Traceback" not in done.stderr
    assert "pairs.csv" not in desk.files()


@pytest.mark.parametrize("starts", ["1949-12-31", "2101-01-01"])
def test_a_session_in_another_age_is_refused(desk: Desk, starts: str) -> None:
    result = desk.run("--starts", starts)
    assert "a session starts between 1950 and 2100" in str(result.exception)
    assert "pairs.csv" not in desk.files()
