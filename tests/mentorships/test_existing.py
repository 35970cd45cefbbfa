"""Pairs that ran before they came here, by the sheet: many at once, each once, and taken back but for what went on."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from chiron.kernel import clock
from chiron.kernel.ids import uuid7
from matching.publishing.models import Change
from programs.enrollment import many
from programs.enrollment.importing import imports, taking_back
from programs.enrollment.importing.imports import look_at_sheet, take_sheet
from programs.enrollment.importing.taking_back import take_back
from programs.enrollment.models import Enrollment, Role, SheetImport
from programs.mentorships.existing import standing
from programs.mentorships.models import Meeting, Mentorship, Participation
from programs.policy.models import Cycle
from tenants import context
from tenants.models import Due, Society
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person

HEAD = "Mentor,Mentor email,Mentee,Mentee email,Since\n"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    monkeypatch.setattr(taking_back, "AT_ONCE", 2)


def looked_at(cycle: Cycle, *lines: str) -> SheetImport:
    content = (HEAD + "\n".join(lines)).encode()
    return look_at_sheet(kind=SheetImport.Kind.PAIRS, content=content, file_name="p.csv", cycle=cycle, by=None)[0]


def brought(cycle: Cycle, *lines: str) -> SheetImport:
    return take_sheet(sheet_import=looked_at(cycle, *lines), by=None)


def line(name: str) -> str:
    return f"{name} Stone,{name}@example.org,{name} Reed,,9/14/2026"


def pair_of(name: str) -> Mentorship:
    return Mentorship.objects.get(participations__person__given_name=name, participations__role=Role.MENTOR)


def test_each_pair_is_brought_once_however_far_apart_it_stands(sierra: Society) -> None:
    cycle = make_cycle()
    make_person("Ada", "Stone", email="ada@example.org")
    same, another = "Ada Stone,,Ada Reed,,", "Ada Stone,,Al Ng,,"
    sheet = looked_at(cycle, line("Ada"), line("Bo"), line("Cy"), same, "Di Oh,,Ed Lee,,", another)
    assert (sheet.rows_added, sheet.rows_same) == (5, 1)
    taken = take_sheet(sheet_import=sheet, by=None)
    assert (taken.rows_added, taken.rows_same) == (5, 1)
    assert len(set(standing(cycle))) == cycle.mentorships.count() == len(["Ada", "Bo", "Cy", "Di", "Ada and Al"])
    again = looked_at(cycle, line("Cy"), line("Ada"))
    assert (again.rows_added, again.rows_same) == (0, 2)


def test_a_pair_is_as_if_both_had_said_yes_on_its_day(sierra: Society) -> None:
    cycle = make_cycle()
    brought(cycle, line("Ada"))
    pair = cycle.mentorships.get()
    assert pair.state == Mentorship.State.ACTIVE
    assert pair.introduced_at == pair.proposed_at
    assert (pair.answer_by, pair.aspects, pair.ended_on) == (date(2026, 9, 14), [], None)
    places = pair.participations.order_by("role")
    assert [(place.role, place.person.name, place.answer) for place in places] == [
        ("mentee", "Ada Reed", "yes"),
        ("mentor", "Ada Stone", "yes"),
    ]
    assert {place.answered_at for place in places} == {pair.introduced_at}
    with context.platform():
        assert Due.objects.filter(ref=str(pair.pk), due_at__gt=clock.now()).exists()


def test_pairs_stay_about_which_there_is_more_by_now(sierra: Society) -> None:
    cycle = make_cycle()
    sheet = brought(cycle, *map(line, ("Ada", "Bo", "Cy", "Di", "Ed")))
    Meeting.objects.create(mentorship=pair_of("Ada"), met_on=date(2026, 10, 1), noted_at=clock.now())
    Mentorship.objects.filter(pk=pair_of("Bo").pk).update(state=Mentorship.State.ENDED, ended_on=date(2026, 10, 1))
    Change.objects.create(cycle=cycle, kind=Change.Kind.CHANGED, mentorship=pair_of("Cy"), at=clock.now())
    before = make_person("Old", "Member")
    kept = take_back(sheet_import=sheet, by=None).kept_back
    assert {(each["line"], each["why"]) for each in kept if each["name"] == "A pair"} == {
        (2, "The pair has gone on since."),
        (3, "The pair has ended since."),
        (4, "The pair has gone on since."),
    }
    assert Participation.objects.count() == Enrollment.objects.count() == 2 * cycle.mentorships.count() == 2 * 3
    names = Person.objects.exclude(pk=before.pk).values_list("given_name", flat=True)
    assert set(names) == {"Ada", "Bo", "Cy"}


def test_further_pairs_cost_few_statements(sierra: Society) -> None:
    cycle = make_cycle()
    counts = []
    for names in ("AB", "CDEFGHIJ"):
        sheet = looked_at(cycle, *map(line, names))
        with CaptureQueriesContext(connection) as taking:
            take_sheet(sheet_import=sheet, by=None)
        with CaptureQueriesContext(connection) as undoing:
            take_back(sheet_import=sheet, by=None)
        counts.append((len(taking), len(undoing)))
    assert not Mentorship.objects.exists()
    (few_taking, few_undoing), (more_taking, more_undoing) = counts
    further = 3
    assert more_taking - few_taking <= 14 * further, "what is asked, and what is written, of the rows of a batch"
    pieces = further * len(["pairs", "sign-ups", "sign-ups", "people", "people"])
    assert more_undoing - few_undoing <= 4 * pieces


def test_what_points_at_what_a_sheet_makes_is_found_by_an_index(sierra: Society) -> None:
    """A row that goes is looked for in each table that may point at it."""
    tables = [model._meta.db_table for model in (Person, Enrollment, Mentorship, Participation)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c JOIN pg_class there ON there.oid ="
            " c.confrelid WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace"
            " AND there.relname = ANY(%s) AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid"
            " AND i.indkey[0] = c.conkey[1] AND i.indpred IS NULL)",
            [tables],
        )
        assert cursor.fetchall() == []


def test_what_points_at_nobody_is_found_before_the_end(sierra: Society) -> None:
    now = clock.now()
    nobody = Enrollment(cycle=make_cycle(), person_id=uuid7(), role=Role.MENTEE, signed_up_at=now, changed_at=now)
    many.check_references(anew=True)
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
    with pytest.raises(IntegrityError), transaction.atomic():
        many.insert(Enrollment, [many.values(nobody)])
        many.check_references()


def test_very_many_rows_are_inserted_in_one_statement(sierra: Society) -> None:
    odd = 'It\'s "odd" \\ %s {1,2} \u00e9\U0001f600\n'
    people = [
        Person(given_name=odd, roster={odd: [1, None, {"a": True}]}, created_at=clock.now(), most_at_once=None),
        Person(given_name="Bo", created_at=clock.now(), on_roster_since=clock.now(), stage_ends_on=date(2027, 6, 1)),
    ]
    with CaptureQueriesContext(connection) as captured:
        many.insert(Person, map(many.values, people))
        many.insert(Person, ())
    assert len(captured) == 1
    there = Person.objects.in_bulk([each.pk for each in people])
    assert [many.values(there[each.pk]) for each in people] == [many.values(each) for each in people]
