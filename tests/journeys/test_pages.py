"""Every page that each kind of person can come to by links is in order, on a phone and a desk, light and dark."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import Come
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

# Pages that differ in whom or what they show are one shape; a caught mail is named by its file, a part by its place.
# What staff see as somebody else is what those see who are one of the kinds below.
NAME = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=^/mail/)[^/]+|(?<=/parts/)[^/]+"
    r"|(?<=^/staff/templates/)(?!from-file)[^/]+|(?<=/view-as/).+"
)
# Not pages of ours: files, and a letter as a mail program shows it, in which no script may run, a test's neither.
ASIDE = re.compile(r"/(brand|static)/|/mail/…/html/|.*/first-mails/\d+/")
KINDS = {
    "visitor": ("sierra", "/"),
    "mentee": ("commonwealth", "/"),
    "introduced": ("sierra", "/"),
    "mentor": ("northstar", "/"),
    "owner": ("sierra", "/staff/"),
    "committee": ("commonwealth", "/staff/"),
    "support": ("northstar", "/staff/"),
    "operator": ("", "/"),
}
# What one kind has seen the next sees much alike: a glance is enough, but at where each begins.
SEEN: set[str] = set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_in_reach_is_in_order(come: Come, kind: str) -> None:
    slug, start = KINDS[kind]
    with come(slug) as somebody:
        if kind != "visitor":
            somebody.sign_in_as(kind)
        reached = walk(somebody, start)
    assert len(reached) > 3, reached


def walk(somebody: Visitor, start: str) -> set[str]:
    """Go to each address of the host that a page links to, one of each shape, and look at it."""
    waiting, shapes = [(start, start)], {start}
    while waiting:
        path, shape = waiting.pop(0)
        somebody.goto(path)
        somebody.look(closely=path == start or shape not in SEEN)
        SEEN.add(shape)
        links = somebody.page.locator("a[href]:not([download])")
        for address in links.evaluate_all("links => links.map(link => link.href)"):
            there = urlsplit(address)
            shape = NAME.sub("…", there.path)
            if there.netloc == urlsplit(somebody.page.url).netloc and shape not in shapes and not ASIDE.match(shape):
                shapes.add(shape)
                waiting.append((there.path, shape))
    return shapes
