"""What columns are proposed to mean."""

from __future__ import annotations

import pytest

from programs.enrollment.importing.sheets.choices import nearest
from programs.enrollment.importing.sheets.layout import Kind, propose
from programs.enrollment.importing.sheets.table import read_table


def proposed(kind: Kind, *rows: str) -> dict[str, str]:
    table = read_table("\n".join(rows).encode(), "s.csv", forgiving=True)
    sample = [record.cells for record in table.records()]
    return dict(zip(table.headings, propose(table, kind, remembered={}, sample=sample).targets, strict=True))


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Sign me up as", "role"),
        ("Are you a mentor or a mentee?", "role"),
        ("When did you finish training?", "training_completed"),
        ("Residency completed", "training_completed"),
        ("Trainee gender", "note"),
        ("Practice name", "employer"),
        ("Areas of interest", "interests"),
        ("Best times", "availability"),
        ("Max mentees", "places"),
        ("Level of training (PGY)", "stage"),
        ("T-shirt size", "note"),
    ],
)
def test_questions_of_a_form_are_known_by_their_words(heading: str, field: str) -> None:
    assert proposed("signups", heading)[heading] == field


def test_nobody_is_called_like_where_they_work() -> None:
    assert proposed("members", "ID,Practice Name,Middle Name,Name") == {
        "ID": "key",
        "Practice Name": "employer",
        "Middle Name": "note",
        "Name": "name",
    }


def test_who_is_what_is_known_by_the_cells_whatever_the_heading() -> None:
    rows = ("Name,Address,You", "Ada Stone,a@example.org,Mentor", "Bo Li,b@example.org,be matched with a mentor")
    assert proposed("signups", *rows) == {"Name": "name", "Address": "email", "You": "role"}


def test_sentences_in_which_mentors_are_spoken_of_tell_no_role() -> None:
    said = "I hope to meet a mentor who knows small towns and tall boats"
    rows = ("Name,Address,Wishes", f"Ada Stone,a@example.org,{said}", f"Bo Li,b@example.org,{said}")
    assert proposed("signups", *rows)["Wishes"] == "note"


@pytest.mark.parametrize(
    ("said", "options", "expected"),
    [
        ("career", ["research", "leadership"], ""),
        ("career", ["research", "career change"], "career change"),
        ("resaerch", ["research", "leadership"], "research"),
    ],
)
def test_a_word_is_taken_for_what_is_near_and_for_nothing_else(said: str, options: list[str], expected: str) -> None:
    assert nearest(said, options) == expected
