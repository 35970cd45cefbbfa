"""A request is one transaction behind its society's door; what goes wrong in it leaves nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, connections
from django.test import Client
from pytest_django import Settings

from chiron.kernel import clock, signing
from chiron.supervisor.services import free_port
from tenants import context
from tenants.accounts.models import Account
from tenants.models import Society
from tenants.roles import roles
from tests import databases
from tests.isolation.looking import mail_of, mails

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = "written@by.view"


@pytest.fixture
def sierra(planted: dict[str, Society], settings: Settings) -> Society:
    settings.ROOT_URLCONF = settings.PUBLIC_SCHEMA_URLCONF = "tests.isolation.pages"
    return planted["sierra"]


@pytest.fixture
def at() -> Callable[[Society], Client]:
    return lambda society: Client(headers={"host": society.host}, raise_request_exception=False)


Browser = Callable[[Society], Client]


def left_behind(society: Society) -> tuple[bool, bool]:
    """Whether the view's row and its session are there."""
    with context.society(society):
        assert mail_of(society) in mails()
        return WRITTEN in mails(), Session.objects.exists()


# --- What an error undoes


@pytest.mark.parametrize(
    ("path", "status", "row", "session"),
    [
        ("/fine/", 200, True, True),
        ("/raises/", 500, False, False),
        ("/raises-404/", 404, False, True),
        ("/integrity/", 500, False, False),
        ("/deferred/", 500, False, False),
        ("/too-slow/", 503, False, False),
        ("/connection-lost/", 503, False, False),
        # A reply that was returned stays: check first, write last, raise to undo.
        ("/replies/422/", 422, True, True),
        ("/replies/500/", 500, False, False),
        ("/replies/503/", 503, False, False),
        ("/api/", 400, False, False),
    ],
)
def test_what_is_left_after_each_way_to_go_wrong(
    sierra: Society, at: Browser, path: str, status: int, row: bool, session: bool
) -> None:
    assert at(sierra).get(path).status_code == status
    assert left_behind(sierra) == (row, session)


def test_what_an_error_undid_is_followed_by_a_page_that_works(sierra: Society, at: Browser) -> None:
    browser = at(sierra)
    for path in ("/raises/", "/integrity/", "/deferred/", "/connection-lost/", "/raises-404/"):
        browser.get(path)
        assert browser.get("/who/").json()["mails"] == [mail_of(sierra)]


# --- Error pages


