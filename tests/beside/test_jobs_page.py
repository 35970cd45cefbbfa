"""Operators see what was given up, and can start it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from chiron.console.models import Operator
from chiron.kernel import clock
from tenants import context
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import Due, Society

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]
JOBS = "/console/jobs/"


@pytest.fixture
def stuck(platform_door: None, societies: dict[str, Society]) -> Due:
    return Due.objects.create(
        society=societies["sierra"],
        kind="reminder",
        ref="7",
        due_at=clock.now(),
        attempts=8,
        parked_at=clock.now(),
        trouble="builtins.LookupError",
    )


@pytest.fixture
def operator(platform_door: None) -> Operator:
    account = Account.objects.create_user("op@chiron.example")
    return Operator.objects.create(account=account, name="Op")


def test_an_operator_starts_a_stuck_job_again(stuck: Due, operator: Operator, visitor: Visitor) -> None:
    client = visitor("localhost")
    client.force_login(operator.account)
    page = client.get(JOBS).content.decode()
    assert "Sierra Medical Society" in page
    assert "builtins.LookupError" in page
    page = client.post(f"{JOBS}{stuck.pk}/try-again/", follow=True).content.decode()
    assert "Nothing was given up" in page
    assert "1 job is due" in page
    stuck.refresh_from_db()
    assert (stuck.parked_at, stuck.attempts, stuck.trouble) == (None, 0, "")
    entry = Entry.objects.get(verb="due.released")
    assert (entry.actor_kind, entry.actor_id, entry.subject_id) == ("operator", operator.pk, str(stuck.pk))
    assert client.post(f"{JOBS}{stuck.pk}/try-again/").status_code == 404


def test_the_oldest_job_that_is_due_tells_how_late_the_platform_is(
    operator: Operator, societies: dict[str, Society], visitor: Visitor
) -> None:
    client = visitor("localhost")
    client.force_login(operator.account)
    assert "Everything that was due is done." in client.get(JOBS).content.decode()
    for minutes in (5, 60, -60):
        Due.objects.create(kind="reminder", ref=str(minutes), due_at=clock.now() - timedelta(minutes=minutes))
    assert "2 jobs are due, the oldest since" in client.get(JOBS).content.decode()


def test_only_operators_see_jobs(stuck: Due, visitor: Visitor, societies: dict[str, Society]) -> None:
    assert visitor("localhost").get(JOBS)["Location"].startswith("/sign-in/")
    stranger = visitor("localhost")
    stranger.force_login(Account.objects.create_user("nobody@chiron.example"))
    for address, get in ((JOBS, stranger.get), (f"{JOBS}{stuck.pk}/try-again/", stranger.post)):
        assert get(address).status_code == 404
    with context.society(societies["sierra"]):
        assert visitor(societies["sierra"].host).get(JOBS).status_code == 404
