"""Hard rules, each alone and any of them together: no pair that one of them forbids is ever made."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from matching.engine import (
    AtLeast,
    HardRule,
    Never,
    NotSame,
    Objective,
    OneInCommon,
    Same,
    WeightedSource,
    prepare,
    solve,
    verify,
    why_not,
)

MENTEES: dict[str, Any] = {
    "id": ["ann", "ben", "cy", "dee"],
    "field": ["x", "x", "y", ""],
    "employer": ["A", "B", None, "C"],
    "languages": [["en"], ["es", "fr"], [], ["en", "es"]],
    "rank": [1, 2, 3, None],
}
MENTORS: dict[str, Any] = {
    "id": ["pat", "quin", "ray"],
    "field": ["x", "y", "x"],
    "employer": ["a", "B", "D"],
    "languages": [["en", "es"], ["fr"], ["de"]],
    "rank": [2, 3, 4],
    "places": [2, 1, 1],
}
ALL: dict[str, tuple[HardRule, Callable[[int, int], bool]]] = {
    "employer": (NotSame("employer", "employer"), lambda one, other: (one, other) in {(0, 0), (1, 1)}),
    "language": (
        OneInCommon("language", "languages"),
        lambda one, other: (one, other) in {(0, 1), (0, 2), (1, 2), (3, 1), (3, 2)},
    ),
    "rank": (AtLeast("rank", "rank", more=1), lambda one, other: one < 3 and other + 2 < one + 2),
    "blocked": (Never("blocked", [("dee", "pat"), ("cy", "ray")]), lambda one, other: (one, other) in {(3, 0), (2, 2)}),
}
CHOSEN = [names for size in range(len(ALL) + 1) for names in combinations(ALL, size)]


@pytest.mark.parametrize("names", CHOSEN, ids="+".join)
def test_no_pair_is_made_that_a_rule_forbids(names: tuple[str, ...]) -> None:
    problem = prepare(MENTEES, MENTORS, [Same("field", 1000, "field")], [ALL[name][0] for name in names])
    source = problem.source
    assert isinstance(source, WeightedSource)
    against = {pair: [name for name in names if ALL[name][1](*pair)] for pair in np.ndindex(4, 3)}
    assert (source.block(np.arange(4)) < 0).tolist() == [[bool(against[i, j]) for j in range(3)] for i in range(4)]
    objectives: list[Objective] = ["total", "most_pairs", "worst_off_first"]
    for objective in objectives:
        result = solve(problem, objective=objective)
        assert verify(result, problem) == result.certificate
        assert not [pair for pair in map(tuple, result.pairs.tolist()) if against[pair]]
    for (mentee, mentor), rules in against.items():
        answer = why_not(result, problem, mentee, mentor)
        assert (answer.reason == "forbidden", list(answer.rules)) == (bool(rules), rules)
