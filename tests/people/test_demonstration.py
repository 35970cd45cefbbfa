"""A demonstration lets visitors be its people; everywhere else there is no such door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from tenants.models import Society
from tenants.people.models import StaffRole
from tenants.people.services import grant_role
from tests.factories.programs import make_person

pytestmark = pytest.mark.django_db
Kind = StaffRole.Kind


@pytest.fixture
def staff(sierra: Society) -> None:
    for kind in Kind:
        grant_role(person=make_person(kind.label, "Person"), kind=kind, by=None)


@pytest.mark.parametrize("kind", Kind)
def test_one_button_makes_a_visitor_one_of_the_staff(
    staff: None, browser_of_sierra: Client, settings: Settings, kind: StaffRole.Kind
) -> None:
    settings.DEMO = True
    assert f"{kind.label} Person" in browser_of_sierra.get("/sign-in/").content.decode()
    response = browser_of_sierra.post(f"/sign-in/as/{kind}/")
    assert (response.status_code, response["Location"]) == (302, "/staff/")
    assert browser_of_sierra.get("/welcome/")["Location"] == "/"


def test_one_button_makes_a_visitor_the_operator(
    operator: str, visitor: Callable[[str], Client], settings: Settings
) -> None:
    settings.DEMO = True
    public = visitor("localhost")
    assert "Ann Lee" in public.get("/sign-in/").content.decode()
    assert public.post("/sign-in/as/operator/")["Location"] == "/console/"
    assert public.get("/console/").status_code == 200


def test_an_offer_is_no_link(staff: None, browser_of_sierra: Client, settings: Settings) -> None:
    settings.DEMO = True
    assert browser_of_sierra.get("/sign-in/as/owner/").status_code == 405
    assert "_auth_user_id" not in browser_of_sierra.session


def test_who_waits_for_a_code_is_led_to_the_caught_mail(browser_of_sierra: Client, settings: Settings) -> None:
    settings.DEMO = True
    page = browser_of_sierra.post("/sign-in/", {"email": "jo+1@example.org"}, follow=True).content.decode()
    assert f'href="http://localhost:{settings.SITE_PORT}/mail/?to=jo%2B1%40example.org"' in page
    settings.DEMO = False
    assert "/mail/" not in browser_of_sierra.get("/sign-in/code/").content.decode()


@pytest.mark.parametrize("key", ["operator", "nobody"])
def test_only_those_who_are_offered_here_can_be_tried(
    staff: None, operator: str, browser_of_sierra: Client, settings: Settings, key: str
) -> None:
    settings.DEMO = True
    assert browser_of_sierra.post(f"/sign-in/as/{key}/").status_code == 404


@pytest.mark.parametrize("key", ["owner", "nobody"])
def test_without_a_demonstration_there_is_no_such_page(staff: None, browser_of_sierra: Client, key: str) -> None:
    page = browser_of_sierra.get("/sign-in/").content.decode()
    assert "Owner Person" not in page
    assert "Sign in as" not in page
    assert browser_of_sierra.post(f"/sign-in/as/{key}/").status_code == 404
    assert browser_of_sierra.get(f"/sign-in/as/{key}/").status_code == 404
    assert "_auth_user_id" not in browser_of_sierra.session
