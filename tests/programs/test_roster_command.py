"""`chiron roster import`: what it takes, what it says, and how it ends."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chiron.kernel.errors import DomainError
from programs.enrollment.importing.commands import SOME_LEFT_OUT, roster
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle
from programs.policy.services import change_state, open_cycle
from tenants import context
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.programs import make_cycle, sample

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "members.csv"
    file.write_bytes(sample("sierra-roster"))
    return file


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(roster, ["import", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(*arguments: object) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def members(society: Society) -> int:
    with context.society(society):
        return Person.objects.exclude(member_id="").count()


def nothing_wrong(**counts: int) -> dict[str, Any]:
    return {"rows": 360, "created": 0, "updated": 0, "unchanged": 0, "rejected": []} | counts


def test_a_list_is_looked_at_taken_and_then_says_nothing_new(sierra: Society, sheet: Path) -> None:
    looked = run("--society", "sierra", sheet, "--dry-run")
    assert "360 added, 0 changed, 0 as they were. Nothing was kept." in looked.stdout
    assert answer("--society", "sierra", sheet, "--dry-run") == nothing_wrong(created=360)
    assert members(sierra) == 0
    assert answer("--society", "sierra", sheet) == nothing_wrong(created=360)
    assert members(sierra) == 360
    assert answer("--society", "sierra", sheet) == nothing_wrong(unchanged=360)
    assert "0 added, 0 changed, 360 as they were" in run("--society", "sierra", sheet).stdout


def test_rows_that_cannot_be_read_are_told_and_the_others_taken(sierra: Society, sheet: Path, tmp_path: Path) -> None:
    head, first, second, *_rest = sheet.read_text().splitlines()
    cells = first.split(",")
    sheet.write_text("\n".join([head, ",".join(["", *cells[1:3], "nobody at all", *cells[4:]]), second, "X1,Ada"]))
    mend = tmp_path / "mend.csv"
    told = run("--society", "sierra", sheet, "--rejects", mend)
    assert told.exit_code == SOME_LEFT_OUT
    assert "members.csv, line 2, column email: “nobody at all” is not a mail address." in told.stderr
    assert "Left out: 2 rows" in told.stderr
    assert members(sierra) == 1
    said = answer("--society", "sierra", sheet)
    assert (said["rows"], said["unchanged"]) == (3, 1)
    assert said["rejected"] == [
        {"line": 2, "column": "email", "value": "nobody at all", "reason": "“nobody at all” is not a mail address."},
        {"line": 2, "column": "member_id", "value": "", "reason": "The id is missing."},
        {
            "line": 4,
            "column": "family_name",
            "value": "",
            "reason": "The row ends before this column: it has 2 cells, the headings have 13.",
        },
    ]
    assert [line.split(",")[0] for line in mend.read_text("utf-8-sig").splitlines()] == [
        "what is wrong",
        "email: “nobody at all” is not a mail address. member_id: The id is missing.",
        '"family_name: The row ends before this column: it has 2 cells',
    ]


def test_a_row_may_be_taken_without_one_of_its_cells(sierra: Society, sheet: Path) -> None:
    head, first, *_rest = sheet.read_text().splitlines()
    sheet.write_text(f"{head}\n{first.replace(first.split(',')[6], '3026-01-01')}\n")
    said = answer("--society", "sierra", sheet)
    assert (said["created"], [(each["line"], each["column"], each["value"]) for each in said["rejected"]]) == (
        1,
        [(2, "training_completed_on", "3026-01-01")],
    )
    assert run("--society", "sierra", sheet).exit_code == SOME_LEFT_OUT


def test_an_unknown_society_or_a_file_that_is_no_sheet_is_a_sentence(sierra: Society, sheet: Path) -> None:
    with pytest.raises(DomainError, match="There is no society “nowhere”"):
        run("--society", "nowhere", sheet)
    sheet.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    with pytest.raises(DomainError, match="Nothing in this file could be read"):
        run("--society", "sierra", sheet)
    assert members(sierra) == 0


def test_sign_ups_and_pairs_go_to_the_session_that_is_open(sierra: Society, tmp_path: Path) -> None:
    sheet, pairs = tmp_path / "mentors.csv", tmp_path / "pairs.csv"
    sheet.write_bytes(sample("sierra-mentors"))
    pairs.write_text("Mentor,Mentor email,Mentee,Mentee email,Since\nAda Stone,a@example.org,Bo Reed,,Sept 2026\n")
    with pytest.raises(DomainError, match="No session takes sign-ups now"):
        run("--society", "sierra", sheet, "--kind", "signups")
    with context.society(sierra):
        cycle = make_cycle()
    for outcome in ("created", "unchanged"):
        assert answer("--society", "sierra", sheet, "--kind", "signups") == nothing_wrong(rows=90, **{outcome: 90})
        assert answer("--society", "sierra", pairs, "--kind", "pairs") == nothing_wrong(rows=1, **{outcome: 1})
    assert "This looks like sign-ups." in run("--society", "sierra", sheet, "--dry-run").stderr
    pairs.write_text(pairs.read_text().replace("Sept 2026", "fall session"))
    said = answer("--society", "sierra", pairs, "--kind", "pairs")
    reason = "“fall session” is not a date; it was kept as it is."
    assert said["rejected"] == [{"line": 2, "column": "Since", "value": "fall session", "reason": reason}]
    with context.society(sierra):
        assert Enrollment.objects.filter(cycle=cycle, role="mentor").count() == 91
        (pair,) = Mentorship.objects.all()
        assert (pair.state, pair.introduced_at and pair.introduced_at.date().isoformat()) == ("active", "2026-09-01")
        another = open_cycle(
            program=cycle.program, part=cycle.part, starts_on=date(2028, 3, 1), today=date(2026, 12, 1), by=None
        )
        change_state(cycle=another, to=Cycle.State.RECRUITING, by=None)
    with pytest.raises(DomainError, match="Say which session is meant, with --session: "):
        run("--society", "sierra", sheet, "--kind", "signups")
    named = f"{cycle.program.slug}/{cycle.name}"
    assert answer("--society", "sierra", sheet, "--kind", "signups", "--session", named)["unchanged"] == 90
