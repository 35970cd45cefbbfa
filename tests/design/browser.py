"""A real browser for tests. Without one, tests that want it are skipped with a sentence; with CI=true they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

# The first is the same browser without windows, and starts in half the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SENTENCE = "No Chromium on this machine: install the system's package `chromium` to run the browser's tests."


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium; Playwright's own download is not used."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(SENTENCE)
        pytest.skip(SENTENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
