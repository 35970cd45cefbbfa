"""Operators see how every society is doing, in numbers; what people are called and wrote stays behind its door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from django.test import Client

from chiron.console.commands import operator as command
from chiron.console.models import Operator
from chiron.console.services import add_operator
from chiron.kernel import clock
from tenants import audit, context
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import Society
from tests.factories.programs import make_person
from tests.tenants.conftest import Tomorrow

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]
CONSOLE = "/console/"


@pytest.fixture
def client_of_operator(platform_door: None, visitor: Visitor) -> Client:
    client = visitor("localhost")
    client.force_login(add_operator(email="ann@chiron.example.org", name="Ann Lee").account)
    return client


@pytest.fixture
def people_of_sierra(societies: dict[str, Society]) -> Society:
    """Three people in Sierra, of whom one has signed in."""
    sierra = societies["sierra"]
    with context.society(sierra):
        make_person("Ada", "Rivera", account=Account.objects.create(email="ada@example.org", last_login=clock.now()))
        make_person("Ben", "Okafor")
        make_person("Cho", "Lind")
    return sierra


def test_every_society_is_listed_with_its_numbers_and_nobodys_name(
    client_of_operator: Client, people_of_sierra: Society, societies: dict[str, Society]
) -> None:
    response = client_of_operator.get(CONSOLE)
    numbers = {each.society.slug: (each.people, each.signed_in, each.behind) for each in response.context["health"]}
    assert numbers == {"sierra": (3, 1, 0), "commonwealth": (0, 0, 0), "northstar": (0, 0, 0)}
    page = response.content.decode()
    for society in societies.values():
        assert society.name in page
    for name in ("Rivera", "Okafor", "ada@example.org"):
        assert name not in page


def test_one_society_has_its_facts_and_what_the_platform_did(
    client_of_operator: Client, people_of_sierra: Society
) -> None:
    audit.record("society.left", subject=people_of_sierra)
    with context.society(people_of_sierra):
        audit.record("person.joined_account")
    page = client_of_operator.get(f"{CONSOLE}societies/{people_of_sierra.pk}/").content.decode()
    assert "It left. Its data are kept for a while." in page
    assert "mentoring@sierra.example.org" in page
    for inside in ("person.joined_account", "Rivera"):
        assert inside not in page


def test_a_society_that_lacks_a_change_of_its_tables_is_marked(
    client_of_operator: Client, societies: dict[str, Society], tomorrow: Tomorrow
) -> None:
    tomorrow.migration("0099_tomorrow", "")
    response = client_of_operator.get(CONSOLE)
    assert [each.behind for each in response.context["health"]] == [1] * len(societies)
    assert "1 behind" in response.content.decode()


def test_a_society_is_found_by_a_part_of_its_name_or_address(client_of_operator: Client) -> None:
    def found(words: str) -> list[str]:
        return [each.society.slug for each in client_of_operator.get(CONSOLE, {"q": words}).context["health"]]

    assert found("COMMON") == ["commonwealth"]
    assert found("Academy") == ["northstar"]
    assert found("no such") == []


def test_who_is_no_operator_finds_no_console(
    platform_door: None, visitor: Visitor, societies: dict[str, Society]
) -> None:
    stranger = visitor("localhost")
    assert stranger.get(CONSOLE)["Location"] == "/sign-in/?next=/console/"
    stranger.force_login(Account.objects.create(email="former@chiron.example.org"))
    assert stranger.get(CONSOLE).status_code == 404
    assert stranger.get(f"{CONSOLE}societies/{societies['sierra'].pk}/").status_code == 404


def test_adding_an_operator_twice_changes_nothing(platform_door: None) -> None:
    for _ in range(2):
        result = CliRunner().invoke(command, ["add", "Ann@chiron.example.org", "--name", "Ann Lee"])
        assert result.output == "Ann Lee may use the console.\n"
    assert Operator.objects.get().account.email == "ann@chiron.example.org"
    assert Entry.objects.filter(verb="operator.added").count() == 1
