"""A sheet's way through its pages: what the columns mean, what it would do, taking it, taking it back, mending."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from programs.enrollment import working
from programs.enrollment.importing import background, imports
from programs.enrollment.models import Enrollment, RememberedWord, SheetImport
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle
from tenants import context
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of, make_staff

FORM = (
    b"When,Your e-mail,Who are you?,I want to be,Career,Help with,Shoe size\n"
    b"2026-11-01 10:00,ada@example.org,Ada Stone,Mentor,Attending for ages,Careers in research,7\n"
    b"2026-11-01 11:00,bo@example.org,Bo Reed,Mentee,Med student,Burn-out,9\n"
)


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def bring(client: Client, address: str, content: bytes, **more: str) -> str:
    reply = client.post(address, {"file": SimpleUploadedFile("s.csv", content), **more})
    assert reply.status_code == 302, reply.content.decode()
    return str(reply.headers["Location"])


def text_of(client: Client, address: str) -> str:
    reply = client.get(address, follow=True)
    assert reply.status_code == 200
    return html.unescape(reply.content.decode())


def fields(page: str) -> dict[str, str | list[str]]:
    """What the page's form would send as it stands."""
    said: dict[str, str | list[str]] = {}
    for select in re.findall(r"<select.*?</select>", page, re.DOTALL):
        name = re.findall(r'name="([^"]+)"', select)[0]
        said[name] = re.findall(r'value="([^"]*)" selected', select)[0]
    for name, value in re.findall(r'<input type="hidden" name="((?:asked|word)[^"]+)" value="([^"]*)"', page):
        if name.startswith("word"):
            said[name] = [*said.get(name, []), value]
        else:
            said[name] = value
    return said


def sign_up_sheet(client: Client, cycle: Cycle, content: bytes, kind: str = "form") -> str:
    return bring(client, reverse("sheets:sign_ups", args=[cycle.pk]), content, kind=kind)


def test_columns_and_words_are_asked_once_and_remembered(manager: Client) -> None:
    cycle = make_cycle()
    address = sign_up_sheet(manager, cycle, FORM)
    assert address.endswith("/columns/")
    page = text_of(manager, address)
    proposed = fields(page)
    assert (proposed["column-1"], proposed["column-5"], proposed["column-6"]) == ("email", "aspects", "note")
    words = dict(zip(proposed["word-5"], [proposed["means-5-0"], proposed["means-5-1"]], strict=True))
    assert words == {"Careers in research": "research", "Burn-out": "burnout"}
    said: Mapping[str, object] = proposed | {
        "column-0": "signed_up_at",
        "column-2": "name",
        "column-3": "role",
        "column-4": "stage",
    }
    again = html.unescape(manager.post(address, said).content.decode())
    assert "These words are new" in again
    said = fields(again)
    assert said["word-4"] == ["Attending for ages"]
    preview = manager.post(address, {**said, "means-4-0": "late career"}).headers["Location"]
    assert "Take 2 rows" in text_of(manager, preview)
    assert "The sheet is taken" in html.unescape(manager.post(preview, follow=True).content.decode())
    ada = Enrollment.objects.get(role="mentor")
    assert (ada.answers["stage"], ada.answers["aspects"], ada.answers["extra"]) == (
        "late career",
        ["research"],
        {"Shoe size": "7"},
    )
    assert RememberedWord.objects.filter(kind="signups").count() == 10
    assert OutboxMail.objects.count() == 0
    later = sign_up_sheet(manager, cycle, FORM.replace(b"bo@", b"cy@").replace(b"Bo Reed", b"Cy Ng"))
    assert not later.endswith("/columns/")
    assert "Take 1 row" in text_of(manager, later)


