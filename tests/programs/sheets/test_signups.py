"""Sheets of mentors and mentees: what is read, and what is said of what cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import programs.enrollment.importing.sheets
from programs.enrollment.importing.sheets import Fault, SheetError, read_signups
from programs.policy.participant import Participant, RoleName
from tests.programs.sheets.writing import MENTOR, mentees, mentors, sheet, without

SAMPLES = Path(programs.enrollment.importing.sheets.__file__).parent.parent / "samples"


def test_a_row_becomes_a_participant() -> None:
    (person,) = read_signups(mentors({"favorite_color": "teal"}), "m.csv", role="mentor").values
    assert person == Participant(
        key="M1",
        role="mentor",
        given_name="Ada",
        family_name="Stone",
        email="ada.stone@example.org",
        signed_up_at=datetime(2027, 1, 24, 11, 25, tzinfo=UTC),
        membership_status="active",
        stage="late career",
        specialty="Neurology",
        training_completed_on=date(1995, 6, 30),
        training_state="MA",
        zip="02111",
        employer="Health System A",
        languages=("English", "Spanish"),
        interests=("teaching", "advocacy"),
        meeting_mode="either",
        travel_miles=15,
        availability=("Mon evening", "Fri noon"),
        gender="woman",
        heritage="Somali",
        aspects=("research", "leadership"),
        challenges=("burnout", "debt"),
        places=2,
        attests=True,
        biosketch="Glad to help.",
        extra={"favorite_color": "teal"},
    )


def test_what_is_empty_was_not_said() -> None:
    row = {name: "" for name in MENTOR if name not in ("member_id", "given_name")}
    (person,) = read_signups(mentors(row), "m.csv", role="mentor").values
    assert person == Participant(key="M1", role="mentor", given_name="Ada")


def test_time_stamps_are_in_the_sheets_zone() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    (person,) = read_signups(mentors(), "m.csv", role="mentor", zone=zone).values
    assert person.signed_up_at == datetime(2027, 1, 24, 19, 25, tzinfo=UTC)


def test_headings_may_differ_in_case_and_spaces_and_order() -> None:
    row = {f" {name.upper()} ": value for name, value in reversed(MENTOR.items())}
    assert (
        read_signups(sheet([row]), "m.csv", role="mentor").values == read_signups(mentors(), "", role="mentor").values
    )


def test_a_byte_order_mark_and_blank_rows_and_quoted_line_breaks_are_no_faults() -> None:
    data = b"\xef\xbb\xbf" + mentors({"biosketch": 'One\r\n"two"\nthree'}, {"member_id": "M2"})
    lines = data.split(b"\r\n", 1)
    read = read_signups(lines[0] + b"\r\n\r\n" + b"," * 23 + b"\r\n" + lines[1] + b"\r\n", "m.csv", role="mentor")
    assert read.faults == []
    assert [(line, person.key, person.biosketch) for line, person in read.rows] == [
        (4, "M1", 'One\r\n"two"\nthree'),
        (7, "M2", "Glad to help."),
    ]


def test_lists_hold_each_word_once_in_its_order() -> None:
    (person,) = read_signups(
        mentors({"interests": " teaching ;; Research;teaching; TEACHING "}), "", role="mentor"
    ).values
    assert person.interests == ("teaching", "Research")


@pytest.mark.parametrize("society", ["sierra", "commonwealth", "northstar"])
@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_the_samples_have_no_faults(society: str, role: str) -> None:
    path = SAMPLES / f"{society}-{role}s.csv"
    read = read_signups(path.read_bytes(), path.name, role="mentor" if role == "mentor" else "mentee")
    assert read.faults == []
    assert len(read.rows) == path.read_bytes().count(b"\r\n") - 1


BAD_CELLS = [
    ("member_id", "", "The id is missing."),
    ("email", "ada at example.org", "“ada at example.org” is not a mail address."),
    ("stage", "midcareer", "“midcareer” is not a stage of a career. Did you mean “mid career”?"),
    ("training_completed_on", "06/30/1995", "“06/30/1995” is not a date. Write it like 2027-03-01."),
    ("training_completed_on", "1995-02-30", "“1995-02-30” is not a date. Write it like 2027-03-01."),
    ("training_completed_on", "0195-06-30", "“0195-06-30” is before 1900."),
    ("timestamp", "yesterday", "“yesterday” is not a date with a time. Write it like 2027-01-24 11:25."),
    ("zip", "2111", "“2111” is not a ZIP code of five digits. Its leading zeros were lost."),
    ("zip", "K1A 0B1", "“K1A 0B1” is not a ZIP code of five digits."),
    ("meeting_mode", "in-person", "“in-person” is not a way to meet. Did you mean “in person”?"),
    (
        "meeting_mode",
        "carrier pigeon",
        "“carrier pigeon” is not a way to meet. Known here: either, in person, virtual.",
    ),
    ("travel_miles", "far", "“far” is not a whole number."),
    ("capacity", "two", "“two” is not a whole number."),
    ("capacity", "1.5", "“1.5” is not a whole number."),
    ("capacity", "-1", "“-1” is negative. Write a whole number, zero or more."),
    ("capacity", "123456789012345678901", "“123456789012345678901” is more than 9,999."),
    ("attests_values", "maybe", "“maybe” is not an answer. Known here: no, yes."),
]


@pytest.mark.parametrize(("column", "cell", "message"), BAD_CELLS)
def test_a_bad_cell_names_its_place_and_loses_its_row_alone(column: str, cell: str, message: str) -> None:
    data = mentors({"member_id": "M2", "biosketch": "two\nlines"}, {column: cell}, {"member_id": "M3"})
    read = read_signups(data, "m.csv", role="mentor")
    assert read.faults == [Fault("m.csv", 4, column, message)]
    assert str(read.faults[0]) == f"m.csv, line 4, column {column}: {message}"
    assert [person.key for person in read.values] == ["M2", "M3"]


def test_a_cell_after_a_quoted_line_break_names_its_own_line() -> None:
    read = read_signups(mentors({"employer": "Stone\nRiver", "capacity": "two"}), "m.csv", role="mentor")
    assert [(fault.line, fault.column) for fault in read.faults] == [(3, "capacity")]


def test_all_faults_are_told() -> None:
    data = mentors({"capacity": "two", "zip": "x"}, {"member_id": "M2", "stage": "old"})
    read = read_signups(data, "m.csv", role="mentor")
    assert [(fault.line, fault.column) for fault in read.faults] == [(2, "zip"), (2, "capacity"), (3, "stage")]


def test_an_error_tells_the_first_faults_and_counts_the_rest() -> None:
    error = SheetError([Fault("m.csv", line, "zip", "Wrong.") for line in range(2, 52)], lead="50 faults.")
    told = error.message.split("\n")
    assert told[:2] == ["50 faults.", "m.csv, line 2, column zip: Wrong."]
    assert told[-1] == "… and 10 more."
    assert len(told) == 42


BAD_SHEETS = [
    ("empty", b"", 1, None, "The sheet is empty."),
    ("blank", b"\r\n  \r\n", 1, None, "The sheet is empty."),
    ("semicolons", mentors().replace(b",", b";"), 1, None, "The columns are separated by semicolons"),
    ("tabs", mentors().replace(b",", b"\t"), 1, None, "The columns are separated by tabs"),
    ("a missing column", without(mentors(), "capacity"), 1, "capacity", "This column is missing."),
    ("a column twice", mentors().replace(b"heritage", b"Zip"), 1, "Zip", "This heading stands twice."),
    ("an id twice", mentors({}, {}), 3, "member_id", "“M1” stands on line 2 already."),
    (
        "an accent in Windows-1252",
        mentors({"given_name": "ANDRE"}).replace(b"ANDRE", b"Andr\xe9"),
        2,
        "given_name",
        "This",
    ),
    ("an accent in the headings", b"pr\xe9nom," + mentors(), 1, "1", "This is not UTF-8 text."),
    ("UTF-16", mentors().decode().encode("utf-16"), 1, None, "The sheet is in UTF-16."),
    ("a spreadsheet", b"PK\x03\x04rest", 1, None, "This is a spreadsheet file, not CSV."),
    ("a short row", mentors() + b"M2,Ada\r\n", 3, "given_name", "The row ends before this column: it has 2 cells"),
    ("a long row", mentors() + b"," * 24 + b"x\r\n", 3, "25", "The row has 25 cells, the headings have 24."),
    (
        "an open quotation mark",
        mentors() + b'x,M2,"Ada,Stone\r\n',
        3,
        "given_name",
        "The quotation marks",
    ),
    (
        "a stray quotation mark",
        mentors() + b'x,"M2" or so,Ada\r\n',
        3,
        "member_id",
        "The quotation marks",
    ),
    ("a null character", mentors().replace(b"Ada", b"A\0a"), 2, "given_name", "This is not UTF-8 text."),
    ("the other sheet", mentees(), 1, "aspects_wanted", "This looks like a sheet of mentees."),
]


@pytest.mark.parametrize(("name", "data", "line", "column", "message"), BAD_SHEETS, ids=[row[0] for row in BAD_SHEETS])
def test_a_bad_sheet_says_where_and_why(name: str, data: bytes, line: int, column: str | None, message: str) -> None:
    read = read_signups(data, "m.csv", role="mentor")
    first = read.faults[0]
    assert (first.line, first.column) == (line, column)
    assert first.message.startswith(message)


def test_columns_that_nobody_needs_may_be_missing() -> None:
    optional = ("timestamp", "training_state", "employer", "travel_miles", "gender", "heritage", "attests_values")
    read = read_signups(without(mentors(), *optional), "m.csv", role="mentor")
    assert read.faults == []
    assert read.values[0].gender is None


def test_a_broken_quotation_mark_loses_its_own_row_alone() -> None:
    rows = mentors({"member_id": "M9"}).splitlines(keepends=True)[1]
    read = read_signups(mentors() + b'M2,"Ada\r\n' + rows, "m.csv", role="mentor")
    assert [person.key for person in read.values] == ["M1", "M9"]
    assert [(fault.line, fault.row_taken) for fault in read.faults] == [(3, False)]


ROSTER = b"member_id,given_name,family_name,email,npi,membership\r\nM1,Ada,Stone,ada@example.org,1,active\r\n"
FORM = b"Timestamp,Email Address,Your name,I would like to be a ...\r\n1/19/2027,ada@example.org,Ada,Mentor\r\n"


@pytest.mark.parametrize("role", ["mentor", "mentee"])
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (ROSTER, "This looks like a membership list."),
        (FORM, "This looks like the answers of a web form; choose “Both”."),
    ],
)
def test_another_kind_of_sheet_is_named_first(data: bytes, sentence: str, role: RoleName) -> None:
    read = read_signups(data, "m.csv", role=role)
    assert (read.values, read.faults[0].message) == ([], sentence)
    assert "This column is missing." in {fault.message for fault in read.faults}
    bare = read_signups(without(mentors() if role == "mentor" else mentees(), "zip"), "m.csv", role=role)
    assert {fault.message for fault in bare.faults} == {"This column is missing."}
