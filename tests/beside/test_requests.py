"""A request has an id, which its reply, its lines, its error reports and its entries in the trail repeat."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from tenants import audit
from tenants.audit.models import Entry
from tenants.models import Society
from tests.beside.lines import Lines
from tests.beside.planted import ADDRESS, LETTER, NAME, raise_planted
from tests.beside.sentry import Sentry
from tests.beside.trail import noted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]
Visitor = Callable[[str], Client]


def note(request: HttpRequest) -> HttpResponse:
    audit.record("noted")
    return HttpResponse("noted")


def stumble(request: HttpRequest, link: str) -> HttpResponse:
    raise_planted()
    return HttpResponse("never")


urlpatterns = [path("note/", note), path("stumble/<link>/", stumble)]


@pytest.fixture
def pages(settings: Settings) -> None:
    """Pages of the tests' own on every society's host."""
    settings.ROOT_URLCONF = __name__


def test_a_request_gets_an_id_and_the_trail_repeats_it(sierra: Society, visitor: Visitor) -> None:
    response = visitor(sierra.host).get("/note/")
    assert UUID(response["X-Request-ID"])
    assert noted() == ["noted"]
    assert Entry.objects.get(verb="noted").request_id == response["X-Request-ID"]


@pytest.mark.parametrize(
    ("given", "taken"),
    [("edge-4f2a9c01", True), ("short", False), ("x" * 65, False), ("with space 1", False), ("line\\nbreak", False)],
)
def test_a_proxys_id_is_taken_if_it_is_well_formed(sierra: Society, visitor: Visitor, given: str, taken: bool) -> None:
    response = visitor(sierra.host).get("/note/", headers={"X-Request-ID": given})
    assert (response["X-Request-ID"] == given) is taken


def test_a_request_is_one_line_with_its_route_and_never_its_path(
    societies: dict[str, Society], visitor: Visitor, lines: Lines
) -> None:
    client = visitor(societies["sierra"].host)
    client.raise_request_exception = False
    response = client.get("/stumble/a-signed-link/?who=pq@hospital.example", headers={"X-Request-ID": "edge-4f2a9c01"})
    assert response.status_code == 500
    (line,) = [line for line in lines.read() if line["logger"] == "chiron.requests"]
    assert line.pop("milliseconds") >= 0
    assert line.pop("at")
    assert line == {
        "level": "info",
        "logger": "chiron.requests",
        "message": "GET /stumble/<link>/ 500",
        "society": "sierra",
        "request_id": "edge-4f2a9c01",
        "method": "GET",
        "route": "stumble/<link>/",
        "status": 500,
    }


def test_an_error_is_reported_under_its_society_and_request_without_a_word_of_anybody(
    societies: dict[str, Society], visitor: Visitor, lines: Lines, sentry: Sentry
) -> None:
    client = visitor(societies["sierra"].host)
    client.raise_request_exception = False
    client.cookies["session"] = "a-stolen-session"
    client.post(
        f"/stumble/a-signed-link-of-Zoë/?who={ADDRESS}",
        {"name": NAME, "letter": LETTER},
        headers={"X-Request-ID": "edge-4f2a9c01"},
    )
    (event,) = sentry.events()
    assert (event["tags"]["society"], event["tags"]["request_id"]) == ("sierra", "edge-4f2a9c01")
    assert event["transaction"] == "/stumble/{link}/"
    (line,) = [line for line in lines.read() if "error" in line]
    assert (line["society"], line["request_id"]) == ("sierra", "edge-4f2a9c01")
    said = "".join(sentry.bodies) + lines.stream.getvalue()
    secrets = [NAME, ADDRESS, LETTER, "a-signed-link", "a-stolen-session"]
    assert [secret for secret in secrets if secret in said] == []
