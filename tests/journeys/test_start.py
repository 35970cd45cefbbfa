"""Somebody at a society, with a stopwatch: from the first page of the public site to a sign-up page that is open."""

from __future__ import annotations

import re
from datetime import timedelta
from secrets import token_hex

import pytest
from playwright.sync_api import expect

from chiron.kernel import clock
from tests.journeys.conftest import Come
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
MINUTES, ANSWERS, PRESSES = 10, 7, 7


class Stopwatch:
    """What somebody had to do, and how long it took."""

    def __init__(self, visitor: Visitor, *, scripts: bool) -> None:
        self.visitor, self.scripts = visitor, scripts
        self.began, self.answers, self.presses = clock.now(), 0, 0

    def look(self, *, closely: bool = False) -> None:
        """See that the page is in order; a browser without scripts cannot be asked."""
        if self.scripts:
            self.visitor.look(closely=closely)

    def press(self, name: str) -> None:
        self.presses += 1
        self.visitor.press(name)

    def answer(self, label: str, said: str) -> None:
        self.answers += 1
        self.visitor.page.get_by_label(label).fill(said)

    def tick(self, label: str) -> None:
        self.answers += 1
        self.visitor.page.get_by_label(label).check()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_first_page_to_an_open_sign_up_page(come: Come, scripts: bool) -> None:
    town = f"Lakes {token_hex(3).capitalize()}"
    address = f"ann@{town.split()[1].lower()}-med.org"
    with come(scripts=scripts) as owner:
        watch = Stopwatch(owner, scripts=scripts)
        owner.goto("/")
        watch.look(closely=True)
        watch.press("Start your society")
        owner.heading("Start your society")
        watch.look()
        watch.answer("Name of your society", f"{town} Medical Society")
        watch.answer("Its website", f"www.{address.partition('@')[2]}")
        watch.answer("Your name", "Ann Lee")
        watch.answer("Your mail address", address)
        watch.press("Send me a code")
        owner.heading("Look into your mail")
        watch.look()
        watch.answer("Code from the mail", owner.demonstration.await_mail(address, "is your code to start").code)
        watch.press("Go on")
        owner.heading(town)
        watch.look(closely=True)
        watch.tick("I may act for this society")
        watch.tick("We agree to the terms and to the agreement on data")
        watch.press("Open our portal")

        # Where no space lies ready the page waits; either way it leads in by itself.
        owner.page.wait_for_url(re.compile("/staff/what-to-run/$"), timeout=90_000)
        owner.heading("What do you want to run?")
        watch.look(closely=True)
        watch.presses += 1
        owner.page.locator("a[href$='/templates/mentorship-in-medicine/']").click()
        watch.press("Start this program")
        owner.heading("Set up")
        watch.look()
        watch.press("Open sign-up")
        owner.sees("Sign-up open")
        watch.look()
        link = owner.page.locator("#link").input_value()
    with come() as member:
        member.goto(link)
        member.sees("Sign up")
        expect(member.page.get_by_text("Not yet confirmed")).to_have_count(0)
    assert watch.answers <= ANSWERS
    assert watch.presses <= PRESSES
    assert clock.now() - watch.began < timedelta(minutes=MINUTES)
