"""Rosters, form exports and lists of pairs in whatever shape other systems write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import programs.enrollment.importing.sheets
from programs.enrollment.importing.sheets import (
    ExistingPair,
    Fault,
    Member,
    read_existing_pairs,
    read_form_export,
    read_roster,
)

SAMPLES = Path(programs.enrollment.importing.sheets.__file__).parent.parent / "samples"

MESSY = (
    "ID;First Name;Last Name;E-mail Address;Member Type;Paid Thru;Primary Specialty;Zip/Postal;Grad Date;Club\r\n"
    'A1;René;"Soto; MD";RENE@EXAMPLE.ORG;ACTIVE;31.12.2027;INTERNAL MEDICINE;95968-1234;06/30/2024;Chess\r\n'
    "A2;Nan;Luna;nan at example.org;STUDENT;n/a;OB/GYN;5614;1985;\r\n"
    ";;;;;;;;;\r\n"
    "A3;Jo;Do;;Retired;2027-12-31;;not a zip;Sept 2003;\r\n"
    "A1;Renee;Soto;;ACTIVE;;;;;\r\n"
    "A4,Comma,Row,c@example.org,ACTIVE,12/31/2027,EM,95603,02/03/99,\r\n"
    "A5;Too;Short\r\n"
    ";Nobody;Here;;;;;;;\r\n"
    "Total: 5 members\r\n"
).encode("cp1252")


def test_a_messy_roster_gives_its_good_rows() -> None:
    assert read_roster(MESSY, "r.csv", forgiving=True).values == [
        Member(
            key="A1",
            given_name="René",
            family_name="Soto",
            email="rene@example.org",
            membership_status="active",
            paid_through=date(2027, 12, 31),
            specialty="Internal Medicine",
            training_completed_on=date(2024, 6, 30),
            zip="95968",
            extra={"Club": "Chess"},
        ),
        Member(
            key="A2",
            given_name="Nan",
            family_name="Luna",
            membership_status="student",
            specialty="Obstetrics & Gynecology",
            training_completed_on=date(1985, 1, 1),
            training_completed_latest=date(1985, 12, 31),
            zip="05614",
        ),
        Member(
            key="A3",
            given_name="Jo",
            family_name="Do",
            membership_status="retired",
            paid_through=date(2027, 12, 31),
            training_completed_on=date(2003, 9, 1),
            training_completed_latest=date(2003, 9, 30),
        ),
        Member(
            key="A4",
            given_name="Comma",
            family_name="Row",
            email="c@example.org",
            membership_status="active",
            paid_through=date(2027, 12, 31),
            specialty="Emergency Medicine",
            training_completed_on=date(1999, 2, 3),
            zip="95603",
        ),
    ]


def test_a_messy_roster_says_row_by_row_what_is_wrong() -> None:
    assert read_roster(MESSY, "r.csv", forgiving=True).faults == [
        Fault("r.csv", 1, None, "The sheet is not UTF-8; it was read as Windows-1252.", row_taken=True),
        Fault("r.csv", 3, "E-mail Address", "“nan at example.org” is not a mail address.", row_taken=True),
        Fault("r.csv", 3, "Zip/Postal", "“5614” was read as ZIP code 05614.", row_taken=True),
        Fault("r.csv", 5, "Zip/Postal", "“not a zip” is not a ZIP code.", row_taken=True),
        Fault("r.csv", 6, "ID", "“A1” stands on line 2 already."),
        Fault(
            "r.csv", 7, None, "This row has another separator than the rest; it was read all the same.", row_taken=True
        ),
        Fault("r.csv", 7, "Grad Date", "“02/03/99” was read as February 3, 1999.", row_taken=True),
        Fault("r.csv", 8, "E-mail Address", "The row ends before this column: it has 3 cells, the headings have 10."),
        Fault("r.csv", 9, "ID", "The id is missing."),
        Fault("r.csv", 10, None, "This looks like a total, not a person; it was left out."),
    ]


def test_the_headings_that_were_understood_are_told() -> None:
    read = read_roster(MESSY, "r.csv", forgiving=True)
    assert read.headings == {
        "ID": "key",
        "First Name": "given_name",
        "Last Name": "family_name",
        "E-mail Address": "email",
        "Member Type": "membership_status",
        "Paid Thru": "paid_through",
        "Primary Specialty": "specialty",
        "Zip/Postal": "zip",
        "Grad Date": "training_completed",
    }
    assert read.unused == ["Club"]


def test_a_roster_without_ids_is_refused() -> None:
    read = read_roster(b"First Name,Last Name\r\nAda,Stone\r\n", "r.csv", forgiving=True)
    assert read.values == []
    assert read.faults == [Fault("r.csv", 1, None, "No column holds the members' ids.")]


def test_a_plain_roster_is_not_guessed_at() -> None:
    read = read_roster(MESSY, "r.csv")
    assert read.values == []
    assert read.faults[0].message.startswith("The columns are separated by semicolons")


@pytest.mark.parametrize("society", ["sierra", "commonwealth", "northstar"])
def test_the_sample_rosters_have_no_faults(society: str) -> None:
    data = (SAMPLES / f"{society}-roster.csv").read_bytes()
    read = read_roster(data, "roster.csv")
    assert read.faults == []
    assert len(read.rows) == data.count(b"\r\n") - 1
    assert all(member.membership_status for member in read.values)


FORM = """\
Timestamp,Email Address,Your name,I would like to be a ...,Where are you in your career?,Specialty (if any),\
ZIP code where you'd like to meet,Which areas would you like help with / can you help with? (check all),\
When could you meet? (check all),In person or online?,Mentors: how many mentees could you take?,\
Tell us about yourself,Food allergies
1/19/2027 19:24:00,ADA@example.org ,"Ada Stone, MD",Mentor,"In practice, over 20 years",IM,95637,\
"Work-life balance, img pathway","Sat morning, Mon evening",Either is fine,two,"Line one.
Line two.",nuts
1/13/2027 8:46:00 PM,bo@example.org,Bo van der Berg,Mentee,Resident or fellow,OB/GYN,,Research,"Fri noon",Online,3,,
1/14/2027 08:46:00,bo@example.org,Bo van der Berg,Mentee,Med student,peds,,Teaching,,In person,,Second try,
1/15/2027 08:46:00,cy@example.org,Cy,Mentor and mentee,"In practice, 7-20 years",,,,,Zoom or in person,a few,,
1/15/2027 08:46:00,broken,Di Ng,Mentee,Retired,,,,,,,,
1/15/2027 08:46:00,ed@example.org,Ed Oh,Observer,Retired,,,,,,,,
"""


def test_a_form_export_gives_people_in_their_roles() -> None:
    read = read_form_export(FORM.encode(), "f.csv")
    ada, bo, cy_as_mentor, cy_as_mentee = read.values
    assert (ada.key, ada.email, ada.role, ada.given_name, ada.family_name) == (
        "ada@example.org",
        "ada@example.org",
        "mentor",
        "Ada",
        "Stone",
    )
    assert ada.signed_up_at == datetime(2027, 1, 19, 19, 24, tzinfo=UTC)
    assert (ada.stage, ada.specialty, ada.zip) == ("late career", "Internal Medicine", "95637")
    assert (ada.aspects, ada.availability) == (("work-life balance", "IMG pathway"), ("Sat morning", "Mon evening"))
    assert (ada.meeting_mode, ada.places, ada.biosketch) == ("either", 2, "Line one.\nLine two.")
    assert ada.extra == {"Food allergies": "nuts"}
    assert (bo.given_name, bo.family_name, bo.stage, bo.specialty) == (
        "Bo",
        "van der Berg",
        "medical student",
        "Pediatrics",
    )
    assert (bo.meeting_mode, bo.biosketch, bo.places) == ("in person", "Second try", None)
    assert [cy_as_mentor.role, cy_as_mentee.role] == ["mentor", "mentee"]
    assert cy_as_mentor.key == cy_as_mentee.key == "cy@example.org"
    assert (cy_as_mentor.meeting_mode, cy_as_mentor.stage) == ("either", "mid career")


def test_a_form_export_says_row_by_row_what_is_wrong() -> None:
    read = read_form_export(FORM.encode(), "f.csv")
    career, places = "Where are you in your career?", "Mentors: how many mentees could you take?"
    assert read.faults == [
        Fault("f.csv", 4, career, "“Resident or fellow” was read as “resident”.", row_taken=True),
        Fault("f.csv", 4, None, "This person answered as mentee on line 5 too; that later answer counts."),
        Fault("f.csv", 6, places, "“a few” does not say one number.", row_taken=True),
        Fault("f.csv", 7, "Email Address", "“broken” is not a mail address."),
        Fault("f.csv", 8, "I would like to be a ...", "“Observer” is neither mentor nor mentee."),
    ]


def test_the_later_answer_counts_by_its_time_not_its_line() -> None:
    rows = FORM.splitlines(keepends=True)
    swapped = "".join([rows[0], rows[4], rows[3]])
    assert [person.biosketch for person in read_form_export(swapped.encode(), "f.csv").values] == ["Second try"]


def test_a_form_without_role_is_refused() -> None:
    read = read_form_export(b"Email,Name\r\na@example.org,Ada\r\n", "f.csv")
    assert read.values == []
    assert [fault.message for fault in read.faults] == ["No column asks for the mail address, or none for the role."]


def test_existing_pairs_keep_what_is_known() -> None:
    data = (
        "Mentor,Mentor email,Mentee,Mentee email,Since\r\n"
        "Ada Stone,ada@example.org,Bo Reed,bo@example.org,9/14/2026\r\n"
        '"Long, Jo",jo@example.org,Amy Gibbs,,Sept 2026\r\n'
        "Cy Ng,cy@example.org,Di Oh,di@example.org,fall session\r\n"
        ",x@example.org,Nobody,,\r\n"
    )
    read = read_existing_pairs(data.encode(), "p.csv")
    assert read.values == [
        ExistingPair("Ada Stone", "Bo Reed", "ada@example.org", "bo@example.org", date(2026, 9, 14), "9/14/2026"),
        ExistingPair("Jo Long", "Amy Gibbs", "jo@example.org", "", date(2026, 9, 1), "Sept 2026"),
        ExistingPair("Cy Ng", "Di Oh", "cy@example.org", "di@example.org", None, "fall session"),
    ]
    assert read.faults == [
        Fault("p.csv", 4, "Since", "“fall session” is not a date; it was kept as it is.", row_taken=True),
        Fault("p.csv", 5, "Mentor", "The name is missing."),
    ]
