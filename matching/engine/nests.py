"""Quotas as trees: each person hangs below the smallest group they are in, each group below the next larger one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.problem import Problem, Side
from matching.engine.scores import Ints


@dataclass(frozen=True)
class Nest:
    """The groups of one side, smaller before larger; the number `len(most)` stands for everybody.

    above: (people,) the group right above each person; outer: (groups,) the group right above each group;
    most: (groups,) pairs that the ceiling leaves; quota: (groups,) which of the problem's quotas each one is.
    """

    above: Ints
    outer: Ints
    most: Ints
    quota: Ints

    @classmethod
    def of(cls, problem: Problem, side: Side, order: Ints, used: Ints) -> Nest:
        """The nest of one side for people taken in this order; used: (people,) pins of each, in the input's order."""
        quotas = [number for number, quota in enumerate(problem.quotas) if quota.side == side]
        quotas.sort(key=lambda number: len(problem.quotas[number].members))
        everybody = len(quotas)
        above = np.full(len(order), everybody)
        outer = np.full(everybody, everybody)
        members = [list(problem.quotas[number].members) for number in quotas]
        for group in reversed(range(everybody)):  # larger before smaller: whoever is above its members lies around it
            outer[group] = above[members[group][0]] if members[group] else everybody
            above[members[group]] = group
        most = [problem.quotas[number].most - int(used[members[g]].sum()) for g, number in enumerate(quotas)]
        return cls(above[order], outer, np.array(most, np.int64), np.array(quotas, np.int64))

    def open(self) -> np.typing.NDArray[np.bool_]:
        """(people,) whether every group around each of them has a pair left."""
        group_open = np.append(self.most > 0, True)
        for group in reversed(range(len(self.most))):
            group_open[group] &= group_open[self.outer[group]]
        return group_open[self.above]
