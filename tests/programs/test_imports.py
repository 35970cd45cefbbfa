"""Sheets come in whole or not at all, and coming twice changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.answers import participant_of
from programs.enrollment.importing.imports import LARGEST, look_at_sheet, take_sheet
from programs.enrollment.importing.sheets import read_signups
from programs.enrollment.models import Enrollment, SheetImport
from programs.policy.models import Cycle
from programs.policy.rules import decide
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.programs import bring, bring_samples, make_cycle, make_person, sample
from tests.programs.sheets.writing import mentors, without

Kind = SheetImport.Kind


@pytest.mark.parametrize("name", ["sierra", "commonwealth", "northstar"])
def test_sign_ups_that_came_by_sheet_are_decided_as_the_sheet_alone_would_be(
    name: str, request: pytest.FixtureRequest
) -> None:
    society: Society = request.getfixturevalue(name)
    cycle = make_cycle(name)
    bring(Kind.MENTORS, f"{name}-mentors", cycle=cycle)
    bring(Kind.MENTEES, f"{name}-mentees", cycle=cycle)
    part = cycle.settings
    for role in ("mentor", "mentee"):
        sheet = read_signups(sample(f"{name}-{role}s"), "sheet", role=role, zone=society.zone)
        by_key = {p.key: decide(part.eligible.get(role), p, cycle.starts_on).answer.value for p in sheet.values}
        stored = Enrollment.objects.filter(cycle=cycle, role=role).select_related("person")
        assert {e.person.member_id: e.decision["answer"] for e in stored} == by_key


def test_the_membership_list_settles_what_a_sheet_leaves_open(sierra: Society) -> None:
    cycle = make_cycle()
    bring(Kind.MENTORS, "sierra-mentors", cycle=cycle)
    unsettled = {e.person.member_id for e in Enrollment.objects.filter(state="to_check").select_related("person")}
    bring(Kind.ROSTER, "sierra-roster")
    assert unsettled == {"SI10007", "SI10030", "SI10053", "SI10076"}
    assert Enrollment.objects.filter(state="to_check").count() == 0


def test_the_same_sheet_twice_changes_nothing(sierra: Society) -> None:
    cycle = make_cycle()
    bring_samples("sierra", cycle)
    people, sign_ups = Person.objects.count(), Counter(Enrollment.objects.values_list("state", flat=True))
    again = bring(Kind.MENTORS, "sierra-mentors", cycle=cycle)
    roster = bring(Kind.ROSTER, "sierra-roster")
    assert (again.rows_added, again.rows_changed, again.rows_same) == (0, 0, 90)
    assert (roster.rows_added, roster.rows_changed, roster.rows_same) == (0, 0, 360)
    assert Person.objects.count() == people
    assert Counter(Enrollment.objects.values_list("state", flat=True)) == sign_ups


def test_a_confirmed_sheet_is_taken_once(sierra: Society) -> None:
    cycle = make_cycle()
    kept, plan = look_at_sheet(
        kind=Kind.MENTEES, content=sample("sierra-mentees"), file_name="m.csv", cycle=cycle, by=None
    )
    assert (plan.count("added"), Enrollment.objects.count(), Person.objects.count()) == (120, 0, 0)
    first = take_sheet(sheet_import=kept, by=None)
    second = take_sheet(sheet_import=kept, by=None)
    assert first.applied_at == second.applied_at
    assert second.content is None
    assert Enrollment.objects.count() == 120


def test_a_sheet_for_a_closed_session_leaves_nothing_behind(sierra: Society) -> None:
    cycle = make_cycle()
    kept, _ = look_at_sheet(
        kind=Kind.MENTEES, content=sample("sierra-mentees"), file_name="m.csv", cycle=cycle, by=None
    )
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.CLOSED)
    with pytest.raises(DomainError, match="is finished"):
        take_sheet(sheet_import=kept, by=None)
    kept.refresh_from_db()
    assert (Person.objects.count(), Enrollment.objects.count(), kept.applied_at) == (0, 0, None)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "could be read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "could be read"),
        (b"PK\x03\x04" + bytes(400), "could be read"),
        (b"a,b\n1,2\n", "could be read"),
        (mentors().splitlines()[0], "There are headings, and no row under them"),
        (b"x" * (LARGEST + 1), "larger than 40 MB"),
    ],
)
def test_what_is_no_sheet_is_refused_in_a_sentence(sierra: Society, content: bytes, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        look_at_sheet(kind=Kind.MENTORS, content=content, file_name="x.csv", cycle=make_cycle(), by=None)
    assert SheetImport.objects.count() == 0


def test_the_membership_list_decides_about_membership(sierra: Society) -> None:
    cycle = make_cycle()
    bring(Kind.MENTORS, "sierra-mentors", cycle=cycle)
    mentor = Enrollment.objects.select_related("person").filter(answers__membership_status="active").first()
    assert mentor is not None
    mentor.person.roster, mentor.person.on_roster_since = {"membership_status": "lapsed"}, mentor.signed_up_at
    assert participant_of(mentor).membership_status == "lapsed"


FORM = """\
Timestamp,Email Address,Your name,I would like to be a ...,Where are you in your career?,ZIP code
1/19/2027 19:24:00,ADA.STONE@example.org,"Ada Stone, MD",Mentor and mentee,"In practice, 7-20 years",95637
1/20/2027 08:01:00,bo.reed@example.org,Bo Reed,Mentee,Med student,95608
1/20/2027 08:02:00,,Nobody Known,Mentee,Med student,95608
"""


def test_the_answers_of_a_web_form_bring_both_roles(sierra: Society) -> None:
    cycle = make_cycle()
    kept, plan = look_at_sheet(kind=Kind.FORM, content=FORM.encode(), file_name="form.csv", cycle=cycle, by=None)
    take_sheet(sheet_import=kept, by=None)
    signed_up = Enrollment.objects.values_list("person__email", "role").order_by("person__email", "role")
    assert list(signed_up) == [
        ("ada.stone@example.org", "mentee"),
        ("ada.stone@example.org", "mentor"),
        ("bo.reed@example.org", "mentee"),
    ]
    assert [fault.line for fault in plan.faults if not fault.row_taken] == [4]
    assert set(Person.objects.values_list("member_id", flat=True)) == {""}


def test_the_answers_of_a_web_form_are_those_of_the_member_with_that_address(sierra: Society) -> None:
    member = make_person("Ada", "Stone", email="ada.stone@example.org", member_id="SI1", on_roster_since=clock.now())
    kept, _ = look_at_sheet(kind=Kind.FORM, content=FORM.encode(), file_name="form.csv", cycle=make_cycle(), by=None)
    take_sheet(sheet_import=kept, by=None)
    assert {each.role for each in Enrollment.objects.filter(person=member)} == {"mentor", "mentee"}
    assert Person.objects.filter(family_name="Stone").count() == 1


@pytest.mark.parametrize("kind", [Kind.MENTORS, Kind.ROSTER])
def test_a_number_under_another_name_is_told_and_its_row_taken(sierra: Society, kind: SheetImport.Kind) -> None:
    for number, given, family in (("SI1", "Shaun", "Castro"), ("SI2", "Ada", "Castro"), ("SI3", "ADA", "stone")):
        make_person(given, family, member_id=number, email=f"{number}@example.org")
    rows = mentors(*({"member_id": number, "email": f"{number}@example.org"} for number in ("SI1", "SI2", "SI3")))
    content = without(rows, "timestamp") if kind == Kind.ROSTER else rows
    cycle = None if kind == Kind.ROSTER else make_cycle()
    _, plan = look_at_sheet(kind=kind, content=content, file_name="m.csv", cycle=cycle, by=None)
    (fault,) = (fault for fault in plan.faults if "knows" in fault.message)
    assert "The society knows SI1 as Shaun Castro; this row says Ada Stone." in fault.message
    assert (fault.line, fault.row_taken, plan.taken) == (2, True, 3)


def test_a_session_that_takes_no_sign_ups_says_so_before_a_sheet_is_looked_at(sierra: Society) -> None:
    cycle = make_cycle(state=Cycle.State.DRAFT)
    with pytest.raises(DomainError, match="is not open"):
        look_at_sheet(kind=Kind.MENTORS, content=mentors(), file_name="m.csv", cycle=cycle, by=None)
    assert SheetImport.objects.count() == 0


def test_sign_ups_from_the_future_count_as_of_now(sierra: Society) -> None:
    now = datetime(2027, 1, 25, tzinfo=UTC)
    stamps = ["2027-01-24 11:25", "2099-01-01 10:00", "2099-01-02 10:00"]
    content = mentors(
        *(
            {"member_id": f"M{line}", "email": f"m{line}@example.org", "timestamp": stamp}
            for line, stamp in enumerate(stamps)
        )
    )
    cycle = make_cycle()
    with clock.moved_to(now):
        kept, plan = look_at_sheet(kind=Kind.MENTORS, content=content, file_name="m.csv", cycle=cycle, by=None)
        take_sheet(sheet_import=kept, by=None)
        assert [each.signed_up_at > clock.now() for each in Enrollment.objects.all()] == [False] * 3
    assert Enrollment.objects.filter(signed_up_at__lt=now).count() == 1
    (fault,) = plan.faults
    assert (fault.line, fault.column, fault.row_taken) == (3, "timestamp", True)
    assert fault.message.startswith("2 rows are dated after today")


def test_a_file_of_more_lines_than_any_society_has_people_is_refused_at_once(sierra: Society) -> None:
    content = b"member_id,email\n" + b'","\n' * 500_001
    with pytest.raises(DomainError, match="more than 500,000 lines"):
        look_at_sheet(kind=Kind.ROSTER, content=content, file_name="x.csv", by=None)
