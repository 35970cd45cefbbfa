"""Bringing one schema through the steps it has not been through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import psycopg
from psycopg import sql

from tenants.migration.executors import apply_migrations
from tenants.migration.steps import Step
from tenants.postgresql.base import EXTENSIONS
from tenants.roles import grant_rights

# What waits for the end of a migration's transaction has to happen before the next one alters the same table.
_BETWEEN = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


def bring_forward(owner: psycopg.Connection, schema: str, steps: Sequence[Step], *, lock_timeout: float = 0) -> None:
    """Replay steps in one schema, in one transaction as far as they are SQL; Django runs those with Python in them.

    Raises what goes wrong, and leaves the schema as it was before the transaction in which it went wrong.
    """
    for is_sql, run in groupby(steps, key=lambda step: step.sql is not None):
        if is_sql:
            _replay(owner, schema, list(run), lock_timeout)
        else:
            apply_migrations(schema, [step.key for step in run], lock_timeout=lock_timeout)
            owner.execute(grant_rights(schema, role=schema))


def _replay(owner: psycopg.Connection, schema: str, steps: Sequence[Step], lock_timeout: float) -> None:
    with owner.transaction():
        owner.execute(
            sql.SQL("SET LOCAL search_path = {}, {}; SET LOCAL lock_timeout = {}").format(
                sql.Identifier(schema), sql.Identifier(EXTENSIONS), round(lock_timeout * 1000)
            )
        )
        for step in steps:
            owner.execute(f"{step.sql}\n;\n{_BETWEEN}".encode())
            owner.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [step.app, step.name]
            )
        owner.execute(grant_rights(schema, role=schema))
