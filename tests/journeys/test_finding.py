"""Finding what fits, and finding each other."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from chiron.kernel import clock
from tests.design.pages import PHONE
from tests.journeys.conftest import Come
from tests.journeys.test_invited import answer_all
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
FIND_EACH_OTHER = "several-mentors"
MINUTES = 3


def test_a_pre_med_fits_one_program_and_not_the_other(come: Come) -> None:
    with come("sierra") as manager:
        manager.sign_in_as("manager")
        manager.goto("/staff/templates/primary-care/")
        manager.press("Start this program")
        manager.sees("Open its first session next.")
        manager.press("Show it now")
        manager.sees("Everybody can see this program")
    began = clock.now()
    with come("sierra", size=PHONE) as visitor:
        visitor.goto("/fits/")
        visitor.page.get_by_label("pre-med", exact=True).check()
        visitor.press("What fits me?")
        fits, others = (
            visitor.page.locator(".card").filter(has=visitor.page.get_by_role("heading", name=name))
            for name in ("This fits you", "This is for others")
        )
        expect(fits).to_contain_text("Mentorship in Medicine, One-to-one: Mentee")
        expect(fits).not_to_contain_text("Primary Care")
        expect(others).to_contain_text("Mentoring in Primary Care, A menu of mentors: Mentee")
        visitor.look()
        fits.get_by_role("link", name="Sign up").first.click()
        visitor.enter_code_for("pat.premed@example.org")
        visitor.heading("Sign up: Mentee")
        expect(visitor.page.get_by_label("pre-med", exact=True)).to_be_checked()
        visitor.page.get_by_label("First name").fill("Pat")
        visitor.page.get_by_label("Last name").fill("Field")
        visitor.press("Continue")
        expect(visitor.page).to_have_url(re.compile("/questions/"))
    assert clock.now() - began < timedelta(minutes=MINUTES)


def test_two_people_find_each_other_talk_once_and_go_on(come: Come) -> None:
    with ExitStack() as both:
        mentor, mentee = (both.enter_context(come("commonwealth", size=PHONE)) for _one in range(2))
        sign_up(mentor, "Mentor", "Ruth", "late career")
        sign_up(mentee, "Mentee", "Sam", "resident")
        mentor.goto("/people/")
        mentor.press("Let others find me")
        mentor.sees("Others can find you here")

        mentee.goto("/people/")
        mentee.look()
        mentee.press("Dr. Ruth Finder")
        mentee.heading("Dr. Ruth Finder")
        mentee.look()
        mentee.page.get_by_label("A few words to them").fill("You know my road.")
        mentee.press("Ask", exact=True)
        mentee.sees("We ask Dr. Ruth Finder for you.", "Whom you asked")

        mentor.goto("/")
        mentor.sees("Somebody asks you")
        mentor.press("Read and answer")
        mentor.sees("You know my road.")
        mentor.press("Yes, let us talk")
        mentor.heading("Your first conversation")
        mentor.look()
        mentor.press("Yes, we go on")
        mentor.heading("Noted: you said yes")

        mentee.goto("/")
        mentee.press("Read and answer")
        mentee.press("Yes, we go on")
        mentee.heading("You and Dr. Ruth Finder")


def sign_up(somebody: Visitor, role: str, given: str, stage: str) -> None:
    """From the program's page to the end, leaving empty what may stay so."""
    somebody.goto(f"/programs/{FIND_EACH_OTHER}/")
    somebody.press(f"Sign up: {role}")
    somebody.enter_code_for(f"{given.lower()}.finder@example.org")
    somebody.page.get_by_label("First name").fill(given)
    somebody.page.get_by_label("Last name").fill("Finder")
    somebody.page.get_by_label(stage, exact=True).check()
    somebody.press("Continue")
    answer_all(somebody)
    for promise in somebody.page.get_by_label("I a").all():
        promise.check()
    somebody.press("Sign up")
    somebody.heading("You have signed up")
