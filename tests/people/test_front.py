"""Pages that anybody may read: what Chiron is, and who sees what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module, reload

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from tenants.accounts.models import Account
from tenants.models import Society

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]


@pytest.fixture
def demonstration(settings: Settings) -> Iterator[None]:
    """The public site with its demonstration's addresses."""
    urls = import_module("chiron.urls_public")
    settings.DEMO = True
    reload(urls)
    clear_url_caches()
    yield
    settings.DEMO = False
    reload(urls)
    clear_url_caches()


def test_the_public_site_names_no_society(societies: dict[str, Society], visitor: Visitor) -> None:
    page = visitor("localhost").get("/").content.decode()
    assert "medical societies" in page
    for society in societies.values():
        assert society.name not in page
        assert society.host not in page
    assert "demonstration" not in page


@pytest.mark.usefixtures("demonstration")
def test_a_demonstration_leads_to_its_portals_its_mail_and_its_operator(
    societies: dict[str, Society], operator: str, visitor: Visitor
) -> None:
    page = visitor("localhost").get("/").content.decode()
    for society in societies.values():
        assert f'href="{society.url()}"' in page
    assert 'href="/mail/"' in page
    assert 'action="/sign-in/as/operator/"' in page


def test_every_host_says_who_sees_what(societies: dict[str, Society], visitor: Visitor) -> None:
    for host in ("localhost", *(society.host for society in societies.values())):
        response = visitor(host).get("/privacy/")
        assert response.status_code == 200
        assert "a court order could reach it" in response.content.decode()
    assert "mailto:mentoring@sierra.example.org" in visitor("sierra.localhost").get("/privacy/").content.decode()


@pytest.mark.parametrize("host", ["localhost", "sierra.localhost"])
def test_robots_find_the_programs_and_nothing_that_is_for_members(
    societies: dict[str, Society], visitor: Visitor, host: str
) -> None:
    response = visitor(host).get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    rules = response.content.decode().splitlines()
    assert "Allow: /programs/" in rules
    assert rules[-1] == "Disallow: /"


@pytest.mark.parametrize("host", ["localhost", "sierra.localhost"])
def test_a_browser_finds_the_picture_it_asks_for(societies: dict[str, Society], visitor: Visitor, host: str) -> None:
    client = visitor(host)
    picture = client.get(client.get("/favicon.ico")["Location"])
    assert picture["Content-Type"] == "image/png"
    picture.close()


def test_somebody_new_has_a_way_to_the_programs(sierra: Society, visitor: Visitor) -> None:
    client = visitor(sierra.host)
    client.force_login(Account.objects.create(email="somebody.new@example.org"))
    page = client.get("/privacy/").content.decode()
    assert "Sign out" in page
    assert 'href="/programs/"' in page
