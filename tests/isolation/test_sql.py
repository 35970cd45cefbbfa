"""What a society's own SQL can reach: its schema, the extensions, and nothing of anybody else's."""

from __future__ import annotations

import pytest

from tenants import context
from tenants.accounts.models import Account
from tenants.models import Society
from tenants.roles import RIGHTS, roles
from tests.isolation.looking import denied, mail_of, mails, sql

NORTHSTAR = "{northstar}.accounts_account"


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT * FROM {NORTHSTAR}",
        f"SELECT count(*) FROM {NORTHSTAR}",
        f"INSERT INTO {NORTHSTAR} SELECT * FROM accounts_account",
        f"UPDATE {NORTHSTAR} SET is_active = false",
        f"DELETE FROM {NORTHSTAR}",
        f"TRUNCATE {NORTHSTAR} CASCADE",
        f"LOCK TABLE {NORTHSTAR}",
        f"COPY {NORTHSTAR} TO STDOUT",
        f"ALTER TABLE {NORTHSTAR} ADD COLUMN x int",
        f"DROP TABLE {NORTHSTAR} CASCADE",
        f"CREATE VIEW peek AS SELECT * FROM {NORTHSTAR}",
        f"CREATE TRIGGER peek AFTER INSERT ON {NORTHSTAR} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "DROP SCHEMA {northstar} CASCADE",
        "ALTER SCHEMA {northstar} RENAME TO mine",
        "CREATE TABLE {northstar}.mine (id int)",
        "GRANT ALL ON SCHEMA {northstar} TO {sierra}",
        "GRANT {northstar} TO {sierra}",
        "DROP ROLE {northstar}",
        "REASSIGN OWNED BY {northstar} TO {sierra}",
    ],
)
def test_a_society_cannot_touch_another(planted: dict[str, Society], statement: str) -> None:
    names = {slug: society.schema_name for slug, society in planted.items()}
    with context.society(planted["northstar"]):
        assert mails() == [mail_of(planted["northstar"])]
        sql(f"SELECT * FROM {NORTHSTAR}".format(**names))  # the very name that the others may not use

    with context.society(planted["sierra"]), denied():
        sql(statement.format(**names))

    with context.society(planted["northstar"]):
        assert mails() == [mail_of(planted["northstar"])]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM public.tenants_society",
        "SELECT * FROM public.accounts_account",
        "UPDATE public.tenants_society SET name = 'Ours'",
        "DELETE FROM public.tenants_society",
        "CREATE TABLE public.mine (id int)",
        "SELECT * FROM blueprint.template",
    ],
)
def test_a_society_cannot_touch_the_platform(planted: dict[str, Society], statement: str) -> None:
    with context.platform():
        Account.objects.create_user("operator@chiron.example")
        assert Society.objects.count() == 3

    with context.society(planted["sierra"]), denied():
        sql(statement)

    with context.platform():
        assert mails() == ["operator@chiron.example"]
        assert not Society.objects.filter(name="Ours").exists()


def test_the_platforms_tables_are_not_on_a_societys_path(planted: dict[str, Society]) -> None:
    with context.platform():
        assert Society.objects.count() == 3
    with context.society(planted["sierra"]), denied("does not exist"):
        Society.objects.count()


def test_the_platform_cannot_look_into_a_society(planted: dict[str, Society]) -> None:
    with context.platform():
        assert mails() == []
        with denied():
            sql(f"SELECT * FROM {planted['sierra'].schema_name}.accounts_account")


def test_the_same_question_has_another_answer_in_each_society(planted: dict[str, Society]) -> None:
    for society in planted.values():
        with context.society(society):
            assert mails() == [mail_of(society)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TABLE ext.mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "ALTER TABLE accounts_account DROP COLUMN email",
        "DROP TABLE accounts_account CASCADE",
        "TRUNCATE accounts_account CASCADE",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'seen by all')",
        "COPY accounts_account TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "UPDATE django_migrations SET name = 'x'",
        "DELETE FROM django_migrations",
    ],
)
def test_a_society_changes_rows_and_nothing_else(sierra: Society, statement: str) -> None:
    with denied():
        sql(statement)


