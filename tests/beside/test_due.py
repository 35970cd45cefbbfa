"""What is due happens once, in the society's own door; what goes wrong waits, and at last is parked in sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from chiron.kernel import clock
from tenants import audit, context, due
from tenants.models import Due, Society
from tests.beside.trail import noted

A_MINUTE = timedelta(minutes=1)
Handle = Callable[[Callable[[str], None]], None]


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Handle:
    """Register work for the kind `test`, for one test."""
    monkeypatch.setattr(due, "_handlers", dict(due._handlers))

    def register(work: Callable[[str], None]) -> None:
        due.handler("test")(work)

    return register


@pytest.fixture
def noting(handle: Handle) -> None:
    """Work that leaves an entry in the trail of wherever it ran."""
    handle(lambda ref: audit.record(ref) and None)


def fail(ref: str) -> None:
    audit.record(ref)
    raise LookupError(ref)


def rows() -> list[tuple[str, int, bool]]:
    with context.platform():
        return [(row.ref, row.attempts, row.parked_at is not None) for row in Due.objects.order_by("ref")]


def soon() -> datetime:
    return clock.now() + A_MINUTE


@pytest.mark.usefixtures("noting")
def test_it_happens_in_its_time_and_once(sierra: Society) -> None:
    due.schedule("test", "ripe", at=soon())
    due.tick()
    assert noted() == []
    with clock.moved_by(A_MINUTE * 2):
        due.tick()
        due.tick()
    assert (noted(), rows()) == (["ripe"], [])


@pytest.mark.usefixtures("noting")
def test_it_happens_in_the_society_that_scheduled_it(sierra: Society, societies: dict[str, Society]) -> None:
    due.schedule("test", "ours", at=clock.now())
    with context.society(societies["northstar"]):
        due.schedule("test", "theirs", at=clock.now())
    with context.platform():
        due.schedule("test", "the platform's", at=clock.now())
    due.tick()
    with context.society(societies["northstar"]):
        assert noted() == ["theirs"]
    with context.platform():
        assert noted() == ["the platform's"]
    assert noted() == ["ours"]


@pytest.mark.usefixtures("noting")
def test_said_again_the_newer_time_counts(sierra: Society) -> None:
    due.schedule("test", "moved", at=clock.now())
    due.schedule("test", "moved", at=soon())
    due.tick()
    assert (noted(), len(rows())) == ([], 1)


@pytest.mark.usefixtures("noting")
def test_what_is_canceled_does_not_happen_and_only_for_whoever_canceled(
    sierra: Society, societies: dict[str, Society]
) -> None:
    due.schedule("test", "same", at=clock.now())
    with context.society(societies["northstar"]):
        due.schedule("test", "same", at=clock.now())
    due.cancel("test", "same")
    due.tick()
    assert noted() == []
    with context.society(societies["northstar"]):
        assert noted() == ["same"]


def test_it_is_undone_with_the_transaction_that_wrote_it(sierra: Society) -> None:
    with pytest.raises(LookupError), transaction.atomic():
        due.schedule("test", "never", at=clock.now())
        assert rows() == [("never", 0, False)]
        raise LookupError
    assert rows() == []


@pytest.mark.usefixtures("noting")
def test_whoever_is_waited_for_comes_first_and_bulk_last(sierra: Society) -> None:
    for ref, lane in [("news", due.Lane.BULK), ("reminder", due.Lane.NORMAL), ("code", due.Lane.WAITED_FOR)]:
        due.schedule("test", ref, at=clock.now(), lane=lane)
    due.tick()
    assert noted() == ["code", "reminder", "news"]


def test_what_fails_is_undone_and_tried_again_later_each_time(sierra: Society, handle: Handle) -> None:
    handle(fail)
    due.schedule("test", "bad", at=clock.now())
    due.tick()
    due.tick()
    assert (noted(), rows()) == ([], [("bad", 1, False)])
    with clock.moved_by(A_MINUTE * 1.5):
        due.tick()
        assert rows() == [("bad", 2, False)]
    with clock.moved_by(A_MINUTE * 3):
        due.tick()
        assert rows() == [("bad", 2, False)]
    with clock.moved_by(A_MINUTE * 4):
        due.tick()
        assert rows() == [("bad", 3, False)]


def test_what_never_works_is_parked_in_sight_and_can_be_released(sierra: Society, handle: Handle) -> None:
    handle(fail)
    due.schedule("test", "poison", at=clock.now())
    for day in range(due.MOST_ATTEMPTS + 3):
        with clock.moved_by(timedelta(days=day)):
            due.tick()
    (parked,) = due.parked()
    assert (parked.ref, parked.attempts, parked.society, parked.trouble) == (
        "poison",
        due.MOST_ATTEMPTS,
        sierra,
        "builtins.LookupError",
    )
    handle(lambda ref: audit.record(ref) and None)
    due.release(parked.pk)
    due.tick()
    assert (noted(), due.parked()) == (["poison"], [])


def test_one_that_fails_does_not_hold_up_the_next(sierra: Society, handle: Handle) -> None:
    def work(ref: str) -> None:
        fail(ref) if ref == "1 bad" else audit.record(ref)

    handle(work)
    due.schedule_all("test", ["1 bad", "2 good"], at=clock.now())
    due.tick()
    assert (noted(), rows()) == (["2 good"], [("1 bad", 1, False)])


def test_a_kind_that_no_code_knows_waits_for_the_code(sierra: Society) -> None:
    due.schedule("unheard of", "1", at=clock.now())
    due.tick()
    assert rows() == [("1", 1, False)]


@pytest.mark.usefixtures("noting")
def test_work_whose_worker_died_is_done_by_another_after_the_lease(sierra: Society) -> None:
    due.schedule("test", "orphan", at=clock.now())
    assert due.claim() is not None  # and then the worker dies
    with clock.moved_by(due.LEASE - A_MINUTE):
        due.tick()
        assert noted() == []
    with clock.moved_by(due.LEASE + A_MINUTE):
        due.tick()
        assert (noted(), rows()) == (["orphan"], [])


@pytest.mark.usefixtures("noting")
def test_work_that_kills_its_workers_is_parked(sierra: Society) -> None:
    due.schedule("test", "killer", at=clock.now())
    for hours in range(due.MOST_ATTEMPTS):
        with clock.moved_by(timedelta(hours=hours)):
            assert due.claim() is not None
    with clock.moved_by(timedelta(days=1)):
        due.tick()
    assert [(row.ref, row.trouble) for row in due.parked()] == [("killer", "No worker came back from it.")]
    assert noted() == []


@pytest.mark.usefixtures("noting")
def test_a_worker_that_was_overtaken_leaves_nothing_behind(sierra: Society) -> None:
    due.schedule("test", "slow", at=clock.now())
    slow = due.claim()
    assert slow is not None
    with clock.moved_by(due.LEASE + A_MINUTE):
        overtaker = due.claim()
        assert overtaker is not None
        due.run(slow)
        assert (noted(), rows()) == ([], [("slow", 2, False)])
        due.run(overtaker)
        assert (noted(), rows()) == (["slow"], [])


@pytest.mark.usefixtures("noting")
def test_what_is_scheduled_anew_while_it_happens_happens_again(sierra: Society) -> None:
    due.schedule("test", "again", at=clock.now())
    job = due.claim()
    assert job is not None
    due.schedule("test", "again", at=soon())
    due.run(job)
    assert (noted(), rows()) == (["again"], [("again", 0, False)])


def test_what_recurs_schedules_itself(sierra: Society, handle: Handle) -> None:
    def monthly(ref: str) -> None:
        audit.record(ref)
        due.schedule("test", ref, at=clock.now() + timedelta(days=30))

    handle(monthly)
    due.schedule("test", "monthly", at=clock.now())
    for day in (0, 1, 31, 32, 62):
        with clock.moved_by(timedelta(days=day)):
            due.tick()
    assert (noted(), rows()) == (["monthly"] * 3, [("monthly", 0, False)])


@pytest.mark.usefixtures("noting")
def test_a_suspended_society_waits_and_goes_on_when_it_is_restored(sierra: Society) -> None:
    due.schedule("test", "later", at=clock.now())
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(state=Society.State.SUSPENDED)
    for hours in range(20):
        with clock.moved_by(timedelta(hours=hours * 2)):
            due.tick()
    assert (noted(), rows()) == ([], [("later", 0, False)])
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(state=Society.State.ACTIVE)
    with clock.moved_by(timedelta(days=3)):
        due.tick()
    assert noted() == ["later"]


@pytest.fixture
def a_full_table(platform_door: None, societies: dict[str, Society]) -> None:
    """Twenty thousand things that are not due yet, and one that was parked."""
    Due.objects.bulk_create(
        Due(
            society=society, kind="test", ref=str(number), due_at=clock.now() + A_MINUTE * (1 + number), lane=number % 3
        )
        for society in (societies["sierra"], societies["northstar"])
        for number in range(10_000)
    )
    Due.objects.create(kind="test", ref="parked", due_at=clock.now(), parked_at=clock.now())


@pytest.mark.usefixtures("a_full_table")
def test_a_tick_costs_what_is_due_and_not_what_exists(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(5):  # into the door, a look down each lane, and out
        assert due.claim() is None
    plan = (
        Due.objects.filter(lane=1, parked_at=None, due_at__lte=clock.now())
        .order_by("due_at")[:1]
        .explain(analyze=True, buffers=True)
    )
    assert "Index Scan using what_is_due" in plan
    assert "Rows Removed by Filter" not in plan
