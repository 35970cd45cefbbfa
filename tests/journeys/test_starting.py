"""A manager, with a stopwatch: from choosing a template to a sign-up page that is open; and a visitor who finds it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chiron.kernel import clock
from tests.journeys.conftest import Come

pytestmark = pytest.mark.browser
TITLE = "Colleagues for Colleagues"
MINUTES, ANSWERS = 10, 40


def test_from_a_template_to_an_open_sign_up_page(come: Come) -> None:
    began, answers = clock.now(), 0
    with come("sierra") as manager:
        manager.sign_in_as("manager")
        manager.goto("/staff/programs/")
        manager.press("Start a program")
        manager.heading("Start a program")
        manager.look()
        manager.page.locator("a[href$='/templates/one-to-one-mentoring/']").click()
        for label, said in (("What is it called?", TITLE), ("How long does it run?", "4 months")):
            manager.page.get_by_label(label).fill(said)
            answers += 1
        picture = manager.page.locator("#phone")
        picture.get_by_text(TITLE).wait_for()
        picture.get_by_text("4 months").first.wait_for()
        manager.look()
        manager.press("Start this program")
        manager.sees("Open its first session next.")

        manager.press("New session")
        today = date.fromisoformat(manager.page.evaluate("new Date().toISOString().slice(0, 10)"))
        manager.page.get_by_label("First day").fill(str(today + timedelta(days=40)))
        answers += 1
        manager.press("Prepare it")
        manager.press("Move dates")
        manager.page.get_by_label("Sign-up opens").fill(str(today - timedelta(days=1)))
        answers += 1
        manager.press("Keep these dates")
        manager.press("Open sign-up")
        manager.sees("Sign-up open")
    with come("sierra") as visitor:
        visitor.goto("/programs/colleagues-for-colleagues/")
        visitor.heading(TITLE)
        visitor.sees("The time it takes", "Sign up: Mentee", "Tell us you’re interested")
        visitor.look()
    assert answers < ANSWERS
    assert clock.now() - began < timedelta(minutes=MINUTES)


def test_somebody_is_interested_in_under_a_minute(come: Come) -> None:
    began = clock.now()
    with come("commonwealth", scripts=False) as visitor:
        visitor.goto("/programs/physician-to-physician-pilot/")
        visitor.press("Tell us you’re interested")
        visitor.page.get_by_label("First name").fill("Ida")
        visitor.page.get_by_label("Last name").fill("Nilsen")
        visitor.page.get_by_label("Your mail address").fill("ida.nilsen@example.org")
        visitor.page.get_by_label("Mentor", exact=True).check()
        visitor.press("Tell us", exact=True)
        visitor.heading("Thank you")
    assert clock.now() - began < timedelta(minutes=1)
