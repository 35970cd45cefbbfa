"""From a host name to a society."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from chiron.kernel import clock
from tenants import context, hosts
from tenants.models import Domain, Society

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _standing_still() -> Iterator[None]:
    """Time moves when a test moves it, however slow the machine."""
    with time_machine.travel(clock.now(), tick=False):
        yield


def found(host: str) -> str:
    society = hosts.society_of(host)
    return society.slug if society else "the public site"


def test_a_society_lives_below_our_host_and_on_domains_of_its_own(societies: dict[str, Society]) -> None:
    with context.platform():
        Domain.objects.create(domain="mentoring.sierra.example", tenant=societies["sierra"])
    assert found("sierra.localhost") == "sierra"
    assert found("mentoring.sierra.example") == "sierra"
    assert found("SIERRA.LocalHost.") == "sierra"
    assert found("northstar.localhost") == "northstar"
    assert found("localhost") == found("www.localhost") == "the public site"


@pytest.mark.parametrize(
    "host",
    [
        "nobody.localhost",
        "sierra",
        "sierra.example",
        "deeper.sierra.localhost",
        ".localhost",
        "sierra.localhost.evil.example",
    ],
)
def test_no_other_name_leads_anywhere(societies: dict[str, Society], host: str) -> None:
    assert found("sierra.localhost") == "sierra"
    with pytest.raises(hosts.UnknownHost):
        hosts.society_of(host)


@pytest.mark.parametrize("host", ["nobody.localhost", "sierra.localhost@evil.example", "bad_host!", "x" * 300])
def test_an_unknown_host_gets_a_plain_404(societies: dict[str, Society], host: str) -> None:
    response = Client(headers={"host": host}).get("/")
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert response.text == "There is no portal at this address.\n"
    assert not response.cookies


def test_the_port_does_not_matter(societies: dict[str, Society], settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.isolation.pages"
    assert Client(headers={"host": "sierra.localhost:8123"}).get("/who/").json()["society"] == "sierra"


def test_a_society_that_left_has_no_host_and_a_suspended_one_says_whom_to_write_to(
    societies: dict[str, Society], settings: Settings
) -> None:
    sierra, northstar = societies["sierra"], societies["northstar"]
    with context.platform():
        sierra.state, sierra.left_at = Society.State.LEFT, clock.now()
        sierra.save()
        northstar.state = Society.State.SUSPENDED
        northstar.save()
    assert Client(headers={"host": sierra.host}).get("/").status_code == 404
    response = Client(headers={"host": northstar.host}).get("/")
    assert response.status_code == 503
    assert "This portal is closed for the moment" in response.text
    assert northstar.contact_mail in response.text
    assert settings.CHIRON_CONTACT in response.text, "whose own contact cannot open it again"


def test_the_answer_is_remembered_for_half_a_minute(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    assert found(sierra.host) == "sierra"
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(name="Renamed behind our back")
    with CaptureQueriesContext(connection) as queries:
        assert [hosts.society_of(sierra.host).name for _ in range(3)] == [sierra.name] * 3
    assert len(queries) == 0
    with clock.moved_by(timedelta(seconds=29)):
        assert hosts.society_of(sierra.host).name == sierra.name
    with clock.moved_by(timedelta(seconds=30)):
        assert hosts.society_of(sierra.host).name == "Renamed behind our back"


def test_a_change_is_seen_at_once_here_and_within_a_second_elsewhere(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    assert hosts.society_of(sierra.host).name == sierra.name
    elsewhere = dict(hosts._memory)  # what another process remembers
    with context.platform():
        sierra.name = "Sierra Nevada Medical Society"
        sierra.save()
        assert hosts.society_of(sierra.host).name == "Sierra Medical Society"  # not before the commit
    assert hosts.society_of(sierra.host).name == "Sierra Nevada Medical Society"
    hosts._memory.update(elsewhere)
    with clock.moved_by(timedelta(seconds=1)):
        assert hosts.society_of(sierra.host).name == "Sierra Nevada Medical Society"


def test_the_version_is_asked_for_once_a_second(societies: dict[str, Society]) -> None:
    """Each question is a round trip, and a page of four queries has few of them."""
    sierra = societies["sierra"]
    hosts.society_of(sierra.host)
    caches["platform"].set(hosts.VERSION, "another", timeout=60)
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(name="Renamed")
    assert hosts.society_of(sierra.host).name == sierra.name
    with clock.moved_by(timedelta(seconds=1)):
        assert hosts.society_of(sierra.host).name == "Renamed"


def test_what_was_found_in_a_rehearsed_future_is_not_relied_on_today(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    with clock.moved_by(timedelta(days=90)):
        hosts.society_of(sierra.host)
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(name="Renamed")
    assert hosts.society_of(sierra.host).name == "Renamed"


def test_a_domain_that_is_taken_away_leads_nowhere_at_once(societies: dict[str, Society]) -> None:
    with context.platform():
        domain = Domain.objects.create(domain="mentoring.sierra.example", tenant=societies["sierra"])
    assert found("mentoring.sierra.example") == "sierra"
    with context.platform():
        domain.delete()
    with pytest.raises(hosts.UnknownHost):
        hosts.society_of("mentoring.sierra.example")


def test_what_a_request_does_to_its_society_no_other_request_sees(societies: dict[str, Society]) -> None:
    mine = hosts.society_of("sierra.localhost")
    mine.name = "Mine"
    assert hosts.society_of("sierra.localhost").name == "Sierra Medical Society"
