"""Long lists, page by page."""

from __future__ import annotations

from typing import Any

from django.core import paginator


class Paginator(paginator.Paginator):  # type: ignore[type-arg]
    """Django's, but for addresses with a page before the first one: Django shows the last page of all for these."""

    def get_page(self, number: Any) -> paginator.Page[Any]:
        """The page of this number, or the nearest that there is."""
        return super().get_page(1 if _is_before_the_first(number) else number)


def _is_before_the_first(number: Any) -> bool:
    try:
        return int(number) < 1
    except (TypeError, ValueError):
        return False
