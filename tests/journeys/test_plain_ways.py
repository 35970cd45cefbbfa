"""Without scripts, and without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.design.pages import PHONE
from tests.journeys.conftest import Come
from tests.journeys.demonstration import Demonstration
from tests.journeys.sessions import prepare_session
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SOCIETY = "Northstar Academy of Family Physicians"


def test_somebody_new_signs_up_with_scripts_off(come: Come) -> None:
    with come("northstar") as manager:
        manager.sign_in_as("manager")
        prepare_session(manager, "physician-mentorship-for-pre-med-students", "Winter")
    with come("northstar", size=PHONE, scripts=False) as member:
        member.goto("/")
        member.press("About Physician")
        member.press("Sign up: Mentee")
        member.enter_code_for("bo.reed@example.org")
        member.page.get_by_label("First name").fill("Bo")
        member.page.get_by_label("Last name").fill("Reed")
        member.page.get_by_label("pre-med").check()
        member.press("Continue")
        answer_all(member)
        member.heading("Is this right?")
        member.press("Sign up")
        member.sees("Please look at this again")
        member.page.wait_for_load_state()
        for promise in member.page.get_by_label("I a").all():
            promise.check()
        member.press("Sign up")
        member.heading("You have signed up")


def answer_all(member: Visitor) -> None:
    """One question after the other: what must be chosen is chosen, the rest is left empty."""
    wanted = ("English", "either", "application and interviews")
    for _question in range(30):
        if member.page.url.endswith("/check/"):
            return
        for choice in wanted:
            box = member.page.get_by_label(choice, exact=True)
            if box.count():
                box.first.check()
        member.press("Continue")
    raise AssertionError("The questions do not end.")


def test_a_mentee_says_yes_with_scripts_off(come: Come) -> None:
    with come("northstar", size=PHONE, scripts=False) as mentee:
        follow_the_mail(mentee)
        mentee.press("Yes, introduce us")
        mentee.heading("You and ")


def test_a_mentee_says_yes_by_keyboard_alone(come: Come, demonstration: Demonstration) -> None:
    with come("northstar") as mentee:
        name = mentee.offered("mentee")
        address = demonstration.await_letters(name, f"{SOCIETY}: we found you a mentor")[-1].to
        mentee.tab_to("Your mail address")
        mentee.page.keyboard.type(address)
        mentee.page.keyboard.press("Enter")
        mentee.heading("Look into your mail")
        code = demonstration.await_mail(address, "is your code").code
        mentee.tab_to("Code from the mail")
        mentee.page.keyboard.type(code)
        mentee.page.keyboard.press("Enter")
        mentee.is_in()
        mentee.tab_to("Read and answer")
        mentee.page.keyboard.press("Enter")
        mentee.heading("We found you a mentor")
        mentee.tab_to("Yes, introduce us")
        mentee.page.keyboard.press("Enter")
        mentee.heading("You and ")
        mentee.tab_to("Your account")
        mentee.page.keyboard.press("Enter")
        mentee.tab_to("Sign out")
        mentee.page.keyboard.press("Enter")
        expect(mentee.page.get_by_role("link", name="Sign in")).to_be_visible()


def follow_the_mail(mentee: Visitor) -> None:
    """Open the offer from the mail, without signing in."""
    asked = mentee.demonstration.await_letters(mentee.offered("mentee"), f"{SOCIETY}: we found you a mentor")[-1]
    mentee.goto(asked.link)
    mentee.heading("We found you a mentor")
