"""What can still be done in a society that is leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def stays_open(view: View) -> View:
    """Let a view be used also while its society is leaving: to sign in, to stay, to report a concern."""
    view.stays_open = True  # type: ignore[attr-defined]
    return view
