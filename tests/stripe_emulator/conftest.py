from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stripe_emulator.desk import StripeDesk
from tests.stripe_emulator.judging import judged_desk
from tests.stripe_emulator.shop import Shop


@pytest.fixture
def stripe_desk(tmp_path: Path) -> Iterator[StripeDesk]:
    """A Stripe of this test's own, held against the description of the real one."""
    with judged_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
def shop(stripe_desk: StripeDesk) -> Shop:
    """A plan on sale in a Stripe of this test's own."""
    return Shop(stripe_desk.client).open()
