"""Spare schemas: made by the owner ahead of time, so that a sign-up on the web only has to take one."""

from __future__ import annotations

import psycopg

from chiron.kernel import clock
from tenants.models import new_schema_name
from tenants.provisioning.owner import connect
from tenants.provisioning.schemas import make_schema

WANTED = 3


def fill_spares(wanted: int = WANTED) -> int:
    """Make spare schemas until as many lie ready as wanted; answers how many that took."""
    with connect() as owner:
        # Two at once would each make what is missing. The lock goes with the connection.
        owner.execute("SELECT pg_advisory_lock(hashtext('chiron spares'))")
        missing = wanted - _count(owner)
        for _ in range(missing):
            make_spare()
    return max(0, missing)


def make_spare() -> str:
    """Make one, whole or not at all, on a connection of its own; answers its name."""
    name = new_schema_name()
    with connect() as owner, owner.transaction():
        make_schema(owner, name)
        owner.execute("INSERT INTO public.tenants_spare (schema_name, made_at) VALUES (%s, %s)", [name, clock.now()])
    return name


def _count(owner: psycopg.Connection) -> int:
    row = owner.execute("SELECT count(*) FROM public.tenants_spare").fetchone()
    return int(row[0]) if row else 0
