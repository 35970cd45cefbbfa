"""`chiron up` for real: everything it starts, what it refuses, and what is there after it was killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from celery import Celery
from kombu.exceptions import OperationalError as BrokerAway

from chiron.supervisor import desk
from chiron.supervisor.children import serves
from chiron.supervisor.faults import Exit
from chiron.supervisor.forget import forget
from chiron.supervisor.postgres import Cluster
from chiron.supervisor.services import HOST, free_port
from tests.supervisor.watching import Observed, bare_environment, eventually, family, observed, running, small_disk

pytestmark = pytest.mark.supervisor

UP = [sys.executable, "-m", "chiron", "up", "--json"]
PARTS = ["stripe", "postgres", "valkey", "mail", "web", "worker", "provisioner", "beat"]


@pytest.fixture(scope="class")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A CHIRON_HOME that is started twice."""
    home = tmp_path_factory.mktemp("up") / "home"
    yield home
    forget(home)


def up(home: Path, **settings: str) -> AbstractContextManager[Observed]:
    variables = {"CHIRON_HOME": str(home), "CHIRON_PORT": str(free_port()), **settings}
    return observed(UP, variables, home.with_name("up.err"))


def refused(home: Path, **settings: str) -> tuple[int, str]:
    """Exit status and sentence of a start that is refused, before anything was started."""
    variables = {**bare_environment(), "CHIRON_HOME": str(home), **settings}
    ended = subprocess.run([*UP[:-1]], env=variables, capture_output=True, text=True, timeout=30, check=False, cwd="/")
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    return ended.returncode, ended.stderr


def list_societies(home: Path) -> subprocess.CompletedProcess[str]:
    variables = {**bare_environment(), "CHIRON_HOME": str(home)}
    command = [sys.executable, "-m", "chiron", "society", "list", "--json"]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)


def addresses(home: Path) -> dict[str, str]:
    """What a command in another window is told."""
    variables = {"CHIRON_HOME": str(home)}
    desk.join(variables)
    return variables


def environment_of(pid: int) -> set[str]:
    return {line.partition("=")[0] for line in Path(f"/proc/{pid}/environ").read_text().split("\0")}


def pids(supervisor: Observed) -> dict[str, int]:
    return {each["service"]: each["pid"] for each in supervisor.events_named("started")}


@pytest.fixture(scope="class")
def platform(settled: Path) -> Iterator[Observed]:
    with up(settled) as supervisor:
        supervisor.await_event("ready")
        yield supervisor


@pytest.fixture
def port(platform: Observed) -> int:
    (ready,) = platform.events_named("ready")
    return urlsplit(ready["addresses"]["Public site"]).port or 0


