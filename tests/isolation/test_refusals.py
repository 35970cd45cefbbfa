"""What is refused before it can do harm, each with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from psycopg.conninfo import conninfo_to_dict

from chiron.kernel.errors import DomainError
from tenants.models import Society
from tenants.postgresql.base import DatabaseWrapper, UnsuitableDatabase, require_version
from tests import databases
from tests.isolation.looking import sql


@pytest.mark.parametrize(
    ("command", "sentence"), [("migrate", "Use `chiron migrate`"), ("flush", "emptied as a whole")]
)
def test_djangos_commands_for_one_schema_are_refused(command: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command(command)


def wrapper(**words: Any) -> DatabaseWrapper:
    """A connection like the default one, but for a few words of its settings."""
    return DatabaseWrapper({**connections.settings["default"], **words}, "default")


def test_a_superuser_is_refused_for_no_wall_holds_one(db: None) -> None:
    known = conninfo_to_dict(databases.server().superuser)
    with pytest.raises(UnsuitableDatabase, match="no wall can hold"):
        wrapper(USER=known["user"], PASSWORD=known["password"]).connect()
    application = wrapper()
    application.connect()
    application.close()


def test_an_older_postgresql_is_refused(db: None) -> None:
    with databases.server().connect() as connection:
        require_version(connection)
        with pytest.raises(UnsuitableDatabase, match=r"needs PostgreSQL 99 or later; this server is version 18\."):
            require_version(connection, oldest=99)


def test_without_a_database_the_sentence_says_what_to_do(db: None) -> None:
    with pytest.raises(UnsuitableDatabase, match="Start `chiron up`, or set DATABASE_URL"):
        wrapper(NAME="").connect()


def test_each_of_these_is_a_sentence_for_a_command_and_a_database_away_for_the_web() -> None:
    assert issubclass(UnsuitableDatabase, DomainError)
    assert issubclass(UnsuitableDatabase, OperationalError)


def test_nobody_may_hold_up_the_others(sierra: Society) -> None:
    limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    asked = sql("SELECT name, setting::int / 1000 FROM pg_settings WHERE name = ANY(%s) ORDER BY name", list(limits))
    assert dict(asked) == {"statement_timeout": 30, "lock_timeout": 5, "idle_in_transaction_session_timeout": 120}
