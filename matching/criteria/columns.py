"""Words and people as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from programs.policy.participant import Participant

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

DID_NOT_SAY = frozenset({"", "prefer not to say", "decline to say", "rather not say", "unknown"})


@lru_cache(maxsize=2**16)
def fold(word: str) -> str:
    """A word without the differences that mean nothing: case and spaces."""
    return " ".join(word.split()).casefold()


def folded(words: Iterable[str]) -> tuple[str, ...]:
    """Folded words, each once, in their order."""
    return tuple(dict.fromkeys(word for word in map(fold, words) if word))


def may_use(person: Participant, name: str) -> bool:
    """Whether what a person says of a trait may serve somebody else's preference; who was not asked has not refused."""
    asked: Mapping[str, str] = person.extra.get("who_sees", {})
    return asked.get(name) != "figures"


def trait(person: Participant, name: str) -> str | None:
    """What a person says of a trait of theirs, folded; None if they did not say or prefer not to."""
    said = getattr(person, name, None) if name in ("gender", "heritage") else person.extra.get(name)
    value = fold(str(said)) if said is not None else ""
    return None if value in DID_NOT_SAY else value
