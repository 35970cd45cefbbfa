"""The connection. It knows which door it stands in, and makes PostgreSQL stand in the same before each statement.

Role and path are set inside the transaction and end with it, so a pooled connection carries nothing to its next user.
Outside of a door, and outside of a transaction, the login role has no rights at all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg import Connection, sql
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

from chiron.kernel.errors import DomainError

if TYPE_CHECKING:
    from tenants.models import Society

OLDEST_VERSION = 18
# The schema of the extensions, on every path; `public` is on the platform's alone.
EXTENSIONS = "ext"


class WallBreached(RuntimeError):
    """PostgreSQL would look for tables elsewhere than the door says. Nothing was sent."""


class UnsuitableDatabase(DomainError, OperationalError):
    """The database at this address cannot be worked with; the sentence says what to do."""


class Door(NamedTuple):
    """A schema, the role that has rights there and nowhere else, and the society that it belongs to, if any."""

    schema: str
    role: str
    society: Society | None = None

    @property
    def path(self) -> str:
        """The search_path behind it, as PostgreSQL reports it."""
        return f"{self.schema}, {EXTENSIONS}"

    @property
    def labels(self) -> dict[str, str]:
        """What log lines and error reports say of it."""
        if self.society is not None:
            return {"door": "society", "society": self.society.slug}
        return {"door": "platform" if self.schema else "nowhere"}


NOWHERE = Door(schema="", role="")


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that stands in one door at a time. `tenants.context` moves it, and nobody else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door = NOWHERE
        # The door that PostgreSQL was last told of in this transaction. Rolling back to a savepoint brings back the
        # door it was made in, and that is the door we stand in by then.
        self._told = NOWHERE
        # A cursor may have been made in another door than the one it is used in, so each statement is looked at.
        self.execute_wrappers.append(self._execute_in_door)

    @property
    def schema_name(self) -> str:
        """What django-tenants asks for, to know which apps have tables here."""
        return self.door.schema

    def get_connection_params(self) -> dict[str, Any]:
        if not self.settings_dict["NAME"]:
            raise UnsuitableDatabase("No database is known. Start `chiron up`, or set DATABASE_URL.")
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        connection: Connection[Any] = super().get_new_connection(conn_params)
        try:
            require_version(connection)
            if connection.info.parameter_status("is_superuser") == "on":
                raise UnsuitableDatabase(
                    "DATABASE_URL enters as a superuser, who no wall can hold. Use the application's."
                )
        except UnsuitableDatabase:
            connection.close()
            raise
        return connection

    def _cursor(self, name: str | None = None) -> Any:
        cursor = super()._cursor(name)  # type: ignore[misc]
        self._stand_in_door()
        return cursor

    def _execute_in_door(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self._stand_in_door()
        return execute(*statement)

    def _stand_in_door(self) -> None:
        """Tell PostgreSQL of the door if it stands in another, and refuse to go on if it looks elsewhere."""
        connection: Connection[Any] = self.connection
        if connection.autocommit:
            return  # without a transaction there is neither role nor path, and nothing of anybody's within reach
        status = connection.pgconn.transaction_status
        if status == TransactionStatus.INERROR:
            return  # PostgreSQL takes nothing but a ROLLBACK now
        if status == TransactionStatus.IDLE:
            self._told = NOWHERE  # a new transaction begins; what was said in the last one ended with it
        if self._told is not self.door:
            with self.wrap_database_errors:
                _send(connection, _steps(self.door.schema, self.door.role))
            self._told = self.door
        found = connection.info.parameter_status("search_path")
        if self.door is not NOWHERE and found != self.door.path:
            raise WallBreached(f"PostgreSQL looks in “{found}” instead of “{self.door.path}”.")


def _send(connection: Connection[Any], steps: bytes) -> None:
    """Send the way into a door as one message, and the BEGIN with it, which psycopg would send before by itself."""
    begin = b"BEGIN; " if connection.pgconn.transaction_status == TransactionStatus.IDLE else b""
    result = connection.pgconn.exec_(begin + steps)
    if connection.broken:
        raise psycopg.OperationalError(result.get_error_message())
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)


def require_version(connection: Connection[Any], oldest: int = OLDEST_VERSION) -> None:
    """Refuse a server that does not tell its clients of each change of the search_path."""
    found = connection.info.server_version // 10_000
    if found < oldest:
        raise UnsuitableDatabase(f"Chiron needs PostgreSQL {oldest} or later; this server is version {found}.")


@cache
def _steps(schema: str, role: str) -> bytes:
    """The statements that lead into a door, or out into nowhere, sent as one message."""
    if not schema:
        return b"SET LOCAL ROLE NONE; SET LOCAL search_path = ''"
    names = [sql.Identifier(name).as_string() for name in (role, schema, EXTENSIONS)]
    return "SET LOCAL ROLE {}; SET LOCAL search_path = {}, {}".format(*names).encode()
