"""A mentee: is offered a mentor, reads why, says yes, and has an address to write to."""

from __future__ import annotations

import pytest

from tests.design.pages import PHONE
from tests.journeys.conftest import Come
from tests.journeys.demonstration import Demonstration

pytestmark = pytest.mark.browser


def test_a_mentee_comes_by_a_code_reads_why_says_yes_and_gets_an_address(
    come: Come, demonstration: Demonstration
) -> None:
    with come("sierra", size=PHONE) as mentee:
        name = mentee.offered("mentee")
        asked = demonstration.await_letters(name, "Sierra Valley Medical Society: we found you a mentor")[-1]
        reasons = [line[2:] for line in asked.text.splitlines() if line.startswith("- ")]
        assert reasons

        mentee.sign_in(asked.to)
        mentee.goto("/")
        mentee.look()
        mentee.sees("We found you a mentor")
        mentee.press("Read and answer")
        mentee.heading("We found you a mentor")
        mentee.sees("Why you two", *reasons, "In their own words", "Until the end of")
        mentee.look()

        mentor = mentee.page.get_by_role("heading", level=2).first.inner_text()
        mentee.press("Yes, introduce us")
        mentee.heading(f"You and {mentor}")
        mentee.sees("You write first.", "Three sentences to begin with")
        mentee.look()

        introduction = demonstration.await_mail(asked.to, f"you and {mentor}")
        address = mentee.page.get_by_role("link", name="@example").first.inner_text()
        assert f"mailto:{address}" in mentee.page.content()
        assert address in introduction.text
        words = " ".join(introduction.text.split())
        assert "I am glad that we were matched in Mentorship in Medicine." in words
        told = demonstration.await_mail(address, f"you and {name}")
        assert asked.to in told.text
