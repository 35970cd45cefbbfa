"""Each kind of blank: what it keeps, how that reads and is exported, and what it says of answers that cannot be."""

from __future__ import annotations

import io
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from programs.policy.document.questions import Kind
from programs.surveys.kinds import KINDS, kind_of
from programs.surveys.kinds.words import is_npi
from programs.surveys.specialties import NUCC_CODES, SPECIALTIES
from tests.surveys.asking import brought, faults, form, question, said

WORDS = ("a", "b", "c", "d")
# kind, its settings, what a browser sends, what is kept, how it reads, how it is exported
EXAMPLES: list[tuple[str, dict[str, Any], dict[str, Any], Any, str, dict[str, str]]] = [
    ("short text", {}, {"q": " Hello "}, "Hello", "Hello", {"": "Hello"}),
    ("long text", {}, {"q": "One\r\nTwo\n"}, "One\nTwo", "One\nTwo", {"": "One\nTwo"}),
    ("number", {"lowest": 0}, {"q": "0"}, 0, "0", {"": "0"}),
    ("date", {}, {"q": "3/1/2027"}, "2027-03-01", "March 1, 2027", {"": "2027-03-01"}),
    ("month", {}, {"q": "6/2028"}, "2028-06-01", "June 2028", {"": "2028-06"}),
    ("choice", {"choices": WORDS}, {"q": "b"}, "b", "b", {"": "b"}),
    ("choices", {"choices": WORDS}, {"q": ["b", "a"]}, ["b", "a"], "b, a", {"": "b; a"}),
    ("ranking", {"choices": WORDS}, {"q-1": "c", "q-3": "a"}, ["c", "a"], "1. c, 2. a", {"1": "c", "2": "a"}),
    (
        "ranking",
        {"choices": tuple("abcdefghijkl"), "most": 11},
        {f"q-{place}": word for place, word in enumerate("abcdefghijk", start=1)},
        list("abcdefghijk"),
        "1. a, 2. b, 3. c, 4. d, 5. e, 6. f, 7. g, 8. h, 9. i, 10. j, 11. k",
        {str(place): word for place, word in enumerate("abcdefghijk", start=1)},
    ),
    ("scale", {"ends": ["bad", "good"]}, {"q": "4"}, 4, "4, on a scale from 1 to 5", {"": "4"}),
    (
        "matrix",
        {"rows": ["Wine", "Song"], "choices": ["yes", "no"]},
        {"q-1": "yes", "q-2": "no"},
        {"Wine": "yes", "Song": "no"},
        "Wine: yes; Song: no",
        {"Wine": "yes", "Song": "no"},
    ),
    ("yes or no", {}, {"q": "on"}, True, "yes", {"": "yes"}),
    ("state", {}, {"q": "MA"}, "MA", "Massachusetts", {"": "MA"}),
    ("ZIP code", {}, {"q": "95608"}, "95608", "95608", {"": "95608"}),
    ("ZIP code", {}, {"q": "95608-1234"}, "95608", "95608", {"": "95608"}),
    (
        "specialty",
        {},
        {"q": "ob/gyn"},
        "Obstetrics & Gynecology",
        "Obstetrics & Gynecology",
        {"": "Obstetrics & Gynecology", "nucc_code": "207V00000X"},
    ),
    ("NPI", {}, {"q": "1234-567 893"}, "1234567893", "1234567893", {"": "1234567893"}),
    (
        "tags",
        {"choices": ["Rural health"]},
        {"q": "rural  HEALTH, wine,, wine"},
        ["Rural health", "wine"],
        "Rural health, wine",
        {"": "Rural health; wine"},
    ),
]
by_kind = pytest.mark.parametrize(("kind", "settings", "sent", "kept", "reads", "exported"), EXAMPLES)


def test_every_kind_of_a_policy_is_here() -> None:
    assert set(KINDS) == set(get_args(Kind))
    assert {example[0] for example in EXAMPLES} | {"file"} == set(KINDS)


@by_kind
def test_what_is_kept_and_how_it_reads(
    kind: str, settings: dict[str, Any], sent: dict[str, Any], kept: Any, reads: str, exported: dict[str, str]
) -> None:
    asked = question(kind=kind, **settings)
    assert said(asked, **sent) == kept
    blank = asked.blanks[0]
    assert kind_of(blank).said(blank, kept) == reads
    assert kind_of(blank).exported(blank, kept) == exported


@by_kind
def test_what_is_kept_comes_back_into_the_form(
    kind: str, settings: dict[str, Any], sent: dict[str, Any], kept: Any, reads: str, exported: dict[str, str]
) -> None:
    asked = question(kind=kind, **settings)
    shown = form(asked, kept=kept)
    again = {name: shown[name].value() for name in shown.fields}
    assert said(asked, **again) == kept


@by_kind
def test_what_is_left_empty_is_kept_as_nothing(
    kind: str, settings: dict[str, Any], sent: dict[str, Any], kept: Any, reads: str, exported: dict[str, str]
) -> None:
    assert said(question(kind=kind, **settings)) is None
    told = faults(question(kind=kind, required=True, **settings))
    assert {line for lines in told.values() for line in lines} == {"This needs an answer."}


