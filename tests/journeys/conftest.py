"""A browser in front of the running demonstration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.design.browser import chromium
from tests.design.pages import opened
from tests.journeys.demonstration import Demonstration, begin, running
from tests.journeys.visitor import Visitor

HERE = Path(__file__).parent
PATIENCE = 15_000  # milliseconds; the machine may be busy with other tests
expect.set_options(timeout=PATIENCE)
Come = Callable[..., AbstractContextManager[Visitor]]


def pytest_collection_finish(session: pytest.Session) -> None:
    """It takes a while to start: by the time the first journey begins it should stand there."""
    if not session.config.option.collectonly and any(item.path.parent == HERE for item in session.items):
        begin()


@pytest.fixture(scope="session")
def demonstration() -> Demonstration:
    """`chiron up --demo`, ready."""
    return running()


# By module, not by session: while it is open, Django takes this thread for an asynchronous one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def come(demonstration: Demonstration, browser: Browser) -> Come:
    """A visitor at a society, or at the public site: `with come("sierra", size=PHONE) as mentee`.

    At the end no page that was looked at may be out of order, and the browser must have had nothing to complain of.
    """

    @contextmanager
    def opens(slug: str = "", **how: Any) -> Iterator[Visitor]:
        with opened(browser, site=demonstration.site(slug), **how) as page:
            page.set_default_timeout(PATIENCE)
            visitor = Visitor(page, demonstration)
            yield visitor
            assert visitor.faults + visitor.complaints == []

    return opens
