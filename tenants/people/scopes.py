"""What a staff role may be limited to. Programs lie above people, so their room says here how it names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

Names = Callable[[], Mapping[UUID, str]]

_named_by: list[Names] = []


def name_by(names: Names) -> None:
    """Have a function name the society's programs."""
    _named_by.append(names)


def program_names() -> dict[UUID, str]:
    """Every program of this society with its name, in the order that its room gives."""
    return {pk: name for names in _named_by for pk, name in names().items()}
