"""Finding and setting values in stored settings by their path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Place = tuple[str | int, ...]


def get(data: Any, place: Sequence[str | int]) -> Any:
    """The value at a place; None where nothing stands on the way to it."""
    for step in place:
        if data is None:
            return None
        data = data.get(step) if isinstance(data, dict) else next(iter(data[int(step) :]), None)
    return data


def put(data: Any, place: Sequence[str | int], value: Any) -> None:
    """Set the value at a place; settings that are missing on the way to it are made."""
    *way, last = place
    for step in way:
        if not isinstance(step, int) and data.get(step) is None:
            data[step] = {}
        data = data[step]
    data[last] = value
