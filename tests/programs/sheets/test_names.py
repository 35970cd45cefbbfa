"""What ends in the register of people has room there, and a name is one line that one can see."""

from __future__ import annotations

import pytest

from programs.enrollment.importing.sheets import cells, read_form_export, read_roster, read_signups
from tenants.people.models import Person
from tests.programs.sheets.writing import mentors, without

HIDDEN = ["Bob\r\nBcc: x@evil.example", "Bo\tb", "Bo\u200bb", "\u202eboB", "Bo\u2028b", "\u200b"]


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("column", ["given_name", "family_name"])
def test_a_name_with_a_hidden_character_is_a_fault_where_it_stands(name: str, column: str) -> None:
    sheet = read_signups(mentors({}, {"member_id": "M2", column: name}), "m.csv", role="mentor")
    assert [person.key for person in sheet.values] == ["M1"]
    assert [(fault.line, fault.column) for fault in sheet.faults] == [(3, column)]
    assert "hidden character" in sheet.faults[0].message


def test_spaces_in_a_name_are_folded_and_a_name_of_spaces_is_none() -> None:
    rows = mentors({"given_name": " Mary \u00a0 Ann "}, {"member_id": "M2", "given_name": " \u00a0 "})
    sheet = read_signups(rows, "m.csv", role="mentor")
    assert [person.given_name for person in sheet.values] == ["Mary Ann"]
    assert [str(fault) for fault in sheet.faults] == ["m.csv, line 3, column given_name: The first name is missing."]


def test_a_web_form_answer_goes_without_a_name_that_has_a_hidden_character() -> None:
    form = 'Email,Your name,I would like to be a\nada@example.org,"Ada\nBcc: x",Mentor\n'
    sheet = read_form_export(form.encode(), "f.csv")
    assert [(person.name, person.email) for person in sheet.values] == [("", "ada@example.org")]
    assert [(fault.column, fault.row_taken) for fault in sheet.faults] == [("Your name", True)]


TOO_LONG = {
    "member_id": "9" * 41,
    "given_name": "B" * 81,
    "family_name": "B" * 81,
    "email": "b" * 243 + "@example.org",
    "membership": "b" * 21,
    "specialty": "B" * 121,
}


@pytest.mark.parametrize("column", TOO_LONG)
def test_what_there_is_no_room_for_is_a_fault_where_it_stands(column: str) -> None:
    rows = mentors({}, {"member_id": "M2", column: TOO_LONG[column]})
    signups = read_signups(rows, "m.csv", role="mentor")
    roster = read_roster(without(rows, "timestamp"), "r.csv")
    for sheet in (signups, roster):
        assert [(fault.line, fault.column, fault.row_taken) for fault in sheet.faults] == [(3, column, False)]
        assert "too long" in sheet.faults[0].message
        assert len(sheet.values) == 1


@pytest.mark.parametrize(
    ("field", "longest"),
    [
        ("member_id", cells.LONGEST_ID),
        ("given_name", cells.LONGEST_NAME),
        ("family_name", cells.LONGEST_NAME),
        ("email", cells.LONGEST_ADDRESS),
        ("membership_status", cells.LONGEST_STATUS),
        ("specialty", cells.LONGEST_SPECIALTY),
    ],
)
def test_sheets_know_how_much_room_there_is(field: str, longest: int) -> None:
    assert Person._meta.get_field(field).max_length == longest
