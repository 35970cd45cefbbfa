"""Signing in by a code: what is said, what is not said, and when it ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from chiron.kernel import clock
from tenants import context
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.outbox.selectors import mail_log
from tenants.people.models import Person
from tests.factories.programs import make_person
from tests.people.conftest import newest_code, newest_mail

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]
ADDRESS = "ada.rivera@example.org"
CODE_PAGE = "/sign-in/code/"


def ask(client: Client, email: str = ADDRESS, **more: str) -> HttpResponse:
    return client.post("/sign-in/", {"email": email, **more})


def type_code(client: Client, code: str, **more: str) -> HttpResponse:
    return client.post(CODE_PAGE, {"code": code, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def wrong(code: str) -> str:
    """A code that is not this one."""
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


def told(response: HttpResponse) -> str:
    """A page's words, without the token that differs on every page."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


def test_a_code_from_the_mail_lets_its_reader_in(browser_of_sierra: Client) -> None:
    assert ask(browser_of_sierra, "Ada.Rivera@Example.org")["Location"] == CODE_PAGE
    mail = newest_mail()
    assert mail.subject == f"{newest_code()} is your code for Sierra Medical Society"
    assert "20 minutes" in mail.text
    assert type_code(browser_of_sierra, newest_code()).status_code == 302
    assert is_signed_in(browser_of_sierra)


def test_a_code_works_without_its_hyphen(browser_of_sierra: Client) -> None:
    ask(browser_of_sierra)
    type_code(browser_of_sierra, newest_code().replace("-", " "))
    assert is_signed_in(browser_of_sierra)


def test_whoever_proves_an_address_becomes_the_person_who_has_it(browser_of_sierra: Client) -> None:
    person, other = make_person(), make_person("Ben", "Okafor")
    ask(browser_of_sierra)
    type_code(browser_of_sierra, newest_code())
    person.refresh_from_db()
    other.refresh_from_db()
    assert person.account == Account.objects.get(email=ADDRESS)
    assert other.account is None
    assert Entry.objects.filter(verb="person.joined_account").count() == 1


def test_somebody_on_no_list_is_told_what_to_do(browser_of_sierra: Client) -> None:
    ask(browser_of_sierra)
    type_code(browser_of_sierra, newest_code())
    page = browser_of_sierra.get("/welcome/").content.decode()
    assert "Sierra Medical Society has nobody with it" in page
    assert Person.objects.count() == 0


def test_no_reply_tells_whether_an_address_is_known(sierra: Society, visitor: Visitor) -> None:
    make_person(account=Account.objects.create(email=ADDRESS, last_login=clock.now()))
    known, unknown = visitor(sierra.host), visitor(sierra.host)
    replies = [ask(known), ask(unknown, "nobody@example.org")]
    assert [(reply.status_code, reply["Location"]) for reply in replies] == [(302, CODE_PAGE)] * 2
    pages = [told(known.get(CODE_PAGE)), told(unknown.get(CODE_PAGE)).replace("nobody@example.org", ADDRESS)]
    assert pages[0] == pages[1]
    wrong_codes = [told(type_code(each, "no code")) for each in (known, unknown)]
    assert wrong_codes[0] == wrong_codes[1].replace("nobody@example.org", ADDRESS)
    assert [mail.template for mail in OutboxMail.objects.all()] == ["sign_in_code"] * 2


def test_the_public_site_says_the_same_to_operators_and_to_strangers(
    platform_door: None, visitor: Visitor, operator: str
) -> None:
    known, unknown = visitor("localhost"), visitor("localhost")
    replies = [ask(known, operator), ask(unknown, "nobody@example.org")]
    assert [(reply.status_code, reply["Location"]) for reply in replies] == [(302, CODE_PAGE)] * 2
    pages = [told(known.get(CODE_PAGE)), told(unknown.get(CODE_PAGE)).replace("nobody@example.org", operator)]
    assert pages[0] == pages[1]
    templates = {mail.recipient: mail.template for mail in OutboxMail.objects.all()}
    assert templates == {operator: "sign_in_code", "nobody@example.org": "sign_in_unknown"}
    assert not Account.objects.filter(email="nobody@example.org").exists()


def test_a_wrong_code_is_a_sentence_and_the_right_one_still_works(browser_of_sierra: Client) -> None:
    ask(browser_of_sierra)
    code = newest_code()
    response = type_code(browser_of_sierra, wrong(code))
    assert response.status_code == 422
    assert "That is not the code we sent." in response.content.decode()
    type_code(browser_of_sierra, code)
    assert is_signed_in(browser_of_sierra)


def test_after_five_wrong_codes_the_right_one_is_too_late(browser_of_sierra: Client) -> None:
    ask(browser_of_sierra)
    code = newest_code()
    for _ in range(4):
        assert type_code(browser_of_sierra, wrong(code)).status_code == 422
    response = browser_of_sierra.post(CODE_PAGE, {"code": wrong(code)}, follow=True)
    assert "Too many tries for now." in response.content.decode()
    response = browser_of_sierra.post(CODE_PAGE, {"code": code}, follow=True)
    assert "There is no code to type any more." in response.content.decode()
    assert not is_signed_in(browser_of_sierra)


def test_a_code_works_once(browser_of_sierra: Client) -> None:
    ask(browser_of_sierra)
    code = newest_code()
    type_code(browser_of_sierra, code)
    browser_of_sierra.post("/sign-out/")
    type_code(browser_of_sierra, code)
    assert not is_signed_in(browser_of_sierra)


