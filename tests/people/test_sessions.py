"""How long one stays signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.accounts.models import Account
from tenants.models import Society
from tenants.people.models import StaffRole
from tenants.people.services import grant_role
from tests.factories.programs import make_person

pytestmark = pytest.mark.django_db
START = datetime(2026, 12, 1, 12, tzinfo=UTC)
PAGE = "/welcome/"  # leads home who is known, and to the sign-in who is not


@pytest.fixture
def somebody(sierra: Society, visitor: Callable[[str], Client]) -> Callable[..., Client]:
    """A browser in which somebody has signed in, a member of the staff or not."""

    def sign_in(*, staff: bool) -> Client:
        account = Account.objects.create(email="ada.rivera@example.org")
        person = make_person(account=account)
        if staff:
            grant_role(person=person, kind=StaffRole.Kind.SUPPORT, by=None)
        client = visitor(sierra.host)
        client.force_login(account)
        assert client.get(PAGE)["Location"] == "/"
        return client

    return sign_in


@pytest.mark.parametrize(
    ("staff", "away", "still_in"),
    [
        (False, timedelta(days=29), True),
        (False, timedelta(days=31), False),
        (True, timedelta(hours=11), True),
        (True, timedelta(hours=13), False),
    ],
)
def test_staff_stay_half_a_day_and_participants_a_month(
    somebody: Callable[..., Client], staff: bool, away: timedelta, still_in: bool
) -> None:
    with time_machine.travel(START, tick=False) as now:
        client = somebody(staff=staff)
        now.shift(away)
        assert (client.get(PAGE)["Location"] == "/") == still_in


def test_each_visit_moves_the_end_on(somebody: Callable[..., Client]) -> None:
    with time_machine.travel(START, tick=False) as now:
        client = somebody(staff=True)
        for _ in range(5):
            now.shift(timedelta(hours=10))
            assert client.get(PAGE)["Location"] == "/"


def test_who_becomes_staff_is_held_to_the_shorter_time(somebody: Callable[..., Client]) -> None:
    with time_machine.travel(START, tick=False) as now:
        client = somebody(staff=False)
        person = Account.objects.get().person  # type: ignore[attr-defined]
        grant_role(person=person, kind=StaffRole.Kind.OWNER, by=None)
        now.shift(timedelta(hours=1))
        assert client.get(PAGE)["Location"] == "/"
        now.shift(timedelta(hours=13))
        assert client.get(PAGE)["Location"].startswith("/sign-in/")


def test_a_visit_is_not_written_down_with_every_page(somebody: Callable[..., Client]) -> None:
    with time_machine.travel(START, tick=False) as now:
        client = somebody(staff=False)
        now.shift(timedelta(minutes=10))
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        assert not [query for query in queries if "UPDATE" in query["sql"]]
