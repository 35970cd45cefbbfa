"""The best circles there are, for few people: CP-SAT closes what search and prices leave open."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from matching.engine.errors import ProblemError
from matching.engine.grouping.circles import Circles
from matching.engine.progress import Watch
from matching.engine.scores import Ints

FEW = 30


def settle(
    circles: Circles, start: Ints | None, work: float, seed: int, watch: Watch
) -> tuple[Ints | None, int | None]:
    """The circle of each person in the best answer found, None if none; and what no answer exceeds, None if unknown.

    start: an answer to begin with; work: CP-SAT's deterministic time, with one worker, so that the same work gives the
    same bytes. Raises ProblemError if there is no answer at all.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    together: dict[tuple[int, int], Any] = {
        (int(first), int(second)): model.new_bool_var(f"{first} {second}")
        for first, second in np.argwhere(np.triu(circles.may, 1))
    }
    for person in range(circles.people):
        company = [both for pair, both in together.items() if person in pair]
        if company:
            model.add_linear_constraint(sum(company), circles.least - 1, circles.most - 1)
    for three in combinations(range(circles.people), 3):
        sides = [together.get(pair, 0) for pair in combinations(three, 2)]
        if sum(pair in together for pair in combinations(three, 2)) > 1:
            for side in sides:
                model.add(sum(sides) - 2 * side <= 1)
    model.maximize(sum(int(circles.worth[pair]) * both for pair, both in together.items()))
    if start is not None:
        for (first, second), both in together.items():
            model.add_hint(both, bool(start[first] == start[second]))
    solver, status = run(model, work, seed, watch)
    if status == cp_model.INFEASIBLE:
        raise ProblemError("No circles of these sizes keep everybody apart who must be.")
    bound = int(np.floor(solver.best_objective_bound + 1e-3))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, None
    circle = np.arange(circles.people)
    for (first, second), both in together.items():
        if solver.value(both):
            circle[second] = min(circle[first], circle[second])
    return circle, bound


def run(model: Any, work: float, seed: int, watch: Watch) -> tuple[Any, Any]:
    """The solver and its status after so much work by one worker; whoever watches is told of each better bound and
    answer, and what they raise stops it."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = work
    stopped: list[BaseException] = []

    def tell(*_: object) -> None:
        try:
            watch.tell("circles")
        except BaseException as error:
            stopped.append(error)
            solver.stop_search()

    class Told(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            tell()

    solver.best_bound_callback = tell
    status = solver.solve(model, Told())
    for error in stopped[:1]:
        raise error
    return solver, status
