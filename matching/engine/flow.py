"""Integer max-value circulations: the network, its solution by OR-Tools, and the face of all its best solutions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.scores import Ints, Whole

COST_LIMIT = 2**62
AT_ONCE = 2**16
NOTHING: Ints = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Network:
    """Arcs of a circulation: at every node as much flows in as out, each arc carries lower … upper, the sum of gain ×
    flow is maximized. All arrays are of one length but for `nodes`, a count. Gains are int64; nodes and bounds may be
    narrower, since there are many arcs."""

    nodes: int
    tail: Whole
    head: Whole
    gain: Ints
    lower: Whole
    upper: Whole


def route(network: Network) -> Ints:
    """A best integer flow, arc by arc, by OR-Tools' cost-scaling push-relabel (Goldberg 1997).

    Raises ProblemError if the numbers are too large for exact 64-bit arithmetic: the solver multiplies every gain by
    the number of nodes, so that product is checked before.
    """
    # OR-Tools takes a while to load, which only a process that solves something should wait for.
    from ortools.graph.python import min_cost_flow

    if not len(network.tail):
        return np.zeros(0, np.int64)
    refuse_overflow(int(np.abs(network.gain).max()), network.nodes)
    free = network.upper > network.lower
    solver = min_cost_flow.SimpleMinCostFlow()
    for part in _places(free):
        room = network.upper[part].astype(np.int64) - network.lower[part]
        solver.add_arcs_with_capacity_and_unit_cost(network.tail[part], network.head[part], room, -network.gain[part])
    supply = np.zeros(network.nodes, np.int64)
    must = np.flatnonzero(network.lower)
    np.add.at(supply, network.head[must], network.lower[must])
    np.subtract.at(supply, network.tail[must], network.lower[must])
    solver.set_nodes_supplies(np.arange(network.nodes), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ProblemError(f"The problem could not be solved exactly ({status.name}).")
    flow = network.lower.astype(np.int64)
    first = 0
    for part in _places(free):
        flow[part] += solver.flows(np.arange(first, first + len(part)))
        first += len(part)
    return flow


def _places(wanted: NDArray[np.bool_]) -> Iterator[Ints]:
    """Where they are wanted, some at a time: what is handed to the solver need not exist twice."""
    for first in range(0, len(wanted), AT_ONCE):
        yield first + np.flatnonzero(wanted[first : first + AT_ONCE])


def refuse_overflow(gain: int, nodes: int) -> None:
    """Raise ProblemError if gains up to this one, multiplied by the number of nodes, might not fit into 64 bits."""
    if gain * 4 * (nodes + 2) >= COST_LIMIT:
        raise ProblemError("The problem is too large to be solved exactly in 64-bit integers.")


def reduced_gain(network: Network, potential: Ints) -> Ints:
    """What one more unit on each arc would gain once both ends are paid for; at a best flow it is ≤ 0 where there is
    room above, ≥ 0 where there is room below."""
    return network.gain + potential[network.tail] - potential[network.head]


def best_face(network: Network, flow: Ints, potential: Ints) -> Network:
    """The same network with each arc frozen whose reduced gain is not zero: its flows are exactly the best ones.

    By complementary slackness every best flow agrees there with this one, whichever best potentials are used.
    """
    frozen = reduced_gain(network, potential) != 0
    return replace(network, lower=np.where(frozen, flow, network.lower), upper=np.where(frozen, flow, network.upper))


def residual(
    network: Network, flow: Ints, more: tuple[Ints, Ints, Ints] = (NOTHING, NOTHING, NOTHING)
) -> tuple[Ints, Ints, Ints]:
    """Tail, head and gain of each unit step away from the flow: along arcs with room, and back along arcs in use; and
    more of them if given."""
    up: NDArray[np.bool_] = flow < network.upper
    down: NDArray[np.bool_] = flow > network.lower
    return (
        np.concatenate([network.tail[up], network.head[down], more[0]], dtype=np.int64),
        np.concatenate([network.head[up], network.tail[down], more[1]], dtype=np.int64),
        np.concatenate([network.gain[up], -network.gain[down], more[2]]),
    )
