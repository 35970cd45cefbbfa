"""Duals. OR-Tools returns a flow without them, so they are found here as integers, by longest paths over residual
steps."""

from __future__ import annotations

import numpy as np

from matching.engine.progress import Watch
from matching.engine.scores import Ints

UNREACHED = -(2**61)
STEPS_TOLD = 2**24
SHORT = 8
NOT_BEST = "the flow is not a best one: it leaves a cycle that gains"


def longest_paths(start: Ints, tail: Ints, head: Ints, gain: Ints, watch: Watch | None = None) -> Ints:
    """The least potentials ≥ start with potential[head] ≥ potential[tail] + gain on every step (Bellman 1958; Ford
    1956).

    Only steps out of nodes that rose in the last pass are looked at again. start: (nodes,) int64, UNREACHED where a
    node has no value of its own; it stays so if no step leads there. A step that can be repeated with gain would mean
    that the flow was not the best one; that is an AssertionError, never a wrong price. watch is told every STEPS_TOLD
    steps, which take less than a second.

    Where all mentees rank all mentors alike, paths have hundreds of steps. So after a SHORT while each pass also brings
    every rise to the end of all the paths that lead on from there, as policy iteration does (Howard 1960): of 1,354
    passes over the last network of 5,000 × 3,000 with scores 10**6 - a·b, about 25 remain.
    """
    order = np.argsort(tail, kind="stable")
    tail, head, gain = tail[order], head[order], gain[order]
    first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=len(start)))])
    potential, looked, last = start.copy(), 0, np.full(len(start), -1)
    risen = np.flatnonzero(start > UNREACHED)
    for done in range(len(start) + 1):
        if not len(risen):
            return potential
        steps, sources = expand(first, risen)
        before, reached = potential.copy(), potential[sources] + gain[steps]
        np.maximum.at(potential, head[steps], reached)
        best = steps[(reached == potential[head[steps]]) & (reached > before[head[steps]])]
        last[head[best]] = best
        if done > SHORT:
            potential = _carried_on(potential, last, tail, gain)
        risen = np.flatnonzero(potential > before)
        looked += len(steps)
        if watch is not None and looked >= STEPS_TOLD:
            watch.tell("prices")
            looked = 0
    raise AssertionError(NOT_BEST)


def _carried_on(potential: Ints, last: Ints, tail: Ints, gain: Ints) -> Ints:
    """Each node's potential as its whole path gives it: from where the path starts, by doubling what is known of it.

    last: (nodes,) the last step of the best path to each node, -1 where one starts.
    """
    way = np.where(last < 0, np.arange(len(last)), tail[last])
    sums = np.where(last < 0, 0, gain[last])
    for _ in range(len(last).bit_length() + 1):
        further = way[way]
        if (further == way).all():
            return potential[way] + sums
        sums, way = sums + sums[way], further
    raise AssertionError(NOT_BEST)


def expand(first: Ints, nodes: Ints) -> tuple[Ints, Ints]:
    """Indices of all steps out of the nodes, and for each the node it leaves; first[k] … first[k+1] are those of node
    k."""
    counts = first[nodes + 1] - first[nodes]
    starts = np.cumsum(counts) - counts
    steps = np.arange(int(counts.sum())) + np.repeat(first[nodes] - starts, counts)
    return steps, np.repeat(nodes, counts)
