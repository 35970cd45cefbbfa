"""The core contract: what others have built on stays as it is. More may be added, at the end or by name."""

from __future__ import annotations

from dataclasses import fields
from inspect import Parameter, signature
from typing import Any

from matching.engine import Problem, Result, ScoreSource, solve, verify


def test_a_source_is_a_shape_and_blocks() -> None:
    told = [name for name in vars(ScoreSource) if not name.startswith("_")]
    assert told == ["shape", "block"]
    assert [one.name for one in signature(ScoreSource.block).parameters.values()] == ["self", "rows", "cols"]


def test_a_problem_is_told_in_this_order_and_only_scores_and_places_are_needed() -> None:
    parts = [
        ("capacity", Parameter.empty),
        ("demand", None),
        ("mentee_keys", None),
        ("mentor_keys", None),
        ("pins", ()),
        ("floor", 0),
        ("max_pairs", None),
        ("min_load", None),
        ("quotas", ()),
    ]
    told: list[tuple[str, Any]] = [(one.name, one.default) for one in signature(Problem).parameters.values()]
    assert told[:10] == [("source", Parameter.empty), *parts]


def test_it_is_solved_and_verified_as_ever() -> None:
    ours = {name: one.default for name, one in signature(solve).parameters.items()}
    asked = {"problem": Parameter.empty, "objective": "total", "seed": 0, "progress": None}
    assert asked.items() <= ours.items()
    assert next(iter(ours)) == "problem"
    assert list(signature(verify).parameters)[:2] == ["result", "problem"]
    named = {part.name for part in fields(Result)}
    assert {"pairs", "total", "mentee_duals", "mentor_prices", "certificate"} <= named
