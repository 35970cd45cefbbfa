"""Mentors: asked by a mail whose link changes nothing, one says yes, another declines and the mentee never hears."""

from __future__ import annotations

import pytest

from tests.design.pages import PHONE
from tests.journeys.conftest import Come
from tests.journeys.demonstration import Demonstration
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SOCIETY = "Commonwealth Medical Society"


def test_one_mentor_declines_without_a_trace_and_one_says_yes(come: Come, demonstration: Demonstration) -> None:
    with come("commonwealth", size=PHONE) as mentor:
        declined = open_question(mentor)
        mentor.look()
        mentor.press("Not this one")
        mentor.heading("Not this one")
        mentor.look()
        mentor.page.get_by_label("I have no time just now").check()
        mentor.press("Not this one")
        mentor.heading("Noted. It will be somebody else")
        mentor.look()

    with come("commonwealth", size=PHONE) as mentor:
        accepted = open_question(mentor)
        assert accepted != declined
        mentor.press("Yes, introduce us")
        mentor.heading("Noted: you said yes")
        mentor.sees(f"Now it is {accepted}’s turn")
        mentor.look()

    demonstration.await_letters(accepted, f"{SOCIETY}: we found you a mentor")
    heard = [mail.subject for mail in demonstration.mails(subject=SOCIETY) if f"Dear {declined}," in mail.text]
    assert heard == []


def open_question(mentor: Visitor) -> str:
    """Follow a mail to whoever has not answered yet, without signing in; returns the mentee's name."""
    for asked in mentor.demonstration.await_letters(mentor.offered("mentor"), f"{SOCIETY}: a mentee for you"):
        mentor.goto(asked.link)
        if mentor.page.get_by_role("button", name="Yes, introduce us").is_visible():
            break
    mentor.heading("A mentee for you")
    return mentor.page.get_by_role("heading", level=2).first.inner_text()
