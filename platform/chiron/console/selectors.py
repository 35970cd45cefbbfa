"""How the societies are doing, in numbers. Only counts leave a society's door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tenants import context
from tenants.migration.executors import known_migrations, society_apps
from tenants.models import Society
from tenants.people.models import Person


@dataclass(frozen=True, slots=True)
class Health:
    """One society as operators see it."""

    society: Society
    people: int
    signed_in: int
    last_active_at: datetime | None
    behind: int  # migrations that its schema has not been through
    newest_migration: str


def health_of(societies: Iterable[Society]) -> list[Health]:
    """Numbers for each society, from behind its own door; a society that has left has none."""
    wanted = {key for key in known_migrations() if key[0] in society_apps()}
    return [_health(society, wanted) for society in societies if society.left_at is None]


def _health(society: Society, wanted: set[tuple[str, str]]) -> Health:
    with context.society(society), connection.cursor() as cursor:
        people = Person.objects.count()
        signed_in = Person.objects.filter(account__last_login__isnull=False).count()
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        applied = [(str(app), str(name)) for app, name in cursor.fetchall()]
    newest = " ".join(applied[-1]) if applied else "–"
    return Health(society, people, signed_in, society.last_active_at, len(wanted - set(applied)), newest)
