"""Of two beats one ticks. The lock is PostgreSQL's, the queue Valkey's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from redis import Redis

from chiron.celery_app import app
from tenants.beat import STAND_BY, OnlyBeat
from tests import databases
from tests.beside.workers import eventually

QUEUE = "celery"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def new_beat(broker_url: str) -> Iterator[Callable[[], OnlyBeat]]:
    """Beats that are stopped after the test; each has a schedule of its own, whose tick is due at once."""
    started = []

    def start() -> OnlyBeat:
        beat = OnlyBeat(app)
        for entry in beat.schedule.values():
            entry.last_run_at = entry.last_run_at.replace(year=2000)
        started.append(beat)
        return beat

    yield start
    for beat in started:
        beat.close()


@pytest.fixture
def ticks(broker_url: str) -> Iterator[Callable[[], int]]:
    """How many ticks lie in the queue."""
    with Redis.from_url(broker_url) as client:
        yield lambda: sum(b"tenants.due.tick" in message for message in client.lrange(QUEUE, 0, -1))


def beat_on(beat: OnlyBeat) -> float:
    """Let a beat send all that is due now; how long it wants to pause."""
    while not (pause := beat.tick()):
        pass
    return pause


def test_of_two_beats_one_ticks(new_beat: Callable[[], OnlyBeat], ticks: Callable[[], int]) -> None:
    first, second = new_beat(), new_beat()
    assert beat_on(first) > 0
    assert beat_on(second) == STAND_BY
    assert ticks() == 1


def test_the_other_takes_over_when_the_first_stops(new_beat: Callable[[], OnlyBeat], ticks: Callable[[], int]) -> None:
    first, second = new_beat(), new_beat()
    beat_on(first)
    beat_on(second)
    first.close()
    eventually(lambda: beat_on(second) != STAND_BY)
    assert ticks() == 2


def test_a_beat_that_lost_its_connection_ticks_no_more_until_it_has_the_lock_again(
    new_beat: Callable[[], OnlyBeat], ticks: Callable[[], int]
) -> None:
    first, second = new_beat(), new_beat()
    beat_on(first)
    assert first._held is not None
    with databases.server().connect() as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [first._held.info.backend_pid])
    beat_on(second)
    assert ticks() == 2
    assert beat_on(first) == STAND_BY
    assert beat_on(first) == STAND_BY
    assert ticks() == 2


def test_the_lock_keeps_no_vacuum_waiting(new_beat: Callable[[], OnlyBeat]) -> None:
    beat = new_beat()
    beat_on(beat)
    assert beat._held is not None
    with databases.server().connect() as superuser:
        row = superuser.execute(
            "SELECT state, backend_xid, backend_xmin FROM pg_stat_activity WHERE pid = %s",
            [beat._held.info.backend_pid],
        ).fetchone()
    assert row == ("idle in transaction", None, None)
