"""A council member: from a mail to a vote, on a phone without scripts; and the manager who decides about the result."""

from __future__ import annotations

import pytest

from tests.design.pages import PHONE
from tests.journeys.conftest import Come
from tests.journeys.demonstration import Demonstration
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
PROGRAM = "physician-to-physician-full-length"


def test_a_council_member_says_what_matters_and_hears_what_became_of_it(
    come: Come, demonstration: Demonstration
) -> None:
    with come("commonwealth", size=PHONE) as member, come("commonwealth") as manager:
        manager.sign_in_as("manager")
        manager.goto(f"/staff/programs/{PROGRAM}/")
        open_session(manager)
        manager.press("Advisory council")
        manager.sees("5", "of 8", "nobody yet")
        manager.look()
        vote(member)
        manager.page.reload()
        manager.sees("6")
        decide(manager)
        address = member.page.evaluate("document.location.href")
        member.goto(address)
        member.heading("This ballot has closed")
        demonstration.await_mail("@commonwealth.example.org", "what became of the council")


def open_session(somebody: Visitor) -> None:
    """From the program to its one session."""
    somebody.page.locator("a[href^='/staff/sessions/']").first.click()


def vote(member: Visitor) -> None:
    """The committee's member has a seat, and nothing to prepare."""
    member.sign_in_as("committee")
    member.goto(f"/staff/programs/{PROGRAM}/")
    open_session(member)
    member.press("Advisory council")
    member.press("Vote now")
    member.heading("What matters in a match?")
    member.look()
    questions = member.page.locator("fieldset")
    member.press("Send my vote")
    member.sees("Choose how much this matters.")
    for number in range(questions.count()):
        questions.nth(number).get_by_label("Matters", exact=True).check()
    member.press("Send my vote")
    member.sees("Noted. Your vote counts.")
    member.look()
    member.press("Finer, in numbers")
    member.look()
    member.page.go_back()
    member.sees("Matters")


def decide(manager: Visitor) -> None:
    """The ballot is closed early, and its result adopted with a change."""
    manager.page.get_by_text("End it early").click()
    manager.press("Close it now")
    manager.sees("6 of 8 seats voted", "Pairs that would change", "Under the result")
    manager.look()
    manager.press("Adopt it, or change it first…")
    manager.look(closely=False)
    manager.press("Adopt this")
    manager.sees("Adopted on")
