"""Addresses with a page that there is not show the nearest one."""

from __future__ import annotations

import pytest

from chiron.design.paging import Paginator


@pytest.mark.parametrize(
    ("asked", "shown"),
    [(None, 1), ("", 1), ("x", 1), ("0", 1), ("-3", 1), ("1", 1), ("2", 2), ("3", 3), ("99", 3), ("1" * 5_000, 1)],
)
def test_the_nearest_page_is_shown(asked: str | None, shown: int) -> None:
    page = Paginator(range(30), 10).get_page(asked)
    assert page.number == shown
    assert len(page.object_list) == 10
