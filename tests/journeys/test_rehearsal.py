"""From hand to hand in a rehearsal whose days pass by a button: a manager opens a ballot, the council votes from its
mail on a phone, the manager adopts what came of it and publishes pairs; and then it is all gone.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.design.pages import PHONE
from tests.journeys.conftest import Come
from tests.journeys.demonstration import Demonstration, Mail
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
PROGRAM = "physician-to-physician-pilot"
# The manager, and the two invented people whose mail reaches whoever rehearses.
SEATS = (
    ("women physicians", "jonah.feldstein@commonwealth.example.org"),
    ("diversity", "mentor@invented.example"),
    ("students", "mentee@invented.example"),
)
ASKS, FOLLOWED = "Commonwealth Medical Society: what matters in a match?", ("Ada Marsh", "Kira Novak")


def test_a_council_votes_and_pairs_are_published_in_a_rehearsal(come: Come, demonstration: Demonstration) -> None:
    with come("commonwealth") as manager:
        begin(manager)
        overview = manager.page.url

        def asked(to: str = "") -> Mail:
            """The mail that asks the manager for a vote, or one of the two whom they follow."""
            begins = f"[Rehearsal, to {to}] {ASKS}" if to else ASKS
            demonstration.await_mail(SEATS[0][1], begins)
            there = demonstration.mails(SEATS[0][1], ASKS)
            return [each for each in there if each.subject.strip().startswith(begins)][-1]

        open_a_ballot(manager)
        let_pass(manager, overview, "A day")
        for to in (*FOLLOWED, ""):
            with come("commonwealth", size=PHONE) as member:
                vote(member, asked(to))
        decide(manager, overview)
        publish(manager)
        let_pass(manager, overview, "A week")
        manager.sees("have been introduced")
        manager.look()
        manager.press("End the rehearsal")
        manager.heading("Programs")


def begin(manager: Visitor) -> None:
    """The whole society anew, with invented people who have signed up."""
    manager.sign_in_as("manager")
    manager.goto(f"/staff/programs/{PROGRAM}/rehearse/")
    manager.look()
    manager.press("Begin a rehearsal")
    manager.sees("Your rehearsal is ready.")
    manager.press("Go to it")
    manager.look()
    manager.press("Go in")
    manager.sees("The way of a session", "0 mails so far")
    manager.look()


def open_a_ballot(manager: Visitor) -> None:
    """Three seats are filled, and asked."""
    manager.press("Matching")
    manager.press("Physician to Physician, Pilot ·")
    manager.press("Advisory council")
    manager.sees("nobody yet")
    until = manager.page.evaluate("new Date(Date.now() + 864e5 * 90).toISOString().slice(0, 10)")
    for seat, address in SEATS:
        manager.page.locator("tr").filter(has_text=seat).get_by_role("link").first.click()
        manager.page.get_by_label("Mail address").fill(address)
        manager.page.get_by_label("Until").fill(until)
        manager.look(closely=seat == "students")
        manager.page.get_by_role("main").get_by_role("button").first.click()
        manager.sees(address)
    manager.press("Open a ballot…")
    manager.look()
    manager.tab_to("Open it and write to 3 people")
    manager.page.keyboard.press("Enter")
    manager.sees("Have voted", "of 3")


def let_pass(manager: Visitor, overview: str, how_long: str) -> None:
    """Press a button, and see that it is later."""
    manager.goto(overview)
    heading = manager.page.get_by_role("heading", level=1)
    before = heading.inner_text()
    manager.press(how_long, exact=True)
    expect(heading).not_to_have_text(before, timeout=60_000)
    expect(manager.page.get_by_role("button", name="A month")).to_be_visible(timeout=60_000)


def vote(member: Visitor, asked: Mail) -> None:
    """A council member votes by the link of a mail, in words."""
    member.goto(asked.link)
    member.heading("What matters in a match?")
    questions = member.page.locator("fieldset")
    for number in range(questions.count()):
        questions.nth(number).get_by_label("A little" if number else "Matters most", exact=True).check()
    member.look()
    member.press("Send my vote")
    member.sees("Noted. Your vote counts.")
    member.look()


def decide(manager: Visitor, overview: str) -> None:
    """The ballot is closed early, and its result adopted."""
    manager.goto(overview)
    manager.press("Matching")
    manager.press("Physician to Physician, Pilot ·")
    manager.press("Advisory council")
    manager.page.get_by_text("End it early").click()
    manager.press("Close it now")
    manager.sees("3 of 3 seats voted", "Under the result")
    manager.look()
    manager.press("Adopt it, or change it first…")
    manager.look()
    manager.press("Adopt this")
    manager.sees("Adopted on")


def publish(manager: Visitor) -> None:
    """Sign-up is closed, pairs are suggested, and leave at once."""
    manager.press("Physician to Physician, Pilot ·")
    manager.press("Close sign-up")
    manager.press("Suggested pairs")
    manager.press("Suggest pairs")
    manager.sees("checked: no better set of pairs exists")
    manager.look()
    manager.press("Preview and publish…")
    manager.look()
    manager.press("Publish and write to")
    manager.press("Publish now")
    manager.heading("Published pairs")
    manager.look()
