"""Databases for tests: a template made once a run, a clone for each worker, another for each test that commits."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from tenants.roles import Roles, create_database, prepare_cluster, prepare_database
from tests import cluster

RUN = "CHIRON_TEST_RUN"
SOCIETIES = {
    "sierra": ("Sierra Medical Society", "America/Los_Angeles"),
    "commonwealth": ("Commonwealth Medical Society", "America/New_York"),
    "northstar": ("North Star Academy of Family Medicine", "America/Chicago"),
}


def begin_run() -> None:
    """Name the folder of this run, in the process that all its workers descend from."""
    os.environ.setdefault(RUN, str(_fast_folder() / f"chiron-tests-{os.getpid()}-{secrets.token_hex(4)}"))


def _fast_folder() -> Path:
    """Where files cost least: a copy of the template has thousands, and takes twenty times as long on a disk."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30:
        return memory
    return Path(tempfile.gettempdir())


@dataclass(frozen=True)
class Server:
    """The run's cluster. The roles' names are random, for a cluster has one set of roles for all its databases."""

    superuser: str
    prefix: str
    password: str

    @property
    def roles(self) -> Roles:
        return Roles.named(self.prefix)

    @property
    def template(self) -> str:
        return f"{self.prefix}_template"

    def address(self, user: str, database: str) -> str:
        place = conninfo_to_dict(self.superuser)
        return f"postgresql://{user}:{self.password}@{place['host']}:{place['port']}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection."""
        return psycopg.connect(self.superuser, dbname=database, autocommit=True)

    @contextmanager
    def clone(self, name: str) -> Iterator[str]:
        """A copy of the template, for as long as the block lasts."""
        with self.connect() as superuser:
            # Copied as files it costs half of what PostgreSQL's own way does, by which all of it goes through the log.
            superuser.execute(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY FILE_COPY")
            create_database(superuser, name, self.roles)
        try:
            yield name
        finally:
            with self.connect() as superuser:
                superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def point_django_at(self, database: str) -> None:
        """Have every connection of Django's, in every thread, enter this database as the application."""
        connections.close_all()
        place = conninfo_to_dict(self.address(self.roles.app, database))
        connections.settings["default"] |= {
            "NAME": database,
            "USER": self.roles.app,
            "PASSWORD": self.password,
            "HOST": place["host"],
            "PORT": place["port"],
        }
        settings.DATABASE_ROLE_PREFIX = self.prefix


@cache
def server() -> Server:
    """The run's server with its template; whoever asks first makes them, the others wait."""
    folder = Path(os.environ[RUN])
    folder.mkdir(mode=0o711, exist_ok=True)
    note = folder / "server.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            made = Server(
                cluster.launch(folder, process_of_run(folder)), f"t{secrets.token_hex(4)}", secrets.token_hex(16)
            )
            _make_template(made)
            note.write_text(json.dumps(asdict(made)))
    return Server(**json.loads(note.read_text()))


_clones = count(1)


def name_for_clone() -> str:
    return f"{server().prefix}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(_clones)}"


def process_of_run(folder: Path) -> int:
    return int(folder.name.split("-")[2])


def _make_template(made: Server) -> None:
    """The platform's tables, the template schema, three societies and a spare, all made the way production does."""
    from tenants.migration.run import migrate_everything
    from tenants.provisioning.services import provision_society
    from tenants.provisioning.spares import fill_spares

    with made.connect() as superuser:
        prepare_cluster(superuser, made.roles, owner_password=made.password, app_password=made.password)
        create_database(superuser, made.template, made.roles)
    with made.connect(made.template) as superuser:
        prepare_database(superuser, made.roles)
    made.point_django_at(made.template)
    settings.DATABASE_ADMIN_URL = made.address(made.roles.owner, made.template)
    try:
        migrate_everything()
        fill_spares(len(SOCIETIES) + 1)
        for slug, (name, zone) in SOCIETIES.items():
            provision_society(name=name, slug=slug, time_zone=zone, contact_mail=f"mentoring@{slug}.example.org")
    finally:
        settings.DATABASE_ADMIN_URL = ""
        connections.close_all()
