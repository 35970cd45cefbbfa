"""PostgreSQL's roles, and who may do what where. The rights are data; the rest of this module turns them into SQL.

- the owner (LOGIN, CREATEROLE, no superuser) makes and owns everything; it serves provisioning and migrations alone
- the application (LOGIN, NOINHERIT) has no rights anywhere; it may become one of the following for a transaction
- the platform (NOLOGIN) has the rights on `public`
- one NOLOGIN role for each society, named like its schema, has the rights on that schema
- the readers, of which the platform and every society are members, may use what all share: the extensions
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from tenants.postgresql.base import EXTENSIONS, require_version

PUBLIC = "public"
# The first pattern that fits a table's name says what the role of its schema may do with it.
RIGHTS = (
    ("django_migrations", "SELECT"),
    (r"audit\_%", "SELECT, INSERT"),
    (r"agreements\_%", "SELECT, INSERT"),
    ("%", "SELECT, INSERT, UPDATE, DELETE"),
)
# What the application's sessions begin with. Work that thinks for longer than two minutes does so outside of a door.
LIMITS: Mapping[str, str] = {
    "search_path": "",
    "timezone": "UTC",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "2min",
}
# Trigrams and unaccented letters find people by half-remembered names.
EXTENSION_NAMES = ("btree_gist", "pg_trgm", "unaccent")


@dataclass(frozen=True)
class Roles:
    """The roles that all societies have in common."""

    owner: str
    app: str
    platform: str
    readers: str

    @classmethod
    def named(cls, prefix: str) -> Roles:
        return cls(*(f"{prefix}_{part}" for part in ("owner", "app", "platform", "readers")))


def roles() -> Roles:
    """The roles of this installation."""
    return Roles.named(settings.DATABASE_ROLE_PREFIX)


# --- Set-up, by a superuser. Both may be run again at any time.


def prepare_cluster(superuser: Connection[Any], names: Roles, *, owner_password: str, app_password: str) -> None:
    """Make the shared roles, or bring them into order: passwords, limits, who may become whom."""
    require_version(superuser)
    logins = {names.owner: owner_password, names.app: app_password}
    with superuser.transaction():
        for name in (names.owner, names.app, names.platform, names.readers):
            if superuser.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).rowcount == 0:
                superuser.execute(SQL("CREATE ROLE {}").format(Identifier(name)))
        for alter, name in (
            (SQL("ALTER ROLE {} LOGIN INHERIT CREATEROLE NOSUPERUSER NOCREATEDB"), names.owner),
            (SQL("ALTER ROLE {} LOGIN NOINHERIT NOCREATEROLE NOSUPERUSER NOCREATEDB"), names.app),
            (SQL("ALTER ROLE {} NOLOGIN INHERIT NOCREATEROLE NOSUPERUSER NOCREATEDB"), names.platform),
            (SQL("ALTER ROLE {} NOLOGIN INHERIT NOCREATEROLE NOSUPERUSER NOCREATEDB"), names.readers),
        ):
            superuser.execute(alter.format(Identifier(name)))
        for name, password in logins.items():
            # Sent as its SCRAM verifier, so that no log ever holds it.
            verifier = superuser.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
            superuser.execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(name), Literal(verifier.decode())))
        for name, value in LIMITS.items():
            superuser.execute(
                SQL("ALTER ROLE {} SET {} = {}").format(Identifier(names.app), Identifier(name), Literal(value))
            )
        superuser.execute(_may_become(names.app, names.platform))
        superuser.execute(_member(names.platform, names.readers))
        # The owner hands the membership on to each new society.
        superuser.execute(
            SQL("GRANT {} TO {} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE").format(
                Identifier(names.readers), Identifier(names.owner)
            )
        )


def create_database(superuser: Connection[Any], database: str, names: Roles, *, template: str = "template1") -> None:
    """Make the database unless it is there, for the owner and the application alone; wants autocommit."""
    if superuser.execute("SELECT FROM pg_database WHERE datname = %s", [database]).rowcount == 0:
        superuser.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(database), Identifier(template)))
    for statement in (
        SQL("ALTER DATABASE {database} OWNER TO {owner}"),
        # With it goes the right of everybody to make temporary tables.
        SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC"),
        SQL("GRANT CONNECT ON DATABASE {database} TO {app}"),
    ):
        superuser.execute(
            statement.format(database=Identifier(database), owner=Identifier(names.owner), app=Identifier(names.app))
        )


def prepare_database(superuser: Connection[Any], names: Roles) -> None:
    """Close what PostgreSQL leaves open to everybody, and put the extensions where all find them.

    The connection is to that database.
    """
    with superuser.transaction():
        for statement in (
            SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
            SQL("CREATE SCHEMA IF NOT EXISTS {extensions}"),
            SQL("GRANT USAGE ON SCHEMA {extensions} TO {owner}, {readers}"),
            *(SQL(f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {{extensions}}") for name in EXTENSION_NAMES),
        ):
            superuser.execute(
                statement.format(
                    extensions=Identifier(EXTENSIONS), owner=Identifier(names.owner), readers=Identifier(names.readers)
                )
            )
        superuser.execute(_NO_LARGE_OBJECTS)


# Large objects lie outside of every schema, and so outside of every wall.
_NO_LARGE_OBJECTS = SQL(
    """
    DO $$
    DECLARE routine regprocedure;
    BEGIN
        FOR routine IN
            SELECT oid FROM pg_proc
            WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(lo_.*|loread|lowrite)$'
        LOOP
            EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', routine);
        END LOOP;
    END $$
    """
)


# --- Schemas, by the owner


def create_role(schema: str, names: Roles) -> Composed:
    """SQL that makes the role of a society, named like its schema."""
    return SQL("; ").join(
        [
            SQL("CREATE ROLE {} NOLOGIN INHERIT").format(Identifier(schema)),
            _member(schema, names.readers),
            _may_become(names.app, schema),
        ]
    )


def close_role(schema: str, names: Roles) -> Composed:
    """SQL that shuts a society's door: the application may no longer become its role."""
    return SQL("REVOKE {} FROM {}").format(Identifier(schema), Identifier(names.app))


