"""A society's schema with the role that has rights in it and nowhere else: made, and dropped, as one."""

from __future__ import annotations

import psycopg
from psycopg.sql import SQL, Identifier

from tenants import roles
from tenants.provisioning import blueprint


def make_schema(owner: psycopg.Connection, name: str) -> None:
    """Make a schema like the template, and its role, in the open transaction. The connection is spent: close it."""
    blueprint.replay(owner, into=name)
    wall_in(owner, name)


def wall_in(owner: psycopg.Connection, name: str) -> None:
    """Give a schema that has none its role, with the rights of a role in its society."""
    owner.execute(roles.create_role(name, roles.roles()))
    owner.execute(roles.grant_rights(name, role=name))


def drop_schema(owner: psycopg.Connection, name: str) -> None:
    """Drop a schema with all that is in it, and its role; nothing if neither is there."""
    with owner.transaction():
        owner.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(name)))
        owner.execute(roles.drop_role(name))
