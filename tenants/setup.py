"""`python -m tenants.setup` makes the roles, the database and its extensions, as PostgreSQL's superuser.

It reads three addresses: DATABASE_SUPERUSER_URL enters, DATABASE_ADMIN_URL and DATABASE_URL say which database is
wanted and by which passwords the owner and the application will enter it. It may be run again at any time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from chiron.kernel.errors import DomainError
from tenants.roles import Roles, create_database, prepare_cluster, prepare_database

ADDRESSES = ("DATABASE_SUPERUSER_URL", "DATABASE_ADMIN_URL", "DATABASE_URL")


def set_up(variables: Mapping[str, str]) -> None:
    """Bring the cluster and the database into order; DomainError if an address is missing or does not fit."""
    superuser, owner, app = (_read(variables, name) for name in ADDRESSES)
    prefix = owner["user"].removesuffix("_owner")
    names = Roles.named(prefix)
    database = owner["dbname"]
    if (owner["user"], app["user"], app["dbname"]) != (names.owner, names.app, database):
        raise DomainError(
            "DATABASE_ADMIN_URL and DATABASE_URL do not belong together: one database, users …_owner and …_app."
        )
    try:
        with psycopg.connect(make_conninfo(**superuser), autocommit=True) as connection:
            prepare_cluster(connection, names, owner_password=owner["password"], app_password=app["password"])
            create_database(connection, database, names)
        with psycopg.connect(make_conninfo(**{**superuser, "dbname": database}), autocommit=True) as connection:
            prepare_database(connection, names)
    except psycopg.OperationalError as error:
        raise DomainError(f"The database cannot be set up: {str(error).strip().splitlines()[-1]}") from error


def _read(variables: Mapping[str, str], name: str) -> dict[str, str]:
    known = {key: str(value) for key, value in conninfo_to_dict(variables.get(name, "")).items()}
    if not known.keys() >= {"user", "password", "dbname"}:
        raise DomainError(f"{name} has to look like postgresql://user:password@host:5432/database.")
    return known


def main() -> None:
    try:
        set_up(os.environ)
    except DomainError as error:
        sys.exit(f"chiron: {error.message}")


if __name__ == "__main__":
    main()
