"""The blueprint of every society: the template schema and its dump. The steps by which it came about lie beside it.

All of it lies in a schema that only the owner can see: what is replayed as the owner must not be writable by others.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.rows import class_row

from chiron.kernel.errors import DomainError
from tenants.provisioning.dump import dump_schema

_SET_UP: LiteralString = """
    SET LOCAL client_min_messages = warning;
    CREATE SCHEMA IF NOT EXISTS blueprint;
    CREATE TABLE IF NOT EXISTS blueprint.template (schema_name text PRIMARY KEY, dump text NOT NULL);
    CREATE TABLE IF NOT EXISTS blueprint.step (
        place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        app text NOT NULL,
        name text NOT NULL,
        sql text,
        UNIQUE (app, name)
    );
"""
# Whoever copies the template shares this lock; whoever changes it has it alone.
_LOCK: LiteralString = "hashtext('chiron template')"


@dataclass(frozen=True)
class Template:
    """The schema from which all others are made, and the same as a text; an empty one while it is being changed."""

    schema_name: str
    dump: str


@contextmanager
def changing(owner: psycopg.Connection) -> Iterator[Template]:
    """The template, made if there is none yet, with nobody else copying or changing it."""
    owner.execute(f"SELECT pg_advisory_lock({_LOCK})")
    try:
        yield _find(owner) or _set_up(owner)
    finally:
        owner.execute(f"SELECT pg_advisory_unlock({_LOCK})")


def forget_dump(owner: psycopg.Connection) -> None:
    """Before the template changes: from here on, also if the change fails, nothing is made from how it was."""
    owner.execute("UPDATE blueprint.template SET dump = ''")


def keep_dump(owner: psycopg.Connection, template: Template) -> None:
    """After the template has changed: this is what societies are made from now."""
    owner.execute("UPDATE blueprint.template SET dump = %s", [dump_schema(template.schema_name)])


def replay(owner: psycopg.Connection, into: str) -> None:
    """Make a schema like the template, in the open transaction. The connection is the dump's afterwards: close it."""
    owner.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
    template = finished_template(owner)
    owner.execute(template.dump.replace(template.schema_name, into).encode())


def finished_template(owner: psycopg.Connection) -> Template:
    """The template; DomainError if the platform was never migrated, or its last migration did not get to the end."""
    template = _find(owner)
    if template is None or not template.dump:
        raise DomainError(_("There is no finished template for new societies. Run `chiron migrate` first."))
    return template


def _set_up(owner: psycopg.Connection) -> Template:
    name = f"tpl_{secrets.token_hex(8)}"  # occurs nowhere else, so it can be replaced in the dump's text
    with owner.transaction():
        owner.execute(_SET_UP)
        owner.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        owner.execute("INSERT INTO blueprint.template (schema_name, dump) VALUES (%s, '')", [name])
    return Template(name, "")


def _find(owner: psycopg.Connection) -> Template | None:
    found = owner.execute("SELECT to_regclass('blueprint.template')").fetchone()
    if found is None or found[0] is None:
        return None
    with owner.cursor(row_factory=class_row(Template)) as cursor:
        return cursor.execute("SELECT schema_name, dump FROM blueprint.template").fetchone()
