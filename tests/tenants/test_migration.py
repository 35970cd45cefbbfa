"""All schemas to the current version: recorded once, replayed everywhere, whatever happens to one of them."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection, migrations, models
from psycopg import sql
from pytest_django import Settings

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from chiron.kernel.ids import uuid7
from chiron.kernel.models import UUIDv7
from tenants import context
from tenants.migration.executors import apply_migrations, missing_here, missing_migrations, society_apps
from tenants.migration.run import Outcome, Report, migrate_everything
from tenants.migration.steps import is_replayable
from tenants.models import Society, Spare
from tenants.people.models import Person
from tenants.provisioning import comparison
from tenants.provisioning.owner import connect
from tenants.provisioning.services import provision_society
from tenants.provisioning.spares import make_spare
from tests.tenants.conftest import Tomorrow

commits = pytest.mark.django_db(transaction=True)

# A table with all that migrations make, and changes that need to look at what is there.
NOTES = """
    migrations.CreateModel("Note", [
        ("id", models.BigAutoField(primary_key=True)),
        ("person", models.ForeignKey("people.Person", on_delete=models.CASCADE)),
        ("title", models.CharField(max_length=40, unique=True)),
        ("kind", models.CharField(max_length=5, default="50%")),
        ("data", models.JSONField(default=dict)),
    ]),
    migrations.AddIndex("Note", models.Index(fields=["kind"], name="notes_by_kind")),
    migrations.AddConstraint("Note", models.CheckConstraint(
        condition=models.Q(kind__in=["50%", "b'"]), name="a_known_kind")),
"""
# Rows whose foreign key is checked at the end of the transaction, which the next migration must not meet.
ROWS = """
    migrations.RunSQL([
        "INSERT INTO people_note (person_id, title, kind, data)"
        " SELECT id, 'first', '50%', '{}' FROM people_person",
        "SELECT 1 -- with a remark at its end",
        ("UPDATE people_note SET title = %s", ["it's first"]),
        "SELECT 2 -- and another",
    ]),
"""
CHANGES = """
    migrations.AddField("Note", "weight", models.IntegerField(default=7)),
    migrations.AlterField("Note", "title", models.CharField(max_length=80, db_index=True)),
    migrations.RenameField("Note", "data", "facts"),
    migrations.AddConstraint("Note", models.UniqueConstraint(fields=["person", "title"], name="a_title_once")),
