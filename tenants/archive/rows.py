"""Rows of a table as lines of JSON and back, exactly: what goes in is what was there, byte for byte.

Numbers, truth values and text stand in a line as JSON has them. Everything else (documents, bytes, lists, ranges)
stands as PostgreSQL's own text for it, for JSON cannot tell a missing document from one that says `null`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql

# Types whose JSON, read back as a text, is also PostgreSQL's text.
_PLAIN = ["bool", "int2", "int4", "int8", "numeric", "text", "varchar", "bpchar", "uuid", "date", "timestamptz"]


@dataclass(frozen=True)
class Table:
    """A table's name, and its columns in order (computed ones left out)."""

    name: str
    columns: tuple[str, ...]
    plain: frozenset[str]


def tables_of(owner: psycopg.Connection, schema: str) -> list[Table]:
    """All tables of a schema, by name."""
    rows = owner.execute(
        """SELECT c.relname, array_agg(a.attname ORDER BY a.attnum),
                  array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE t.typname = ANY(%s))
           FROM pg_class c
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
           JOIN pg_type t ON t.oid = a.atttypid
           WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
           GROUP BY c.relname ORDER BY c.relname""",
        [_PLAIN, schema],
    ).fetchall()
    return [Table(name, tuple(columns), frozenset(plain or ())) for name, columns, plain in rows]


def copy_out(owner: psycopg.Connection, schema: str, table: Table) -> Iterator[str]:
    """A table's rows, each as one line of JSON."""
    columns = sql.SQL(", ").join(
        sql.Identifier(name) if name in table.plain else sql.SQL("{0}::text AS {0}").format(sql.Identifier(name))
        for name in table.columns
    )
    query = sql.SQL("COPY (SELECT row_to_json(r)::text FROM (SELECT {} FROM {}) r) TO STDOUT").format(
        columns, sql.Identifier(schema, table.name)
    )
    with owner.cursor() as cursor, cursor.copy(query) as copy:
        copy.set_types(["text"])
        for (line,) in copy.rows():
            yield line


def copy_in(owner: psycopg.Connection, schema: str, table: Table, lines: Iterable[str | bytes]) -> int:
    """Put rows into an empty table; answers how many."""
    target = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(schema, table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    count = 0
    with owner.cursor() as cursor, cursor.copy(target) as copy:
        for line in lines:
            # Numbers stay the text they are: a float would lose digits.
            row = json.loads(line, parse_int=str, parse_float=str)
            copy.write_row([_text(row[name]) for name in table.columns])
            count += 1
    return count


def _text(value: str | bool | None) -> str | None:
    return str(value).lower() if isinstance(value, bool) else value
