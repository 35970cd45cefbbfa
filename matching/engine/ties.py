"""Which of several equally good answers: drawn by lot, the same lot each time and whatever the order of the input."""

from __future__ import annotations

import numpy as np

from matching.engine.problem import Keys
from matching.engine.scores import Ints

LOT_BITS = 36


def splitmix64(state: Keys) -> Keys:
    """The finalizer of SplitMix64 (Steele, Lea & Flood 2014): uint64 → uint64, a bijection that scatters neighbors."""
    mixed = state + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def lots(seed: int, mentees: Keys, mentors: Keys) -> Ints:
    """A lot 1 … 2**36 for each pair of keys (same length), from the seed and the two identities alone.

    Among E tied pairs two whole answers draw the same sum with probability at most E / 2**36 (Mulmuley, Vazirani &
    Vazirani 1987), so the answer with the highest sum of lots is, for all that matters, one answer.
    """
    start = np.full(1, seed % 2**64, np.uint64)
    mixed = splitmix64(splitmix64(splitmix64(start) ^ mentees) ^ mentors)
    return (mixed >> np.uint64(64 - LOT_BITS)).astype(np.int64) + 1