"""


def names(report: Report) -> dict[str | None, str]:
    """What became of each society that was behind, by slug."""
    return {outcome.slug: outcome.error for outcome in report.outcomes if outcome.slug}


def add_person(society: Society, given_name: str = "Ada") -> Person:
    with context.society(society):
        return Person.objects.create(given_name=given_name, created_at=clock.now())


# --- Recorded and replayed


@commits
def test_replayed_sql_makes_the_schema_that_django_makes(
    owner: psycopg.Connection, societies: dict[str, Society], tomorrow: Tomorrow
) -> None:
    tomorrow.migration("0100_notes", NOTES)
    tomorrow.migration("0101_rows", ROWS)
    tomorrow.migration("0102_changes", CHANGES)
    person = add_person(societies["sierra"])
    report = migrate_everything()
    assert (report.template, report.failed, report.current) == (3, [], 0)
    assert {outcome.migrations for outcome in report.outcomes} == {3}
    assert set(names(report)) == set(societies)

    owner.execute("CREATE SCHEMA plain")
    apply_migrations("plain", missing_migrations("plain", society_apps()))
    plain = comparison.shape(owner, "plain")
    assert ("constraint", "people_note.a_title_once") in plain
    for schema in [*(society.schema_name for society in societies.values()), make_spare()]:
        assert comparison.differences(plain, comparison.shape(owner, schema)) == []
    with context.society(societies["sierra"]), connection.cursor() as cursor:
        cursor.execute("SELECT person_id, title, kind, weight FROM people_note")
        assert cursor.fetchall() == [(person.pk, "it's first", "50%", 7)]


@commits
def test_when_nothing_is_behind_nothing_is_done(societies: dict[str, Society], owner_url: str) -> None:
    report = migrate_everything()
    assert (report.platform, report.template, report.outcomes) == (0, 0, [])
    assert report.current > len(societies)


@commits
def test_what_is_no_sql_to_replay_runs_in_each_society(
    owner: psycopg.Connection, societies: dict[str, Society], tomorrow: Tomorrow
) -> None:
    """Python, values that it makes up, and what has no transaction."""
    tomorrow.migration(
        "0100_before", 'migrations.AddField("Person", "nick", models.CharField(max_length=40, default=""))'
    )
    tomorrow.migration(
        "0101_python",
        "migrations.RunPython(shout)",
        head="""
            def shout(apps, editor):
                for person in apps.get_model("people", "Person").objects.all():
                    person.nick = person.given_name.upper()
                    person.save()
        """,
    )
    tomorrow.migration("0102_after", 'migrations.RenameField("Person", "nick", "loud")')
    tomorrow.migration(
        "0103_key",
        'migrations.AddField("Person", "key", models.CharField(max_length=64, default=secrets.token_hex))',
        head="import secrets",
    )
    tomorrow.migration(
        "0104_concurrently",
        'AddIndexConcurrently("Person", models.Index(fields=["stage"], name="people_by_stage"))',
        head="from django.contrib.postgres.operations import AddIndexConcurrently",
        atomic=False,
    )
    add_person(societies["sierra"], "Ada")
    add_person(societies["northstar"], "Grace")
    assert migrate_everything().failed == []
    keys = set()
    for slug, expected in {"sierra": ["ADA"], "northstar": ["GRACE"], "commonwealth": []}.items():
        with context.society(societies[slug]), connection.cursor() as cursor:
            cursor.execute("SELECT loud, key FROM people_person")
            rows = cursor.fetchall()
            assert missing_here() == []
        assert [loud for loud, _ in rows] == expected
        keys |= {key for _, key in rows}
        assert ("index", "people_by_stage") in comparison.shape(owner, societies[slug].schema_name)
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (migrations.AddField("Person", "x", models.IntegerField(default=1)), True),
        (migrations.AddField("Person", "x", models.JSONField(default=dict)), True),
        (migrations.AddField("Person", "x", models.CharField(default=str)), True),
        (migrations.AddField("Person", "x", models.UUIDField(default=uuid7)), False),
        (migrations.AlterField("Person", "x", models.UUIDField(default=uuid7)), False),
        (migrations.AddField("Person", "x", models.UUIDField(default=uuid7, db_default=UUIDv7())), True),
        (migrations.AddField("Person", "x", models.IntegerField(null=True)), True),
        (migrations.RunSQL("SELECT 1"), True),
        (migrations.RunPython(migrations.RunPython.noop), False),
        (migrations.SeparateDatabaseAndState([migrations.RunSQL("SELECT 1")]), True),
        (migrations.SeparateDatabaseAndState([migrations.RunPython(migrations.RunPython.noop)]), False),
    ],
)
def test_only_what_is_the_same_sql_everywhere_is_replayed(
    operation: migrations.operations.base.Operation, expected: bool
) -> None:
    migration = migrations.Migration("0100", "people")
    migration.operations = [operation]
    assert is_replayable(migration) is expected


@pytest.mark.parametrize("facts", [{"atomic": False}, {"replaces": [("people", "0001_initial")]}])
def test_what_has_no_transaction_or_replaces_others_is_left_to_django(facts: dict[str, object]) -> None:
    migration = migrations.Migration("0100", "people")
    vars(migration).update(facts)
    assert not is_replayable(migration)


@commits
def test_new_tables_come_with_their_rights(
    owner: psycopg.Connection, societies: dict[str, Society], tomorrow: Tomorrow
) -> None:
    tomorrow.migration("0100_notes", NOTES)
    migrate_everything()
    person = add_person(societies["sierra"])
    with context.society(societies["sierra"]), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_note (person_id, title, kind, data) VALUES (%s, 't', '50%%', '{}')", [person.pk]
        )
        cursor.execute("SELECT id FROM people_note")
        assert cursor.fetchall() == [(1,)]
    migrated, new = societies["sierra"].schema_name, make_spare()
    found = comparison.grants(owner, migrated, role=migrated)
    assert ("grant", "INSERT on people_note to society") in found
    assert comparison.differences(comparison.grants(owner, new, role=new), found) == []


@commits
def test_spares_are_brought_forward_too(owner_url: str, tomorrow: Tomorrow) -> None:
    with context.platform():
        spares = set(Spare.objects.values_list("schema_name", flat=True))
    tomorrow.migration("0100_notes", NOTES)
    report = migrate_everything()
    assert spares
    assert {outcome.schema for outcome in report.outcomes if outcome.slug is None} == spares
    with context.society(provision_society(name="Lakes", slug="lakes")):
        assert missing_here() == []


# --- When something goes wrong


@pytest.fixture
def one_that_fails(societies: dict[str, Society], tomorrow: Tomorrow, owner_url: str) -> Society:
    """Northstar has two people with one biosketch, and tomorrow that will not do."""
    for _ in range(2):
        add_person(societies["northstar"])
    tomorrow.migration("0100_notes", NOTES)
    tomorrow.migration(
        "0101_unique",
        'migrations.AddConstraint("Person", models.UniqueConstraint(fields=["biosketch"], name="one_biosketch"))',
    )
    return societies["northstar"]


@commits
def test_a_society_that_fails_stays_as_it_was_until_it_is_mended_and_the_others_go_on(
    owner: psycopg.Connection, societies: dict[str, Society], one_that_fails: Society
) -> None:
    before = comparison.shape(owner, one_that_fails.schema_name)
    report = migrate_everything()
    assert [outcome.slug for outcome in report.failed] == ["northstar"]
    assert "one_biosketch" in names(report)["northstar"]
    assert comparison.shape(owner, one_that_fails.schema_name) == before
    assert {slug for slug, error in names(report).items() if not error} == {"sierra", "commonwealth"}
    with context.society(one_that_fails):
        assert missing_here() == [("people", "0100_notes"), ("people", "0101_unique")]
        assert Person.objects.count() == 2

    with context.society(one_that_fails):
        Person.objects.filter(pk=Person.objects.first().pk).update(biosketch="another")
    report = migrate_everything()
    assert (names(report), report.template) == ({"northstar": ""}, 0)
    with context.society(one_that_fails):
        assert missing_here() == []


@commits
def test_when_python_fails_the_steps_before_it_stay(
    societies: dict[str, Society], tomorrow: Tomorrow, owner_url: str
) -> None:
    tomorrow.migration("0100_notes", NOTES)
    tomorrow.migration(
        "0101_python",
        "migrations.RunPython(refuse)",
        head="""
            def refuse(apps, editor):
                if apps.get_model("people", "Person").objects.exists():
                    raise ValueError("There are people here.")
        """,
    )
    add_person(societies["sierra"])
    report = migrate_everything()
    assert {slug: error for slug, error in names(report).items() if error} == {"sierra": "There are people here."}
    with context.society(societies["sierra"]):
        assert missing_here() == [("people", "0101_python")]


@commits
def test_canaries_go_first_and_when_one_fails_or_is_unknown_the_others_stay_as_they_were(
    societies: dict[str, Society], one_that_fails: Society
) -> None:
    def stays_behind() -> bool:
        with context.society(societies["sierra"]):
            return len(missing_here()) == 2

    with pytest.raises(DomainError, match="no society “nobody”"):
        migrate_everything(canaries=["nobody"])
    assert stays_behind()

    report = migrate_everything(canaries=["northstar"])
    assert set(names(report)) == {"northstar"}
    assert sorted(report.left_alone) == ["commonwealth", "sierra"]
    assert stays_behind()

    told: list[str | None] = []
    report = migrate_everything(canaries=["sierra"], tell=lambda outcome: told.append(outcome.slug))
    assert told[0] == "sierra"
    assert set(names(report)) == set(societies)
    assert report.left_alone == []


def in_use(owner: psycopg.Connection, society: Society) -> Callable[[], None]:
    """Hold the table of people as a long report would; answers how to let go."""
    owner.autocommit = False
    owner.execute(
        sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.Identifier(society.schema_name, "people_person"))
    )
    return owner.rollback


@commits
def test_a_society_in_use_is_reported_and_keeps_nobody_waiting(
    owner: psycopg.Connection, societies: dict[str, Society], tomorrow: Tomorrow
) -> None:
    tomorrow.migration("0100_more", 'migrations.AddField("Person", "more", models.IntegerField(default=1))')
    let_go = in_use(owner, societies["sierra"])
    report = migrate_everything(lock_timeout=0.05, attempts=2)
    assert [(outcome.slug, outcome.in_use) for outcome in report.failed] == [("sierra", True)]
    assert "in use" in names(report)["sierra"]
    let_go()
    assert names(migrate_everything(lock_timeout=0.05)) == {"sierra": ""}


@commits
def test_a_society_in_use_gets_its_turn_after_the_others(
    owner: psycopg.Connection, societies: dict[str, Society], tomorrow: Tomorrow
) -> None:
    tomorrow.migration("0100_more", 'migrations.AddField("Person", "more", models.IntegerField(default=1))')
    let_go = in_use(owner, societies["commonwealth"])  # the first in order
    told: list[str | None] = []

    def tell(outcome: Outcome) -> None:
        told.append(outcome.slug)
        if outcome.slug == "sierra":
            let_go()

    assert migrate_everything(lock_timeout=0.05, tell=tell).failed == []
    assert told[-1] == "commonwealth"


@commits
def test_python_waits_for_tables_no_longer_than_sql_does(
    owner: psycopg.Connection, societies: dict[str, Society], tomorrow: Tomorrow
) -> None:
    tomorrow.migration(
        "0100_key",
        'migrations.AddField("Person", "key", models.CharField(max_length=64, default=secrets.token_hex))',
        head="import secrets",
    )
    in_use(owner, societies["sierra"])
    report = migrate_everything(lock_timeout=0.05, attempts=1)
    assert [(outcome.slug, outcome.in_use) for outcome in report.failed] == [("sierra", True)]


@commits
def test_two_runs_at_once_are_one_too_many(societies: dict[str, Society], tomorrow: Tomorrow, owner_url: str) -> None:
    tomorrow.migration("0100_notes", NOTES)

    def second_run(outcome: Outcome) -> None:
        with pytest.raises(DomainError, match="Another `chiron migrate` is at work"):
            migrate_everything()

    report = migrate_everything(tell=second_run)
    assert report.outcomes
    assert report.failed == []


@commits
def test_a_template_that_fails_stops_everything_until_it_is_mended(
    societies: dict[str, Society], tomorrow: Tomorrow, owner_url: str
) -> None:
    tomorrow.migration("0100_notes", NOTES)
    tomorrow.migration("0101_wrong", 'migrations.RunSQL("SELECT 1 / 0")')
    with pytest.raises(DomainError, match="template for societies could not be migrated: division by zero"):
        migrate_everything()
    with pytest.raises(DomainError, match="no finished template"):
        make_spare()
    with context.society(societies["sierra"]):
        assert len(missing_here()) == 2
    tomorrow.migration("0101_wrong", 'migrations.RunSQL("SELECT 1")')
    report = migrate_everything()
    assert (report.template, report.failed) == (1, [])
    assert set(names(report)) == set(societies)
    make_spare()


@commits
def test_the_owners_connection_is_needed(societies: dict[str, Society]) -> None:
    with pytest.raises(DomainError, match="Set DATABASE_ADMIN_URL"):
        migrate_everything()


@commits
def test_a_wrong_owner_is_told_in_one_sentence(owner_url: str, settings: Settings) -> None:
    settings.DATABASE_ADMIN_URL = owner_url.replace("_owner:", "_owner:not")
    with pytest.raises(DomainError, match=r"does not let the owner in: .*password authentication failed"), connect():
        pass
