"""Duals. OR-Tools returns a flow without them, so they are found here as integers, by longest paths over residual
steps."""

from __future__ import annotations

import numpy as np

from matching.engine.progress import Watch
from matching.engine.scores import Ints

UNREACHED = -(2**61)
STEPS_TOLD = 2**24


def longest_paths(start: Ints, tail: Ints, head: Ints, gain: Ints, watch: Watch | None = None) -> Ints:
    """The least potentials ≥ start with potential[head] ≥ potential[tail] + gain on every step (Bellman 1958; Ford
    1956).

    Only steps out of nodes that rose in the last pass are looked at again. start: (nodes,) int64, UNREACHED where a
    node has no value of its own; it stays so if no step leads there. A step that can be repeated with gain would mean
    that the flow was not the best one; that is an AssertionError, never a wrong price. watch is told every STEPS_TOLD
    steps, which take less than a second.

    Where all mentees rank all mentors alike, paths are long and steps are looked at hundreds of times: 2,000 × 1,200
    with scores 10**6 - a·b spend half of their time here. Two ways out were measured on the 30 networks of that solve,
    16 s in all. Sweeps by Dijkstra over reduced gains (Dinitz & Itzik 2017) took 17 s to 33 s: each corrects too
    little. The same search from a queue, compiled by numba, took 1.5 s; yet the flows, and not this, are what remains
    then: by these shares the whole would take a little more than half, and a plain pool, with short paths, as long.
    That is not worth a compiler.
    """
    order = np.argsort(tail, kind="stable")
    head, gain = head[order], gain[order]
    first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=len(start)))])
    potential, looked = start.copy(), 0
    risen = np.flatnonzero(start > UNREACHED)
    for _ in range(len(start) + 1):
        if not len(risen):
            return potential
        steps, sources = expand(first, risen)
        before = potential.copy()
        np.maximum.at(potential, head[steps], before[sources] + gain[steps])
        risen = np.flatnonzero(potential > before)
        looked += len(steps)
        if watch is not None and looked >= STEPS_TOLD:
            watch.tell("prices")
            looked = 0
    raise AssertionError("the flow is not a best one: it leaves a cycle that gains")


def expand(first: Ints, nodes: Ints) -> tuple[Ints, Ints]:
    """Indices of all steps out of the nodes, and for each the node it leaves; first[k] … first[k+1] are those of node
    k."""
    counts = first[nodes + 1] - first[nodes]
    starts = np.cumsum(counts) - counts
    steps = np.arange(int(counts.sum())) + np.repeat(first[nodes] - starts, counts)
    return steps, np.repeat(nodes, counts)
