"""Duals. OR-Tools returns a flow without them, so they are found here as integers, by longest paths over residual
steps."""

from __future__ import annotations

import numpy as np

from matching.engine.scores import Ints

UNREACHED = -(2**61)


def longest_paths(start: Ints, tail: Ints, head: Ints, gain: Ints) -> Ints:
    """The least potentials ≥ start with potential[head] ≥ potential[tail] + gain on every step (Bellman 1958; Ford
    1956).

    Only steps out of nodes that rose in the last pass are looked at again. start: (nodes,) int64, UNREACHED where a
    node has no value of its own; it stays so if no step leads there. A step that can be repeated with gain would mean
    that the flow was not the best one; that is an AssertionError, never a wrong price.
    """
    order = np.argsort(tail, kind="stable")
    head, gain = head[order], gain[order]
    first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=len(start)))])
    potential = start.copy()
    risen = np.flatnonzero(start > UNREACHED)
    for _ in range(len(start) + 1):
        if not len(risen):
            return potential
        steps, sources = expand(first, risen)
        before = potential.copy()
        np.maximum.at(potential, head[steps], before[sources] + gain[steps])
        risen = np.flatnonzero(potential > before)
    raise AssertionError("the flow is not a best one: it leaves a cycle that gains")


def expand(first: Ints, nodes: Ints) -> tuple[Ints, Ints]:
    """Indices of all steps out of the nodes, and for each the node it leaves; first[k] … first[k+1] are those of node
    k."""
    counts = first[nodes + 1] - first[nodes]
    starts = np.cumsum(counts) - counts
    steps = np.arange(int(counts.sum())) + np.repeat(first[nodes] - starts, counts)
    return steps, np.repeat(nodes, counts)
