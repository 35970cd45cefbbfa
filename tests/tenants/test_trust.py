"""What waits until a society is known to be who it says."""

from __future__ import annotations

from tenants.models import Society
from tenants.trust import MOST_UNCONFIRMED, may_write_to


def test_whoever_starts_alone_writes_to_few_until_confirmed() -> None:
    alone = Society(slug="bay", name="Bay Medical Society", confirmed_at=None)
    made_by_an_operator = Society(slug="bay", name="Bay Medical Society")
    assert may_write_to(alone, MOST_UNCONFIRMED)
    assert not may_write_to(alone, MOST_UNCONFIRMED + 1)
    assert may_write_to(made_by_an_operator, 20_000)