class Writer(threading.Thread):
    """Commits rows and queues tasks as fast as it is answered, and remembers what was answered."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._known = addresses(home)
        self.rows: list[int] = []
        self.tasks: list[str] = []

    def run(self) -> None:
        queue = Celery(broker=self._known["CELERY_BROKER_URL"])
        queue.conf.task_publish_retry = False
        with (
            suppress(psycopg.OperationalError, BrokerAway, *queue.connection().connection_errors),
            psycopg.connect(self._known["DATABASE_ADMIN_URL"], autocommit=True) as connection,
        ):
            while True:
                number = len(self.rows)
                connection.execute("INSERT INTO written VALUES (%s)", [number])
                self.rows.append(number)
                self.tasks.append(queue.send_task("nobody.does.this", queue="later").id)


@pytest.fixture(scope="class")
def killed(platform: Observed, settled: Path) -> Writer:
    """Kill the platform while rows and tasks are written: the end of `platform`, and of all that it started."""
    with psycopg.connect(addresses(settled)["DATABASE_ADMIN_URL"]) as connection:
        connection.execute("CREATE TABLE written (number int)")
    children = family(platform.process.pid)
    writer = Writer(settled)
    writer.start()
    eventually(lambda: len(writer.tasks) > 50, "rows and tasks are written")
    platform.end(signal.SIGKILL)
    eventually(lambda: not running(children), "every process has ended", seconds=5)
    writer.join()
    return writer


@pytest.fixture(scope="class")
def again(killed: Writer, settled: Path) -> Iterator[Observed]:
    with up(settled) as supervisor:
        supervisor.await_event("ready")
        yield supervisor


class TestARunningPlatform:
    """All of these share one run, but for the last two: it is killed before them, and started again."""

    def test_everything_starts_in_order(self, platform: Observed, port: int) -> None:
        assert list(pids(platform)) == PARTS
        assert serves(port, "/healthz")

    def test_no_part_is_told_more_than_it_needs(self, platform: Observed) -> None:
        told = {part: environment_of(pid) for part, pid in pids(platform).items()}
        assert {part for part in PARTS if "DATABASE_URL" in told[part]} == {
            "mail",
            "web",
            "worker",
            "provisioner",
            "beat",
        }
        assert {part for part in PARTS if "DATABASE_ADMIN_URL" in told[part]} == {"provisioner"}
        assert not any("DATABASE_SUPERUSER_URL" in names for names in told.values())

    def test_a_second_one_is_refused(self, platform: Observed, settled: Path) -> None:
        status, sentence = refused(settled, CHIRON_PORT=str(free_port()))
        assert status == Exit.HOME_IN_USE
        assert f"data folder {settled} is in use" in sentence

    def test_a_command_in_another_window_finds_it(self, platform: Observed, settled: Path) -> None:
        found = list_societies(settled)
        assert (found.returncode, json.loads(found.stdout)) == (0, [])

    @pytest.mark.parametrize("part", ["web", "postgres", "valkey"])
    def test_a_killed_part_comes_back_and_the_site_answers(self, platform: Observed, port: int, part: str) -> None:
        os.kill(pids(platform)[part], signal.SIGKILL)
        assert platform.await_event("restarted")["service"] == part
        eventually(lambda: serves(port, "/readyz"), "the site answers again")

    def test_after_a_kill_nothing_runs_and_every_row_and_task_is_there_again(
        self, killed: Writer, again: Observed, settled: Path
    ) -> None:
        known = addresses(settled)
        with psycopg.connect(known["DATABASE_ADMIN_URL"]) as connection:
            numbers = {number for (number,) in connection.execute("SELECT number FROM written").fetchall()}
        with redis.Redis.from_url(known["CELERY_BROKER_URL"]) as broker:
            queued = {json.loads(each)["headers"]["id"] for each in broker.lrange("later", 0, -1)}
        assert set(killed.rows) <= numbers
        assert set(killed.tasks) <= queued

    def test_ctrl_c_stops_all_and_leaves_nothing_running(self, again: Observed, settled: Path) -> None:
        children = family(again.process.pid)
        assert len(children) >= len(PARTS)
        assert again.end(signal.SIGINT) == 0
        assert [each["event"] for each in again.events[-2:]] == ["stopping", "stopped"]
        assert running(children) == set()
        assert addresses(settled) == {"CHIRON_HOME": str(settled)}
        assert "database system is shut down" in (settled / "logs" / "postgres.log").read_text().splitlines()[-1]


def test_a_command_alone_says_what_it_misses(home: Path) -> None:
    alone = list_societies(home)
    assert alone.returncode == 1
    assert "chiron up" in alone.stderr


def test_a_port_in_use_is_a_sentence(home: Path) -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        status, sentence = refused(home, CHIRON_PORT=str(port))
    assert status == Exit.PORT_IN_USE
    assert f"Port {port} is in use. Stop what listens there, or set CHIRON_PORT to another." in sentence


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"CHIRON_PORT": "eighty"}, "CHIRON_PORT"),
        ({"DATABASE_URL": "mysql://localhost/chiron"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://app:secret@localhost/chiron"}, "DATABASE_ADMIN_URL is missing"),
        ({"CELERY_BROKER_URL": "localhost:6379"}, "CELERY_BROKER_URL"),
        ({"CACHE_URL": "redis://"}, "CACHE_URL"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL"),
        ({"SENTRY_DSN": "https://sentry.example.org"}, "SENTRY_DSN"),
    ],
)
def test_a_wrong_setting_is_a_sentence_that_names_it(home: Path, settings: Mapping[str, str], says: str) -> None:
    status, sentence = refused(home, **settings)
    assert status == Exit.WRONG_SETTING
    assert says in sentence
    assert not (home / "postgres").exists()


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, sentence = refused(tmp_path / "file" / "home")
    assert status == Exit.NOT_ALLOWED
    assert "Set CHIRON_HOME to a folder of yours" in sentence


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    with small_disk(tmp_path, megabytes=16):
        status, sentence = refused(tmp_path / "home")
    assert status == Exit.DISK_FULL
    assert "The disk is full" in sentence


def test_a_database_of_ones_own_is_used_where_it_is(home: Path) -> None:
    mine = Cluster(home.with_name("mine"), settings={"fsync": "off"})
    with mine:
        given = {
            "DATABASE_SUPERUSER_URL": mine.superuser_dsn,
            "DATABASE_ADMIN_URL": mine.dsn("chiron_owner", "chiron"),
            "DATABASE_URL": mine.dsn("chiron_app", "chiron"),
        }
        with up(home, **given) as supervisor:
            supervisor.await_event("ready")
            assert list(pids(supervisor)) == [part for part in PARTS if part != "postgres"]
            with psycopg.connect(given["DATABASE_ADMIN_URL"]) as connection:
                (migrated,) = connection.execute("SELECT count(*) > 0 FROM public.django_migrations").fetchone() or ()
            assert migrated
            supervisor.end()
    mine.forget()
