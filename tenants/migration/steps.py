"""The migrations of a society's schema as recorded steps, in the order in which the template went through them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db.migrations import Migration
from django.db.migrations.operations import AddField, AlterField, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.models import Field
from psycopg import sql
from psycopg.rows import class_row

Key = tuple[str, str]
"""A migration's app and name."""

# Defaults that are called but always give the same.
_CONSTANT = (dict, list, set, tuple, str, int, float, bool, bytes)


@dataclass(frozen=True)
class Step:
    """One migration: its SQL, or None where Django itself has to run it."""

    app: str
    name: str
    sql: str | None

    @property
    def key(self) -> Key:
        return self.app, self.name


def recorded_steps(owner: psycopg.Connection) -> list[Step]:
    """All steps, first to last."""
    with owner.cursor(row_factory=class_row(Step)) as cursor:
        return cursor.execute("SELECT app, name, sql FROM blueprint.step ORDER BY place").fetchall()


def applied_migrations(owner: psycopg.Connection, schemas: Iterable[str]) -> dict[str, frozenset[Key]]:
    """What each schema has been through, by one query over all of them; a schema that does not exist is left out."""
    found = owner.execute(
        """SELECT n.nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
           WHERE c.relname = 'django_migrations' AND n.nspname = ANY(%s)""",
        [list(schemas)],
    ).fetchall()
    parts = [
        sql.SQL("SELECT {}, (SELECT array_agg(app || '.' || name) FROM {})").format(
            name, sql.Identifier(name, "django_migrations")
        )
        for (name,) in found
    ]
    if not parts:
        return {}
    rows = owner.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall()
    return {name: frozenset(_key(label) for label in labels or []) for name, labels in rows}


def _key(label: str) -> Key:
    app, _, name = label.partition(".")
    return app, name


def is_replayable(migration: Migration) -> bool:
    """Whether a migration is the same SQL in every schema: no Python, one transaction, no value made up on the way.

    What replaces others is left to Django too: it depends on which of those a schema has been through.
    """
    if not migration.atomic or migration.replaces:
        return False
    return all(_is_plain_sql(operation) for operation in migration.operations)


def _is_plain_sql(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return all(_is_plain_sql(inner) for inner in operation.database_operations)
    if isinstance(operation, AddField | AlterField):
        return not _makes_up_a_value(operation.field)
    return operation.reduces_to_sql


def _makes_up_a_value(field: Field[Any, Any]) -> bool:
    """A default such as a random key is made once for a table's rows; recorded, all societies would share one."""
    return (
        field.has_default()
        and callable(field.default)
        and field.default not in _CONSTANT
        and not field.has_db_default()
    )
