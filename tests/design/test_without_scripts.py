"""With scripts off every page still reads, opens, sends and follows the system's colors."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.design.pages import PHONE, opened

pytestmark = pytest.mark.browser


def test_the_menu_opens(site: str, browser: Browser) -> None:
    with opened(browser, size=PHONE, scripts=False) as page:
        page.goto(f"{site}/design/desk/")
        expect(page.get_by_role("link", name="Reports")).not_to_be_visible()
        page.get_by_text("Menu").click()
        expect(page.get_by_role("link", name="Reports")).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_form_says_what_is_wrong_and_then_takes_the_answer(site: str, browser: Browser) -> None:
    with opened(browser, size=PHONE, scripts=False) as page:
        page.goto(f"{site}/design/code/?brand=sierra")
        page.get_by_label("The code from your mail").fill("12")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("This is too short: it takes at least 6 characters")
        page.get_by_label("The code from your mail").fill("123456")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("status")).to_contain_text("That is the code.")


def test_dark_is_dark(site: str, browser: Browser) -> None:
    for scheme, ground in (("light", "rgb(251, 250, 249)"), ("dark", "rgb(23, 22, 20)")):
        with opened(browser, scheme=scheme, scripts=False) as page:  # type: ignore[arg-type]
            page.goto(f"{site}/design/code/?brand=sierra")
            expect(page.locator("body")).to_have_css("background-color", ground)
            expect(page.locator("[data-scheme=dark]")).not_to_be_visible()
