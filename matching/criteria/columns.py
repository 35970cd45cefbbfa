"""Words and people as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from programs.policy.participant import Participant

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

DID_NOT_SAY = frozenset({"", "prefer not to say", "decline to say", "rather not say", "unknown"})


@lru_cache(maxsize=2**16)
def fold(word: str) -> str:
    """A word without the differences that mean nothing: case and spaces."""
    return " ".join(word.split()).casefold()


def folded(words: Iterable[str]) -> tuple[str, ...]:
    """Folded words, each once, in their order."""
    return tuple(dict.fromkeys(word for word in map(fold, words) if word))


def numbered(words: Iterable[str]) -> Mapping[str, int]:
    """Each word with its place in the alphabet, so that nothing depends on the order of people."""
    return {word: place for place, word in enumerate(sorted(set(words)))}


def indicator(lists: Sequence[Sequence[str]], place: Mapping[str, int], extra: int = 0) -> Floats:
    """(people, words + extra) ones where a person has a word, and `extra` columns of zeros after them."""
    table = np.zeros((len(lists), len(place) + extra), np.float32)
    cells = [(row, place[word]) for row, words in enumerate(lists) for word in words if word in place]
    table[[row for row, _ in cells], [col for _, col in cells]] = 1
    return table


def trait(person: Participant, name: str) -> str | None:
    """What a person says of a trait of theirs, folded; None if they did not say or prefer not to."""
    said = getattr(person, name, None) if name in ("gender", "heritage") else person.extra.get(name)
    value = fold(str(said)) if said is not None else ""
    return None if value in DID_NOT_SAY else value
