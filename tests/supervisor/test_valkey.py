"""The embedded broker: closed to others, and forgetting nothing."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import redis

from chiron.supervisor.faults import Exit, Fault
from chiron.supervisor.services import HOST
from chiron.supervisor.valkey import BROKER, CACHE, Broker

pytestmark = pytest.mark.supervisor


def connect(broker: Broker, database: int = BROKER) -> redis.Redis:
    return redis.Redis.from_url(broker.url(database))


def test_it_asks_for_its_password(home: Path) -> None:
    with Broker(home) as broker, connect(broker) as known, redis.Redis(port=broker.port) as stranger:
        assert known.ping()
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_it_listens_to_this_machine_alone_and_refuses_rather_than_forgets(home: Path) -> None:
    with Broker(home) as broker, connect(broker) as known:
        assert known.config_get("bind") == {"bind": HOST}
        assert known.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_cache_and_broker_do_not_see_each_other(home: Path) -> None:
    with Broker(home) as broker, connect(broker) as queue, connect(broker, CACHE) as cache:
        queue.set("key", "task")
        assert cache.get("key") is None
        cache.flushdb()
        assert queue.get("key") == b"task"


def test_what_was_accepted_survives_a_kill(home: Path) -> None:
    with Broker(home) as broker, connect(broker) as known:
        known.rpush("queue", "task")
        assert broker.process is not None
        os.kill(broker.process.pid, signal.SIGKILL)
        assert broker.collect() == "signal SIGKILL"
        broker.start()
        assert connect(broker).lrange("queue", 0, -1) == [b"task"]


def test_its_password_is_in_no_list_of_processes(home: Path) -> None:
    with Broker(home) as broker:
        assert broker.process is not None
        shown = Path(f"/proc/{broker.process.pid}/cmdline").read_bytes()
        assert b"valkey-server" in shown
        assert (home / "secrets" / "valkey").read_bytes().strip() not in shown


def test_a_port_in_use_is_a_sentence(home: Path) -> None:
    with Broker(home) as broker, pytest.raises(Fault, match=f"Port {broker.port} is in use") as caught:
        Broker(home.with_name("other"), broker.port).start()
    assert caught.value.exit_status is Exit.PORT_IN_USE