def test_a_field_may_be_one_column_alone_and_somebody_must_be_known(manager: Client) -> None:
    address = sign_up_sheet(manager, make_cycle(), FORM)
    said = fields(text_of(manager, address))
    twice = manager.post(address, said | {"column-2": "name", "column-6": "name"})
    assert twice.status_code == 422
    assert "Two columns are “Whole name”." in html.unescape(twice.content.decode())
    nobody = manager.post(address, said | {"column-2": "skip"})
    assert "No column holds the names." in html.unescape(nobody.content.decode())


MEMBERS = (
    b"member_id,given_name,family_name,email,stage,zip,membership\n"
    b"M1,Ada,Stone,ada@example.org,resident,2139,active\n"
    b"M2,=Bo,Reed,nobody,retired,95603,active\n"
    b",Cy,Ng,cy@example.org,,,active\n"
)


def test_rows_that_cannot_be_taken_come_back_are_mended_and_brought_again(manager: Client) -> None:
    preview = bring(manager, reverse("sheets:roster"), MEMBERS)
    assert "“2139” was read as ZIP code 02139." in text_of(manager, preview)
    sheet = SheetImport.objects.get()
    mend = manager.get(reverse("sheets:to_mend", args=[sheet.pk])).content.decode("utf-8-sig").splitlines()
    assert mend == [
        "what is wrong,member_id,given_name,family_name,email,stage,zip,membership",
        "email: “nobody” is not a mail address.,M2,'=Bo,Reed,nobody,retired,95603,active",
        "member_id: The id is missing.,,Cy,Ng,cy@example.org,,,active",
    ]
    manager.post(preview)
    assert set(Person.objects.exclude(member_id="").values_list("given_name", "email")) == {
        ("Ada", "ada@example.org"),
        ("=Bo", ""),
    }
    mended = "\n".join(mend).replace("nobody,", "bo@example.org,").replace(",,Cy", ",M3,Cy").encode("utf-8-sig")
    again = bring(manager, reverse("sheets:roster"), mended)
    manager.post(again)
    assert set(Person.objects.exclude(member_id="").values_list("member_id", "given_name", "email")) == {
        ("M1", "Ada", "ada@example.org"),
        ("M2", "=Bo", "bo@example.org"),
        ("M3", "Cy", "cy@example.org"),
    }
    assert SheetImport.objects.order_by("created_at").last().to_mend is None  # type: ignore[union-attr]


def test_a_sheet_is_taken_back_as_a_whole_but_for_what_others_changed(manager: Client) -> None:
    before = make_person("Old", "Member", member_id="M1", email="old@example.org", stage="retired")
    preview = bring(manager, reverse("sheets:roster"), MEMBERS.replace(b"2139,", b"02139,"))
    manager.post(preview)
    before.refresh_from_db()
    assert (before.given_name, before.stage, before.email) == ("Ada", "resident", "ada@example.org")
    Person.objects.filter(member_id="M1").update(stage="fellow")
    taken = html.unescape(manager.post(f"{preview}taken/", follow=True).content.decode())
    assert "The sheet is taken back" in taken
    assert "Changed since, so it stays: stage." in taken
    before.refresh_from_db()
    assert (before.given_name, before.stage, before.email) == ("Old", "fellow", "old@example.org")
    assert not Person.objects.filter(member_id="M2").exists()
    assert "The sheet is taken back" in html.unescape(manager.post(f"{preview}taken/", follow=True).content.decode())


def test_a_sheet_is_found_again_to_be_taken_back(manager: Client) -> None:
    address = reverse("sheets:roster")
    preview = bring(manager, address, MEMBERS)
    assert "Sheets brought before" not in text_of(manager, address)
    manager.post(preview)
    assert f'href="{preview}"' in text_of(manager, address)
    elsewhere = reverse("sheets:sign_ups", args=[make_cycle().pk])
    assert "Sheets brought before" not in text_of(manager, elsewhere)
    manager.post(f"{preview}taken/")
    assert "taken back" in text_of(manager, address)


