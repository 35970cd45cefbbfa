"""Very many rows at once, by statements that Django has no words for."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Field, ManyToOneRel, Model, QuerySet


def hold(rows: QuerySet[Any]) -> None:
    """Lock rows until the end, in the order of their ids, so that two who do so never wait for each other."""
    sql, params = rows.select_for_update().order_by("pk").values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS held", params)  # noqa: S608, Django's own words


def values(row: Model) -> dict[str, Any]:
    """What a row that was not saved would be saved with, by column."""
    return {_column(each): getattr(row, each.attname) for each in row._meta.concrete_fields}


def insert(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, each by column and all with the same columns; nothing is filled in that they do not name.

    They go as one JSON text, which costs a fourth of what Django's own way does.
    """
    there = list(rows)
    if not there:
        return
    table, columns = _quoted(model._meta.db_table), ", ".join(map(_quoted, there[0]))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns})"  # noqa: S608, our own names
            f" SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)",
            [json.dumps(there, default=str)],
        )


def write(rows: Iterable[Model], fields: Sequence[str]) -> None:
    """Write these fields of rows of one model, each row once.

    An UPDATE that names a case for each row takes ten times as long.
    """
    there = list(rows)
    if not there or not fields:
        return
    columns = [_field(type(there[0]), name) for name in ("pk", *fields)]
    values = [[each.get_db_prep_save(getattr(row, each.attname), connection) for row in there] for each in columns]
    key, *others = [_quoted(each.column) for each in columns]
    table, named = _quoted(there[0]._meta.db_table), ", ".join([key, *others])
    said = ", ".join(f"{column} = said.{column}" for column in others)
    arrays = ", ".join(f"%s::{each.db_type(connection)}[]" for each in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS mine SET {said} FROM unnest({arrays}) AS said ({named}) WHERE mine.{key} = said.{key}",  # noqa: S608, our own names
            values,
        )


def in_use(model: type[Model], ids: QuerySet[Any, Any], *, besides: Collection[type[Model]] = ()) -> set[Any]:
    """Which rows others point at, asked once per relation; rows of some models do not count.

    Whoever calls has held the rows, so that nobody begins to point at them afterwards.
    """
    found: set[Any] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model not in besides:
            name = relation.field.name
            rows = relation.related_model._default_manager.filter(**{f"{name}__in": ids})
            found.update(rows.order_by().values_list(name, flat=True).distinct())
    return found


def delete_unused(model: type[Model], ids: Iterable[object], *, by: str = "pk") -> None:
    """Delete rows at which nothing points, as whoever calls has made sure; the database refuses any other."""
    key = _field(model, by)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_quoted(model._meta.db_table)}"  # noqa: S608, our own names
            f" WHERE {_quoted(key.column)} = ANY(%s::{key.db_type(connection)}[])",
            [list(ids)],
        )


def check_references(*, anew: bool = False) -> None:
    """Have the database look now at all that points at what came or went, as it would at the end.

    It looks once for each row, by the plans of this connection: one from when a table was almost empty goes through
    the whole of it each time. `anew` forgets those, and no new one is made so.
    """
    begin = "DISCARD PLANS; " if anew else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{begin}SET LOCAL enable_seqscan = off; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"
            " SET LOCAL enable_seqscan = DEFAULT"
        )


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    found = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return cast("Field[Any, Any]", found)


def _column(field: Field[Any, Any]) -> str:
    assert field.column, "Each of these has a column."
    return field.column


def _quoted(name: str | None) -> str:
    assert name, "A table or a column has a name."
    return connection.ops.quote_name(name)