@pytest.mark.parametrize(
    ("kind", "settings", "sent", "sentence"),
    [
        ("number", {}, {"q": "two"}, "Write a whole number, like 2."),
        ("number", {"highest": 3}, {"q": "4"}, "This is too much: it must be 3 or less."),
        ("number", {"fills": "places"}, {"q": "0"}, "This is too little: it must be 1 or more."),
        ("date", {}, {"q": "soon"}, "This is not a date. Write it like 2027-03-01."),
        ("month", {}, {"q": "13/2027"}, "Write a month and a year, like 6/2028."),
        ("choice", {"choices": WORDS}, {"q": "z"}, "Choose from what is offered here."),
        ("choices", {"choices": WORDS, "most": 2}, {"q": ["a", "b", "c"]}, "Choose 2 at most."),
        ("choices", {"choices": WORDS, "most": 1}, {"q": ["a", "b"]}, "Choose one at most."),
        ("ranking", {"choices": WORDS}, {"q-1": "a", "q-2": "a"}, "“a” has a place already. Choose each once."),
        ("scale", {}, {"q": "6"}, "Choose from what is offered here."),
        ("ZIP code", {}, {"q": "9560"}, "A ZIP code has five digits, like 95608."),
        ("ZIP code", {}, {"q": "\uff19\uff15\uff16\uff10\uff18"}, "A ZIP code has five digits, like 95608."),
        ("NPI", {}, {"q": "123"}, "An NPI has ten digits."),
        (
            "NPI",
            {},
            {"q": "1234567890"},
            "This is not an NPI: its last digit does not fit the others. Is one mistyped?",
        ),
        ("tags", {"most": 2}, {"q": "a, b, c"}, "These are 3; 2 at most."),
        ("tags", {}, {"q": "x" * 41}, "One of them is very long. A word or two each is enough."),
        ("short text", {}, {"q": "x" * 201}, "This is too long: there is room for 200 characters."),
    ],
)
def test_what_cannot_be_is_said_plainly(kind: str, settings: dict[str, Any], sent: Any, sentence: str) -> None:
    told = faults(question(kind=kind, **settings), **sent)
    assert [line for lines in told.values() for line in lines] == [sentence]


@given(st.integers(min_value=0, max_value=99_999_999), st.integers(min_value=0, max_value=9))
def test_of_ten_last_digits_one_makes_an_npi(number: int, changed: int) -> None:
    stem = f"1{number:08d}"
    good = [digit for digit in range(10) if is_npi(f"{stem}{digit}")]
    assert len(good) == 1
    place = changed % 9
    other = stem[:place] + str((int(stem[place]) + 1) % 10) + stem[place + 1 :] + str(good[0])
    assert not is_npi(other), "one digit mistyped is always seen"


def test_every_specialty_has_one_code_of_the_taxonomy() -> None:
    assert list(NUCC_CODES) == list(SPECIALTIES)
    assert len(set(NUCC_CODES.values())) == len(NUCC_CODES)
    assert all(len(code) == 10 and code[0] == "2" and code[-1] == "X" for code in NUCC_CODES.values())


def picture(kind: str = "PNG", size: tuple[int, int] = (30, 20)) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[0x010F] = "a camera that knows where it was"
    image.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()


def test_a_pdf_is_kept_as_it_is_under_a_plain_name() -> None:
    filled = form(question(kind="file"), {}, brought(b"%PDF-1.7 hello", '..\\my "cv".exe'))
    assert filled.errors == {}
    kept = filled.answers()["q"]
    assert (kept.name, kept.content_type, kept.content) == ("..my cv.pdf", "application/pdf", b"%PDF-1.7 hello")


def test_a_picture_loses_what_the_camera_wrote_into_it() -> None:
    taken = picture("JPEG")
    assert b"a camera that knows" in taken
    filled = form(question(kind="file"), {}, brought(taken, "me.png"))
    assert filled.errors == {}
    kept = filled.answers()["q"]
    assert (kept.name, kept.content_type) == ("me.jpg", "image/jpeg")
    assert b"a camera that knows" not in kept.content
    assert Image.open(io.BytesIO(kept.content)).size == (30, 20)


@pytest.mark.parametrize(
    ("settings", "content", "said"),
    [
        ({}, b"MZ\x90 not a picture", "It has to be a PDF or a picture (JPEG or PNG), 5 MB at most."),
        ({"types": ["PDF"]}, picture(), "It has to be a PDF, 5 MB at most."),
        ({"types": ["picture"]}, b"%PDF-1.7", "It has to be a picture (JPEG or PNG), 5 MB at most."),
        ({"types": ["picture"]}, picture()[:60], "It has to be a picture (JPEG or PNG), 5 MB at most."),
        ({"most_mb": 1}, b"%PDF-" + b"x" * 1_000_001, "This file is too large: 1 MB at most."),
        ({}, b"", "This file is empty. Is it the right one?"),
    ],
)
def test_files_are_checked_by_what_is_in_them(settings: dict[str, Any], content: bytes, said: str) -> None:
    filled = form(question(kind="file", **settings), {}, brought(content))
    assert filled.errors == {"q": [said]}


def test_a_file_that_is_there_need_not_be_brought_again_and_can_be_taken_away() -> None:
    asked, kept = question(kind="file", required=True), {"file": "1", "name": "cv.pdf"}
    assert form(asked, {}).errors == {"q": ["Choose a file first."]}
    assert form(asked, {}, kept=kept).errors == {}
    gone = form(asked, {"q-remove": "on"}, kept=kept)
    assert (gone.errors, gone.answers()) == ({}, {"q": False})


def test_who_may_see_an_answer_is_asked_beside_it_and_nobody_may_where_nothing_is_said() -> None:
    asked = question(kind="short text", ask_who_sees=True)
    filled = form(asked, {"q": "Hmong", "q-who_sees": "match"})
    assert filled.errors == {}
    assert filled.answers() == {"q": "Hmong", "who_sees": {"q": "match"}}
    silent = form(asked, {"q": "Hmong"})
    assert silent.errors == {}
    assert silent.answers()["who_sees"] == {"q": "figures"}
    empty = form(asked, {"q": "", "q-who_sees": "match"})
    assert empty.errors == {}
    assert empty.answers() == {}
