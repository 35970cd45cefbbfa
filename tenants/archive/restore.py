"""Bringing one society back from its archive: at the version that it had, and from there to today's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from uuid import UUID
from zipfile import BadZipFile, ZipFile

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

from chiron.kernel.errors import DomainError
from tenants import audit, context
from tenants.archive.export import FILES, LEFT_OUT, MANIFEST, ROWS, folder_of
from tenants.archive.manifest import Manifest, facts_from, read_manifest
from tenants.archive.rows import Table, copy_in, tables_of
from tenants.migration.executors import apply_migrations, known_migrations
from tenants.migration.replay import bring_forward
from tenants.migration.steps import Key, applied_migrations, recorded_steps
from tenants.models import Society, new_schema_name
from tenants.provisioning import blueprint
from tenants.provisioning.owner import connect
from tenants.provisioning.schemas import drop_schema, wall_in
from tenants.provisioning.services import check_society, save_society


def restore_society(source: Path, *, name: str = "", slug: str = "", host: str = "") -> Society:
    """Make a society out of an archive, all of it or nothing.

    It comes back as itself where its place is empty, else beside the one that is there, under another slug.
    DomainError if the file is no archive, damaged, or from a version that is not known here; or the slug is taken.
    """
    schema = new_schema_name()
    with _opened(source) as archive:
        manifest = read_manifest(archive.read(MANIFEST))
        society = _society_from(manifest, name, slug)
        check_society(society, host)
        try:
            _make_at_version(schema, manifest.migrations)
            _fill(archive, manifest, schema)
            _bring_to_today(schema)
            society.schema_name = schema
            with context.platform():
                save_society(society, host)
                audit.record("society.restored", subject=society)
                _put_files_back(archive, society)
        except BaseException:
            with connect() as owner:
                drop_schema(owner, schema)
            raise
    return society


@contextmanager
def _opened(source: Path) -> Iterator[ZipFile]:
    try:
        archive = ZipFile(source)
    except OSError as error:
        why = {"file": source, "why": error.strerror}
        raise DomainError(_("The archive %(file)s cannot be read: %(why)s.") % why) from error
    except BadZipFile as error:
        raise DomainError(_("%s is no archive of a society, or it is damaged.") % source) from error
    with archive:
        if MANIFEST not in archive.namelist():
            raise DomainError(_("%s is no archive of a society, or it is damaged.") % source)
        yield archive


def _society_from(manifest: Manifest, name: str, slug: str) -> Society:
    """The row that was dropped, a new one with its old id, or one beside a society that is still there."""
    facts = facts_from(manifest.society)
    facts |= {"name": name or facts["name"], "slug": slug or facts["slug"]}
    facts["sealed_as"] = facts.get("sealed_as") or UUID(manifest.society_id)
    if facts["state"] == Society.State.LEFT:
        facts["state"] = Society.State.ACTIVE
    with context.platform():
        old = Society.objects.filter(pk=manifest.society_id).first()
        taken = Society.objects.filter(slug=facts["slug"]).exclude(dropped_at__isnull=False, pk=manifest.society_id)
        if taken.exists():
            raise DomainError(_("The address “%s” is taken. Choose another.") % facts["slug"], field="slug")
    if old is None:
        return Society(pk=UUID(manifest.society_id), **facts)
    if old.dropped_at is None:
        return Society(**facts)
    for field, value in facts.items():
        setattr(old, field, value)
    old.left_at = old.dropped_at = None
    return old


def _make_at_version(schema: str, migrations: Collection[Key]) -> None:
    """A schema that has been through just these migrations: a copy of the template, else by Django from nothing."""
    with connect() as owner, owner.transaction():
        template = blueprint.finished_template(owner).schema_name
        if applied_migrations(owner, [template])[template] == set(migrations):
            blueprint.replay(owner, into=schema)
            return
        owner.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    _refuse_unknown(set(migrations) - known_migrations())
    apply_migrations(schema, migrations)
    with connect() as owner:
        _refuse_unknown(set(migrations) - applied_migrations(owner, [schema])[schema])


def _refuse_unknown(migrations: Collection[Key]) -> None:
    if migrations:
        first = ".".join(min(migrations))
        raise DomainError(_("This archive comes from another version of Chiron: “%s” is not known here.") % first)


def _fill(archive: ZipFile, manifest: Manifest, schema: str) -> None:
    """Put all rows in, and the wall around them. What refers to what is checked at the end; our triggers rest."""
    with connect() as owner, owner.transaction():
        tables = tables_of(owner, schema)
        if {table.name for table in tables} - LEFT_OUT != manifest.tables.keys():
            raise DomainError(_("The archive is damaged: its tables are not those of its version."))
        names = sql.SQL(", ").join(sql.Identifier(schema, table.name) for table in tables)
        owner.execute(sql.SQL("TRUNCATE {}; SET CONSTRAINTS ALL DEFERRED").format(names))
        _set_triggers(owner, schema, tables, sql.SQL("DISABLE"))
        for table in tables:
            if table.name not in LEFT_OUT:
                _fill_table(owner, schema, table, archive, manifest)
        for name, state in manifest.sequences.items():
            sequence = sql.Identifier(schema, name).as_string()
            owner.execute("SELECT setval(%s::regclass, %s, %s)", [sequence, state.last_value, state.is_called])
        try:
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.IntegrityError as error:
            raise DomainError(_("The archive is damaged: its rows do not fit together.")) from error
        _set_triggers(owner, schema, tables, sql.SQL("ENABLE"))
        wall_in(owner, schema)


def _fill_table(owner: psycopg.Connection, schema: str, table: Table, archive: ZipFile, manifest: Manifest) -> None:
    try:
        with archive.open(ROWS.format(table.name)) as lines:
            count = copy_in(owner, schema, table, lines)
    except (BadZipFile, KeyError, ValueError, psycopg.DataError, psycopg.IntegrityError) as error:
        raise DomainError(_("The archive is damaged: its table “%s” cannot be read.") % table.name) from error
    if count != manifest.tables.get(table.name):
        raise DomainError(_("The archive is damaged: rows of the table “%s” are missing.") % table.name)


def _set_triggers(owner: psycopg.Connection, schema: str, tables: Iterable[Table], what: sql.SQL) -> None:
    for table in tables:
        owner.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(schema, table.name), what))


def _bring_to_today(schema: str) -> None:
    with connect() as owner:
        been_through = applied_migrations(owner, [schema])[schema]
        steps = [step for step in recorded_steps(owner) if step.key not in been_through]
        bring_forward(owner, schema, steps)


def _put_files_back(archive: ZipFile, society: Society) -> None:
    folder = folder_of(society)
    for member in archive.infolist():
        path = PurePosixPath(member.filename)
        if path.parts[0] != FILES or member.is_dir():
            continue
        target = folder.joinpath(*path.parts[1:])
        if ".." in path.parts:
            raise DomainError(_("The archive is damaged: it holds a file outside of its folder."))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(member))