@contextmanager
def listening() -> Any:
    """The statements that the block sends."""
    heard: list[str] = []

    def hear(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        heard.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(hear):
        yield heard


@pytest.mark.parametrize("path", ["/nowhere/", "/raises-404/", "/raises/", "/integrity/", "/too-slow/"])
def test_an_error_page_wears_the_brand_and_runs_no_query(sierra: Society, at: Browser, path: str) -> None:
    browser = at(sierra)
    browser.get("/who/")
    with listening() as heard:
        response = browser.get(path)
    assert response.status_code in (404, 500, 503)
    assert sierra.name in response.text
    asks = [statement for statement in heard if statement.startswith("SELECT") and "pg_sleep" not in statement]
    assert [statement for statement in asks if "django_session" not in statement] == []


def test_an_error_page_after_a_failed_commit_wears_the_brand(sierra: Society, at: Browser) -> None:
    response = at(sierra).get("/deferred/")
    assert sierra.name in response.text
    assert "promised too much" not in response.text


# --- A society's request sees that society


def test_each_host_shows_its_own_society(sierra: Society, planted: dict[str, Society], at: Browser) -> None:
    for society in planted.values():
        seen = at(society).get("/who/").json()
        assert seen["society"] == society.slug
        assert seen["where"] == [society.schema_name, f"{society.schema_name}, ext"]
        assert seen["mails"] == [mail_of(society)]


def test_the_public_site_runs_on_the_platform(sierra: Society) -> None:
    seen = Client(headers={"host": "localhost"}).get("/who/").json()
    assert (seen["society"], seen["where"][1], seen["mails"]) == (None, "public, ext", [])


def test_a_session_of_one_society_is_nothing_in_another(
    sierra: Society, planted: dict[str, Society], at: Browser
) -> None:
    browser, northstar = at(sierra), planted["northstar"]
    reply = browser.get("/fine/")
    assert reply.cookies["session"]["domain"] == ""
    seen = browser.get("/who/").json()
    assert (seen["session"]["seen"], seen["messages"]) == ("yes", ["written"])

    # The same cookie, carried over by hand; browsers would not send it.
    seen = browser.get("/who/", headers={"host": northstar.host}).json()
    assert (seen["society"], seen["session"], seen["messages"]) == ("northstar", {}, [])


def test_who_is_signed_in_at_one_society_is_nobody_in_another(
    sierra: Society, planted: dict[str, Society], at: Browser
) -> None:
    browser, northstar = at(sierra), planted["northstar"]
    with context.society(sierra):
        browser.force_login(Account.objects.get())
    assert browser.get("/who/").json()["signed_in"] == mail_of(sierra)
    assert browser.get("/who/", headers={"host": northstar.host}).json()["signed_in"] == "AnonymousUser"


def test_a_signed_link_of_one_society_is_404_in_another(
    sierra: Society, planted: dict[str, Society], at: Browser
) -> None:
    until = clock.now() + timedelta(days=1)
    link = f"/link/{signing.seal('opened', purpose='test', society=sierra.pk, until=until)}/"
    assert at(sierra).get(link).text == "opened"
    assert at(planted["northstar"]).get(link).status_code == 404
    assert Client(headers={"host": "localhost"}).get(link).status_code == 404


def test_what_one_society_cached_no_other_gets(sierra: Society, planted: dict[str, Society], at: Browser) -> None:
    for society in (*planted.values(), *planted.values()):
        seen = at(society).get("/who/").json()
        assert (seen["greeting"], seen["fragment"]) == (society.host, society.host)


# --- Streams


def test_a_stream_outside_of_a_door_sees_nothing(sierra: Society, at: Browser) -> None:
    response = at(sierra).get("/stream-without-door/")
    with pytest.raises(ProgrammingError, match="does not exist"):
        list(response.streaming_content)


def test_a_stream_that_enters_by_itself_sees_its_society(sierra: Society, at: Browser) -> None:
    response = at(sierra).get("/stream-with-door/")
    assert b"".join(response.streaming_content).decode() == mail_of(sierra)
    assert context.place() == ""


def test_a_stream_that_is_cut_off_closes_its_door(sierra: Society, at: Browser) -> None:
    response = at(sierra).get("/stream-with-door/")
    assert next(iter(response.streaming_content)).decode() == mail_of(sierra)
    response.close()
    assert context.place() == ""
    assert at(sierra).get("/who/").json()["mails"] == [mail_of(sierra)]


# --- The database is away


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have nobody listen where the database was."""

    def leave() -> None:
        connection.close()
        monkeypatch.setitem(connections.settings["default"], "PORT", str(free_port()))

    return leave


@pytest.mark.parametrize("host_is_known", [True, False])
def test_without_a_database_there_is_a_page_that_says_so(
    sierra: Society, at: Browser, away: Callable[[], None], host_is_known: bool
) -> None:
    if host_is_known:
        assert at(sierra).get("/who/").status_code == 200
    away()
    response = at(sierra).get("/who/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "right back" in response.text
    assert (sierra.name in response.text) is host_is_known


def test_a_connection_that_was_ended_between_requests_costs_one_of_them(sierra: Society, at: Browser) -> None:
    """With health checks, which the test client leaves out, it costs none."""
    browser = at(sierra)
    assert browser.get("/who/").status_code == 200
    with databases.server().connect() as superuser:
        superuser.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s "
                          "AND datname = %s", [roles().app, connection.settings_dict["NAME"]])  # fmt: skip
    assert browser.get("/fine/").status_code == 503
    assert browser.get("/who/").json()["mails"] == [mail_of(sierra)]


def test_health_needs_no_database_and_readiness_does(sierra: Society, at: Browser, away: Callable[[], None]) -> None:
    hosts = (sierra.host, "localhost", "unknown.example")
    for host in hosts:
        with listening() as heard:
            assert Client(headers={"host": host}).get("/healthz").status_code == 200
        assert heard == []
        assert Client(headers={"host": host}).get("/readyz").text == "ready\n"
    away()
    for host in hosts:
        assert Client(headers={"host": host}).get("/healthz").text == "ok\n"
        response = Client(headers={"host": host}).get("/readyz")
        assert (response.status_code, response.text) == (503, "waiting for: database\n")