def test_a_sheet_that_is_stopped_half_way_leaves_nothing(sierra: Society) -> None:
    kept, _plan = imports.look_at_sheet(
        kind=SheetImport.Kind.ROSTER, content=large(imports.AT_ONCE * 2), file_name="l.csv", by=None
    )
    half: list[int] = []

    def stop(_done: int, _total: int) -> None:
        half.append(Person.objects.filter(member_id__startswith="L").count())
        raise working.CancelledError

    with pytest.raises(working.CancelledError):
        imports.take_sheet(sheet_import=kept, by=None, notice=stop)
    assert half == [imports.AT_ONCE]
    assert Person.objects.filter(member_id__startswith="L").count() == 0


def test_sign_ups_are_taken_back_unless_somebody_went_on_with_them(manager: Client) -> None:
    cycle = make_cycle()
    sheet, _plan = imports.look_at_sheet(
        kind=SheetImport.Kind.FORM,
        content=FORM.replace(b"When,Your e-mail,Who are you?,I want to be", b"Timestamp,Email,Name,Role"),
        file_name="f.csv",
        by=None,
        cycle=cycle,
    )
    imports.take_sheet(sheet_import=sheet, by=None)
    bo = Enrollment.objects.get(role="mentee")
    bo.answers = bo.answers | {"zip": "95603"}
    bo.save()
    address = reverse("sheets:taken", args=[sheet.pk])
    taken = html.unescape(manager.post(address, follow=True).content.decode())
    assert "Bo Reed, Mentee" in taken
    assert "There is more about this person by now." in taken
    assert [each.person.name for each in Enrollment.objects.all()] == ["Bo Reed"]
    assert not Person.objects.filter(email="ada@example.org").exists()


PAIRS = b"""\
Mentor,Mentor email,Mentee,Mentee email,Since
Ada Stone,ada@example.org,Bo Reed,,9/14/2026
Cy Ng,,Cy Ng,,
Di Oh,,Ed Lee,,fall session
"""


def test_pairs_that_run_are_brought_with_their_start_and_taken_back(manager: Client) -> None:
    cycle = make_cycle(state=Cycle.State.MATCHING)
    bo = make_person("Bo", "Reed")
    preview = sign_up_sheet(manager, cycle, PAIRS, "pairs")
    page = text_of(manager, preview)
    assert "Ada Stone – Bo Reed" in text_of(manager, preview.replace("columns/", "")) or "Ada" in page
    preview = preview.replace("columns/", "")
    assert "This is one and the same person." in text_of(manager, preview)
    manager.post(preview)
    pair, _without_a_day = Mentorship.objects.order_by("introduced_at")
    assert Enrollment.objects.get(person__given_name="Di").answers == {"extra": {"Since": "fall session"}}
    assert {place.person_id for place in pair.participations.all()} >= {bo.pk}
    assert pair.introduced_at is not None
    assert pair.introduced_at.date().isoformat() == "2026-09-14"
    assert set(Enrollment.objects.values_list("state", flat=True)) == {"matched"}
    assert OutboxMail.objects.count() == 0
    assert "There is nothing to take" in text_of(
        manager, sign_up_sheet(manager, cycle, PAIRS, "pairs").replace("columns/", "")
    )
    manager.post(f"{preview}taken/")
    assert (Mentorship.objects.count(), Enrollment.objects.count()) == (0, 0)
    assert not Person.objects.filter(email="ada@example.org").exists()
    assert Person.objects.filter(pk=bo.pk).exists()


def large(rows: int) -> bytes:
    head, row, *_rest = MEMBERS.decode().splitlines()
    return "\n".join([head, *(row.replace("M1", f"L{n}").replace("ada@", f"l{n}@") for n in range(rows))]).encode()


