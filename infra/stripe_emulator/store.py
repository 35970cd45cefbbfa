"""What the emulator knows, in one SQLite file: a request is one transaction, so a killed process loses nothing."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stripe_emulator.kinds import Body

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, clock TEXT,
    due INTEGER, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_of_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_of_customer ON objects (kind, json_extract(body, '$.customer'));
CREATE INDEX IF NOT EXISTS objects_due ON objects (clock, due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due REAL, status INTEGER, error TEXT
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Store:
    """Objects by id and by kind. Threads take turns: a transaction holds the whole store."""

    def __init__(self, file: Path | str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._sql = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._sql.execute("PRAGMA journal_mode=WAL")
        self._sql.execute("PRAGMA synchronous=NORMAL")
        self._sql.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._sql.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside of another one, it is part of that."""
        with self._lock:
            if self._depth:
                yield
                return
            self._sql.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._sql.execute("ROLLBACK")
                raise
            else:
                self._sql.execute("COMMIT")
            finally:
                self._depth = 0

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is done meanwhile is undone if it ends in an error; the transaction around it goes on."""
        with self.transaction():
            self._sql.execute("SAVEPOINT attempt")
            try:
                yield
            except BaseException:
                self._sql.execute("ROLLBACK TO attempt")
                raise
            finally:
                self._sql.execute("RELEASE attempt")

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """What is done meanwhile is undone at the end, inside of a transaction that goes on."""
        with self.transaction():
            self._sql.execute("SAVEPOINT rehearsal")
            try:
                yield
            finally:
                self._sql.execute("ROLLBACK TO rehearsal")
                self._sql.execute("RELEASE rehearsal")

    def run(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Any statement, for the few tables that hold no objects."""
        with self._lock:
            return self._sql.execute(statement, values).fetchall()

    def get(self, identity: str) -> Body | None:
        rows = self.run("SELECT body FROM objects WHERE id = ?", identity)
        return json.loads(str(rows[0][0])) if rows else None

    def put(self, body: Body, *, clock: str | None, due: int | None) -> None:
        """Write an object, new or changed."""
        self.run(
            "INSERT INTO objects (id, kind, clock, due, body) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET due = excluded.due, body = excluded.body",
            body["id"], body["object"], clock or "", due, json.dumps(body),
        )  # fmt: skip

    def delete(self, identity: str) -> None:
        self.run("DELETE FROM objects WHERE id = ?", identity)

    def find(self, kind: str, **fields: object) -> list[Body]:
        """Objects of a kind whose fields are exactly these, the newest first."""
        where = "".join(f" AND json_extract(body, '$.{name}') IS ?" for name in fields)
        rows = self.run(f"SELECT body FROM objects WHERE kind = ?{where} ORDER BY seq DESC", kind, *fields.values())  # noqa: S608
        return [json.loads(str(row[0])) for row in rows]

    def next_due(self, clock: str | None, until: int) -> tuple[int, str] | None:
        """The earliest moment at which something happens by itself, and to what; None when nothing does until then.

        A schedule comes before the subscription that it changes, so that the renewal is at the new price.
        """
        rows = self.run(
            "SELECT due, id FROM objects WHERE clock = ? AND due <= ? "
            "ORDER BY due, kind = 'subscription_schedule' DESC, seq LIMIT 1",
            clock or "",
            until,
        )
        return (int(str(rows[0][0])), str(rows[0][1])) if rows else None

    def setting(self, name: str, default: object = None) -> object:
        rows = self.run("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(str(rows[0][0])) if rows else default

    def set(self, name: str, value: object) -> None:
        self.run("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, json.dumps(value))
