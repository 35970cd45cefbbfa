"""A member who signed up with another address than the list has joins both by a code, and nobody else can."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from chiron.kernel import clock
from programs.enrollment.models import Enrollment
from programs.enrollment.other_address import is_code, send_code
from programs.policy.models import Cycle
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of
from tests.programs.test_members import member, signed_up

ASK, TYPE = "/me/other-address/", "/me/other-address/code/"
LISTED = "m1@roster.example.org"


@pytest.fixture
def cycle(sierra: Society) -> Cycle:
    return make_cycle()


@pytest.fixture
def guest(cycle: Cycle) -> Enrollment:
    """Somebody whom the list does not know, and of whom it cannot be told yet whether they may take part."""
    return signed_up(cycle)


@pytest.fixture
def browser(guest: Enrollment, sierra: Society) -> Client:
    return browser_of(guest.person, sierra)


def code_for(address: str) -> str:
    found = re.search(r"\d{3}-\d{3}", OutboxMail.objects.filter(recipient=address).latest("written_at").subject)
    assert found is not None
    return found[0]


def ask(browser: Client, address: str = LISTED) -> str:
    """Have a code sent; returns it."""
    assert browser.post(ASK, {"address": address}).headers["Location"] == TYPE
    return code_for(address.lower())


def said(browser: Client, code: str) -> str:
    return browser.post(TYPE, {"code": code}, follow=True).content.decode()


def test_with_the_code_both_are_one(guest: Enrollment, browser: Client) -> None:
    row = member()
    assert ASK in browser.get("/me/").content.decode()
    assert "Found you" in said(browser, ask(browser, LISTED.upper()))
    guest.refresh_from_db()
    assert (guest.person.member_id, guest.person.membership_status, guest.state) == ("M1", "active", "eligible")
    assert guest.person.email == "zoe.ortegalind@mail.example.org"
    assert not Person.objects.filter(pk=row.pk).exists()
    assert Entry.objects.filter(verb="person.joined_member", actor_id=str(guest.person.pk)).exists()
    assert browser.get(ASK).headers["Location"] == "/me/"
    assert ASK not in browser.get("/me/").content.decode()


def test_nothing_tells_who_is_on_the_list_before_the_code(browser: Client) -> None:
    member()
    pages = []
    for address in (LISTED, "nobody@roster.example.org"):
        ask(browser, address)
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", browser.get(TYPE).content.decode()))
    assert pages[0].replace(LISTED, "") == pages[1].replace("nobody@roster.example.org", "")
    assert "the membership list has nobody with it" in said(browser, code_for("nobody@roster.example.org"))


def test_a_wrong_code_joins_nobody_and_works_five_times_at_most(guest: Enrollment, browser: Client) -> None:
    member()
    code = ask(browser)
    wrong = "000-000" if code != "000-000" else "111-111"
    for _try in range(5):
        assert browser.post(TYPE, {"code": wrong}).status_code == 422
    assert "There is no code to type any more" in said(browser, code)
    assert Person.objects.get(pk=guest.person_id).member_id == ""


def test_five_tries_are_five_however_many_come_at_one_moment(guest: Enrollment) -> None:
    """Each request reads the session as it was before the others were answered."""
    waiting = send_code(person=guest.person, address=LISTED)
    code = code_for(LISTED)
    wrong = "000-000" if code != "000-000" else "111-111"
    for _try in range(5):
        assert not is_code(person=guest.person, waiting=waiting, code=wrong)
    assert not is_code(person=guest.person, waiting=waiting, code=code)


def test_a_code_is_over_after_twenty_minutes(guest: Enrollment, browser: Client) -> None:
    member()
    code = ask(browser)
    with clock.moved_by(timedelta(minutes=21)):
        assert "There is no code to type any more" in said(browser, code)
    assert Person.objects.get(pk=guest.person_id).member_id == ""


def test_a_code_is_of_one_person_and_one_address(sierra: Society, browser: Client) -> None:
    member()
    code = ask(browser)
    account = Account.objects.create(email="eve@example.org")
    eve = browser_of(make_person("Eve", "Else", email="eve@example.org", account=account), sierra)
    assert ask(eve, "other@example.org") != code
    assert eve.post(TYPE, {"code": code}).status_code == 422


def test_who_signs_in_already_stays_somebody_of_their_own(browser: Client) -> None:
    member(account=Account.objects.create(email=LISTED))
    assert "stay two people" in said(browser, ask(browser))
    assert Person.objects.filter(member_id="M1").exists()


def test_ones_own_address_and_too_many_codes_are_refused(browser: Client) -> None:
    own = browser.post(ASK, {"address": "zoe.ortegalind@mail.example.org"})
    assert "You use this address here already" in own.content.decode()
    for number in range(5):
        ask(browser, f"n{number}@example.org")
    sent = OutboxMail.objects.count()
    assert "many codes" in browser.post(ASK, {"address": "n6@example.org"}).content.decode()
    assert OutboxMail.objects.count() == sent
