"""Criteria that are products: what a mentee wishes, in points, times what a mentor has, as 0 or 1."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from matching.engine.bounds import WHOLE
from matching.engine.weighted import NEUTRAL, Factors, Floats


def coverage(wanted: Sequence[Sequence[str]], had: Sequence[Sequence[str]]) -> Factors:
    """How much of what each mentee wants each mentor has, each word counting the same: shares of 1000 points.

    Neutral if either names nothing. No word twice in one list. Coverage of the wishes, not overlap: a mentor is not
    worse for having more. One column per word, one for mentors who name nothing, one for mentees who name nothing.
    """
    place = numbered(word for words in wanted for word in words)
    wishes = np.zeros((len(wanted), len(place) + 2), np.float32)
    cells = [
        (row, place[word], share)
        for row, words in enumerate(wanted)
        for word, share in zip(words, equal_shares(WHOLE, len(words)), strict=True)
    ]
    rows, cols, shares = zip(*cells, strict=True) if cells else ((), (), ())
    wishes[list(rows), list(cols)] = shares
    silent = np.array([not words for words in wanted], np.bool_)
    wishes[:, -2], wishes[:, -1] = NEUTRAL * ~silent, NEUTRAL * silent
    offers = indicator(had, place, extra=2)
    offers[:, -2] = [not words for words in had]
    offers[:, -1] = 1
    return Factors(wishes, offers)


def lookup(mine: Sequence[str], theirs: Sequence[str], points: Callable[[str, str], int]) -> Factors:
    """Points of a mentee's word with a mentor's, 0 … 1000; neutral if either is empty.

    One column per word of a mentor, one for mentors without, one for mentees without.
    """
    place = numbered(word for word in theirs if word)
    wishes = np.zeros((len(mine), len(place) + 2), np.float32)
    rows = {word: [points(word, other) for other in place] for word in set(mine) if word}
    for row, word in enumerate(mine):
        if word:
            wishes[row, :-2] = rows[word]
        wishes[row, -2 if word else -1] = NEUTRAL
    offers = indicator([[word] if word else [] for word in theirs], place, extra=2)
    offers[:, -2] = [not word for word in theirs]
    offers[:, -1] = 1
    return Factors(wishes, offers)


def numbered(words: Iterable[str]) -> Mapping[str, int]:
    """Each word with its place in the alphabet, so that nothing depends on the order of people."""
    return {word: place for place, word in enumerate(sorted(set(words)))}


def indicator(lists: Sequence[Sequence[str]], place: Mapping[str, int], extra: int = 0) -> Floats:
    """(people, words + extra) ones where a person has a word, and `extra` columns of zeros after them."""
    table = np.zeros((len(lists), len(place) + extra), np.float32)
    cells = [(row, place[word]) for row, words in enumerate(lists) for word in words if word in place]
    table[[row for row, _ in cells], [col for _, col in cells]] = 1
    return table


def equal_shares(whole: int, parts: int) -> list[int]:
    """A whole split into integers that differ by one at most and sum to it, the larger ones first; [] for no parts."""
    if not parts:
        return []
    share, rest = divmod(whole, parts)
    return [share + 1] * rest + [share] * (parts - rest)
