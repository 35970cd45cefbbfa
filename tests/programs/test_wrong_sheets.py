"""Files that are no sheets or broken ones, and people who press twice or in two tabs: told in a sentence, no harm."""

from __future__ import annotations

import html
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chiron.kernel.errors import DomainError
from programs.enrollment.importing import imports
from programs.enrollment.models import Enrollment, RememberedWord, SheetImport
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.programs import make_cycle
from tests.factories.staff import browser_of, make_staff
from tests.programs.test_sheet_pages import FORM, MEMBERS, bring, fields, sign_up_sheet, text_of

HEAD = b"member_id,given_name,family_name,email\n"
ROW = b"M1,Ada,Stone,ada@example.org\n"


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "<a/>")
    return out.getvalue()


def test_a_person_where_the_headings_should_be_is_not_lost(manager: Client) -> None:
    """Else the first of all would be taken for the names of the columns."""
    rows = b"".join(b"M%d,Ada,Stone,ada%d@example.org\n" % (number, number) for number in range(3))
    reply = manager.post(reverse("sheets:roster"), {"file": SimpleUploadedFile("members.csv", rows)})
    assert reply.status_code == 422
    assert "The first line must name the columns; here it holds a person" in reply.content.decode()
    reply = manager.post(reverse("sheets:roster"), {"file": SimpleUploadedFile("members.csv", b"x\n1\n")})
    assert "No heading says what stands under it." in reply.content.decode()
    assert not SheetImport.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff\x00",
        b"\x00" * 5_000,
        b",,,\n,,,\n",
        zipped("word/document.xml"),
        zipped("xl/workbook.xml")[:90],
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        b"%PDF-1.7\n",
        b'"' * 200_000,
        b"member\x00_id,given_name,email\nM1,Ada,a@example.org\n",
        ",".join(f"c{n}" for n in range(301)).encode() + b"\n" + b"," * 300 + b"\n",
    ],
    ids=range(14),
)
def test_what_is_no_sheet_is_said_at_the_form(manager: Client, content: bytes) -> None:
    reply = manager.post(reverse("sheets:roster"), {"file": SimpleUploadedFile("members.csv", content)})
    assert reply.status_code == 422
    assert SheetImport.objects.count() == 0


@pytest.mark.parametrize(
    "content",
    [
        HEAD + ROW + b"M2,B\x00o,Reed,bo@example.org\n",
        HEAD + ROW + b"Total\x00,,,\n",
        HEAD + ROW + b"M2,Bo,Reed,bo@example.org,\x00more\n",
        HEAD + ROW + b'M2,"Bo\x00" x,Reed,bo@example.org\n',
        b"Members\x00 of 2026,,,\n" + HEAD + ROW,
        HEAD + ROW + b"M2,Bo,Reed,bo\x00@example.org\n",
        HEAD + ROW + b"M2," + b"x" * 1_000_000 + b",Reed,bo@example.org\n",
        HEAD + ROW + b"M\x01\x02,\x1b[31mBo,Reed,bo@example.org\n",
        HEAD + ROW + b'=cmd|"/C calc"!A1,@SUM(1),+Reed,-bo@example.org\n',
        HEAD + ROW.replace(b"\n", b"\r") + b"M2,Bo,Reed,bo@example.org\r",
        (HEAD + ROW).decode().encode("utf-16"),
        b"member_id,given_name,family_name,email,email,EMAIL\n" + ROW.strip() + b",b@example.org,c@example.org\n",
        HEAD.strip() + b"".join(b",note %d" % n for n in range(296)) + b"\n" + ROW.strip() + b",x" * 296 + b"\n",
        b"member_id,given_name,family_name,email," + b"h" * 400 + b"," + b"h" * 400 + b"\n" + ROW.strip() + b",1,2\n",
    ],
    ids=range(14),
)
def test_a_broken_row_or_heading_harms_no_other_row(manager: Client, content: bytes) -> None:
    address = bring(manager, reverse("sheets:roster"), content)
    if address.endswith("/columns/"):
        address = manager.post(address, fields(text_of(manager, address))).headers["Location"]
    text_of(manager, address)
    manager.post(address)
    assert Person.objects.get(member_id="M1").name == "Ada Stone"
    assert manager.get(f"{address}every-row.csv").status_code == 200
    manager.post(f"{address}taken/")
    assert not Person.objects.filter(member_id="M1").exists()


