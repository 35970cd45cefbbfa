"""Everything to the current version: the platform's own schema, the template, then society after society."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.db import Error as DjangoDatabaseError
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable

from chiron.kernel.errors import DomainError
from tenants import roles
from tenants.migration.executors import (
    apply_and_record,
    apply_migrations,
    missing_migrations,
    platform_apps,
    society_apps,
)
from tenants.migration.replay import bring_forward
from tenants.migration.steps import Step, applied_migrations, recorded_steps
from tenants.models import Society, Spare
from tenants.provisioning import blueprint
from tenants.provisioning.owner import connect, django_as_owner

LOCK_TIMEOUT = 3.0
ATTEMPTS = 3
# A connection remembers every table it has seen, so none sees more schemas than this.
SCHEMAS_PER_CONNECTION = 50


@dataclass(frozen=True)
class Subject:
    """A schema that is behind, and the society in it; a spare schema has none."""

    schema: str
    slug: str | None
    steps: Sequence[Step]


@dataclass(frozen=True)
class Outcome:
    """What became of one schema. With an error it has stayed at its version."""

    schema: str
    slug: str | None
    migrations: int
    error: str = ""
    in_use: bool = False


@dataclass
class Report:
    """How many migrations the platform and the template took, and what became of each schema that was behind."""

    platform: int = 0
    template: int = 0
    current: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    # Societies that were not tried because a canary failed.
    left_alone: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.error]


Tell = Callable[[Outcome], object]


def migrate_everything(
    *,
    canaries: Collection[str] = (),
    lock_timeout: float = LOCK_TIMEOUT,
    attempts: int = ATTEMPTS,
    tell: Tell = lambda outcome: None,
) -> Report:
    """Migrate the platform and every society. Whatever went wrong, it can be run again.

    Canaries, given by slug, go first; if one fails, the others are left alone. A schema whose tables are in use is
    tried again after the others. DomainError if the platform or the template cannot be migrated, a canary is unknown,
    or another run is at work.
    """
    report = Report()
    with connect() as owner, _only_run(owner):
        report.platform = _migrate_platform(owner, lock_timeout)
        report.template = _migrate_template(owner)
        subjects, report.current = _find_behind(owner, canaries)
        first = [subject for subject in subjects if subject.slug in canaries]
        others = [subject for subject in subjects if subject.slug not in canaries]
        report.outcomes = _bring_all_forward(first, lock_timeout, attempts, tell)
        if report.failed:
            report.left_alone = [subject.slug for subject in others if subject.slug]
        else:
            report.outcomes += _bring_all_forward(others, lock_timeout, attempts, tell)
    return report


@contextmanager
def _only_run(owner: psycopg.Connection) -> Iterator[None]:
    """Two runs at once would trip over each other. The lock goes with the connection, however that ends."""
    row = owner.execute("SELECT pg_try_advisory_lock(hashtext('chiron migrate'))").fetchone()
    if row is None or not row[0]:
        raise DomainError(_("Another `chiron migrate` is at work on this database. Wait until it is done."))
    yield


def _migrate_platform(owner: psycopg.Connection, lock_timeout: float) -> int:
    missing = missing_migrations(roles.PUBLIC, platform_apps())
    with _told_as(_("The platform's own tables could not be migrated: %s")):
        apply_migrations(roles.PUBLIC, missing, lock_timeout=lock_timeout)
    owner.execute(roles.grant_rights(roles.PUBLIC, role=roles.roles().platform))
    return len(missing)


def _migrate_template(owner: psycopg.Connection) -> int:
    """Bring the template forward and dump it anew; if it fails, no society can be made until it is mended."""
    with blueprint.changing(owner) as template:
        missing = missing_migrations(template.schema_name, society_apps())
        if missing or not template.dump:
            blueprint.forget_dump(owner)
            with _told_as(_("The template for societies could not be migrated: %s")):
                apply_and_record(template.schema_name, missing)
            blueprint.keep_dump(owner, template)
    return len(missing)


@contextmanager
def _told_as(sentence: str) -> Iterator[None]:
    try:
        yield
    except DjangoDatabaseError as error:
        raise DomainError(sentence % _first_line(error)) from error


def _find_behind(owner: psycopg.Connection, canaries: Collection[str]) -> tuple[list[Subject], int]:
    """The schemas that have not been through all steps, and the number of those that have."""
    names = _all_schemas()
    if unknown := sorted(set(canaries).difference(filter(None, names.values()))):
        raise DomainError(_("There is no society “%s” to go first.") % unknown[0], field="canary")
    steps = recorded_steps(owner)
    applied = applied_migrations(owner, names)
    subjects = [
        Subject(schema, slug, [step for step in steps if step.key not in applied.get(schema, frozenset())])
        for schema, slug in names.items()
    ]
    behind = [subject for subject in subjects if subject.steps]
    return behind, len(subjects) - len(behind)


def _all_schemas() -> dict[str, str | None]:
    """Every schema that a society lives in or may get, with the society's slug."""
    with django_as_owner(roles.PUBLIC):
        spares: dict[str, str | None] = dict.fromkeys(Spare.objects.values_list("schema_name", flat=True))
        societies = Society.objects.filter(dropped_at=None).order_by("slug")
        return spares | dict(societies.values_list("schema_name", "slug"))


def _bring_all_forward(subjects: Sequence[Subject], lock_timeout: float, attempts: int, tell: Tell) -> list[Outcome]:
    """One outcome for each schema. Those whose tables were in use wait for the next round."""
    outcomes: list[Outcome] = []
    for rounds_left in reversed(range(attempts)):
        in_use = []
        for subject, outcome in _one_round(subjects, lock_timeout):
            if outcome.in_use and rounds_left:
                in_use.append(subject)
            else:
                outcomes.append(outcome)
                tell(outcome)
        subjects = in_use
    return outcomes


def _one_round(subjects: Sequence[Subject], lock_timeout: float) -> Iterator[tuple[Subject, Outcome]]:
    for start in range(0, len(subjects), SCHEMAS_PER_CONNECTION):
        with connect() as owner:
            for subject in subjects[start : start + SCHEMAS_PER_CONNECTION]:
                yield subject, _bring_one_forward(owner, subject, lock_timeout)


def _bring_one_forward(owner: psycopg.Connection, subject: Subject, lock_timeout: float) -> Outcome:
    """What goes wrong in one schema is told, and keeps no other from its turn."""
    error, in_use = "", False
    try:
        bring_forward(owner, subject.schema, subject.steps, lock_timeout=lock_timeout)
    except Exception as raised:  # a migration in Python may raise anything
        in_use = any(isinstance(one, LockNotAvailable | DeadlockDetected) for one in (raised, raised.__cause__))
        error = _("its tables were in use for too long") if in_use else _first_line(raised)
    return Outcome(subject.schema, subject.slug, len(subject.steps), error, in_use)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or repr(error)).splitlines()[0]
