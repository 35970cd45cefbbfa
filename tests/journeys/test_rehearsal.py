"""From hand to hand in a rehearsal whose days pass by a button: a manager opens a ballot, the council votes from its
mail on a phone, the manager adopts what came of it and publishes pairs. A mentor says yes, a mentee is introduced, they
meet, say how it was, and come again; the board gets its page; and then it is all gone.
"""

from __future__ import annotations

from datetime import datetime

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
SOCIETY, FOLLOWED = "Commonwealth Medical Society", ("Ada Marsh", "Kira Novak")
MOST_PRESSES = 12
ASKS = f"{SOCIETY}: what matters in a match?"


def test_a_session_is_lived_through_by_manager_council_mentor_and_mentee(
    come: Come, demonstration: Demonstration
) -> None:
    with come("commonwealth") as manager:
        begin(manager)
        overview = manager.page.url

        def asked(to: str = "") -> Mail:
            """The mail that asks the manager for a vote, or one of the two whom they follow."""
            begins = f"[Rehearsal, to {to}] {ASKS}" if to else ASKS
            demonstration.await_mail(SEATS[0][1], begins)
            there = demonstration.mails(SEATS[0][1], ASKS)
            return [each for each in there if each.subject.strip().startswith(begins)][-1]

        def got(to: str, subject: str, pressing: str = "") -> Mail:
            """What one of the two whom the manager follows was written, or will be once enough time has passed."""
            begins = f"[Rehearsal, to {to}] {SOCIETY}: {subject}"
            for _press in range(MOST_PRESSES if pressing else 0):
                if demonstration.mails(SEATS[0][1], begins):
                    break
                let_pass(manager, overview, pressing)
            return demonstration.await_mail(SEATS[0][1], begins)

        open_a_ballot(manager)
        let_pass(manager, overview, "A day")
        for to in (*FOLLOWED, ""):
            with come("commonwealth", size=PHONE) as member:
                vote(member, asked(to))
        decide(manager, overview)
        publish(manager)
        ada, kira = FOLLOWED
        with come("commonwealth", size=PHONE) as mentor:
            say_yes(mentor, got(ada, "a mentee for you"))
        let_pass(manager, overview, "A week")
        manager.sees("mentorships have begun")
        manager.look()
        with come("commonwealth", size=PHONE) as mentee:
            be_introduced(mentee, got(kira, "you and", "A week"))
        with come("commonwealth", size=PHONE) as mentor:
            have_met(mentor, got(ada, "have you and", "A month"))
        for _month in range(2):
            let_pass(manager, overview, "A month")
        with come("commonwealth", size=PHONE) as mentee:
            say_how_it_was(mentee, got(kira, "How was it?", "A week"))
        let_pass(manager, overview, "A month")
        read_the_report(manager, overview)
        prepare_the_next(manager, overview)
        let_pass(manager, overview, "A day")
        with come("commonwealth", size=PHONE) as mentor:
            come_again(mentor, got(ada, "Physician to Physician, Pilot, again?"))
        manager.goto(overview)
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


def say_yes(mentor: Visitor, asked: Mail) -> None:
    """The mentor reads why these two, on a phone, and says yes by keyboard."""
    reasons = [line[2:] for line in asked.text.splitlines() if line.startswith("- ")]
    assert reasons
    mentor.goto(asked.link)
    mentor.heading("A mentee for you")
    mentor.sees("Why you two", *reasons)
    say(mentor, "Yes, introduce us", then="Noted: you said yes")


def say(visitor: Visitor, button: str, *, then: str) -> None:
    """Look at a page, press its button by keyboard, and look at the page that follows."""
    visitor.look()
    visitor.tab_to(button)
    visitor.page.keyboard.press("Enter")
    visitor.heading(then)
    visitor.look()


def be_introduced(mentee: Visitor, introduction: Mail) -> None:
    """The mentee has an address to write to, in the mail and on the page that it leads to."""
    mentee.goto(introduction.link)
    mentee.heading("You and ")
    mentee.sees("You write first.", "Three sentences to begin with", "What you may expect of each other")
    assert mentee.page.get_by_role("link", name="@invented.example").first.inner_text() in introduction.text
    mentee.look()


def have_met(mentor: Visitor, question: Mail) -> None:
    """One word from one of the two, by the first link of the mail that asks; it stands on their page."""
    mentor.goto(question.link)
    mentor.heading("Yes, we have met")
    say(mentor, "Yes, we have met", then="Noted")
    mentor.press("To the page of your mentorship")
    mentor.heading("You and ")
    mentor.look()


def say_how_it_was(mentee: Visitor, asked: Mail) -> None:
    """The survey of the end, without a name."""
    mentee.goto(asked.link)
    mentee.heading("How was it?")
    mentee.page.get_by_label("yes", exact=True).check()
    mentee.page.get_by_label("In your own words").fill("I would have liked to begin a month earlier.")
    say(mentee, "Send", then="Thank you")


def read_the_report(manager: Visitor, overview: str) -> None:
    """The page for the board, and the same to print."""
    manager.goto(overview)
    manager.press("The end")
    manager.heading("Page for the board")
    manager.sees("Would take part again")
    manager.look()
    with manager.page.expect_download() as download:
        manager.press("Download as PDF")
    assert download.value.path().read_bytes().startswith(b"%PDF")


def prepare_the_next(manager: Visitor, overview: str) -> None:
    """The next session with its one mail; sign-up opens at once."""
    manager.goto(overview)
    here = manager.page.get_by_role("heading", level=1).inner_text()
    today = datetime.strptime(here, "It is %B %d, %Y here").date()
    manager.press("Meeting")
    manager.press("Next session", exact=True)
    manager.heading("Next session")
    manager.page.get_by_label("Sign-up opens").fill(str(today))
    manager.look()
    manager.press("Prepare it, and write to")
    manager.heading("Who comes again")
    manager.sees("The mails are about to be written")
    manager.look()


def come_again(mentor: Visitor, asked: Mail) -> None:
    """By the mail's first link and one button."""
    mentor.goto(asked.link)
    mentor.heading("would you take part again?")
    say(mentor, "Again, same details", then="Noted")
