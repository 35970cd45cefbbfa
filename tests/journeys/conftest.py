"""A browser in front of the running demonstration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.design.browser import chromium
from tests.design.pages import opened
from tests.journeys.demonstration import Demonstration, running

expect.set_options(timeout=20_000)
Door = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def demonstration() -> Demonstration:
    """`chiron up --demo`, ready."""
    return running()


# By module, not by session: while it is open, Django takes this thread for an asynchronous one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened
