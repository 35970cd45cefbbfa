"""Copying one society out into a file: a zip of lines of JSON, as it was at one moment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, LiteralString
from zipfile import ZIP_DEFLATED, ZipFile

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _
from psycopg import IsolationLevel, sql

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import context
from tenants.archive.manifest import FORMAT, Manifest, Sequence, facts_of
from tenants.archive.rows import Table, copy_out, tables_of
from tenants.migration.steps import applied_migrations
from tenants.models import Society
from tenants.provisioning.owner import connect

MANIFEST, ROWS, FILES = "manifest.json", "tables/{}.ndjson", "files"
# Who is signed in does not leave the house.
LEFT_OUT = {"django_session"}
_SEQUENCES: LiteralString = """
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'S' ORDER BY c.relname
"""


def export_society(society: Society, target: Path) -> Manifest:
    """Write a society's archive, readable by us alone; there is a whole file or none.

    DomainError if its schema is gone, or the file cannot be written.
    """
    if society.dropped_at:
        raise DomainError(_("The data of %s was deleted; there is nothing to export.") % society.name)
    draft = target.with_name(f"{target.name}.part")
    try:
        with _for_us_alone(draft) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
            manifest = _fill(archive, society)
        draft.replace(target)
    except OSError as error:
        why = {"file": target, "why": error.strerror}
        raise DomainError(_("The archive %(file)s cannot be written: %(why)s.") % why) from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _for_us_alone(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")


def _fill(archive: ZipFile, society: Society) -> Manifest:
    schema = society.schema_name
    with context.platform():
        hosts = list(society.domains.values_list("domain", flat=True))
    with connect() as owner, _snapshot(owner, schema) as tables:
        rows = {table.name: _write(archive, table.name, copy_out(owner, schema, table)) for table in tables}
        migrations = sorted(applied_migrations(owner, [schema])[schema])
        sequences = _sequences(owner, schema)
    manifest = Manifest(
        format=FORMAT,
        made_at=clock.now(),
        society_id=str(society.pk),
        society=facts_of(society),
        hosts=hosts,
        migrations=migrations,
        tables=rows,
        sequences=sequences,
        files=_add_files(archive, society),
    )
    archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    return manifest


@contextmanager
def _snapshot(owner: psycopg.Connection, schema: str) -> Iterator[list[Table]]:
    """All tables as they are at one moment. They are locked before that moment: altering one is not undone for us."""
    names = [table.name for table in tables_of(owner, schema)]
    owner.isolation_level, owner.read_only = IsolationLevel.REPEATABLE_READ, True
    with owner.transaction():
        owner.execute(
            sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(
                sql.SQL(", ").join(sql.Identifier(schema, name) for name in names)
            )
        )
        tables = tables_of(owner, schema)
        if [table.name for table in tables] != names:
            raise DomainError(_("The society is being migrated. Export it again in a minute."))
        yield [table for table in tables if table.name not in LEFT_OUT]


def _write(archive: ZipFile, table: str, lines: Iterable[str]) -> int:
    count = 0
    with archive.open(ROWS.format(table), "w", force_zip64=True) as member:
        for line in lines:
            member.write(f"{line}\n".encode())
            count += 1
    return count


def _sequences(owner: psycopg.Connection, schema: str) -> dict[str, Sequence]:
    found = {}
    for (name,) in owner.execute(_SEQUENCES, [schema]).fetchall():
        state = owner.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(schema, name)))
        for last_value, is_called in state:
            found[name] = Sequence(last_value=last_value, is_called=is_called)
    return found


def folder_of(society: Society) -> Path:
    """Where a society's files lie."""
    return Path(settings.MEDIA_ROOT) / str(society.pk)


def _add_files(archive: ZipFile, society: Society) -> int:
    folder = folder_of(society)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        archive.write(path, f"{FILES}/{path.relative_to(folder)}")
    return len(paths)
