"""The pages, looked at in a browser."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser, Response

from tests.design.pages import PHONE, VIEWS, check_page, look, opened, watch

pytestmark = pytest.mark.browser

PAGES = (
    "/design/?brand=sierra",
    "/design/offer/?brand=commonwealth",
    "/design/desk/?brand=northstar",
    "/design/code/?brand=bright",
    "/errors/404/?brand=sierra",
    "/errors/500/",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_order(site: str, browser: Browser, path: str) -> None:
    with opened(browser) as page:
        complaints = watch(page)
        page.goto(site + path)
        assert look(page, VIEWS) + complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_a_word_without_end_widens_no_page(site: str, browser: Browser, path: str) -> None:
    with opened(browser, size={"width": 360, "height": 800}) as page:
        page.goto(site + path)
        page.evaluate(
            """() => {
              for (const place of document.querySelectorAll('h1, h2, h3, dt, dd, th, td, p, li, .home-name')) {
                const words = [...place.childNodes].find(node => node.nodeType === 3 && node.data.trim());
                if (words) words.data = 'W'.repeat(60);
              }
            }"""
        )
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_check_sees_what_is_wrong(site: str, browser: Browser) -> None:
    with opened(browser, size=PHONE) as page:
        page.goto(f"{site}/design/code/")
        assert check_page(page) == [], "what is looked at a second time is looked at for what is new in it"
        page.evaluate(
            """() => {
              document.querySelector('h1').insertAdjacentHTML('afterend', `
                <h1 class="muted">The pool of this cycle</h1><img src="/static/design/chiron.png">
                <p class="optional" id="long">${'w'.repeat(90)}</p>
                <button class="btn btn-sm" id="tiny"></button><p id="pale">Hardly to be read</p>`);
              document.querySelector('#pale').style.color = '#c9c9c9';
              document.querySelector('#tiny').style.cssText = 'min-height:0;min-width:0;width:9px;height:9px;padding:0';
              document.querySelector('#long').style.whiteSpace = 'nowrap';
            }"""
        )
        faults = "\n".join(check_page(page))
    for expected in (
        "2 first headings",
        "wider than the screen",
        "smaller than 24 px",
        "['pool', 'cycle']",
        "image-alt",
        "color-contrast",
    ):
        assert expected in faults


def test_the_browser_refuses_what_a_page_brings_along(site: str, browser: Browser) -> None:
    with opened(browser) as page:
        complaints = watch(page)
        page.goto(f"{site}/design/code/")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\" onclick=\"x()\">a</p>')")
        page.evaluate(
            "document.body.appendChild(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
        )
        assert page.evaluate("window.ran") is None
    assert len(complaints) >= 2
    assert all("Content Security Policy" in complaint for complaint in complaints)


def test_the_first_page_weighs_less_than_150_kilobytes(site: str, browser: Browser) -> None:
    replies: list[Response] = []
    with opened(browser, size=PHONE) as page:
        page.on("response", lambda reply: replies.append(reply))
        page.goto(f"{site}/design/offer/?brand=sierra", wait_until="networkidle")
        sizes = {reply.url: len(gzip.compress(reply.body())) for reply in replies}
    assert len(sizes) >= 7, "the page, its script, htmx, two stylesheets, two fonts"
    assert sum(sizes.values()) < 150_000, sizes


def test_a_chosen_scheme_is_kept(site: str, browser: Browser) -> None:
    with opened(browser, scheme="light") as page:
        page.goto(f"{site}/design/offer/")
        page.get_by_role("button", name="Dark").click()
        page.goto(f"{site}/design/desk/")
        assert page.locator("html").get_attribute("data-bs-theme") == "dark"
        assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"
        page.get_by_role("button", name="Automatic").click()
        assert page.locator("html").get_attribute("data-bs-theme") == "light"


def test_the_keyboard_reaches_the_content_first_and_opens_the_account(site: str, browser: Browser) -> None:
    with opened(browser) as page:
        page.goto(f"{site}/design/offer/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.get_by_label("Your account, Brittany Williams").press("Enter")
        assert page.get_by_role("button", name="Sign out").is_visible()
        page.keyboard.press("Escape")
        assert not page.get_by_role("button", name="Sign out").is_visible()


def test_a_number_follows_its_slider(site: str, browser: Browser) -> None:
    with opened(browser) as page:
        page.goto(f"{site}/design/desk/")
        page.get_by_label("Closeness").press("ArrowRight")
        assert page.locator("output[for=slider-closeness]").inner_text() == "26"


def test_words_at_twice_their_size_still_fit_a_phone(site: str, browser: Browser) -> None:
    with opened(browser, size=PHONE) as page:
        page.goto(f"{site}/design/offer/?brand=northstar")
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_paper_is_light(site: str, browser: Browser) -> None:
    with opened(browser, scheme="dark") as page:
        page.goto(f"{site}/design/offer/?brand=sierra")
        page.emulate_media(media="print", color_scheme="dark")
        ink, paper = page.evaluate(
            "['color', 'backgroundColor'].map(part => getComputedStyle(document.querySelector('h1'))[part])"
        )
        assert ink == "rgb(27, 25, 23)"
        assert paper == "rgba(0, 0, 0, 0)"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