@pytest.mark.parametrize(("minutes", "works"), [(19, True), (21, False)])
def test_a_code_works_for_twenty_minutes(browser_of_sierra: Client, minutes: int, works: bool) -> None:
    start = datetime(2026, 12, 1, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as now:
        ask(browser_of_sierra)
        code = newest_code()
        now.shift(timedelta(minutes=minutes))
        response = browser_of_sierra.post(CODE_PAGE, {"code": code})
        assert is_signed_in(browser_of_sierra) == works
        if not works:
            assert response["Location"] == "/sign-in/"
            assert "Ask for a new one." in browser_of_sierra.get("/sign-in/").content.decode()


def test_another_code_has_its_own_twenty_minutes_and_ends_the_first(browser_of_sierra: Client) -> None:
    with time_machine.travel(datetime(2026, 12, 1, 12, tzinfo=UTC), tick=False) as now:
        ask(browser_of_sierra)
        first = newest_code()
        now.shift(timedelta(minutes=19))
        browser_of_sierra.post(CODE_PAGE, {"action": "resend"})
        second = newest_code()
        assert second != first
        now.shift(timedelta(minutes=19))
        assert type_code(browser_of_sierra, first).status_code == 422
        type_code(browser_of_sierra, second)
        assert is_signed_in(browser_of_sierra)


def test_a_fourth_code_within_a_minute_is_too_many(sierra: Society, visitor: Visitor) -> None:
    for _ in range(3):
        assert ask(visitor(sierra.host)).status_code == 302
    response = ask(visitor(sierra.host))
    assert response.status_code == 429
    assert "a little too often" in response.content.decode()
    assert OutboxMail.objects.count() == 3
    assert ask(visitor(sierra.host), "somebody.else@example.org").status_code == 302


def test_what_is_no_address_is_said_in_a_sentence(browser_of_sierra: Client) -> None:
    response = ask(browser_of_sierra, "ada")
    assert response.status_code == 422
    assert "This does not look like a mail address." in response.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "http://commonwealth.localhost/"])
def test_signing_in_never_leads_to_another_host(browser_of_sierra: Client, elsewhere: str) -> None:
    ask(browser_of_sierra, next=elsewhere)
    assert type_code(browser_of_sierra, newest_code(), next=elsewhere)["Location"] == "/"


def test_signing_in_leads_to_the_page_one_wanted(browser_of_sierra: Client) -> None:
    assert browser_of_sierra.get("/welcome/")["Location"] == "/sign-in/?next=/welcome/"
    location = ask(browser_of_sierra, next="/welcome/")["Location"]
    assert location.startswith(f"{CODE_PAGE}?next=")
    assert type_code(browser_of_sierra, newest_code(), next="/welcome/")["Location"] == "/welcome/"


def test_codes_stand_neither_in_the_staffs_log_nor_in_ours(
    browser_of_sierra: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        ask(browser_of_sierra)
        code = newest_code()
        type_code(browser_of_sierra, wrong(code))
        type_code(browser_of_sierra, code)
    assert is_signed_in(browser_of_sierra)
    assert caplog.records
    assert code not in caplog.text
    assert code not in str(list(mail_log()))


def test_an_address_that_nobody_proved_is_forgotten_after_a_day(browser_of_sierra: Client) -> None:
    with clock.moved_by(timedelta(days=-2)):
        ask(browser_of_sierra, "typo@example.org")
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    proved = Account.objects.create(email="old@example.org", last_login=long_ago, created_at=long_ago)
    ask(browser_of_sierra)
    assert set(Account.objects.values_list("email", flat=True)) == {proved.email, ADDRESS}


def test_whoever_never_typed_the_first_code_can_ask_again_days_later(browser_of_sierra: Client) -> None:
    with clock.moved_by(timedelta(days=-2)):
        ask(browser_of_sierra)
    ask(browser_of_sierra)
    type_code(browser_of_sierra, newest_code())
    assert is_signed_in(browser_of_sierra)
    assert Account.objects.get(email=ADDRESS).last_login is not None


def test_sessions_that_are_over_are_swept(sierra: Society, visitor: Visitor) -> None:
    with time_machine.travel(datetime(2026, 9, 1, tzinfo=UTC), tick=False):
        ask(visitor(sierra.host))
    assert Session.objects.count() == 1
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False):
        ask(visitor(sierra.host))
    assert Session.objects.get().expire_date.month == 12


def test_an_account_that_was_closed_gets_no_code(browser_of_sierra: Client) -> None:
    Account.objects.create(email=ADDRESS, is_active=False)
    assert ask(browser_of_sierra)["Location"] == CODE_PAGE
    assert newest_mail().template == "sign_in_unknown"
    assert browser_of_sierra.get(CODE_PAGE).status_code == 200


def test_signing_out_takes_a_button(browser_of_sierra: Client) -> None:
    ask(browser_of_sierra)
    type_code(browser_of_sierra, newest_code())
    assert browser_of_sierra.get("/sign-out/").status_code == 405
    assert is_signed_in(browser_of_sierra)
    browser_of_sierra.post("/sign-out/")
    assert not is_signed_in(browser_of_sierra)


def test_a_cookie_of_one_society_is_nothing_in_another(societies: dict[str, Society], visitor: Visitor) -> None:
    """Even where the other society has the same address, and one's browser was made to send the cookie there."""
    sierra, commonwealth = societies["sierra"], societies["commonwealth"]
    for society in (sierra, commonwealth):
        with context.society(society):
            make_person()
    here, there = visitor(sierra.host), visitor(commonwealth.host)
    ask(here)
    with context.society(sierra):
        code = newest_code()
    cookie = type_code(here, code).cookies["session"]
    assert here.get("/welcome/")["Location"] == "/"
    there.cookies["session"] = cookie.value
    assert there.get("/welcome/")["Location"].startswith("/sign-in/")
    assert (cookie["domain"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
