"""Order of start and stop, restarts, and what is left after the supervisor was killed; the services are stand-ins."""

from __future__ import annotations

import os
import signal
from itertools import pairwise
from pathlib import Path

import pytest

from chiron.supervisor.home import MEGABYTE
from tests.supervisor.watching import driver, eventually, family, running, small_disk

pytestmark = pytest.mark.supervisor


def journal(home: Path) -> list[str]:
    path = home / "journal"
    return path.read_text().splitlines() if path.exists() else []


def test_a_service_starts_when_the_one_before_it_is_ready_and_stops_before_it(home: Path) -> None:
    with driver(home, "first=0.3", "second") as supervisor:
        supervisor.await_event("ready")
        assert supervisor.end(signal.SIGTERM) == 0
    assert journal(home) == [
        "first starts",
        "first ready",
        "second starts",
        "second ready",
        "second stops",
        "first stops",
    ]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_stop_signal_leaves_nothing_running(home: Path, how: signal.Signals) -> None:
    with driver(home, "one", "two") as supervisor:
        supervisor.await_event("ready")
        children = family(supervisor.process.pid)
        assert len(children) == 2
        assert supervisor.end(how) == 0
    assert running(children) == set()


def test_a_shell_in_the_background_does_not_make_it_deaf(home: Path) -> None:
    with driver(home, "one", ignoring="INT") as supervisor:
        supervisor.await_event("ready")
        assert supervisor.end(signal.SIGINT) == 0


def test_nohup_keeps_it_running(home: Path) -> None:
    with driver(home, "one", ignoring="HUP") as supervisor:
        pid = supervisor.await_event("started")["pid"]
        supervisor.await_event("ready")
        supervisor.process.send_signal(signal.SIGHUP)
        os.kill(pid, signal.SIGKILL)
        assert supervisor.await_event("restarted")
        assert supervisor.end() == 0


def test_a_stop_while_starting_is_heeded_at_once(home: Path) -> None:
    with driver(home, "one", "slow=3600") as supervisor:
        supervisor.await_event("started")
        eventually(lambda: "slow starts" in journal(home), "the slow service has begun")
        assert supervisor.end() == 0
    assert journal(home)[-1] == "one stops"


def test_what_was_started_is_stopped_when_a_later_service_fails(home: Path) -> None:
    with driver(home, "one", "fails") as supervisor:
        supervisor.await_event("started")
        supervisor.process.wait(30)
    assert supervisor.process.returncode == 1
    assert "fails did not start" in home.with_name("driver.err").read_text()
    assert "it is Tuesday" in home.with_name("driver.err").read_text()
    assert journal(home)[-1] == "one stops"


def test_a_killed_service_comes_back_later_each_time(home: Path) -> None:
    with driver(home, "one") as supervisor:
        pid = supervisor.await_event("started")["pid"]
        supervisor.await_event("ready")
        for _ in range(3):
            os.kill(pid, signal.SIGKILL)
            pid = supervisor.await_event("restarted")["pid"]
        eventually(lambda: journal(home)[-1] == "one ready", "it works again")
        assert running({pid}) == {pid}
        supervisor.end()
    ended = supervisor.events_named("ended")
    assert [each["service"] for each in ended] == ["one"] * 3
    assert all("SIGKILL" in each["message"] for each in ended)
    delays = [each["delay"] for each in ended]
    assert all(later == 2 * earlier for earlier, later in pairwise(delays))


def test_the_others_go_on_while_one_comes_back(home: Path) -> None:
    with driver(home, "one", "two") as supervisor:
        one, two = (supervisor.await_event("started")["pid"] for _ in range(2))
        supervisor.await_event("ready")
        os.kill(two, signal.SIGKILL)
        supervisor.await_event("restarted")
        assert running({one}) == {one}
        supervisor.end()


def test_nothing_outlives_a_killed_supervisor(home: Path) -> None:
    with driver(home, "one", "two") as supervisor:
        supervisor.await_event("ready")
        children = family(supervisor.process.pid)
        assert len(children) == 2
        supervisor.end(signal.SIGKILL)
        eventually(lambda: not running(children), "every child has ended", seconds=5)


def test_a_disk_that_fills_up_stops_all_in_order_before_anything_is_cut_off(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, megabytes=80), driver(disk / "home", "one", "two") as supervisor:
        supervisor.await_event("ready")
        with (disk / "filling").open("wb") as filling:
            filling.write(bytes(32 * MEGABYTE))
        supervisor.process.wait(30)
        assert journal(disk / "home")[-2:] == ["two stops", "one stops"]
        assert "The disk is full" in (disk / "driver.err").read_text()
