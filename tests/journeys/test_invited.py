"""A retired mentor from the link of an invitation: no password, no code, and what the list knows is filled in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from chiron.kernel import clock
from tests.design.pages import PHONE
from tests.journeys.conftest import Come
from tests.journeys.demonstration import Demonstration
from tests.journeys.sessions import prepare_session
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
PROGRAM, ADDRESS = "physician-to-physician-pilot", "hector.hernandez2139@example.org"
MINUTES = 4


def test_a_retired_mentor_signs_up_from_an_invitation(come: Come, demonstration: Demonstration) -> None:
    with come("commonwealth") as manager:
        manager.sign_in_as("manager")
        prepare_session(manager, PROGRAM, "Next round")
        invite(manager)
    mail = demonstration.await_mail(ADDRESS, "an invitation to")
    began = clock.now()
    with come("commonwealth", size=PHONE) as mentor:
        mentor.goto(mail.link)
        mentor.heading("Hector Hernandez, you are invited")
        mentor.look()
        mentor.press("Sign up", exact=True)
        mentor.heading("Sign up: Mentor")
        expect(mentor.page.get_by_label("Last name")).to_have_value("Hernandez")
        expect(mentor.page.get_by_label("retired", exact=True)).to_be_checked()
        mentor.press("Continue")
        answer_all(mentor)
        for promise in mentor.page.get_by_label("I agree").all():
            promise.check()
        mentor.press("Sign up", exact=True)
        mentor.heading("You have signed up")
    assert clock.now() - began < timedelta(minutes=MINUTES)
    with come("commonwealth") as manager:
        manager.sign_in_as("manager")
        manager.goto(f"/staff/programs/{PROGRAM}/")
        manager.press("Next round")
        manager.press("Invitations")
        manager.sees("Hector Hernandez", "Signed up 1")
        manager.look()


def invite(manager: Visitor) -> None:
    """From the board: somebody of the membership list, by name; the mail leaves at once."""
    manager.press("Invitations")
    manager.press("Invite one person")
    manager.page.get_by_role("main").get_by_role("searchbox").fill(ADDRESS)
    manager.press("Search")
    manager.press("Hector Hernandez")
    manager.page.get_by_label("Mentor", exact=True).check()
    manager.page.get_by_label("Words of your own").fill("You know what it is to change course.")
    manager.press("Invite", exact=True)
    manager.sees("Hector Hernandez is invited.")
    manager.press("Send it now")
    manager.sees("on its way")


def answer_all(mentor: Visitor) -> None:
    """One question after the other: what must be chosen is chosen, the rest is left as it is."""
    for _question in range(30):
        mentor.page.wait_for_load_state()  # what is only counted is not waited for
        if mentor.page.url.endswith("/check/"):
            return
        for choice in ("English", "either", "research"):
            box = mentor.page.get_by_label(choice, exact=True)
            if box.count():
                box.first.check()
        for number in ("In this session", "How many mentors would you like"):
            places = mentor.page.get_by_label(number)
            if places.count():
                places.fill("1")
        mentor.press("Continue")
    raise AssertionError("The questions do not end.")
