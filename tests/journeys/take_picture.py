"""The picture of the README: `python -m tests.journeys.take_picture [ADDRESS]`, with `make demo` running.

It shows the portal as a mentee sees it who was found a mentor.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

from tests.design.browser import chromium
from tests.design.pages import DESK, opened

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "portal.png"
LARGEST = 200_000


def take(site: str) -> bytes:
    """The offer as it is seen at a desk, from the society's name to the last card."""
    with chromium() as browser, opened(browser, size=DESK, site=site) as page:
        page.goto("/sign-in/")
        page.locator("form[action='/sign-in/as/mentee/'] button").click()
        page.goto("/")
        page.get_by_role("link", name="Read and answer").first.click()
        page.get_by_role("heading", name="We found you a mentor", level=1).wait_for()
        return page.screenshot()


def small(picture: bytes) -> bytes:
    """The same in few colors, which these pages have anyway."""
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(256).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    picture = small(take(sys.argv[1] if len(sys.argv) > 1 else "http://sierra.localhost:8000"))
    assert len(picture) < LARGEST, f"{len(picture)} bytes are too many for a page that people open on a phone"
    PICTURE.write_bytes(picture)


if __name__ == "__main__":
    main()
