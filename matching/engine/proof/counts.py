"""How many pairs there can be: proofs by weak duality, with each pair worth 1."""

from __future__ import annotations

import numpy as np

from matching.engine.progress import Watch
from matching.engine.proof.form import hold
from matching.engine.proof.limits import Left, check_signs, every_row
from matching.engine.result import Prices, Result
from matching.engine.scores import read_block


def check_worst_off(result: Result, left: Left, watch: Watch) -> None:
    """No answer has more pairs, and none as many above worst_off."""
    count = len(result.pairs) - len(left.problem.pins)
    if result.worst_off is None:
        # Then nothing could be made at any floor, which the prices of the pairs have shown.
        hold(count == 0 and not result.count_proofs, "the worst-off pair is missing")
        return
    hold(len(result.count_proofs) == 2, "there must be two proofs of the worst-off pair")
    most, fewer = result.count_proofs
    bound = count_bound(most, left, left.problem.floor, watch)
    hold(bound == count, f"there may be {bound} pairs, and there are {count}")
    bound = count_bound(fewer, left, result.worst_off + 1, watch)
    hold(bound < count, f"with each pair above {result.worst_off} there may still be {bound} pairs")


def count_bound(prices: Prices, left: Left, floor: int, watch: Watch) -> int:
    """How many pairs of at least this score there can be at most, pins aside: any prices give a bound."""
    check_signs(prices, left.need, left)
    problem, (mentee, mentor) = left.problem, left.of_pairs(prices)
    pins = np.array(problem.pins, np.int64).reshape(-1, 2)
    pinned, pin = every_row(problem, problem.persons[pins[:, 0]])
    met, meet = every_row(problem, prices.once[:, 0])
    bound = left.cost(prices)
    for rows in watch.blocks("proof", np.flatnonzero(~left.shut_mentee), problem.shape[1]):
        scores = read_block(problem.source, rows)
        possible = (scores >= floor) & ~left.shut_mentor
        here = np.isin(pinned, rows)
        possible[np.searchsorted(rows, pinned[here]), pins[pin[here], 1]] = False
        gain = 1 - mentor - mentee[rows, None]
        here = np.isin(met, rows)
        gain[np.searchsorted(rows, met[here]), prices.once[meet[here], 1]] -= prices.once[meet[here], 2]
        bound += int(np.maximum(gain, 0)[possible].sum())
    return bound
