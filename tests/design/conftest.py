"""The gallery as a site, and a browser to look at it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.design import assets
from tests.design.browser import chromium

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def stylesheet() -> str:
    """The stylesheet as it is served; a stale one would make every test here worthless."""
    assert assets.fresh(), "The stylesheet is older than its sources: run infra/assets/build"
    return (assets.OUT / "chiron.css").read_text()


@pytest.fixture(scope="session")
def site(stylesheet: str) -> Iterator[str]:
    """The address of the gallery, served by a process that has no database."""
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.design.site"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.terminate()


# By module, not by session: while it is open, Django takes this thread for an asynchronous one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened
