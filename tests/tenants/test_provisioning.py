"""A society's schema: the same as Django's own migrations make, taken by one society, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from pytest_django import Settings

from chiron.kernel.errors import DomainError
from tenants import context, roles
from tenants.migration.executors import apply_migrations, missing_migrations, society_apps
from tenants.models import Domain, Society, Spare
from tenants.people.models import Person
from tenants.provisioning import comparison
from tenants.provisioning.blueprint import finished_template
from tenants.provisioning.dump import dump_schema
from tenants.provisioning.owner import OwnerConnection
from tenants.provisioning.services import NoSpareSchema, provision_society
from tenants.provisioning.spares import fill_spares, make_spare

pytestmark = pytest.mark.django_db
commits = pytest.mark.django_db(transaction=True)


def schemas(owner: psycopg.Connection) -> set[str]:
    return {name for (name,) in owner.execute("SELECT nspname FROM pg_namespace")}


def role_names(owner: psycopg.Connection) -> set[str]:
    return {name for (name,) in owner.execute("SELECT rolname FROM pg_roles")}


# --- The schema


@commits
def test_a_new_society_has_the_schema_that_djangos_migrations_make_without_the_second_indexes_for_like(
    owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That nothing at all differs from what our own editor makes, tests of migration show."""
    monkeypatch.setattr(OwnerConnection, "SchemaEditorClass", DatabaseSchemaEditor)  # Django's own, unchanged
    owner.execute("CREATE SCHEMA plain")
    apply_migrations("plain", missing_migrations("plain", society_apps()))
    made = comparison.shape(owner, make_spare())
    found = comparison.differences(comparison.shape(owner, "plain"), made)
    assert found
    assert [line for line in found if not (line.startswith("missing: index ") and line.endswith("_like"))] == []
    assert len([what for what, _ in made if what == "table"]) > 10


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE {}.people_person ALTER specialty TYPE text", "different: column people_person.specialty"),
        ("ALTER TABLE {}.people_person ALTER specialty DROP NOT NULL", "different: column people_person.specialty"),
        ("ALTER TABLE {}.people_person ALTER specialty SET DEFAULT 'x'", "different: column people_person.specialty"),
        ("ALTER TABLE {}.people_person ADD more int", "unexpected: column people_person.more"),
        (
            "ALTER TABLE {}.people_person DROP CONSTRAINT people_person_pkey CASCADE",
            "missing: constraint people_person",
        ),
        ("ALTER TABLE {}.django_migrations ALTER id DROP IDENTITY", "different: column django_migrations.id"),
        ("ALTER SEQUENCE {}.django_migrations_id_seq INCREMENT 2", "different: sequence django_migrations_id_seq"),
        ("DROP INDEX {}.one_person_per_mail_address", "missing: index one_person_per_mail_address"),
        ("CREATE VIEW {}.a_view AS SELECT 1 AS one", "unexpected: view a_view"),
        ("CREATE TYPE {}.mood AS ENUM ('fine')", "unexpected: type mood"),
        (
            "CREATE FUNCTION {}.one() RETURNS int LANGUAGE sql RETURN 1",
            "unexpected: function one()",
        ),
        ("ALTER TABLE {}.people_person ENABLE ROW LEVEL SECURITY", "different: table people_person"),
        ("CREATE POLICY few ON {}.people_person USING (true)", "unexpected: policy people_person.few"),
    ],
)
def test_any_difference_between_two_schemas_is_found(
    owner: psycopg.Connection, societies: dict[str, Society], change: str, said: str
) -> None:
    sierra, northstar = societies["sierra"].schema_name, societies["northstar"].schema_name
    before = comparison.shape(owner, sierra)
    assert comparison.differences(before, comparison.shape(owner, northstar)) == []
    with owner.transaction(force_rollback=True):
        owner.execute(change.format(northstar).encode())
        found = comparison.differences(before, comparison.shape(owner, northstar))
    assert any(line.startswith(said) for line in found), found


def test_the_blueprint_is_the_owners_alone(owner: psycopg.Connection) -> None:
    template = finished_template(owner)
    assert owner.execute("SELECT count(*) FROM blueprint.step").fetchone() != (0,)
    for table in ("blueprint.step", "blueprint.template", f"{template.schema_name}.people_person"):
        with pytest.raises(ProgrammingError, match="permission denied"), context.platform():
            connection.cursor().execute(f"SELECT * FROM {table}")


def test_a_schema_is_dumped_where_postgresql_works_in_parallel(owner_url: str, settings: Settings) -> None:
    settings.DATABASE_ADMIN_URL = (
        f"{owner_url}?options=-c%20debug_parallel_query%3Don"  # as it does among 200 societies
    )
    assert "CREATE TABLE public.tenants_society" in dump_schema("public")


def test_a_dump_that_fails_says_why_in_one_line(owner_url: str) -> None:
    with pytest.raises(DomainError) as caught:
        dump_schema("not_there")
    assert caught.value.message == (
        "The template schema could not be dumped: pg_dump: error: no matching schemas were found"
    )


# --- Spares


@commits
def test_spares_are_filled_up_to_the_number_wanted(owner: psycopg.Connection) -> None:
    with context.platform():
        ready = Spare.objects.count()
    assert fill_spares(ready + 2) == 2
    assert fill_spares(ready + 2) == 0
    with context.platform():
        names = set(Spare.objects.values_list("schema_name", flat=True))
    assert len(names) == ready + 2
    assert names <= schemas(owner)
    assert names <= role_names(owner)


@commits
def test_a_spare_that_cannot_be_finished_leaves_nothing(owner: psycopg.Connection) -> None:
    before = schemas(owner), role_names(owner)
    owner.execute("UPDATE blueprint.template SET dump = dump || 'SELECT 1/0;'")
    with pytest.raises(psycopg.errors.DivisionByZero):
        make_spare()
    assert (schemas(owner), role_names(owner)) == before


@commits
def test_nothing_is_made_from_an_unfinished_template(owner: psycopg.Connection) -> None:
    owner.execute("UPDATE blueprint.template SET dump = ''")
    with pytest.raises(DomainError, match="Run `chiron migrate` first"):
        make_spare()


# --- Societies


@commits
def test_a_society_takes_a_spare_and_its_wall_stands(owner: psycopg.Connection) -> None:
    fill_spares(1)
    with context.platform():
        spares = set(Spare.objects.values_list("schema_name", flat=True))
    made = provision_society(name=" Lakes Medical Society ", slug="lakes", host="Mentoring.Lakes.example.org.")
    with context.platform():
        society = Society.objects.get(slug="lakes")
        assert (society.name, society.schema_name in spares) == ("Lakes Medical Society", True)
        assert [domain.domain for domain in Domain.objects.filter(tenant=society)] == ["mentoring.lakes.example.org"]
        assert not Spare.objects.filter(schema_name=society.schema_name).exists()
    with context.society(made):
        Person.objects.create(given_name="Ada", created_at=made.created_at)
        assert Person.objects.count() == 1


def test_a_host_below_ours_needs_no_row() -> None:
    society = provision_society(name="Lakes", slug="lakes", host="lakes.localhost")
    with context.platform():
        assert not Domain.objects.filter(tenant=society).exists()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"slug": "sierra"}, "The address “sierra” is taken"),
        ({"slug": "console"}, "kept for Chiron itself"),
        ({"slug": "No_Good"}, "small letters, digits and hyphens"),
        ({"slug": "-x"}, "small letters, digits and hyphens"),
        ({"slug": "x" * 41}, "slug: "),
        ({"slug": ""}, "slug: "),
        ({"name": "  "}, "name: "),
        ({"host": "taken.example.org"}, "The host “taken.example.org” belongs to another society"),
        ({"host": "sierra.localhost"}, "Hosts below localhost"),
        ({"host": "localhost"}, "“localhost” is no host name"),
        ({"host": "no host"}, "“no host” is no host name"),
        ({"time_zone": "Mars/Olympus"}, "no time zone"),
    ],
)
def test_what_makes_no_society_leaves_nothing(
    societies: dict[str, Society], facts: dict[str, str], sentence: str
) -> None:
    with context.platform():
        Domain.objects.create(domain="taken.example.org", tenant=societies["sierra"])
        before = list(Spare.objects.all()), list(Society.objects.all()), list(Domain.objects.all())
        assert before[0], "A spare has to be there, or nothing could have been taken."
    with pytest.raises(DomainError, match=sentence):
        provision_society(**{"name": "Lakes", "slug": "lakes", **facts})
    with context.platform():
        assert (list(Spare.objects.all()), list(Society.objects.all()), list(Domain.objects.all())) == before


def test_without_a_spare_there_is_a_sentence_and_no_society() -> None:
    with context.platform():
        Spare.objects.all().delete()
    with pytest.raises(NoSpareSchema, match="Try again in a minute"):
        provision_society(name="Lakes", slug="lakes")
    with context.platform():
        assert not Society.objects.filter(slug="lakes").exists()


def at_once(*calls: Callable[[], Society]) -> list[Society | DomainError]:
    """Make calls in threads of their own that all begin at the same moment."""
    begin = Barrier(len(calls))

    def run(call: Callable[[], Society]) -> Society | DomainError:
        begin.wait(10)
        try:
            return call()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@commits
def test_of_many_with_the_same_slug_one_wins_and_the_others_get_a_sentence(owner_url: str) -> None:
    fill_spares(6)
    results = at_once(*[lambda: provision_society(name="Lakes", slug="lakes")] * 6)
    assert len([one for one in results if isinstance(one, Society)]) == 1
    assert {one.message for one in results if isinstance(one, DomainError)} == {
        "The address “lakes” is taken. Choose another."
    }
    with context.platform():
        assert Spare.objects.count() == 5


@commits
def test_societies_made_at_once_never_share_a_schema(owner_url: str) -> None:
    fill_spares(5)
    results = at_once(*[lambda slug=slug: provision_society(name=slug, slug=slug) for slug in "abcde"])
    assert len({society.schema_name for society in results if isinstance(society, Society)}) == 5


@commits
def test_the_grants_of_a_new_society_are_those_of_every_other(
    owner: psycopg.Connection, societies: dict[str, Society]
) -> None:
    made = make_spare()
    sierra = societies["sierra"].schema_name
    found = comparison.grants(owner, made, role=made)
    assert ("grant", "SELECT on people_person to society") in found
    assert ("grant", "UPDATE on audit_entry to society") not in found
    assert comparison.differences(comparison.grants(owner, sierra, role=sierra), found) == []
    owner.execute(f"GRANT TRUNCATE ON {made}.people_person TO {made}".encode())
    assert comparison.differences(found, comparison.grants(owner, made, role=made)) == [
        "unexpected: grant TRUNCATE on people_person to society"
    ]
    assert roles.roles().app not in str(found)
