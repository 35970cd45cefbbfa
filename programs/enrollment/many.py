"""Very many rows at once, by statements that Django has no words for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model, QuerySet


def hold(rows: QuerySet[Any]) -> None:
    """Lock rows until the end, in the order of their ids, so that two who do so never wait for each other."""
    sql, params = rows.select_for_update().order_by("pk").values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS held", params)  # noqa: S608, Django's own words


def write(rows: Iterable[Model], fields: Sequence[str]) -> None:
    """Write these fields of rows of one model, each row once.

    An UPDATE that names a case for each row takes ten times as long.
    """
    there = list(rows)
    if not there or not fields:
        return
    columns = [_field(there[0], name) for name in ("pk", *fields)]
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


def delete_unused(model: type[Model], ids: Iterable[object]) -> None:
    """Delete rows at which nothing points, as whoever calls has made sure; the database refuses any other."""
    key = model._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_quoted(model._meta.db_table)}"  # noqa: S608, our own names
            f" WHERE {_quoted(key.column)} = ANY(%s::{key.db_type(connection)}[])",
            [list(ids)],
        )


def _field(row: Model, name: str) -> Field[Any, Any]:
    found = row._meta.pk if name == "pk" else row._meta.get_field(name)
    return cast("Field[Any, Any]", found)


def _quoted(name: str | None) -> str:
    assert name, "A table or a column has a name."
    return connection.ops.quote_name(name)
