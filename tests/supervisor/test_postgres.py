"""The embedded database: closed to others, whole after a kill, and a sentence for whatever keeps it from starting."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from chiron.supervisor.faults import Exit, Fault
from chiron.supervisor.forget import forget
from chiron.supervisor.places import ACCOUNT, system_folder
from chiron.supervisor.postgres import Cluster
from chiron.supervisor.services import HOST
from tests.supervisor.watching import eventually, small_disk

pytestmark = pytest.mark.supervisor
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="says what happens when root starts the platform")


def quick(home: Path, **settings: str) -> Cluster:
    """A cluster that need not survive the loss of power."""
    return Cluster(home, settings={"fsync": "off", **settings})


def ask(cluster: Cluster, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.superuser_dsn) as connection:
        return connection.execute(query.encode()).fetchall()


def keep_a_row(cluster: Cluster) -> None:
    with psycopg.connect(cluster.superuser_dsn) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A CHIRON_HOME that every user may walk to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"
        forget(Path(folder) / "home")


@pytest.fixture(scope="module")
def settled() -> Iterator[Path]:
    """A CHIRON_HOME in a folder that other users cannot enter; its database is made once, by whichever test is first.

    Every test leaves it stopped and whole, or forgotten.
    """
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "home"
        forget(Path(folder) / "home")


@pytest.fixture(scope="class")
def cluster(settled: Path) -> Iterator[Cluster]:
    with quick(settled, max_connections="7") as running:
        yield running


class TestARunningCluster:
    """All of these look at one, and change nothing."""

    def test_only_who_knows_the_password_comes_in(self, cluster: Cluster) -> None:
        assert ask(cluster, "SELECT 1") == [(1,)]
        stranger = cluster.dsn("chiron_superuser", "postgres", password="guessed")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(stranger)
        assert ask(cluster, "SELECT DISTINCT auth_method FROM pg_hba_file_rules") == [("scram-sha-256",)]

    def test_it_listens_to_this_machine_alone_and_checks_what_it_reads(self, cluster: Cluster) -> None:
        assert ask(cluster, "SHOW listen_addresses") == [(HOST,)]
        assert ask(cluster, "SHOW unix_socket_directories") == [("",)]
        assert ask(cluster, "SHOW data_checksums") == [("on",)]
        locales = "SELECT DISTINCT datlocprovider::text, datlocale, pg_encoding_to_char(encoding) FROM pg_database"
        assert ask(cluster, locales) == [("b", "C.UTF-8", "UTF8")]

    def test_settings_of_the_caller_win(self, cluster: Cluster) -> None:
        assert ask(cluster, "SHOW max_connections") == [("7",)]

    def test_a_data_folder_in_use_is_a_sentence_and_stays_in_use(self, cluster: Cluster) -> None:
        with pytest.raises(Fault, match=f"data folder {cluster.home} is in use") as caught:
            Cluster(cluster.home).start()
        assert ask(cluster, "SELECT 1") == [(1,)]
        assert caught.value.exit_status is Exit.HOME_IN_USE

    @as_root
    def test_root_does_not_run_it_and_opens_no_folder_for_it(self, cluster: Cluster) -> None:
        assert cluster.process is not None
        assert Path(f"/proc/{cluster.process.pid}").owner() == ACCOUNT
        assert cluster.place.data.is_relative_to(system_folder(cluster.home))
        assert stat.S_IMODE(cluster.home.parent.stat().st_mode) == 0o700


def test_its_password_is_for_its_owner_alone(home: Path) -> None:
    Cluster(home).password("chiron_app")
    secrets = home / "secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()] == [0o600]


def test_committed_rows_survive_a_kill(settled: Path) -> None:
    with quick(settled) as cluster:
        keep_a_row(cluster)
        assert cluster.process is not None
        os.kill(cluster.process.pid, signal.SIGKILL)
        assert cluster.collect() == "signal SIGKILL"
        cluster.start()
        assert ask(cluster, "SELECT number FROM kept") == [(7,)]


@contextmanager
def pid_file_left_by(data: Path, process: subprocess.Popen[bytes]) -> Iterator[Path]:
    pid_file = data / "postmaster.pid"
    pid_file.write_text(f"{process.pid}\n{data}\n1795000000\n5432\n\n{HOST}\n\nready\n")
    shutil.copystat(data / "PG_VERSION", pid_file)
    owner = (data / "PG_VERSION").stat()
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    yield pid_file
    process.kill()
    process.wait()


@pytest.mark.parametrize("is_over", [True, False], ids=["a zombie", "a stranger"])
def test_a_stale_pid_file_does_not_keep_it_from_starting(settled: Path, is_over: bool) -> None:
    """PostgreSQL itself takes both for a running server: of the same user, as here, it refuses to start."""
    with quick(settled) as cluster:
        place = cluster.place
    process = subprocess.Popen(["sleep", "0" if is_over else "3600"], cwd="/", user=place.uid)
    with pid_file_left_by(place.data, process):
        if is_over:
            eventually(lambda: " Z " in Path(f"/proc/{process.pid}/stat").read_text(), "it is a zombie")
        with quick(settled) as cluster:
            assert ask(cluster, "SELECT 1") == [(1,)]


def test_a_port_in_use_is_a_sentence_and_lets_go_of_the_folder(settled: Path) -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Fault, match=f"Port {port} is in use") as caught:
            Cluster(settled, port).start()
    assert caught.value.exit_status is Exit.PORT_IN_USE
    with quick(settled):
        pass


def test_the_reason_why_it_does_not_start_is_in_the_sentence(settled: Path) -> None:
    with pytest.raises(Fault, match=r'postgres did not start.*unrecognized configuration parameter "no_such_thing"'):
        quick(settled, no_such_thing="1").start()


def test_an_unfinished_creation_is_begun_again(settled: Path) -> None:
    with quick(settled) as cluster:
        data = cluster.place.data
    data.rename(data.with_name("data.draft"))
    (data.with_name("data.draft") / "global" / "pg_control").unlink()
    with quick(settled) as cluster:
        assert ask(cluster, "SELECT 1") == [(1,)]


@as_root
def test_data_elsewhere_stay_there_when_the_folder_is_opened_later(settled: Path) -> None:
    with quick(settled) as cluster:
        keep_a_row(cluster)
    settled.parent.chmod(0o755)
    try:
        with quick(settled) as cluster:
            assert ask(cluster, "SELECT number FROM kept") == [(7,)]
    finally:
        settled.parent.chmod(0o700)


@as_root
def test_where_its_user_can_walk_the_data_stay_in_the_home_and_no_new_ones_are_made_when_it_no_longer_can(
    open_home: Path,
) -> None:
    with quick(open_home) as cluster:
        assert cluster.place.data.is_relative_to(open_home)
        assert not system_folder(open_home).exists()
        assert ask(cluster, "SELECT 1") == [(1,)]
    open_home.parent.chmod(0o700)
    with pytest.raises(Fault, match=f"{ACCOUNT} can no longer reach the database in {open_home}") as caught:
        quick(open_home).start()
    assert caught.value.exit_status is Exit.NOT_ALLOWED


@as_root
def test_a_home_deleted_by_hand_begins_anew(settled: Path) -> None:
    with quick(settled) as cluster:
        keep_a_row(cluster)
    shutil.rmtree(settled)
    with quick(settled) as cluster:
        assert ask(cluster, "SELECT to_regclass('kept')") == [(None,)]


@as_root
def test_forgetting_leaves_nothing_anywhere(settled: Path) -> None:
    with quick(settled):
        assert system_folder(settled).exists()
    forget(settled)
    assert not settled.exists()
    assert not system_folder(settled).exists()


def test_a_full_disk_is_a_sentence(open_home: Path) -> None:
    with (
        small_disk(open_home.parent, megabytes=16),
        pytest.raises(Fault, match=r"The disk is full: 1[0-9] MB are left") as caught,
    ):
        quick(open_home).start()
    assert caught.value.exit_status is Exit.DISK_FULL
