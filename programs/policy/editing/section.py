"""One page of settings, and what of a program is stored behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from programs.policy.editing.entries import Entry
from programs.policy.editing.places import Place
from programs.policy.words import ROLES_OF

Stored = Mapping[str, Any]
# A group of settings that is there only if this one of them says something.
Optional = tuple[Place, str]


@dataclass(frozen=True)
class Section:
    """One page of settings."""

    slug: str
    title: Any
    about: Any
    entries: Callable[[Stored], Sequence[Entry]]
    """What is asked, given the program's or the part's settings."""
    optional: Sequence[Optional] = ()
    of_part: bool = False
    suits: Callable[[Stored], bool] = lambda _stored: True


def roles(part: Stored) -> list[tuple[str, str]]:
    """The roles of a part with the society's own words for them."""
    return [(role, part["roles"][role]["called"]) for role in ROLES_OF[part["format"]]]