def test_a_large_sheet_is_looked_at_taken_and_taken_back_by_a_worker(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE", 10)
    columns = bring(manager, reverse("sheets:roster"), large(700))
    assert columns.endswith("/columns/")
    preview = manager.post(columns, fields(text_of(manager, columns))).headers["Location"]
    sheet = SheetImport.objects.get()
    assert "It begins in a moment" in text_of(manager, preview)
    background.do(str(sheet.pk))
    assert working.look(sheet.pk) == (700, 700)
    assert "Take 700 rows" in text_of(manager, preview)
    manager.post(preview)
    assert Person.objects.filter(member_id__startswith="L").count() == 0
    assert "Taking the sheet" in text_of(manager, preview)
    background.do(str(sheet.pk))
    background.do(str(sheet.pk))
    assert Person.objects.filter(member_id__startswith="L").count() == 700
    assert "The sheet is taken" in text_of(manager, preview)
    manager.post(f"{preview}taken/")
    background.do(str(sheet.pk))
    assert Person.objects.filter(member_id__startswith="L").count() == 0
    assert "Everything is as it was before." in text_of(manager, preview)


def test_a_word_that_resembles_none_of_ours_is_not_left_out_unasked(manager: Client) -> None:
    columns = bring(manager, reverse("sheets:sign_ups", args=[make_cycle().pk]), FORM, kind="form")
    sent: Mapping[str, object] = fields(text_of(manager, columns)) | {"column-2": "name", "column-4": "stage"}
    words = fields(manager.post(columns, sent).content.decode())
    assert "?" in words.values()
    preview = manager.post(columns, words).headers["Location"]
    assert "Attending for ages" not in str(SheetImport.objects.get().layout)
    assert "Please look at these" in text_of(manager, preview)


def test_large_numbers_are_written_as_people_write_them(manager: Client) -> None:
    address = bring(manager, reverse("sheets:roster"), large(1200))
    preview = (
        manager.post(address, fields(text_of(manager, address))).headers["Location"]
        if "columns" in address
        else address
    )
    shown = text_of(manager, preview)
    assert "Take 1,200 rows" in shown
    assert "1–200 of 1,200" in shown


def test_every_row_of_a_sheet_has_its_fate(manager: Client, societies: dict[str, Society]) -> None:
    with context.society(societies["commonwealth"]):
        theirs, _plan = imports.look_at_sheet(
            kind=SheetImport.Kind.ROSTER, content=large(3).replace(b"Ada", b"Zoe"), file_name="z.csv", by=None
        )
    manager.post(bring(manager, reverse("sheets:roster"), large(100)))
    head, *rows = large(450).decode().splitlines()
    rows[10:60] = [row.replace("resident", "fellow") for row in rows[10:60]]
    rows[440:] = [row[row.index(",") :] for row in rows[440:]]
    rows[439] = rows[439].replace("Ada,Stone", "=HYPERLINK(),Stone")
    rows[440] = ",=1+1,Evil,e@example.org,,,active"
    preview = bring(manager, reverse("sheets:roster"), "\n".join([head, *rows]).encode())
    assert "1–200 of 450" in text_of(manager, preview)
    last = text_of(manager, f"{preview}?page=3")
    assert "401–450 of 450" in last
    assert "The id is missing." in last
    assert "Changed: Career stage." in text_of(manager, f"{preview}?show=changed")
    assert "1–200 of 340" in text_of(manager, f"{preview}?show=added")
    kept = SheetImport.objects.latest("created_at")
    address = reverse("sheets:every_row", args=[kept.pk])
    for page in (preview, f"{preview}taken/"):
        assert f'href="{address}"' in text_of(manager, page)
        reply = manager.get(address)
        told = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
        assert [row["line"] for row in told] == [str(line) for line in range(2, 452)]
        does = Counter(row["what happens"] for row in told)
        assert does == {"new": 340, "changed": 50, "as it is": 50, "left out": 10}
        assert (told[439]["person"], told[440]["person"]) == ("'=HYPERLINK() Stone", "'=1+1 Evil")
        assert all(row["why"] for row in told if row["what happens"] in ("changed", "left out"))
        assert "Zoe" not in str(told)
        manager.post(preview)
    assert manager.get(reverse("sheets:every_row", args=[theirs.pk])).status_code == 404


def test_work_that_is_stopped_leaves_nothing(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "LARGE", 10)
    columns = bring(manager, reverse("sheets:roster"), large(700))
    preview = manager.post(columns, fields(text_of(manager, columns))).headers["Location"]
    sheet = SheetImport.objects.get()
    background.do(str(sheet.pk))
    manager.post(preview)
    working.note(sheet.pk, 10, 700)
    manager.post(f"{preview}stop/")
    assert "It stops in a moment" in text_of(manager, preview)
    background.do(str(sheet.pk))
    sheet.refresh_from_db()
    assert (sheet.work, sheet.applied_at, Person.objects.filter(member_id__startswith="L").count()) == ("", None, 0)
    assert "Take 700 rows" in text_of(manager, preview)


@pytest.mark.parametrize("begun", [True, False])
def test_work_that_no_worker_is_at_stops_at_once(
    manager: Client, monkeypatch: pytest.MonkeyPatch, *, begun: bool
) -> None:
    monkeypatch.setattr(imports, "LARGE", 10)
    columns = bring(manager, reverse("sheets:roster"), large(30))
    preview = manager.post(columns, fields(text_of(manager, columns))).headers["Location"]
    sheet = SheetImport.objects.get()
    if begun:
        working.note(sheet.pk, 10, 30)
    with clock.moved_by(working.SILENT_FOR + timedelta(seconds=1)):
        manager.post(f"{preview}stop/")
    sheet.refresh_from_db()
    assert sheet.work == ""
    with context.platform():
        assert not Due.objects.filter(kind=background.KIND, ref=str(sheet.pk)).exists()
    assert preview + "columns/" in manager.get(preview).headers["Location"]


def test_work_whose_worker_died_begins_anew_when_somebody_says_so(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE", 10)
    columns = bring(manager, reverse("sheets:roster"), large(30))
    preview = manager.post(columns, fields(text_of(manager, columns))).headers["Location"]
    sheet = SheetImport.objects.get()
    working.note(sheet.pk, 10, 30)

    def due_at() -> datetime:
        with context.platform():
            return Due.objects.get(kind=background.KIND, ref=str(sheet.pk)).due_at

    with context.platform():
        Due.objects.filter(ref=str(sheet.pk)).update(due_at=clock.now() + timedelta(minutes=15))
    manager.post(preview, {"again": "yes"})
    assert due_at() > clock.now() + timedelta(minutes=14)
    assert "Begin anew" not in text_of(manager, preview)
    with clock.moved_by(working.SILENT_FOR + timedelta(seconds=1)):
        assert "Begin anew" in text_of(manager, preview)
        manager.post(preview, {"again": "yes"})
        assert due_at() <= clock.now()
        assert "It begins in a moment" in text_of(manager, preview)


def test_columns_that_nobody_can_guess_are_asked_about(manager: Client) -> None:
    content = b"A,B,C\nAda Stone,M-1,x\nBo Reed,M-2,y\n"
    address = bring(manager, reverse("sheets:roster"), content)
    assert address.endswith("/columns/")
    said: Mapping[str, object] = fields(text_of(manager, address)) | {"column-0": "name", "column-1": "key"}
    preview = manager.post(address, said).headers["Location"]
    assert "Take 2 rows" in text_of(manager, preview)


def test_more_columns_than_a_page_can_ask_about_are_refused(manager: Client) -> None:
    content = ",".join(["email", *(f"c{number}" for number in range(400))]).encode() + b"\na@example.org\n"
    reply = manager.post(reverse("sheets:roster"), {"file": SimpleUploadedFile("s.csv", content)})
    assert reply.status_code == 422
    assert "This sheet has more columns than 300" in html.unescape(reply.content.decode())
