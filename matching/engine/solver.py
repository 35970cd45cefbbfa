"""solve(): one integer flow over the pairs that matter, prices, proof against all others, ties by lot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matching.engine.columns import Columns, Prices, first_columns, left_out, price_closed
from matching.engine.errors import ProblemError
from matching.engine.flow import Network, best_face, residual, route
from matching.engine.pool import Pool
from matching.engine.prices import UNREACHED, longest_paths
from matching.engine.problem import Problem
from matching.engine.result import OBJECTIVES, Certificate, Objective, Result
from matching.engine.scores import Ints
from matching.engine.ties import lots

ALL_AT_ONCE = 2**21
CANDIDATES = 32

Progress = Callable[[str], object]


def solve(
    problem: Problem, *, objective: Objective = "total", seed: int = 0, progress: Progress | None = None
) -> Result:
    """The best set of pairs, proven, as one integer min-cost flow; the same bytes for the same problem and seed.

    objective: "total" maximizes the sum of (score - floor); "most_pairs" the number of pairs, then that sum. Among
    equals the answer with more pairs, then the one that the seed's lot draws. progress is called with a word between
    steps; what it raises stops the work. Raises ProblemError if the problem is too large for exact arithmetic.
    Source: Ahuja, Magnanti & Orlin 1993, chapters 9-12; LP duality as in Shapley & Shubik 1971.
    """
    if objective not in OBJECTIVES:
        raise ProblemError(f"There is no objective {objective!r}; there are {', '.join(OBJECTIVES)}.")
    pool = Pool.of(problem, objective)
    tell = progress or (lambda _: None)
    columns, network, flow, potential = _proven(pool, tell)
    prices = price_closed(pool, _prices(pool, potential))
    tell("ties")
    chosen = _draw(pool, columns, network, flow, potential, seed)
    return _result(pool, columns, chosen, prices, objective, seed)


def _proven(pool: Pool, tell: Progress) -> tuple[Columns, Network, Ints, Ints]:
    """Solve on more and more pairs until no pair left out would gain; the pairs returned hold every tie."""
    complete = pool.problem.shape[0] * pool.problem.shape[1] <= ALL_AT_ONCE
    most = pool.problem.shape[1] if complete else CANDIDATES + int(pool.demand.max(initial=0))
    columns = first_columns(pool, most)
    while True:
        tell("flow")
        network = _network(pool, columns)
        flow = route(network)
        potential = _least_potentials(pool, network, flow)
        if complete:
            return columns, network, flow, potential
        tell("prices")
        gaining, tied = left_out(pool, columns, _prices(pool, potential), CANDIDATES)
        if not sum(len(part[0]) for part in gaining):
            columns = columns.and_more(tied)
            network = _network(pool, columns)
            flow = route(network)
            return columns, network, flow, potential
        columns = columns.and_more(gaining)


def _network(pool: Pool, columns: Columns) -> Network:
    """Pairs, then source → mentee (demand), mentor → sink (places), sink → source (the cap on all pairs)."""
    mentees, mentors = len(pool.demand), len(pool.capacity)
    source, sink = mentees + mentors, mentees + mentors + 1
    ones = np.ones(len(columns.row), np.int64)
    gain = np.concatenate([columns.weight, np.zeros(mentees + mentors + 1, np.int64)])
    return Network(
        nodes=mentees + mentors + 2,
        tail=np.concatenate([columns.row, np.full(mentees, source), mentees + np.arange(mentors), [sink]]),
        head=np.concatenate([mentees + columns.col, np.arange(mentees), np.full(mentors, sink), [source]]),
        gain=gain,
        lower=np.zeros(len(gain), np.int64),
        upper=np.concatenate([ones, pool.demand, pool.capacity, [pool.cap]]),
    )


def _least_potentials(pool: Pool, network: Network, flow: Ints) -> Ints:
    """The least prices of all best ones, counted from the source: they form a lattice, so they do not depend on the
    flow.

    Prices are never below zero, whatever is in use: hence a step of no gain from source to sink, and from sink to
    each mentor, always.
    """
    mentees, mentors = len(pool.demand), len(pool.capacity)
    source, sink = mentees + mentors, mentees + mentors + 1
    tail, head, gain = residual(network, flow)
    start = np.full(network.nodes, UNREACHED, np.int64)
    start[source] = 0
    return longest_paths(
        start,
        np.concatenate([tail, [source], np.full(mentors, sink)]),
        np.concatenate([head, [sink], mentees + np.arange(mentors)]),
        np.concatenate([gain, np.zeros(mentors + 1, np.int64)]),
    )


def _prices(pool: Pool, potential: Ints) -> Prices:
    mentees = len(pool.demand)
    cap = int(potential[-1])
    mentee = np.where(pool.demand > 0, -potential[:mentees], 0)
    return Prices(mentee, potential[mentees:-2] - cap, cap)


def _draw(pool: Pool, columns: Columns, network: Network, flow: Ints, potential: Ints, seed: int) -> Ints:
    """Indices of the chosen columns: of all best flows one with most pairs, of those the one with the highest lots."""
    pairs = len(columns.row)
    lot = lots(seed, pool.mentee_keys[columns.row], pool.mentor_keys[columns.col])
    for gain in (np.ones(pairs, np.int64), lot):
        # A closed node was never reached; nothing flows there, so any potential will do.
        face = best_face(network, flow, np.maximum(potential, -(2**60)))
        network = replace(face, gain=np.concatenate([gain, np.zeros(len(face.gain) - pairs, np.int64)]))
        flow = route(network)
        potential = longest_paths(np.zeros(network.nodes, np.int64), *residual(network, flow))
    return np.flatnonzero(flow[:pairs])


def _result(pool: Pool, columns: Columns, chosen: Ints, prices: Prices, objective: Objective, seed: int) -> Result:
    problem = pool.problem
    row, col, weight = columns.row[chosen], columns.col[chosen], columns.weight[chosen]
    surplus = weight - prices.mentee[row] - prices.mentor[col] - prices.cap
    pins = np.array(problem.pins, np.int64).reshape(-1, 2)
    pairs = np.concatenate([np.stack([pool.mentees[row], pool.mentors[col]], axis=1), pins])
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    pin_total = sum(int(problem.source.block(pin[:1], pin[1:])[0, 0]) for pin in pins)
    mentee_duals, mentor_prices = np.zeros_like(prices.mentee), np.zeros_like(prices.mentor)
    mentee_duals[pool.mentees], mentor_prices[pool.mentors] = prices.mentee, prices.mentor
    total = int((weight - pool.bonus + problem.floor).sum()) + pin_total
    value = int(weight.sum())
    bound = int(surplus.sum() + pool.demand @ prices.mentee + pool.capacity @ prices.mentor) + pool.cap * prices.cap
    certificate = Certificate(pairs=len(pairs), total=total, value=value, bound=bound)
    return Result(
        pairs=pairs,
        total=total,
        mentee_duals=mentee_duals,
        mentor_prices=mentor_prices,
        cap_price=prices.cap,
        objective=objective,
        bonus=pool.bonus,
        seed=seed,
        certificate=certificate,
    )