def open_role(schema: str, names: Roles) -> Composed:
    """SQL that opens the door again."""
    return _may_become(names.app, schema)


def drop_role(schema: str) -> Composed:
    """SQL that drops a society's role, after its schema is gone."""
    return SQL("DROP ROLE IF EXISTS {}").format(Identifier(schema))


def grant_rights(schema: str, role: str) -> Composed:
    """SQL that gives a role exactly its rights on a schema and on each table in it, whatever it had before.

    It is run again after each change of tables: a table that nobody granted yet is closed. Identity columns need no
    right on their sequences.
    """
    rights = SQL(", ").join(SQL("({}, {})").format(Literal(pattern), Literal(right)) for pattern, right in RIGHTS)
    return SQL(
        """
        REVOKE ALL ON SCHEMA {schema} FROM {role};
        GRANT USAGE ON SCHEMA {schema} TO {role};
        REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role};
        DO $$
        DECLARE grants record;
        BEGIN
            FOR grants IN
                SELECT (SELECT may FROM (VALUES {rights}) AS rights (pattern, may) WHERE relname LIKE pattern LIMIT 1),
                       string_agg(format('%I.%I', {name}, relname), ', ') AS tables
                FROM pg_class WHERE relnamespace = {name}::regnamespace AND relkind IN ('r', 'p')
                GROUP BY 1
            LOOP
                EXECUTE format('GRANT %s ON %s TO %I', grants.may, grants.tables, {grantee});
            END LOOP;
        END $$
        """
    ).format(
        schema=Identifier(schema), role=Identifier(role), name=Literal(schema), grantee=Literal(role), rights=rights
    )


def _may_become(member: str, role: str) -> Composed:
    return SQL("GRANT {} TO {} WITH ADMIN FALSE, INHERIT FALSE, SET TRUE").format(Identifier(role), Identifier(member))


def _member(member: str, group: str) -> Composed:
    return SQL("GRANT {} TO {} WITH ADMIN FALSE, INHERIT TRUE, SET FALSE").format(Identifier(group), Identifier(member))
