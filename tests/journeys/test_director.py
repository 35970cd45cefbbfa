"""A director with nothing but what a web form exported: from that sheet to suggested pairs, with a stopwatch."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.journeys import sheets
from tests.journeys.conftest import Come
from tests.journeys.sessions import prepare_session
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
FIVE_MINUTES = 300


def test_a_director_goes_from_a_form_export_to_a_filled_session(come: Come) -> None:
    with come("sierra") as director:
        director.sign_in_as("owner")
        prepare_session(director, "mentorship-in-medicine", "From a form")
        board = director.page.url
        began = time.monotonic()
        director.press("Bring sign-ups")
        director.page.get_by_label("Both").check()
        director.page.get_by_label("Sheet").set_input_files(sheets.form_export())
        director.press("Look at it first")

        director.heading("What do the columns mean?")
        expect(director.page.get_by_label("Email Address")).to_have_value("email")
        expect(director.page.get_by_label("Food allergies")).to_have_value("note")
        director.look()
        director.press("Look at it first")

        director.heading("Nothing is kept yet")
        expect(_number(director, "Left out")).to_have_text("1")
        director.sees("“nobody at all” is not a mail address.")
        director.look()
        director.press(f"Take {sheets.MENTORS + sheets.MENTEES} rows")
        director.heading("The sheet is taken")
        director.sees("Nobody has been written to.")
        director.look()

        director.goto(board)
        director.press("Close sign-up")
        director.press("Suggested pairs")
        director.press("Suggest pairs")
        director.sees("checked: no better set of pairs exists")
        assert time.monotonic() - began < FIVE_MINUTES


def test_a_sheet_is_taken_back_by_the_same_director(come: Come) -> None:
    with come("northstar") as director:
        director.sign_in_as("owner")
        director.goto("/staff/people/import/")
        director.page.get_by_label("Sheet").set_input_files(sheets.roster())
        director.press("Look at it first")
        director.press(f"Take {sheets.MENTORS + sheets.MENTEES} rows")
        director.press("Take the whole sheet back")
        director.heading("The sheet is taken back")
        director.sees("Everything is as it was before.")
        director.look()


def _number(director: Visitor, label: str):  # type: ignore[no-untyped-def]
    return director.page.locator(".stat").filter(has_text=label).locator(".stat-value")
