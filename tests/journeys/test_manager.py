"""A program manager: from the society's own sheets to published pairs, in one sitting."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys import sheets
from tests.journeys.conftest import Come
from tests.journeys.demonstration import Demonstration
from tests.journeys.sessions import prepare_session
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SOCIETY, SESSION = "Sierra Valley Medical Society", "Second session"


def test_a_manager_goes_from_sheets_to_published_pairs(come: Come, demonstration: Demonstration) -> None:
    with come("sierra") as manager:
        manager.sign_in_as("manager")
        manager.goto("/staff/people/import/")
        bring(manager, sheets.roster(), takes=sheets.MENTORS + sheets.MENTEES, leaves_out=1)

        prepare_session(manager, "mentorship-in-medicine", SESSION)
        board = manager.page.url
        for role, sheet, count in (
            ("Mentors", sheets.mentors(), sheets.MENTORS),
            ("Mentees", sheets.mentees(), sheets.MENTEES),
        ):
            manager.goto(board)
            manager.press("Bring sign-ups")
            manager.page.get_by_label(role).check()
            bring(manager, sheet, takes=count)
        manager.goto(board)
        manager.look()
        manager.press("Close sign-up")
        manager.sees("The session now stands at “Matching”.")

        manager.press("Suggested pairs")
        manager.sees("No pairs yet")
        manager.look()
        manager.press("Suggest pairs")
        manager.sees("checked: no better set of pairs exists")
        manager.look()
        suggested = int(re.findall(r"(\d+) pairs? suggested", manager.page.get_by_role("main").inner_text())[0])
        assert suggested > 2

        mentee, mentor = why_these_two(manager)
        why_not_others(manager, mentor)
        manager.press("Suggest again")
        manager.sees(f"{suggested} pairs suggested, and checked.", "kept")

        manager.press("Preview and publish…")
        manager.heading("Preview and publish")
        manager.sees("Mentors are asked first.", "a mentee for you")
        manager.look()
        manager.press("Publish and write to")
        manager.heading("About to be published")
        manager.look()
        manager.press("Stop: take everything back")
        manager.sees("Stopped. Nobody was written to")
        manager.press("Preview and publish…")
        manager.press("Publish and write to")
        manager.press("Publish now")
        manager.heading("Published pairs")
        manager.sees("Published. The mails are on their way.")
        manager.look()
    asked = demonstration.await_letters(mentor, f"{SOCIETY}: a mentee for you")
    assert [mentee in mail.text for mail in asked if mail.to.startswith(sheets.NEW)] == [True]


def bring(manager: Visitor, sheet: FilePayload, *, takes: int, leaves_out: int = 0) -> None:
    """Choose a sheet, look at what it would do, take it."""
    manager.look()
    manager.page.get_by_label("Sheet").set_input_files(sheet)
    manager.press("Look at it first")
    manager.heading("Nothing is kept yet")
    expect(manager.page.locator(".stat").filter(has_text="Left out").locator(".stat-value")).to_have_text(
        str(leaves_out)
    )
    manager.look()
    manager.press(f"Take {takes} rows")
    manager.heading("The sheet is taken")
    manager.look()


def why_these_two(manager: Visitor) -> tuple[str, str]:
    """Read why of the first pair, and keep it; returns both names."""
    manager.page.locator("tbody").get_by_role("link", name="Why").first.click()
    manager.heading("Why ")
    manager.sees("of 1,000 points", "Will read")
    manager.look()
    names = manager.page.get_by_role("main").get_by_role("heading", level=2)
    mentee, mentor = names.nth(0).inner_text(), names.nth(1).inner_text()
    manager.press("Keep this pair")
    manager.sees("stay together in every suggestion.")
    return mentee, mentor


def why_not_others(manager: Visitor, mentor: str) -> None:
    """Ask why somebody else is not this mentor's, and read what to say on the phone."""
    manager.press("Why not these two?")
    manager.page.get_by_label("Mentee").select_option(index=1)
    manager.page.get_by_label("Mentor", exact=True).select_option(index=1)
    manager.press("Show why")
    manager.sees("What you may say")
    manager.look()
    manager.press("Suggested pairs")
