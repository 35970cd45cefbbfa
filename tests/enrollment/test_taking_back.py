"""Taking a sheet back: what goes, what is as it was, what stays because of others, and how little is asked for it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chiron.kernel import clock
from programs.enrollment import many
from programs.enrollment.importing import taking_back
from programs.enrollment.importing.imports import look_at_sheet, take_sheet
from programs.enrollment.importing.taking_back import take_back
from programs.enrollment.models import Enrollment, SheetImport, TouchedRow
from programs.policy.models import Cycle
from tenants.accounts.models import Account
from tenants.models import Society
from tenants.people.models import Person
from tests.enrollment.making import states
from tests.factories.programs import make_cycle, make_person
from tests.programs.sheets.writing import mentors

Kind = SheetImport.Kind
HEAD = "member_id,given_name,family_name,email,stage\n"


def taken(kind: SheetImport.Kind, content: bytes, *, cycle: Cycle | None = None) -> SheetImport:
    sheet, _plan = look_at_sheet(kind=kind, content=content, file_name="s.csv", cycle=cycle, by=None)
    return take_sheet(sheet_import=sheet, by=None)


def members(*lines: str) -> SheetImport:
    return taken(Kind.ROSTER, (HEAD + "\n".join(lines)).encode())


def sign_ups(cycle: Cycle, *names: str) -> SheetImport:
    rows = [{"member_id": f"S-{n}", "given_name": n, "email": f"{n}@example.org".lower()} for n in names]
    return taken(Kind.MENTORS, mentors(*rows), cycle=cycle)


def person(name: str) -> Person:
    return Person.objects.get(given_name=name)


def stay(sheet: SheetImport) -> dict[str, str]:
    return {each["name"]: each["why"] for each in sheet.kept_back}


def test_people_stay_who_signed_in_or_were_changed_or_of_whom_there_is_more(sierra: Society) -> None:
    sheet = members(*(f"M{n},{name},Stone,,resident" for n, name in enumerate(("Ada", "Bo", "Cy", "Di"))))
    Person.objects.filter(given_name="Ada").update(account=Account.objects.create_user("ada@example.org"))
    Person.objects.filter(given_name="Bo").update(stage="fellow")
    Enrollment.objects.create(
        cycle=make_cycle(), person=person("Cy"), role="mentee", signed_up_at=clock.now(), changed_at=clock.now()
    )
    assert stay(take_back(sheet_import=sheet, by=None)) == {
        "Ada Stone": "This person has signed in since.",
        "Bo Stone": "Changed since, so it stays: stage.",
        "Cy Stone": "There is more about this person by now.",
    }
    there = Person.objects.filter(member_id__startswith="M").order_by("member_id")
    assert list(there.values_list("given_name", flat=True)) == ["Ada", "Bo", "Cy"]


def test_sign_ups_stay_that_somebody_went_on_with_and_so_do_their_people(sierra: Society) -> None:
    cycle = make_cycle()
    sheet = sign_ups(cycle, "Ada", "Bo", "Cy")
    Enrollment.objects.filter(person=person("Ada")).update(decided_by=make_person("Kit"))
    theirs = Enrollment.objects.get(person=person("Bo"))
    theirs.answers = theirs.answers | {"zip": "95603"}
    theirs.save()
    assert [(each["name"], each["why"]) for each in take_back(sheet_import=sheet, by=None).kept_back] == [
        ("Ada Stone, Mentor", "Somebody has gone on with this sign-up since."),
        ("Ada Stone", "There is more about this person by now."),
        ("Bo Stone, Mentor", "Changed since, so it stays: answers."),
        ("Bo Stone", "There is more about this person by now."),
    ]
    assert set(cycle.enrollments.values_list("person__given_name", flat=True)) == {"Ada", "Bo"}
    assert not Person.objects.filter(given_name="Cy").exists()


def test_what_a_sheet_touched_twice_is_as_it_was(sierra: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_back, "AT_ONCE", 1)
    before = make_person("Old", "Member", member_id="M1", email="", stage="retired", roster={"zip": "95603"})
    sheet = members("M1,Ada,Stone,a@example.org,resident", "M2,Bo,Reed,,resident")
    note = {"touched_id": before.pk, "before": {"stage": "resident"}, "after": {"stage": "fellow"}}
    sheet.touched.create(line=9, what=TouchedRow.What.PERSON, **note)
    Person.objects.filter(member_id__in=["M1", "M2"]).update(stage="fellow")
    assert list(stay(take_back(sheet_import=sheet, by=None))) == ["Bo Reed"]
    after = Person.objects.get(pk=before.pk)
    names = ("given_name", "family_name", "email", "stage", "roster", "on_roster_since")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]


def test_a_sign_up_that_was_there_is_as_it_was_and_decided_anew(sierra: Society) -> None:
    cycle = make_cycle()
    sign_ups(cycle, "Ada")
    mine = Enrollment.objects.get()
    was = (mine.answers, mine.state, mine.decision)
    row = {"member_id": "S-Ada", "given_name": "Ada", "email": "ada@example.org", "stage": "student", "zip": "02139"}
    second = taken(Kind.MENTORS, mentors(row), cycle=cycle)
    mine.refresh_from_db()
    assert mine.answers["zip"] == "02139"
    assert take_back(sheet_import=second, by=None).kept_back == []
    mine.refresh_from_db()
    assert (mine.answers, mine.state, mine.decision) == was


def statements(sheet: SheetImport) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        take_back(sheet_import=sheet, by=None)
    return len(captured)


def test_further_rows_cost_few_statements(sierra: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether others point at rows is asked once, however many there are: it was most of the work on large sheets."""
    monkeypatch.setattr(taking_back, "AT_ONCE", 2)
    cycle = make_cycle()
    few = statements(sign_ups(cycle, "Ada", "Bo"))
    more = statements(sign_ups(cycle, *(f"Person {chr(65 + n)}" for n in range(8))))
    assert not Enrollment.objects.exists()
    batches = 3 * 2
    assert more - few <= 3 * batches


def test_very_many_rows_are_written_in_one_statement(sierra: Society) -> None:
    since = clock.now()
    people = [make_person("Ada"), make_person("Bo"), make_person("Cy")]
    for number, each in enumerate(people[:2]):
        each.roster, each.stage, each.on_roster_since = {"it's": [number, None]}, "resident", since if number else None
    with CaptureQueriesContext(connection) as captured:
        many.write(people[:2], ["roster", "stage", "on_roster_since"])
        many.write([], ["roster"])
    assert len(captured) == 1
    assert list(Person.objects.order_by("given_name").values_list("roster", "stage", "on_roster_since")) == [
        ({"it's": [0, None]}, "resident", None),
        ({"it's": [1, None]}, "resident", since),
        ({}, "", None),
    ]


def test_states_are_written_however_they_were_named(sierra: Society) -> None:
    cycle = make_cycle()
    sign_ups(cycle, "Ada", "Bo")
    both = list(cycle.enrollments.order_by("person__given_name"))
    both[0].state, both[1].state = Enrollment.State.TO_CHECK, "withdrawn"
    many.write(both, ["state"])
    assert states(cycle) == {"Ada": "to_check", "Bo": "withdrawn"}
