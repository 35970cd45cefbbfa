"""The owner's connections. They alone make, migrate, copy out and drop schemas; web and ordinary workers have none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import Field, Model
from django.utils.translation import gettext as _
from psycopg.conninfo import conninfo_to_dict

from chiron.kernel.errors import DomainError
from tenants.postgresql.base import EXTENSIONS, require_version


def owner_url() -> str:
    """Where and as whom the owner logs in; DomainError where this process has no such right."""
    url: str | None = settings.DATABASE_ADMIN_URL
    if not url:
        raise DomainError(
            _("This needs the owner's database connection. Set DATABASE_ADMIN_URL, or start `chiron up` first.")
        )
    return url


@contextmanager
def connect() -> Iterator[psycopg.Connection]:
    """A connection of the owner's own, in autocommit, closed at the end of the block."""
    try:
        connection = psycopg.connect(owner_url(), autocommit=True)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise DomainError(_("The database does not let the owner in: %s") % reason) from error
    with connection:
        require_version(connection)
        yield connection


class RecordingEditor(DatabaseSchemaEditor):
    """Django's schema editor with a memory: each statement is executed and kept, its values filled in."""

    connection: OwnerConnection

    def execute(self, sql: Any, params: Any = ()) -> None:
        statement = str(sql) if params is None else self.connection.ops.compose_sql(str(sql), params)
        self.connection.recorded.append(statement)
        super().execute(statement, None)

    def _create_like_index_sql(self, model: type[Model], field: Field[Any, Any]) -> None:
        """None of Django's second indexes for LIKE: each costs memory in every connection for every society."""


class OwnerConnection(DatabaseWrapper):
    """Django's plain PostgreSQL connection as the owner, with one schema before it and a record of what is changed."""

    SchemaEditorClass = RecordingEditor

    def __init__(self, schema: str, lock_timeout: float = 0) -> None:
        options = f"-c search_path={schema},{EXTENSIONS} -c lock_timeout={round(lock_timeout * 1000)}"
        super().__init__({**connections.settings[DEFAULT_DB_ALIAS], **_login(), "OPTIONS": {"options": options}})
        self.schema_name = schema
        self.recorded: list[str] = []


def _login() -> dict[str, Any]:
    """The owner's address in the words of Django's settings."""
    known = conninfo_to_dict(owner_url())
    words = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {word: str(known.get(key) or "") for word, key in words.items()}


@contextmanager
def django_as_owner(schema: str, lock_timeout: float = 0) -> Iterator[OwnerConnection]:
    """Let Django's own code work in one schema as the owner: for this block the default connection is another one.

    Migrations written in Python ask for the default connection by name or not at all, so it has to be that one.
    """
    before = connections[DEFAULT_DB_ALIAS]
    mine = OwnerConnection(schema, lock_timeout)
    connections[DEFAULT_DB_ALIAS] = mine
    try:
        yield mine
    finally:
        mine.close()
        connections[DEFAULT_DB_ALIAS] = before
