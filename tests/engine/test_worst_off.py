"""The worst-off pair is found in few tries, each of which begins where those before it ended."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from matching.engine import Effort, Problem, Progress, solve, verify
from matching.engine.pool import Pool
from matching.engine.progress import Watch
from matching.engine.worst_off import Tries
from tests.engine.problems import Case, cases, examples
from tests.engine.test_columns import Factors

FEW_LOOKS = 4
"""So often may all pairs be read, that for the tries and that for the answer included."""


@examples(25)
@given(cases(6))
def test_no_floor_is_passed_over_that_might_do(case: Case) -> None:
    pool = Pool.of(case.problem)
    tries = Tries(pool, Watch(), Effort(1, 1, 7))
    most = tries.at(pool.floor)
    if not most.pairs or most.unfilled().any():
        return
    highest = solve(case.problem, objective="worst_off_first").worst_off
    assert highest is not None
    assert tries.worst(most) <= highest <= tries.ceiling(most)
    assert tries.at(highest).value == most.value
    for floor in (highest + 1, (highest + tries.seen.highest) // 2 + 1, tries.seen.highest + 1):
        failed = tries.at(floor)
        assert highest <= tries.below(failed, floor, most.value - failed.value) < floor


def test_tries_read_few_pairs() -> None:
    heard: list[Progress] = []
    problem = Problem(Factors(400, 300), np.random.default_rng(1).integers(1, 4, 300))
    result = solve(problem, objective="worst_off_first", progress=heard.append)
    assert verify(result, problem) == result.certificate
    assert sum(step.total for step in heard if step.step == "pairs" and step.done == 0) < FEW_LOOKS * 400
    assert sum(step.step == "flow" for step in heard) < 10
