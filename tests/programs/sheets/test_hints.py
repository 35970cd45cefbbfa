"""What a sheet looks like when it was brought as something else, and totals that come back among rows to mend."""

from __future__ import annotations

import pytest

from programs.enrollment.importing.kinds import looks_like_another
from programs.enrollment.importing.sheets.table import read_table
from programs.enrollment.models import SheetImport
from tests.factories.programs import sample
from tests.programs.sheets.writing import mentees

MEMBERS = b"Member ID,First name,Last name,E-mail,Role,Specialty,Since\n1,Ada,Stone,a@example.org,Fellow,IM,2019\n"
PAIRS = b"Mentor name,Mentor email,Mentee,Since\nAda Stone,a@example.org,Bo Reed,2026\n"
FORM = b"Timestamp,Email,Your name,I would like to be a\n10/1/2026 8:00,a@example.org,Ada,Mentor\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PAIRS, "This looks like a list of pairs."),
        (FORM, "This looks like sign-ups."),
        (mentees(), "This looks like sign-ups."),
        (MEMBERS, ""),
        (sample("sierra-roster"), ""),
    ],
    ids=["pairs", "form", "our own sign-ups", "members", "our own list"],
)
def test_what_is_no_membership_list_is_told_by_its_headings(content: bytes, said: str) -> None:
    table = read_table(content, "s.csv", forgiving=True)
    told = looks_like_another(SheetImport(kind=SheetImport.Kind.ROSTER), table)
    assert told.startswith(said)
    assert bool(told) == bool(said)
    assert looks_like_another(SheetImport(kind=SheetImport.Kind.PAIRS), table) == ""


@pytest.mark.parametrize("heading", ["what is wrong", "What is wrong"])
def test_a_total_is_one_in_a_sheet_that_was_mended_too(heading: str) -> None:
    rows = f"{heading},member_id,given_name,email\nThe id is missing.,M1,Ada,\n"
    sheet = read_table(f"{rows}This looks like a total.,Total,,1\n".encode(), "mend.csv", forgiving=True)
    person, total = sheet.records()
    assert person.usable
    assert not total.usable
    assert total.faults[0].message.startswith("This looks like a total")
