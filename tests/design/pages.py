"""What every page must be, as faults in words: `check_page(page) == []`. Journeys use it on every page they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize

from tests.design import words

Scheme = Literal["light", "dark"]
PHONE, DESK = ViewportSize(width=360, height=780), ViewportSize(width=1280, height=900)
View = tuple[str, ViewportSize, Scheme]
VIEWS: tuple[View, ...] = (
    ("phone light", PHONE, "light"),
    ("phone dark", PHONE, "dark"),
    ("desk light", DESK, "light"),
    ("desk dark", DESK, "dark"),
)
# What is in order is not listed: that takes as long as looking.
AXE: dict[str, object] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# The rows of a list are made alike: of a long one the first are looked at.
MORE_ROWS = ("tbody > tr:nth-child(n+6)", "li:nth-child(n+9)")
WHERE = {"include": [["html"]], "exclude": [[row] for row in MORE_ROWS]}
# Most of axe's time is the contrast of what is written. It follows from these, wherever they stand.
_INKS = """rows => {
  const behind = e => {
    const found = [];
    for (; e; e = e.parentElement) {
      const { opacity, backgroundImage: image, backgroundColor: color } = getComputedStyle(e);
      if (opacity !== '1') found.push(opacity);
      if (image !== 'none') found.push(image);
      if (color !== 'rgba(0, 0, 0, 0)') found.push(color);
      if (color.startsWith('rgb(')) break;
    }
    return found;
  };
  const written = node => node.nodeType === Node.TEXT_NODE && node.data.trim();
  const read = e => e.checkVisibility({ visibilityProperty: true }) && !rows.some(row => e.closest(row))
    && (e.matches('input, select, textarea') || [...e.childNodes].some(written));
  return [...new Set([...document.querySelectorAll('body, body *')].filter(read).map(e => {
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(e);
    return [color, fontSize, fontWeight, textShadow, ...behind(e)].join('|');
  }))];
}"""
WITHOUT_CONTRAST = AXE | {"rules": {"color-contrast": {"enabled": False}}}
# Those that axe has looked at and found nothing wrong with.
_read_well: set[str] = set()

# What can be touched and is no part of a sentence.
_SMALL = """() => [...document.querySelectorAll('a, button, input, select, summary')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && box.height && (box.width < 24 || box.height < 24) && e.type !== 'hidden'
    && getComputedStyle(e).display !== 'inline' && !e.closest('.visually-hidden');
}).map(e => (e.innerText || e.name || e.outerHTML).slice(0, 40))"""

_TEXTS = """() => [document.body.innerText, document.title,
  ...[...document.querySelectorAll('[aria-label],[placeholder],[alt],[title]')].flatMap(
    e => ['aria-label', 'placeholder', 'alt', 'title'].map(name => e.getAttribute(name) || ''))].join('\\n')"""


# Each size once and each scheme once.
TWO_VIEWS = (VIEWS[0], VIEWS[3])


def look(page: Page, closely: Sequence[View], *, glance: Sequence[View] = ()) -> list[str]:
    """What is wrong with this page as it is, in these views; a glance sees the shape. Its size comes back."""
    faults, before = [], page.viewport_size
    for view in (*closely, *glance):
        name, size, scheme = view
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        check = check_page if view in closely else check_shape
        faults += [f"{page.url} ({name}): {fault}" for fault in check(page)]
    if before is not None:
        page.set_viewport_size(before)
    return faults


def check_page(page: Page) -> list[str]:
    """WCAG 2.2 A and AA, and what `check_shape` sees."""
    inks = set(page.evaluate(_INKS, MORE_ROWS))
    if inks <= _read_well:
        return [*check_access(page, WITHOUT_CONTRAST), *check_shape(page)]
    if not (faults := check_access(page, AXE)):
        _read_well.update(inks)
    return [*faults, *check_shape(page)]


def check_access(page: Page, options: Mapping[str, object]) -> list[str]:
    """What axe finds; a page is taught it once, however often it is looked at."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("async ([where, options]) => (await axe.run(where, options)).violations", [WHERE, options])
    return [f"{each['id']} ({each['impact']}) ×{len(each['nodes'])}: {each['nodes'][0]['target']}" for each in found]


def check_shape(page: Page) -> list[str]:
    """One heading, a title, nothing wider than the screen or too small, no word of the code; in a moment."""
    faults = []
    if (headings := page.locator("h1").count()) != 1:
        faults.append(f"{headings} first headings")
    if not page.title().split("·")[0].strip():
        faults.append("no title")
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 1:
        faults.append(f"wider than the screen by {over} px")
    if small := page.evaluate(_SMALL):
        faults.append(f"smaller than 24 px: {small}")
    if told := words.found(page.evaluate(_TEXTS)):
        faults.append(f"words of the code: {told}")
    return faults


def watch(page: Page) -> list[str]:
    """A list that fills with what the browser complains of: errors, refused scripts and styles, lost requests."""
    complaints: list[str] = []

    def console(message: ConsoleMessage) -> None:
        # The reply's own status is looked at elsewhere; the browser repeats it as an error.
        if message.type in {"error", "warning"} and "status of" not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def lost(request: Request) -> None:
        # What was still on its way when the page was left is not lost.
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"lost: {request.url} {request.failure}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("requestfailed", lost)
    return complaints


@contextmanager
def opened(
    browser: Browser,
    *,
    size: ViewportSize = DESK,
    scheme: Scheme = "light",
    scripts: bool = True,
    site: str | None = None,
) -> Iterator[Page]:
    """A fresh page that nothing remembers, without motion; addresses without a host are the site's."""
    context = browser.new_context(
        viewport=size, color_scheme=scheme, java_script_enabled=scripts, reduced_motion="reduce", base_url=site
    )
    try:
        yield context.new_page()
    finally:
        context.close()
