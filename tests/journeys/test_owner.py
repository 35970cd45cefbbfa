"""An owner: gives the society another color, and sees it on the portal."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Come

pytestmark = pytest.mark.browser
COLOR = "getComputedStyle(document.documentElement).getPropertyValue('--primary')"
NEW_COLOR = "#5b2d8e"


def test_an_owner_changes_the_color_and_everybody_sees_it(come: Come) -> None:
    with come("northstar") as owner, come("northstar") as member:
        member.goto("/")
        assert member.page.evaluate(COLOR) != NEW_COLOR
        owner.sign_in_as("owner")
        owner.page.get_by_role("link", name="Settings").first.click()
        owner.heading("Settings")
        owner.look()
        owner.page.get_by_label("Your color").fill(NEW_COLOR)
        owner.press("Only look at the colors")
        owner.sees("Not kept yet.")
        owner.look()
        owner.press("Keep", exact=True)
        owner.heading("Settings")
        member.goto("/")
        assert member.page.evaluate(COLOR) == NEW_COLOR
        member.look()
