"""Deferred acceptance in rounds: everybody who still wants somebody asks at once, and places keep the best who asked.

The outcome does not depend on the order of proposals (McVitie & Wilson 1971), so that rounds, one proposal at a time,
and skipping those who would refuse anyway all end in the same pairs.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from matching.engine.progress import Watch
from matching.engine.scores import Ints

EMPTY, SHUT = -1, 2**63 - 1


class Offers(Protocol):
    """Whom each proposer asks next. Entries cursor[p] : end[p] of `choice`, best first, are known; `value` is what the
    one asked makes of it, different for any two who ask the same."""

    choice: Ints
    value: Ints
    cursor: Ints
    end: Ints

    def refill(self, people: Ints, least: Ints) -> Ints:
        """Make more entries known to these people, who used theirs up; returns who of them has some now. Nobody is
        missed who would not refuse when (others,) `least` is the value to be exceeded."""
        ...


class Places:
    """Who is held where: for each person asked a run of places in falling order of value, empty ones last."""

    def __init__(self, capacity: Ints) -> None:
        self.capacity = capacity
        self.first = np.cumsum(capacity) - capacity
        self.value = np.full(capacity.sum(), EMPTY)
        self.who = np.full(capacity.sum(), EMPTY)
        self.least = np.where(capacity > 0, EMPTY, SHUT)

    def consider(self, who: Ints, to: Ints, value: Ints) -> Ints:
        """Keep the best of those held and of these proposals; returns everybody who is refused now, or let go."""
        counts = np.bincount(to, minlength=len(self.capacity))
        asked = np.flatnonzero(counts)
        count = counts[asked]
        size = self.capacity[asked]
        places = runs(self.first[asked], size)
        values = np.concatenate([self.value[places], value])
        order = sorted_runs(np.concatenate([np.repeat(asked, size), to]), values)
        kept = rank_in_runs(size + count) < np.repeat(size, size + count)
        people = np.concatenate([self.who[places], who])[order]
        self.value[places], self.who[places] = values[order[kept]], people[kept]
        self.least[asked] = self.value[self.first[asked] + size - 1]
        refused = people[~kept]
        return refused[refused >= 0]


def propose(offers: Offers, demand: Ints, capacity: Ints, watch: Watch) -> tuple[Ints, Ints]:
    """Proposer and asked of each pair that holds in the end. demand, capacity: how many each may have, on both sides.

    Every proposer gets the best they can have in any stable set of pairs (Gale & Shapley 1962; with several places on
    both sides Roth 1984).
    """
    places, wanting = Places(capacity), demand.copy()
    active = np.flatnonzero(wanting)
    while len(active := _with_somebody_to_ask(offers, active, places.least)):
        watch.tell("proposals", len(demand) - len(active), len(demand))
        entry = offers.cursor[active]
        offers.cursor[active] += 1
        wanting[active] -= 1
        refused = places.consider(active, offers.choice[entry], offers.value[entry])
        np.add.at(wanting, refused, 1)
        again = np.zeros(len(demand), np.bool_)
        again[active[wanting[active] > 0]] = again[refused] = True
        active = np.flatnonzero(again)
    held = places.who >= 0
    return places.who[held], np.repeat(np.arange(len(capacity)), capacity)[held]


def rank_in_runs(length: Ints) -> Ints:
    """0, 1, 2 … within each run of these lengths."""
    return np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)


def sorted_runs(run: Ints, value: Ints) -> Ints:
    """The order by run, and within each from the highest value down.

    Values differ within a run. What np.lexsort() gives, in half the time: numbers of 16 bits are sorted by digits.
    """
    falling = np.argsort(value)[::-1]
    small = np.uint16 if run.max(initial=0) < 2**16 else np.int64
    order: Ints = falling[np.argsort(run[falling].astype(small), kind="stable")]
    return order


def runs(start: Ints, length: Ints) -> Ints:
    """start, start + 1 … for each run of these lengths."""
    return np.repeat(start, length) + rank_in_runs(length)


def _with_somebody_to_ask(offers: Offers, people: Ints, least: Ints) -> Ints:
    """Those of them whose next entry would not be refused at once, after passing over all that would."""
    ready = [people[:0]]
    while len(people):
        out = offers.cursor[people] >= offers.end[people]
        if out.any():
            people = np.concatenate([people[~out], offers.refill(people[out], least)])
        entry = offers.cursor[people]
        welcome = offers.value[entry] > least[offers.choice[entry]]
        ready.append(people[welcome])
        people = people[~welcome]
        offers.cursor[people] += 1
    return np.concatenate(ready)