def test_extensions_are_at_hand_in_every_society(sierra: Society) -> None:
    assert sql("SELECT unaccent('Núñez'), similarity('Rivera', 'Rivero') > 0.4") == [("Nunez", True)]


def test_each_role_has_the_rights_of_the_table_of_rights_and_no_more(societies: dict[str, Society]) -> None:
    """Read from PostgreSQL: for every table in every schema, what every role of ours may do with it."""
    places = {society.schema_name: society.schema_name for society in societies.values()}
    places["public"] = roles().platform
    everyone = [*places.values(), roles().app, roles().readers]
    with context.platform():
        tables = sql("SELECT n.nspname, c.relname, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
                     "WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname = ANY(%s)", list(places))  # fmt: skip
        assert {schema for schema, _, _ in tables} == places.keys()
        for schema, table, oid in tables:
            may = {
                role: {
                    right
                    for right in (
                        "SELECT",
                        "INSERT",
                        "UPDATE",
                        "DELETE",
                        "TRUNCATE",
                        "REFERENCES",
                        "TRIGGER",
                        "MAINTAIN",
                    )
                    if sql("SELECT has_table_privilege(%s, %s, %s)", role, oid, right) == [(True,)]
                }
                for role in everyone
            }
            assert may == {role: _rights(table) if role == places[schema] else set() for role in everyone}, table


def _rights(table: str) -> set[str]:
    if table == "django_migrations":
        return {"SELECT"}
    if table.startswith(("audit_", "agreements_")):
        return {"SELECT", "INSERT"}
    return {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_the_rights_are_those_that_are_tested() -> None:
    assert RIGHTS == (
        ("django_migrations", "SELECT"),
        (r"audit\_%", "SELECT, INSERT"),
        (r"agreements\_%", "SELECT, INSERT"),
        ("%", "SELECT, INSERT, UPDATE, DELETE"),
    )


def test_the_login_role_has_no_rights_anywhere(societies: dict[str, Society]) -> None:
    app = roles().app
    with context.platform():
        assert sql("SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles "
                   "WHERE rolname = %s", app) == [(False, False, False, False, False)]  # fmt: skip
        schemas = sql("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'")
        assert {society.schema_name for society in societies.values()} <= {name for (name,) in schemas}
        for (schema,) in schemas:
            assert sql("SELECT has_schema_privilege(%s, %s, 'USAGE')", app, schema) == [(False,)], schema
        for right in ("CREATE", "TEMP"):
            assert sql("SELECT has_database_privilege(%s, current_database(), %s)", app, right) == [(False,)]


def test_nothing_of_ours_is_open_to_everybody(societies: dict[str, Society]) -> None:
    """Grants to PUBLIC would hold behind every wall. Functions of extensions are harmless, and need the schema."""
    with context.platform():
        tables = sql("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace, aclexplode(relacl) "
                     "WHERE grantee = 0 AND nspname !~ '^(pg_|information_schema)'")  # fmt: skip
        schemas = sql("SELECT nspname FROM pg_namespace, aclexplode(nspacl) "
                      "WHERE grantee = 0 AND nspname !~ '^(pg_|information_schema)'")  # fmt: skip
        databases = sql("SELECT privilege_type FROM pg_database, aclexplode(datacl) "
                        "WHERE grantee = 0 AND datname = current_database()")  # fmt: skip
    assert (tables, schemas, databases) == ([], [], [])


def test_no_table_needs_a_right_on_a_sequence(sierra: Society) -> None:
    """Identity columns draw numbers by themselves; a serial column would need a grant, and we give none."""
    assert sql("SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
               "JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum "
               "WHERE relnamespace = current_schema()::regnamespace "
               "AND pg_get_expr(adbin, adrelid) LIKE 'nextval(%%'") == []  # fmt: skip
