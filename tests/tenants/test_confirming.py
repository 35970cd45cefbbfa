"""Nobody can pose as a society: it is confirmed by an address at its website's domain, or by an operator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from chiron.console.services import add_operator
from chiron.kernel import clock
from tenants import context, hosts
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.confirming import doubt
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import StaffRole
from tenants.services import change_society
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.people.conftest import newest_code

Visitor = Callable[[str], Client]
PAGE = "/staff/settings/confirmation/"
NOTICE = "Not yet confirmed"


@pytest.fixture
def unknown(sierra: Society) -> Society:
    """Sierra, as if somebody had just started it with a website."""
    with context.platform():
        sierra.confirmed_at, sierra.website = None, "https://www.sierramed.org"
        sierra.save(update_fields=["confirmed_at", "website"])
    return sierra


def is_confirmed(society: Society) -> bool:
    with context.platform():
        return Society.objects.get(pk=society.pk).is_confirmed


def test_whoever_comes_from_outside_reads_that_it_is_not_confirmed(unknown: Society, visitor: Visitor) -> None:
    for path in ("/", "/programs/", "/privacy/"):
        assert NOTICE in visitor(unknown.host).get(path).content.decode()
    assert NOTICE not in visitor("commonwealth.localhost").get("/").content.decode()


def test_the_owner_reads_what_is_missing_and_other_staff_are_left_alone(unknown: Society) -> None:
    owner = browser_of(make_staff(StaffRole.Kind.OWNER), unknown)
    manager = browser_of(make_staff(StaffRole.Kind.MANAGER, "Theo", institution=""), unknown)
    page = owner.get("/staff/").content.decode()
    assert NOTICE in page
    assert f'href="{PAGE}"' in page
    assert NOTICE not in manager.get("/staff/").content.decode()
    page = owner.get(PAGE).content.decode()
    assert "Prove an address at sierramed.org" in page
    assert "25 people" in page


def test_an_address_at_the_websites_domain_confirms_it(unknown: Society) -> None:
    owner = browser_of(make_staff(StaffRole.Kind.OWNER), unknown)
    refused = owner.post(PAGE, {"address": "dana@gmail.com"})
    assert refused.status_code == 422
    assert "An address ending in sierramed.org would prove it" in refused.content.decode()
    assert not OutboxMail.objects.exists()
    assert owner.post(PAGE, {"address": "dana@office.sierramed.org"})["Location"] == PAGE
    code = newest_code()
    wrong = "000-000" if code != "000-000" else "111-111"
    assert owner.post(PAGE, {"code": wrong}).status_code == 422
    assert not is_confirmed(unknown)
    assert owner.post(PAGE, {"code": code})["Location"] == PAGE
    assert is_confirmed(unknown)
    hosts.forget()  # as it does when this is committed
    page = owner.get(PAGE).content.decode()
    assert "Since" in page
    assert NOTICE not in page
    with context.platform():
        assert Entry.objects.filter(verb="society.confirmed", subject_id=str(unknown.pk)).count() == 1


def test_without_a_website_the_page_says_so(sierra: Society) -> None:
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(confirmed_at=None)
    owner = browser_of(make_staff(StaffRole.Kind.OWNER), sierra)
    assert "What is missing: your website" in owner.get(PAGE).content.decode()
    owner.post(PAGE, {"address": "dana@example.org"})
    assert not OutboxMail.objects.exists()


def test_an_operator_confirms_by_one_click_and_takes_it_back(
    unknown: Society, visitor: Visitor, societies: dict[str, Society]
) -> None:
    owner = make_staff(StaffRole.Kind.OWNER)
    with context.platform():
        operator = add_operator(email="ann@chiron.example.org", name="Ann Lee")
        client = visitor("localhost")
        client.force_login(operator.account)
    listed = client.get("/console/?unconfirmed=yes")
    assert [each.society.slug for each in listed.context["health"]] == ["sierra"]
    assert "1 society waits to be confirmed." in listed.content.decode()
    at = f"/console/societies/{unknown.pk}/"
    assert "https://www.sierramed.org" in client.get(at).content.decode()
    for _twice in range(2):
        assert client.post(f"{at}confirm/")["Location"] == at
    assert is_confirmed(unknown)
    assert OutboxMail.objects.get(template="society_confirmed").recipient == owner.email
    assert "It was confirmed to be who it says." in client.get(at).content.decode()
    client.post(f"{at}confirm/", {"doubt": "yes"})
    assert not is_confirmed(unknown)
    with context.platform():
        deeds = Entry.objects.filter(subject_id=str(unknown.pk)).exclude(verb="society.created").order_by("id")
        assert [(each.verb, each.actor_id) for each in deeds] == [
            ("society.confirmed", operator.pk),
            ("society.doubted", operator.pk),
        ]


def test_another_website_is_another_claim(sierra: Society) -> None:
    make_person("Ann", "Lee", account=Account.objects.create(email="ann@other.org", last_login=clock.now()))
    change_society(society=sierra, by=None, website="https://sierramed.org")
    assert is_confirmed(sierra), "a first website takes nothing from what an operator made"
    change_society(society=sierra, by=None, website="https://www.sierramed.org/mentoring")
    assert is_confirmed(sierra), "another page of the same site"
    change_society(society=sierra, by=None, website="https://other.org")
    assert not is_confirmed(sierra), "no owner reads mail there"
    ann = make_staff(StaffRole.Kind.OWNER)
    ann.account = Account.objects.create(email="ann@third.org", last_login=clock.now())
    ann.save(update_fields=["account"])
    change_society(society=sierra, by=None, website="https://www.third.org")
    assert is_confirmed(sierra), "an owner does"


def test_another_name_is_another_claim_too(sierra: Society) -> None:
    change_society(society=sierra, by=None, name="Sierra Medical-Society ")
    assert is_confirmed(sierra), "the same name, written otherwise"
    change_society(society=sierra, by=None, name="American Medical Association")
    assert not is_confirmed(sierra), "an operator knew another one"
    ann = make_staff(StaffRole.Kind.OWNER)
    ann.account = Account.objects.create(email="ann@sierramed.org", last_login=clock.now())
    ann.save(update_fields=["account"])
    change_society(society=sierra, by=None, website="https://sierramed.org")
    change_society(society=sierra, by=None, name="Sierra Medical Society")
    assert is_confirmed(sierra), "whose owner reads mail at its website may call it otherwise"
    doubt(society=sierra, by=ann)
    change_society(society=sierra, by=None, name="Sierra Society")
    assert not is_confirmed(sierra), "whom an operator doubts is not believed for a name"
