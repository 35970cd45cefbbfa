"""Django's own migration executor at work as the owner, and one that keeps what it did as steps."""

from __future__ import annotations

from collections.abc import Collection

from django.apps import AppConfig
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tenants.migration.steps import Key, is_replayable
from tenants.provisioning.owner import OwnerConnection, django_as_owner


def platform_apps() -> set[str]:
    """Labels of the apps with tables in the platform's own schema."""
    return {AppConfig.create(entry).label for entry in settings.SHARED_APPS}


def society_apps() -> set[str]:
    """Labels of the apps with tables in each society's schema."""
    return {AppConfig.create(entry).label for entry in settings.TENANT_APPS}


def missing_migrations(schema: str, apps: Collection[str]) -> list[Key]:
    """The migrations of some apps that a schema has not been through, in order."""
    with django_as_owner(schema) as owner:
        return _missing(MigrationExecutor(owner), apps)


def missing_here() -> list[Key]:
    """The migrations that the society whose door we stand in has not been through."""
    return _missing(MigrationExecutor(connection), society_apps())


def known_migrations() -> set[Key]:
    """Every migration that this version of Chiron has."""
    return set(MigrationLoader(None).disk_migrations)


def _missing(executor: MigrationExecutor, apps: Collection[str]) -> list[Key]:
    newest = [node for node in executor.loader.graph.leaf_nodes() if node[0] in apps]
    return [(migration.app_label, migration.name) for migration, _ in executor.migration_plan(newest)]


def apply_migrations(schema: str, keys: Collection[Key], *, lock_timeout: float = 0) -> None:
    """Apply just these migrations, in order, to one schema that has not been through them."""
    with django_as_owner(schema, lock_timeout) as owner:
        _apply(MigrationExecutor(owner), keys)


def apply_and_record(schema: str, keys: Collection[Key]) -> None:
    """The same for the template: each migration is kept as a step for all other schemas."""
    with django_as_owner(schema) as owner:
        executor = RecordingExecutor(owner)
        _apply(executor, keys)
        executor.keep_replacements()


def _apply(executor: MigrationExecutor, keys: Collection[Key]) -> None:
    whole = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    executor.migrate(None, [(one, False) for one, _ in whole if (one.app_label, one.name) in keys])


class RecordingExecutor(MigrationExecutor):
    """Applies each migration and, in the same transaction, keeps the SQL that it came to."""

    connection: OwnerConnection

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        key = (migration.app_label, migration.name)
        if not is_replayable(migration):
            state = super().apply_migration(state, migration, fake, fake_initial)
            self._keep(key, None)
            return state
        with transaction.atomic(using=DEFAULT_DB_ALIAS):
            self.connection.recorded.clear()
            state = super().apply_migration(state, migration, fake, fake_initial)
            self._keep(key, "\n;\n".join(self.connection.recorded))
        return state

    def keep_replacements(self) -> None:
        """A migration that only replaces others, when those were all applied, is a step in which nothing happens."""
        applied = self.recorder.applied_migrations()
        for key in self.loader.replacements:
            if key in applied:
                self._keep(key, "")

    def _keep(self, key: Key, sql: str | None) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO blueprint.step (app, name, sql) VALUES (%s, %s, %s) ON CONFLICT (app, name) DO NOTHING",
                [*key, sql],
            )
