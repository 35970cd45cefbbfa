"""Safari 15 knows neither light-dark() nor color-mix() nor relative colors nor oklch(). A stand-in for it: the browser
gets the stylesheet with those names made unknown, which has the effect that they have there, inside of variables too.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize

from chiron.design.color import Color, contrast
from tests.design.pages import PHONE, VIEWS, Scheme, check_access, opened

pytestmark = pytest.mark.browser

UNKNOWN = re.compile(r"\b(light-dark|color-mix|oklch|oklab|lch|lab|color)\(|:(focus-visible|has|is\b)|\bfrom var\(")

# For each part the color of its edge, its fill, and what lies around it.
_PARTS = """(wanted) => [...document.querySelectorAll(wanted)].filter(e => e.getBoundingClientRect().width).map(e => {
  const seen = (node) => {
    for (; node; node = node.parentElement) {
      const color = getComputedStyle(node).backgroundColor;
      if (!/^rgba.*, 0\\)$/.test(color)) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const style = getComputedStyle(e);
  const drawn = parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== 'none'
    && !/^rgba.*, 0\\)$/.test(style.borderTopColor);
  const around = seen(e.parentElement);
  return [e.id || e.className || e.tagName, drawn ? style.borderTopColor : around, seen(e), around];
})"""

# Inside of a date or a file field the browser has stops of its own, with its own ring.
_RING = """() => { const e = document.activeElement; if (!e.matches(':focus')) return null;
  const style = getComputedStyle(e); let node = e.parentElement;
  for (; node; node = node.parentElement) if (!/^rgba.*, 0\\)$/.test(getComputedStyle(node).backgroundColor)) break;
  return [e.id || e.innerText || e.tagName, style.outlineStyle, parseFloat(style.outlineWidth), style.outlineColor,
    node ? getComputedStyle(node).backgroundColor : 'rgb(255, 255, 255)']; }"""


def old(css: str) -> str:
    """The stylesheet as Safari 15.0 understands it."""
    return UNKNOWN.sub(lambda match: match[0].replace(match[1] or match[2] or "from", "not-yet-known"), css)


def turn_old(page: Page) -> None:
    def answer(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=old(reply.text()))

    page.route("**/*.css*", answer)


def color(text: str) -> Color:
    red, green, blue, *alpha = (float(number) for number in re.findall(r"[\d.]+", text))
    assert not alpha or alpha == [1.0], f"a translucent color cannot be judged: {text}"
    return Color(int(red), int(green), int(blue))


def faint_parts(page: Page) -> list[str]:
    """The fields, boxes and buttons whose edge and fill both have less than 3:1 with what is around them."""
    wanted = (
        ".form-control, .form-select, .form-check-input, progress, .btn:not(.btn-ghost, [disabled]), .drop > summary"
    )
    parts = page.evaluate(_PARTS, wanted)
    assert len(parts) >= 2
    return [
        name
        for name, edge, fill, around in parts
        if max(contrast(color(edge), color(around)), contrast(color(fill), color(around))) < 3
    ]


def faint_rings(page: Page) -> list[str]:
    """Walk through the page by keyboard: everything that takes the focus must show it."""
    faint, seen = [], 0
    for _step in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate(_RING)
        if stop is None:
            continue
        name, style, width, ring, around = stop
        if name == "BODY":
            break
        seen += 1
        if style == "none" or width < 2 or contrast(color(ring), color(around)) < 3:
            faint.append(f"{name}: {style} {width} {ring} on {around}")
    assert seen >= 5
    return faint


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/design/?brand=sierra", "/design/?brand=bright", "/design/code/?brand=northstar"])
def test_every_part_keeps_its_edge(site: str, browser: Browser, path: str, scheme: Scheme) -> None:
    with opened(browser, scheme=scheme) as page:
        turn_old(page)
        page.goto(site + path)
        assert faint_parts(page) == []


@pytest.mark.parametrize(("size", "scheme"), [view[1:] for view in VIEWS[::3]], ids=["phone light", "desk dark"])
def test_the_focus_is_always_seen(site: str, browser: Browser, size: ViewportSize, scheme: Scheme) -> None:
    with opened(browser, size=size, scheme=scheme) as page:
        turn_old(page)
        page.goto(f"{site}/design/?brand=sierra")
        assert faint_rings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_keep_their_contrast(site: str, browser: Browser, scheme: Scheme) -> None:
    with opened(browser, size=PHONE, scheme=scheme) as page:
        turn_old(page)
        page.goto(f"{site}/design/?brand=sierra")
        assert check_access(page, {"runOnly": ["color-contrast"]}) == []


def test_the_stand_in_loses_what_safari_15_loses(site: str, browser: Browser) -> None:
    css = """
      .form-control { border-color: light-dark(#000, #fff) !important; }
      :root { --edge: color-mix(in oklab, #000 90%, #fff); --focus: oklch(from #000 l c h); }
    """
    for sheet, expected in ((css, True), (old(css), False)):
        with opened(browser) as page:
            page.goto(f"{site}/design/code/")
            page.evaluate("css => document.adoptedStyleSheets = [Object.assign(new CSSStyleSheet(), {})]", css)
            page.evaluate("css => document.adoptedStyleSheets[0].replaceSync(css)", sheet)
            edge = page.evaluate("getComputedStyle(document.querySelector('.form-control')).borderTopColor")
            assert (edge == "rgb(0, 0, 0)") is expected


def test_the_check_sees_a_pale_edge(site: str, browser: Browser) -> None:
    pale = ".form-control { border-color: #eee !important; } :focus-visible { outline-color: #eee !important; }"

    def answer(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=reply.text() + pale)

    with opened(browser) as page:
        page.route("**/chiron.css", answer)
        page.goto(f"{site}/design/code/")
        assert faint_parts(page) == ["id_code"]
        assert "id_code" in "\n".join(faint_rings(page))
