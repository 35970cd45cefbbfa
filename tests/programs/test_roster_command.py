"""`chiron roster import`: what it takes, what it says, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chiron.kernel.errors import DomainError
from programs.enrollment.commands import SOME_LEFT_OUT, roster
from tenants import context
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.programs import sample

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


def test_a_list_is_looked_at_taken_and_then_says_nothing_new(sierra: Society, sheet: Path) -> None:
    assert "360 added, 0 changed, 0 as they were. Nothing was kept." in run("sierra", sheet, "--look").stdout
    assert members(sierra) == 0
    assert answer("sierra", sheet) == {"taken": True, "added": 360, "changed": 0, "same": 0, "faults": []}
    assert members(sierra) == 360
    assert "0 added, 0 changed, 360 as they were" in run("sierra", sheet).stdout


def test_rows_that_cannot_be_read_are_told_and_the_others_taken(sierra: Society, sheet: Path) -> None:
    head, first, second, *_rest = sheet.read_text().splitlines()
    sheet.write_text("\n".join([head, first.partition(",")[1] + first.partition(",")[2], second]))
    told = run("sierra", sheet)
    assert told.exit_code == SOME_LEFT_OUT
    assert "members.csv, line 2, column member_id" in told.stderr
    assert "Left out: 1 row" in told.stderr
    assert members(sierra) == 1


def test_an_unknown_society_or_a_file_that_is_no_sheet_is_a_sentence(sierra: Society, sheet: Path) -> None:
    with pytest.raises(DomainError, match="There is no society “nowhere”"):
        run("nowhere", sheet)
    sheet.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    with pytest.raises(DomainError, match="Nothing in this file could be read"):
        run("sierra", sheet)
    assert members(sierra) == 0