def test_words_that_a_page_could_not_have_sent_are_not_kept(manager: Client) -> None:
    address = sign_up_sheet(manager, make_cycle(), FORM)
    said = fields(text_of(manager, address))
    sent = said | {
        "column-2": "name",
        "word-5": ["Burn\x00out", "x" * 5_000],
        "means-5-0": "burn\x00out",
        "means-5-1": "y" * 5_000,
    }
    assert manager.post(address, sent).status_code in (200, 302)
    kept = SheetImport.objects.get().layout
    assert kept["choices"]["5"]["burnout"] == "burnout"
    assert RememberedWord.objects.filter(said="burnout").count() == 1


def test_a_word_is_asked_about_only_if_the_answer_can_be_sent(manager: Client) -> None:
    rows = [b"2026-11-01,p%d@example.org,Ada Stone,Mentor,fellow,%s,7" % (n, b"%d" % n * 9_999) for n in range(40)]
    address = sign_up_sheet(manager, make_cycle(), b"\n".join([FORM.splitlines()[0], *rows]))
    reply = manager.get(address)
    assert len(reply.content) < 200_000
    said = fields(html.unescape(reply.content.decode())) | {"column-2": "name"}
    assert manager.post(address, said).status_code in (200, 302)


def test_a_sheet_is_not_taken_otherwise_than_it_was_looked_at(manager: Client) -> None:
    address = bring(manager, reverse("sheets:roster"), MEMBERS)
    page = text_of(manager, address)
    seal = page.partition('name="columns" value="')[2].partition('"')[0]
    assert seal
    columns = reverse("sheets:columns", args=[SheetImport.objects.get().pk])
    manager.post(columns, fields(text_of(manager, columns)) | {"column-4": "skip"})
    text_of(manager, address)
    again = html.unescape(manager.post(address, {"columns": seal}, follow=True).content.decode())
    assert "Look at it again" in again
    assert "Nothing is kept yet" in again
    assert not Person.objects.filter(member_id="M1").exists()
    manager.post(address, {"columns": again.partition('name="columns" value="')[2].partition('"')[0]})
    assert Person.objects.get(member_id="M1").stage == ""


def test_a_look_that_ends_after_the_sheet_was_taken_leaves_it_taken(sierra: Society) -> None:
    kept, _plan = imports.look_at_sheet(kind=SheetImport.Kind.ROSTER, content=MEMBERS, file_name="m.csv", by=None)
    another_tab = SheetImport.objects.get(pk=kept.pk)
    imports.take_sheet(sheet_import=kept, by=None)
    with pytest.raises(DomainError, match="taken meanwhile"):
        imports.look_again(sheet_import=another_tab)
    with pytest.raises(DomainError, match="taken meanwhile"):
        imports.say_columns(sheet_import=another_tab, layout=imports.layout_of(another_tab))
    kept.refresh_from_db()
    assert kept.applied_at is not None
    assert kept.content is None


def test_taking_twice_and_taking_back_twice_is_once(manager: Client) -> None:
    cycle = make_cycle()
    address = sign_up_sheet(
        manager, cycle, FORM.replace(b"When,Your e-mail,Who are you?,I want", b"At,Email,Name,I want")
    )
    address = manager.post(address, fields(text_of(manager, address))).headers["Location"].replace("columns/", "")
    text_of(manager, address)
    for _press in range(2):
        assert "The sheet is taken" in text_of(manager, manager.post(address).headers["Location"])
    assert Enrollment.objects.count() == 2
    for _press in range(2):
        assert manager.post(f"{address}taken/").status_code == 302
    assert Enrollment.objects.count() == 0
    assert "The sheet is taken back" in text_of(manager, address)
    assert manager.post(address).headers["Location"].endswith("/taken/")
    assert manager.get(f"{address}columns/").status_code == 302
